"""What webhooks are told: the changes behind their positions, as messages that wait to be sent."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer, anonymous, the_service
from app.database.prepared import insertion
from app.database.session import connection_of
from app.database.types import table_of
from app.documents.changes import ChangeRead
from app.documents.webhooks import WebhookMessage
from app.errors import PositionTooOld, PositionUnknown
from app.journal.filters import Wanted
from app.journal.positions import Position, extent
from app.journal.reads import list_changes
from app.models import Webhook, WebhookDelivery
from app.models.webhook import WebhookScope
from app.web.json import dump

TEST = "webhook.test"

# How many webhooks and how many changes one transaction takes: others write in between.
WEBHOOKS_TOGETHER = 50
CHANGES_TOGETHER = 200
# A resource may have had slugs without number; a message is to be small.
MOST_SLUGS = 100

INSERT = insertion(table_of(WebhookDelivery), "key")

log = logging.getLogger("onrecord.webhooks")


def is_any_behind(connection: Connection) -> bool:
    """Whether something was written that a webhook has not been told."""
    return connection.execute(behind(connection).with_only_columns(Webhook.key)).first() is not None


def behind(connection: Connection) -> Select[*tuple[Any, ...]]:  # Any: a mapped object
    """The webhooks that are not at the end of the journal: a restored one may end before them."""
    end = extent(connection).newest
    found = select(Webhook).where(Webhook.enabled.is_(True), Webhook.position != end)
    return found.order_by(Webhook.position, Webhook.key).limit(WEBHOOKS_TOGETHER)


def tell_webhooks(session: Session, at: datetime) -> None:
    """Make deliveries of changes, and raise the positions with them: neither is without the
    other."""
    found = behind(connection_of(session)).with_for_update(skip_locked=True)
    for webhook in session.scalars(found).all():
        tell_webhook(session, webhook, at)


def tell_webhook(session: Session, webhook: Webhook, at: datetime) -> None:
    connection = connection_of(session)
    wanted = Wanted.from_json(webhook.wanted)
    viewer = viewer_for(webhook.scope, at)
    after = Position(None, webhook.position)
    try:
        found = list_changes(connection, after, CHANGES_TOGETHER, wanted, viewer)
    except (PositionTooOld, PositionUnknown) as problem:
        log.warning("the webhook %s misses changes: %s", webhook.id, problem.detail)
        there = extent(connection)
        webhook.position = min(max(webhook.position, there.floor), there.newest)
        return
    add_deliveries(session, webhook, found.changes, at)
    webhook.position = found.looked_at


def viewer_for(scope: WebhookScope, at: datetime) -> Viewer:
    return the_service(at) if scope == "all" else anonymous(at)


def add_deliveries(
    session: Session, webhook: Webhook, changes: Sequence[ChangeRead], at: datetime
) -> None:
    """What was told before, and is told anew, is the same message again."""
    told = {f"{webhook.id}_{change['position']}": change for change in changes}
    before = session.scalars(select(WebhookDelivery).where(WebhookDelivery.id.in_(told)))
    for delivery in before:
        repeat(delivery)
        del told[delivery.id]
    rows = [
        row_of(webhook, message_id, message_of(change), at, sequence=change["sequence"])
        for message_id, change in told.items()
    ]
    INSERT.run(connection_of(session), rows)


def repeat(delivery: WebhookDelivery) -> None:
    delivery.state = "waiting"
    delivery.tries = 0
    delivery.next_attempt_at = delivery.settled_at = None


def message_of(change: ChangeRead) -> WebhookMessage:
    shown = {**change, "slugs": change["slugs"][:MOST_SLUGS]}
    return {"type": change["event"], "timestamp": change["at"], "data": shown}


def test_message(webhook: Webhook, at: datetime) -> WebhookMessage:
    return {"type": TEST, "timestamp": at, "data": {"webhook": webhook.id}}


# Any: the columns of a row
def row_of(
    webhook: Webhook,
    message_id: str,
    message: WebhookMessage,
    at: datetime,
    *,
    sequence: int | None = None,
) -> dict[str, Any]:
    return {
        "id": message_id,
        "webhook_key": webhook.key,
        "sequence": sequence,
        "event": message["type"],
        "body": dump(message).decode(),
        "state": "waiting",
        "attempts": [],
        "tries": 0,
        "next_attempt_at": None,
        "created_at": at,
        "settled_at": None,
    }
