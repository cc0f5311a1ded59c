"""Which process sends to which webhook, and what came of it: each step is a transaction of its own,
and nothing is sent within one."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from app.changes.journal import record_change
from app.database.types import AnyRow
from app.models import Webhook, WebhookDelivery
from app.models.webhook import DisabledReason, KeptAttempt
from app.webhooks.retrying import Outcome, next_attempt, rest

# Of a delivery that is asked for again and again, the last are kept.
MOST_ATTEMPTS = 20

log = logging.getLogger("onrecord.webhooks")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One that was made: of which delivery, and what came of it. Its `id` tells whether it was
    kept, where that is in doubt."""

    id: str
    delivery_key: int
    at: datetime
    url: str
    headers: dict[str, str]
    outcome: Outcome

    def kept(self) -> KeptAttempt:
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "url": self.url,
            "headers": self.headers,
            "seconds": self.outcome.seconds,
            "status": self.outcome.status,
            "error": self.outcome.error,
            "response": self.outcome.response,
        }


@dataclass(frozen=True, slots=True)
class Claims:
    """How one process claims webhooks: `holder` is its name, and the `lease` what it has until
    another may take over."""

    holder: str
    lease: timedelta
    # After how long a webhook is disabled to which nothing has come through.
    patience: timedelta


def is_due(at: datetime) -> ColumnElement[bool]:
    """A delivery that waits for nothing else."""
    return and_(
        WebhookDelivery.state == "waiting",
        or_(WebhookDelivery.next_attempt_at.is_(None), WebhookDelivery.next_attempt_at <= at),
    )


def is_claimable(at: datetime, lease: timedelta) -> ColumnElement[bool]:
    """A webhook that something is due for, which may be sent to, and to which nobody else sends.
    No lease ends later than one that is given now, unless the clock was set back."""
    due = exists().where(WebhookDelivery.webhook_key == Webhook.key, is_due(at))
    is_free = or_(
        Webhook.claimed_by.is_(None),
        Webhook.claimed_until <= at,
        Webhook.claimed_until > at + lease,
    )
    is_rested = or_(Webhook.rest_until.is_(None), Webhook.rest_until <= at)
    return and_(Webhook.enabled.is_(True), is_rested, is_free, due)


def is_any_claimable(connection: Connection, claims: Claims, at: datetime) -> bool:
    found = select(Webhook.key).where(is_claimable(at, claims.lease)).limit(1)
    return connection.execute(found).first() is not None


def claim_webhooks(session: Session, claims: Claims, most: int, at: datetime) -> list[int]:
    """The keys of webhooks that this process alone sends to until its lease ends: those first that
    have waited longest."""
    free = select(Webhook).where(is_claimable(at, claims.lease))
    in_turn = free.order_by(Webhook.claimed_until.asc().nulls_first(), Webhook.key).limit(most)
    webhooks = session.scalars(in_turn.with_for_update(skip_locked=True)).all()
    for webhook in webhooks:
        webhook.claimed_by = claims.holder
        webhook.claimed_until = at + claims.lease
    return [webhook.key for webhook in webhooks]


SENT = select(
    WebhookDelivery.key,
    WebhookDelivery.id,
    WebhookDelivery.body,
    Webhook.url,
    Webhook.secret,
    Webhook.former,
).join(Webhook, Webhook.key == WebhookDelivery.webhook_key)


def list_due(connection: Connection, webhook_key: int, most: int, at: datetime) -> Sequence[AnyRow]:
    """What is to be sent to a webhook next, in the order of the journal."""
    due = SENT.where(WebhookDelivery.webhook_key == webhook_key, is_due(at))
    return connection.execute(due.order_by(WebhookDelivery.sequence).limit(most)).all()


def get_to_send(connection: Connection, delivery_id: str) -> AnyRow:
    return connection.execute(SENT.where(WebhookDelivery.id == delivery_id)).one()


