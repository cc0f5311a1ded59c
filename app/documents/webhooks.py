"""Webhooks and their deliveries as they are served."""

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

WebhookScope = Literal["public", "all"]
DisabledReason = Literal["gone", "failing"]
DeliveryState = Literal["waiting", "delivered", "failed"]


class WebhookRead(TypedDict):
    """Who is told of changes: of all, or of those that the lists name that are not empty.
    `sections` and `entities` are ids. One of the scope `public` is told what readers are told.

    `position` is the place in the journal up to which deliveries have been made. Where nothing has
    come through since `failing_since`, nothing else is sent until `rest_until`; one that the
    service has disabled tells why in `disabled_reason`. A secret that was rotated out signs, too,
    until `overlap_ends_at`."""

    id: str
    revision: int
    name: str
    url: str
    scope: WebhookScope
    resources: list[str]
    events: list[str]
    sections: list[str]
    entities: list[str]
    enabled: bool
    disabled_reason: DisabledReason | None
    failing_since: datetime | None
    rest_until: datetime | None
    position: str
    overlap_ends_at: datetime | None
    created_at: datetime
    updated_at: datetime


class WebhookIssued(WebhookRead):
    """A webhook with its new secret, which is shown this once: null on trial, and where an
    Idempotency-Key is repeated."""

    secret: str | None


class AttemptRead(TypedDict):
    """One request, and what came of it: a `status`, or an `error`, when there was none. `response`
    is how the answer began, 4 KiB of it at most."""

    id: str
    at: datetime
    url: str
    headers: dict[str, str]
    seconds: float
    status: int | None
    error: str | None
    response: str


class DeliveryCard(TypedDict):
    """One message to a webhook; `id` is its `webhook-id` in all attempts. The `sequence` of a test
    is null. One that is `waiting` is sent at `next_attempt_at`, null: as soon as it can be.
    `attempts_made`, `last_status` and `last_error` tell of the attempts that are kept."""

    id: str
    event: str
    sequence: int | None
    state: DeliveryState
    attempts_made: int
    last_status: int | None
    last_error: str | None
    next_attempt_at: datetime | None
    created_at: datetime
    settled_at: datetime | None


class DeliveryRead(DeliveryCard):
    """A delivery with what was sent and all that came of it: `body` is the text that is sent."""

    body: str
    attempts: list[AttemptRead]


class WebhookMessage(TypedDict):
    """What a webhook is sent: `data` is the change, of a test the id of the webhook."""

    type: str
    timestamp: datetime
    data: dict[str, Any]  # Any: a ChangeRead, or a test's
