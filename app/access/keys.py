"""API keys: made, found, rotated and revoked. What is done to them is in the journal."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, bindparam, select
from sqlalchemy.orm import Session

from app.access.tokens import digest_of, new_token, prefix_of
from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.database.acts import Limits
from app.database.prepared import Prepared
from app.database.types import AnyRow
from app.errors import Unauthenticated
from app.models import ApiKey
from app.models.base import new_id
from app.models.key import IMPLIED, FormerToken, Scope

KEY = Prepared(
    select(
        ApiKey.id,
        ApiKey.digest,
        ApiKey.former,
        ApiKey.scopes,
        ApiKey.sections,
        ApiKey.channels,
        ApiKey.expires_at,
        ApiKey.revoked_at,
    ).where(ApiKey.prefix == bindparam("prefix", type_=String()))
)


def create_key(session: Session, *, name: str, scopes: Sequence[Scope], at: datetime) -> str:
    """Make a key and return its token. It cannot be shown again: only its digest is kept."""
    return issue_key(session, name=name, scopes=scopes, at=at)[1]


def issue_key(
    session: Session,
    *,
    name: str,
    scopes: Sequence[Scope],
    at: datetime,
    limits: Limits | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its token."""
    token = new_token()
    prefix = prefix_of(token)
    assert prefix is not None
    key = ApiKey(
        id=new_id(),
        revision=1,
        name=name,
        prefix=prefix,
        digest=digest_of(token),
        scopes=list(scopes),
        expires_at=expires_at,
        created_at=at,
        updated_at=at,
    )
    limit_key(key, limits)
    session.add(key)
    session.flush()
    record_change(session, "key.created", key, at=at)
    return key, token


def limit_key(key: ApiKey, limits: Limits | None) -> None:
    key.sections = list(limits.sections) if limits else None
    key.channels = list(limits.channels) if limits else None


def find_viewer(connection: Connection, token: str, at: datetime) -> Viewer:
    """Who holds this key. Raises Unauthenticated when it is unknown, or valid no more."""
    prefix = prefix_of(token)
    row = next(iter(KEY.all(connection, {"prefix": prefix})), None) if prefix else None
    if row is None:
        raise Unauthenticated("The API key is not known.")
    until = valid_until(row, digest_of(token), at)
    scopes: frozenset[Scope] = frozenset().union(*(IMPLIED[scope] for scope in row.scopes))
    limits = None
    if row.sections is not None or row.channels is not None:
        limits = Limits(tuple(row.sections or ()), tuple(row.channels or ()))
    return Viewer(at=at, scopes=scopes, key_id=row.id, limits=limits, until=until)


def valid_until(row: AnyRow, digest: str, at: datetime) -> datetime | None:
    """When a token of a key ceases to be valid, None for never. Raises Unauthenticated when it is
    none of the key's, or is valid no more."""
    until: datetime | None = row.expires_at
    if not hmac.compare_digest(row.digest, digest):
        ends = end_of_overlap(row.former or (), digest)
        if ends is None:
            # What became of a key is told to those who hold it.
            raise Unauthenticated("The API key is not known.")
        if at >= ends:
            raise Unauthenticated("The API key was rotated: this token of it is valid no more.")
        until = min(ends, until or ends)
    if row.revoked_at is not None:
        raise Unauthenticated("The API key was revoked.")
    if row.expires_at is not None and at >= row.expires_at:
        raise Unauthenticated(f"The API key expired at {row.expires_at:%Y-%m-%d %H:%M:%S} UTC.")
    return until


def end_of_overlap(former: Sequence[FormerToken], digest: str) -> datetime | None:
    for one in former:
        if hmac.compare_digest(one["digest"], digest):
            return datetime.fromisoformat(one["until"])
    return None


def rotate_key(session: Session, key: ApiKey, overlap: timedelta, at: datetime) -> str:
    """Give a key a new token and return it. All that it had are valid until the overlap ends, and
    not longer than they were."""
    ends = at + overlap
    former = [*(key.former or ()), FormerToken(digest=key.digest, until=ends.isoformat())]
    untils = [min(datetime.fromisoformat(one["until"]), ends) for one in former]
    key.former = [
        FormerToken(digest=one["digest"], until=until.isoformat())
        for one, until in zip(former, untils, strict=True)
        if until > at
    ]
    token = new_token(key.prefix)
    key.digest = digest_of(token)
    save_key(session, key, "key.rotated", at)
    return token


def revoke_key(session: Session, prefix: str, at: datetime) -> bool:
    """Whether there was such a key to revoke."""
    key = find_by_prefix(session, prefix)
    if key is None:
        return False
    revoke(session, key, at)
    return True


def rotate_by_prefix(session: Session, prefix: str, overlap: timedelta, at: datetime) -> str | None:
    """The new token; None when there is no such key."""
    key = find_by_prefix(session, prefix)
    return None if key is None else rotate_key(session, key, overlap, at)


def find_by_prefix(session: Session, prefix: str) -> ApiKey | None:
    """The key, unless it was revoked."""
    return session.scalars(
        select(ApiKey).where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None))
    ).one_or_none()


def revoke(session: Session, key: ApiKey, at: datetime) -> None:
    """Its row stays: the journal names it."""
    key.revoked_at = at
    save_key(session, key, "key.revoked", at)


def save_key(session: Session, key: ApiKey, event: str, at: datetime) -> None:
    key.revision += 1
    key.updated_at = at
    session.flush()
    record_change(session, event, key, at=at)
