"""Webhooks and their deliveries, read. Secrets are not."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.database.types import AnyRow
from app.documents.webhooks import AttemptRead, DeliveryCard, DeliveryRead, WebhookRead
from app.errors import DeliveryNotFound, WebhookNotFound
from app.journal.positions import Extent, extent
from app.models import Webhook, WebhookDelivery
from app.models.webhook import KeptAttempt
from app.web.listing import ListRequest
from app.web.pages import PageStatement, fetch_page
from app.webhooks.signatures import end_of_overlap

WEBHOOK = select(
    Webhook.key,
    Webhook.id,
    Webhook.revision,
    Webhook.name,
    Webhook.url,
    Webhook.scope,
    Webhook.wanted,
    Webhook.former,
    Webhook.enabled,
    Webhook.disabled_reason,
    Webhook.failing_since,
    Webhook.rest_until,
    Webhook.position,
    Webhook.created_at,
    Webhook.updated_at,
)
WEBHOOKS = PageStatement(WEBHOOK)
DELIVERY = select(
    WebhookDelivery.key,
    WebhookDelivery.id,
    WebhookDelivery.event,
    WebhookDelivery.sequence,
    WebhookDelivery.body,
    WebhookDelivery.state,
    WebhookDelivery.attempts,
    WebhookDelivery.next_attempt_at,
    WebhookDelivery.created_at,
    WebhookDelivery.settled_at,
)


def list_webhooks(connection: Connection, wanted: ListRequest, viewer: Viewer) -> dict[str, Any]:
    rows, there = fetch_page(connection, WEBHOOKS, wanted), extent(connection)
    documents = (webhook_read(row, there, viewer.at) for row in rows.rows)
    return rows.page([wanted.selection.trim(one) for one in documents])


def get_webhook(connection: Connection, webhook_id: str, viewer: Viewer) -> WebhookRead:
    row = connection.execute(WEBHOOK.where(Webhook.id == webhook_id)).one_or_none()
    if row is None:
        raise WebhookNotFound(webhook_id)
    return webhook_read(row, extent(connection), viewer.at)


# Any: the columns of WEBHOOK
def webhook_read(row: AnyRow, there: Extent, at: datetime) -> WebhookRead:
    return {
        "id": row.id,
        "revision": row.revision,
        "name": row.name,
        "url": row.url,
        "scope": row.scope,
        "resources": row.wanted.get("resources", []),
        "events": row.wanted.get("events", []),
        "sections": row.wanted.get("sections", []),
        "entities": row.wanted.get("entities", []),
        "enabled": row.enabled,
        "disabled_reason": row.disabled_reason,
        "failing_since": row.failing_since,
        "rest_until": row.rest_until,
        "position": str(there.at(row.position)),
        "overlap_ends_at": end_of_overlap(row.former, at),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def list_deliveries(connection: Connection, webhook_id: str, wanted: ListRequest) -> dict[str, Any]:
    of_webhook = DELIVERY.where(WebhookDelivery.webhook_key == key_of(connection, webhook_id))
    rows = fetch_page(connection, PageStatement(of_webhook), wanted)
    return rows.page([wanted.selection.trim(delivery_card(row)) for row in rows.rows])


def get_delivery(connection: Connection, webhook_id: str, delivery_id: str) -> DeliveryRead:
    of_webhook = DELIVERY.where(WebhookDelivery.webhook_key == key_of(connection, webhook_id))
    row = connection.execute(of_webhook.where(WebhookDelivery.id == delivery_id)).one_or_none()
    if row is None:
        raise DeliveryNotFound(delivery_id)
    attempts = [attempt_read(one) for one in row.attempts]
    return {**delivery_card(row), "body": row.body, "attempts": attempts}


def key_of(connection: Connection, webhook_id: str) -> int:
    key = connection.scalar(select(Webhook.key).where(Webhook.id == webhook_id))
    if key is None:
        raise WebhookNotFound(webhook_id)
    return key


# Any: the columns of DELIVERY
def delivery_card(row: AnyRow) -> DeliveryCard:
    last: KeptAttempt | None = row.attempts[-1] if row.attempts else None
    return {
        "id": row.id,
        "event": row.event,
        "sequence": row.sequence,
        "state": row.state,
        "attempts_made": len(row.attempts),
        "last_status": last["status"] if last else None,
        "last_error": last["error"] if last else None,
        "next_attempt_at": row.next_attempt_at,
        "created_at": row.created_at,
        "settled_at": row.settled_at,
    }


def attempt_read(kept: KeptAttempt) -> AttemptRead:
    return {**kept, "at": datetime.fromisoformat(kept["at"])}
