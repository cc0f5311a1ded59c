"""Webhooks, and what is delivered to them."""

from datetime import datetime
from typing import Literal, TypedDict, get_args

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Document, Instant, Key
from app.models.base import Base, Resource, one_of, resource_checks

WebhookScope = Literal["public", "all"]
WEBHOOK_SCOPES: tuple[WebhookScope, ...] = get_args(WebhookScope)

# `gone`: it answered 410; `failing`: nothing has arrived for long.
DisabledReason = Literal["gone", "failing"]
DISABLED_REASONS: tuple[DisabledReason, ...] = get_args(DisabledReason)

DeliveryState = Literal["waiting", "delivered", "failed"]
DELIVERY_STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)

WAITING = text("state = 'waiting'")


class FormerSecret(TypedDict):
    """A secret that was rotated out, and the instant, in ISO 8601, until which it signs, too."""

    secret: str
    until: str


class KeptAttempt(TypedDict):
    """One request, and what came of it; `at` is in ISO 8601. `response` is how the answer began."""

    id: str
    at: str
    url: str
    headers: dict[str, str]
    seconds: float
    status: int | None
    error: str | None
    response: str


class Webhook(Resource, Base):
    """Who is to be told of changes. `wanted` says of which, as the journal's filters; `position` is
    the last number of the journal that was looked at. `secret` and those in `former` sign.

    What the deliverer keeps is not part of the revision: how many requests have failed in a row
    (`failures`), since when (`failing_since`), until when no other is sent (`rest_until`), and
    which process sends to it, until when it may (`claimed_by`, `claimed_until`).
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        *resource_checks(),
        one_of("scope", WEBHOOK_SCOPES),
        one_of("disabled_reason", DISABLED_REASONS),
    )
    resource_name = "webhook"

    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(2000))
    scope: Mapped[WebhookScope] = mapped_column(String(10))
    wanted: Mapped[dict[str, list[str]]] = mapped_column(Document)
    secret: Mapped[str] = mapped_column(String(100))
    former: Mapped[list[FormerSecret] | None] = mapped_column(Document)
    enabled: Mapped[bool]
    disabled_reason: Mapped[DisabledReason | None] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int]
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    rest_until: Mapped[datetime | None] = mapped_column(Instant)
    claimed_by: Mapped[str | None] = mapped_column(String(26))
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)


class WebhookDelivery(Base):
    """One message to a webhook, which the receiver knows by `id` in all attempts: made of the
    webhook's id and the position of the change, so that the same change is the same message.
    `tries` are the attempts since it was last asked for; `next_attempt_at` is null where it can be
    sent at once. The `sequence` of a test is null."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        one_of("state", DELIVERY_STATES),
        # The order in which a webhook is told, and what is left to tell.
        Index(
            "ix_webhook_deliveries_waiting",
            "webhook_key",
            "sequence",
            postgresql_where=WAITING,
            sqlite_where=WAITING,
        ),
        Index("ix_webhook_deliveries_webhook_key", "webhook_key", "key"),
        Index("ix_webhook_deliveries_created_at", "created_at"),
    )

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    id: Mapped[str] = mapped_column(String(80), unique=True)
    webhook_key: Mapped[int] = mapped_column(ForeignKey("webhooks.key", ondelete="CASCADE"))
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(String(10))
    attempts: Mapped[list[KeptAttempt]] = mapped_column(Document)
    tries: Mapped[int]
    next_attempt_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
