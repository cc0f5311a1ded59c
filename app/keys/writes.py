"""API keys, written. Their tokens are made, and their changes recorded, in `access/keys.py`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.keys import issue_key, limit_key, revoke, rotate_key, save_key
from app.access.viewer import Viewer
from app.database.acts import Limits, act_of
from app.database.session import connection_of
from app.documents.keys import KeyIssued, KeyRead
from app.errors import KeyNotFound, KeyRevoked, LastAdminKey, ReferenceNotFound, ValidationError
from app.keys.reads import get_key
from app.keys.schemas import KeyWrite, RotationWrite
from app.models import ApiKey, Channel, Section
from app.slugs.writes import find_to_change
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

READ_ONLY = (
    "id",
    "revision",
    "prefix",
    "state",
    "overlap_ends_at",
    "last_used_at",
    "revoked_at",
    "created_at",
    "updated_at",
)


def post_key(session: Session, content: KeyWrite, viewer: Viewer) -> KeyIssued:
    require_future(content.expires_at, viewer.at)
    key, token = issue_key(
        session,
        name=content.name,
        scopes=content.scopes,
        at=viewer.at,
        limits=limits_of(session, content),
        expires_at=content.expires_at,
    )
    return issued(session, key, token, viewer)


def patch_key(
    session: Session, key_id: str, patch: Patch, precondition: Precondition, viewer: Viewer
) -> KeyRead:
    key = find_unrevoked(session, key_id, precondition)
    current = get_key(connection_of(session), key.id, viewer)
    content = patched(current, patch, KeyWrite, read_only=READ_ONLY)
    if content.expires_at != key.expires_at:
        require_future(content.expires_at, viewer.at)
    if "admin" not in content.scopes:
        require_other_admin(session, key, viewer.at)
    key.name = content.name
    key.scopes = content.scopes
    key.expires_at = content.expires_at
    limit_key(key, limits_of(session, content))
    save_key(session, key, "key.updated", viewer.at)
    return get_key(connection_of(session), key.id, viewer)


def delete_key(session: Session, key_id: str, precondition: Precondition, viewer: Viewer) -> None:
    """Revoke a key; one that was revoked before stays as it is."""
    key = find_to_change(session, ApiKey, key_id, precondition, KeyNotFound)
    if key.revoked_at is None:
        require_other_admin(session, key, viewer.at)
        revoke(session, key, viewer.at)


def put_rotation(
    session: Session,
    key_id: str,
    content: RotationWrite,
    precondition: Precondition,
    viewer: Viewer,
) -> KeyIssued:
    key = find_unrevoked(session, key_id, precondition)
    token = rotate_key(session, key, timedelta(seconds=content.overlap_seconds), viewer.at)
    return issued(session, key, token, viewer)


def issued(session: Session, key: ApiKey, token: str, viewer: Viewer) -> KeyIssued:
    """With the token, unless nothing is saved that it could stand for."""
    document = get_key(connection_of(session), key.id, viewer)
    return {**document, "token": None if act_of(session).on_trial else token}


def find_unrevoked(session: Session, key_id: str, precondition: Precondition) -> ApiKey:
    """One that has expired may be given another date."""
    key = find_to_change(session, ApiKey, key_id, precondition, KeyNotFound)
    if key.revoked_at is not None:
        raise KeyRevoked(f"The key {key.prefix} was revoked. Make another.")
    return key


def require_future(expires_at: datetime | None, at: datetime) -> None:
    if expires_at is not None and expires_at <= at:
        detail = "A key expires in the future: to end it now, revoke it."
        raise ValidationError(detail, errors=[{"pointer": "/expires_at", "detail": detail}])


def require_other_admin(session: Session, key: ApiKey, at: datetime) -> None:
    """Raises LastAdminKey for a key without which nobody could manage keys."""
    if "admin" not in key.scopes:
        return
    others = session.scalars(
        select(ApiKey).where(
            ApiKey.key != key.key,
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > at),
        )
    )
    if not any("admin" in one.scopes for one in others):
        raise LastAdminKey("No other valid key has the scope “admin”. Make another one first.")


def limits_of(session: Session, content: KeyWrite) -> Limits | None:
    """Raises ReferenceNotFound."""
    if not (content.sections or content.channels):
        return None
    return Limits(
        sections=ids_of(session, Section, content.sections, "sections"),
        channels=ids_of(session, Channel, content.channels, "channels"),
    )


def ids_of(
    session: Session, model: type[Section] | type[Channel], names: Sequence[str], member: str
) -> tuple[str, ...]:
    """Of resources that are named by an id or slug."""
    wanted = or_(model.id.in_(names), model.slug.in_(names))
    known: dict[str, str] = {}
    for found_id, slug in session.execute(select(model.id, model.slug).where(wanted)):
        known |= {found_id: found_id, slug: found_id}
    for place, name in enumerate(names):
        if name not in known:
            detail = f"There is no {model.resource_name} {name}."
            raise ReferenceNotFound(
                detail, errors=[{"pointer": f"/{member}/{place}", "detail": detail}]
            )
    return tuple(dict.fromkeys(known[name] for name in names))