def settle_attempts(
    session: Session,
    claims: Claims,
    webhook_key: int,
    attempts: Sequence[Attempt],
    at: datetime,
    *,
    chance: float,
    is_stopping: bool,
) -> bool:
    """Keep what came of attempts. Whether this process goes on with the webhook: else it has given
    it back."""
    webhook = session.get(Webhook, webhook_key, with_for_update=True)
    if webhook is None:
        return False
    keys = [one.delivery_key for one in attempts]
    rows = select(WebhookDelivery).where(WebhookDelivery.key.in_(keys))
    known = {row.key: row for row in session.scalars(rows)}
    for one in attempts:
        delivery = known.get(one.delivery_key)
        if delivery is not None:
            if has(delivery, one):
                continue
            settle_delivery(delivery, one, chance)
        settle_webhook(session, webhook, one, claims.patience, chance)
    if webhook.claimed_by != claims.holder:
        return False
    may_go_on = webhook.enabled and webhook.rest_until is None and not is_stopping
    session.flush()
    goes_on = may_go_on and bool(list_due(session.connection(), webhook_key, 1, at))
    webhook.claimed_by = claims.holder if goes_on else None
    webhook.claimed_until = at + claims.lease if goes_on else at
    return goes_on


def has(delivery: WebhookDelivery, attempt: Attempt) -> bool:
    return any(one["id"] == attempt.id for one in delivery.attempts)


def settle_delivery(delivery: WebhookDelivery, attempt: Attempt, chance: float) -> None:
    delivery.attempts = [*delivery.attempts, attempt.kept()][-MOST_ATTEMPTS:]
    delivery.tries += 1
    delivery.next_attempt_at = None
    if attempt.outcome.has_arrived:
        delivery.state = "delivered"
    else:
        delivery.next_attempt_at = next_attempt(delivery.tries, attempt.outcome, attempt.at, chance)
        delivery.state = "waiting" if delivery.next_attempt_at else "failed"
    delivery.settled_at = None if delivery.state == "waiting" else attempt.at


def settle_test(session: Session, attempt: Attempt) -> None:
    """Of the webhook, a test decides nothing."""
    delivery = session.get(WebhookDelivery, attempt.delivery_key)
    if delivery is not None:
        settle_delivery(delivery, attempt, chance=0)


def settle_webhook(
    session: Session, webhook: Webhook, attempt: Attempt, patience: timedelta, chance: float
) -> None:
    outcome, at = attempt.outcome, attempt.at
    if outcome.has_arrived:
        begin_anew(webhook)
        return
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or at
    webhook.rest_until = rest(webhook.failures, outcome, at, chance)
    if outcome.is_gone:
        disable(session, webhook, "gone", at)
    elif at - webhook.failing_since >= patience:
        disable(session, webhook, "failing", at)


def begin_anew(webhook: Webhook) -> None:
    """What has failed before counts no more."""
    webhook.failures = 0
    webhook.failing_since = webhook.rest_until = None


def disable(session: Session, webhook: Webhook, reason: DisabledReason, at: datetime) -> None:
    """What waits for it stays, and is sent when it is enabled again."""
    if not webhook.enabled:
        return
    webhook.enabled = False
    webhook.disabled_reason = reason
    webhook.revision += 1
    webhook.updated_at = at
    session.flush()
    record_change(session, "webhook.disabled", webhook, at=at)
    log.warning("the webhook %s (%s) is disabled: it is %s", webhook.id, webhook.name, reason)


def release_webhooks(session: Session, holder: str) -> None:
    """Give back what a process has claimed that sends no more."""
    mine = update(Webhook).where(Webhook.claimed_by == holder)
    session.execute(mine.values(claimed_by=None))


def forget_waits(session: Session) -> None:
    """Try at once what waits for an instant: of a clock that was set back, it may be far off."""
    session.execute(update(Webhook).values(rest_until=None))
    waiting = update(WebhookDelivery).where(WebhookDelivery.next_attempt_at.is_not(None))
    session.execute(waiting.values(next_attempt_at=None))
