"""The log of deliveries reaches back so far and no further."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.models import Webhook, WebhookDelivery

TOGETHER = 500


def prune_deliveries(session: Session, before: datetime) -> bool:
    """Delete some that are older, but for those that wait for a webhook that is enabled. Whether
    there may be more."""
    disabled = select(Webhook.key).where(Webhook.enabled.is_(False))
    old = (
        select(WebhookDelivery.key)
        .where(
            WebhookDelivery.created_at < before,
            or_(WebhookDelivery.state != "waiting", WebhookDelivery.webhook_key.in_(disabled)),
        )
        .limit(TOGETHER)
    )
    keys = session.scalars(old).all()
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.key.in_(keys)))
    return len(keys) == TOGETHER
