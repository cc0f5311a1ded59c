"""The log of deliveries reaches back so far and no further."""

from datetime import datetime

from sqlalchemy import Connection, Select, delete, or_, select
from sqlalchemy.orm import Session

from app.models import Webhook, WebhookDelivery

TOGETHER = 500


def is_any_old(connection: Connection, before: datetime) -> bool:
    return connection.execute(old_deliveries(before).limit(1)).first() is not None


def prune_deliveries(session: Session, before: datetime) -> None:
    """Delete some that are older."""
    keys = session.scalars(old_deliveries(before).limit(TOGETHER)).all()
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.key.in_(keys)))


def old_deliveries(before: datetime) -> Select[int]:
    """All that were made before, but for those that wait for a webhook that is enabled."""
    disabled = select(Webhook.key).where(Webhook.enabled.is_(False))
    return select(WebhookDelivery.key).where(
        WebhookDelivery.created_at < before,
        or_(WebhookDelivery.state != "waiting", WebhookDelivery.webhook_key.in_(disabled)),
    )
