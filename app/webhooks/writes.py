"""Webhooks, written. What is sent to them is decided by the deliverer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.database.acts import act_of
from app.database.session import connection_of
from app.documents.webhooks import DeliveryRead, WebhookIssued, WebhookRead
from app.errors import (
    DeliveryNotFound,
    ReferenceNotFound,
    ValidationError,
    WebhookDisabled,
    WebhookNotFound,
)
from app.journal.filters import Wanted, entities_of, sections_of
from app.journal.positions import extent, parse_position
from app.models import Webhook, WebhookDelivery
from app.models.base import is_id, new_id
from app.slugs.writes import find_to_change
from app.web.conditional import Precondition
from app.web.patching import Patch, patched
from app.webhooks.addresses import AddressRefused, check_url
from app.webhooks.claims import begin_anew
from app.webhooks.messages import INSERT, repeat, row_of, test_message
from app.webhooks.reads import get_delivery, get_webhook
from app.webhooks.retrying import SCHEDULE
from app.webhooks.schemas import ReplayWrite, SecretRotationWrite, WebhookWrite
from app.webhooks.signatures import new_secret, rotated_out

READ_ONLY = (
    "id",
    "revision",
    "disabled_reason",
    "failing_since",
    "rest_until",
    "position",
    "overlap_ends_at",
    "created_at",
    "updated_at",
)


def post_webhook(
    session: Session, content: WebhookWrite, viewer: Viewer, *, loopback: bool
) -> WebhookIssued:
    """It is told of what is written from now on."""
    webhook = Webhook(
        id=new_id(),
        revision=1,
        secret=new_secret(),
        position=extent(connection_of(session)).newest,
        failures=0,
        created_at=viewer.at,
        updated_at=viewer.at,
    )
    assign_webhook(session, webhook, content, viewer, loopback=loopback)
    session.add(webhook)
    session.flush()
    record_change(session, "webhook.created", webhook, at=viewer.at)
    return issued(session, webhook, viewer)


def patch_webhook(
    session: Session,
    webhook_id: str,
    patch: Patch,
    precondition: Precondition,
    viewer: Viewer,
    *,
    loopback: bool,
) -> WebhookRead:
    webhook = find_to_change(session, Webhook, webhook_id, precondition, WebhookNotFound)
    current = get_webhook(connection_of(session), webhook.id, viewer)
    content = patched(current, patch, WebhookWrite, read_only=READ_ONLY)
    if content.enabled and not webhook.enabled:
        webhook.disabled_reason = None
        begin_anew(webhook)
    if webhook.scope == "all" and content.scope == "public":
        forget_waiting(session, webhook)
    assign_webhook(session, webhook, content, viewer, loopback=loopback)
    return saved(session, webhook, "webhook.updated", viewer)


def forget_waiting(session: Session, webhook: Webhook) -> None:
    """What it may not be told any more."""
    waiting = (WebhookDelivery.webhook_key == webhook.key, WebhookDelivery.state == "waiting")
    session.execute(delete(WebhookDelivery).where(*waiting))


def delete_webhook(
    session: Session, webhook_id: str, precondition: Precondition, viewer: Viewer
) -> None:
    """Its deliveries go with it, those that wait, too."""
    webhook = find_to_change(session, Webhook, webhook_id, precondition, WebhookNotFound)
    record_change(session, "webhook.deleted", webhook, at=viewer.at)
    session.delete(webhook)


def put_secret_rotation(
    session: Session,
    webhook_id: str,
    content: SecretRotationWrite,
    precondition: Precondition,
    viewer: Viewer,
) -> WebhookIssued:
    webhook = find_to_change(session, Webhook, webhook_id, precondition, WebhookNotFound)
    overlap = timedelta(seconds=content.overlap_seconds)
    webhook.former = rotated_out(webhook.secret, webhook.former, overlap, viewer.at)
    webhook.secret = new_secret()
    saved(session, webhook, "webhook.rotated", viewer)
    return issued(session, webhook, viewer)


def put_replay(
    session: Session,
    webhook_id: str,
    content: ReplayWrite,
    precondition: Precondition,
    viewer: Viewer,
) -> WebhookRead:
    """What was delivered after the position is sent again, under the ids that it had. Raises
    PositionTooOld or PositionUnknown."""
    webhook = find_to_change(session, Webhook, webhook_id, precondition, WebhookNotFound)
    try:
        after = parse_position(content.after)
    except ValueError as error:
        raise at_fault("/after", str(error)) from None
    extent(connection_of(session)).require(after)
    webhook.position = after.sequence
    return saved(session, webhook, "webhook.replayed", viewer)


def put_repetition(session: Session, webhook_id: str, delivery_id: str) -> DeliveryRead:
    """Send one delivery again, as soon as it can be. One that waits is tried at once."""
    webhook = find_webhook(session, webhook_id)
    delivery = session.scalars(
        select(WebhookDelivery).where(
            WebhookDelivery.webhook_key == webhook.key, WebhookDelivery.id == delivery_id
        )
    ).one_or_none()
    if delivery is None:
        raise DeliveryNotFound(delivery_id)
    if not webhook.enabled:
        raise WebhookDisabled(f"The webhook {webhook.name} is disabled: enable it first.")
    repeat(delivery)
    webhook.rest_until = None
    session.flush()
    return get_delivery(connection_of(session), webhook_id, delivery_id)


def post_test(session: Session, webhook_id: str, wait: timedelta, viewer: Viewer) -> DeliveryRead:
    """A message that is sent once: at once by who has made it, else by the deliverer when it has
    waited so long."""
    webhook = find_webhook(session, webhook_id)
    row = row_of(webhook, f"{webhook.id}_{new_id()}", test_message(webhook, viewer.at), viewer.at)
    tried = {"tries": len(SCHEDULE), "next_attempt_at": viewer.at + wait}
    INSERT.run(connection_of(session), [row | tried])
    return get_delivery(connection_of(session), webhook_id, row["id"])


def find_webhook(session: Session, webhook_id: str) -> Webhook:
    webhook = session.scalars(select(Webhook).where(Webhook.id == webhook_id)).one_or_none()
    if webhook is None:
        raise WebhookNotFound(webhook_id)
    return webhook


def assign_webhook(
    session: Session, webhook: Webhook, content: WebhookWrite, viewer: Viewer, *, loopback: bool
) -> None:
    try:
        check_url(content.url, loopback=loopback)
    except (AddressRefused, ValueError) as refused:
        raise at_fault("/url", str(refused)) from None
    connection = connection_of(session)
    wanted = Wanted(
        resources=frozenset(content.resources) or None,
        events=frozenset(content.events) or None,
        sections=ids_of(connection, "section", content.sections, sections_of, viewer),
        entities=ids_of(connection, "entity", content.entities, entities_of, viewer),
    )
    webhook.name = content.name
    webhook.url = content.url
    webhook.scope = content.scope
    webhook.wanted = wanted.as_json()
    webhook.enabled = content.enabled


MEMBERS: Mapping[str, str] = {"section": "sections", "entity": "entities"}
Find = Callable[[Connection, list[str], Viewer], dict[str, str]]


def ids_of(
    connection: Connection, kind: str, names: Sequence[str], find: Find, viewer: Viewer
) -> frozenset[str] | None:
    """An id is taken as it is: what has it may be gone, or may come back. Raises
    ReferenceNotFound."""
    unknown = [name for name in names if not is_id(name)]
    found = find(connection, unknown, viewer) if unknown else {}
    for place, name in enumerate(names):
        if not is_id(name) and name not in found:
            detail = f"There is no {kind} {name}."
            raise ReferenceNotFound(
                detail, errors=[{"pointer": f"/{MEMBERS[kind]}/{place}", "detail": detail}]
            )
    return frozenset(found.get(name, name) for name in names) or None


def at_fault(pointer: str, detail: str) -> ValidationError:
    return ValidationError(detail, errors=[{"pointer": pointer, "detail": detail}])


def saved(session: Session, webhook: Webhook, event: str, viewer: Viewer) -> WebhookRead:
    webhook.revision += 1
    webhook.updated_at = viewer.at
    session.flush()
    record_change(session, event, webhook, at=viewer.at)
    return get_webhook(connection_of(session), webhook.id, viewer)


def issued(session: Session, webhook: Webhook, viewer: Viewer) -> WebhookIssued:
    """With the secret, unless nothing is saved that it could be of."""
    document = get_webhook(connection_of(session), webhook.id, viewer)
    return {**document, "secret": None if act_of(session).on_trial else webhook.secret}
