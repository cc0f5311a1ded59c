"""API keys: made, found, listed and revoked."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, String, bindparam, select
from sqlalchemy.orm import Session

from app.access.tokens import digest_of, new_token, prefix_of
from app.access.viewer import Viewer
from app.database.prepared import Prepared
from app.models import ApiKey
from app.models.base import new_id
from app.models.key import IMPLIED, Scope

KEY = Prepared(
    select(ApiKey.id, ApiKey.digest, ApiKey.scopes).where(
        ApiKey.prefix == bindparam("prefix", type_=String()), ApiKey.revoked_at.is_(None)
    )
)


def create_key(session: Session, *, name: str, scopes: Sequence[Scope], at: datetime) -> str:
    """Make a key and return it. It cannot be shown again: only its digest is kept."""
    token = new_token()
    prefix = prefix_of(token)
    assert prefix is not None
    session.add(
        ApiKey(
            id=new_id(),
            name=name,
            prefix=prefix,
            digest=digest_of(token),
            scopes=list(scopes),
            created_at=at,
        )
    )
    return token


def find_viewer(connection: Connection, token: str, at: datetime) -> Viewer | None:
    """Who holds this key; None when it is unknown or revoked."""
    prefix = prefix_of(token)
    if prefix is None:
        return None
    row = next(iter(KEY.all(connection, {"prefix": prefix})), None)
    if row is None or not hmac.compare_digest(row.digest, digest_of(token)):
        return None
    scopes: frozenset[Scope] = frozenset().union(*(IMPLIED[scope] for scope in row.scopes))
    return Viewer(at=at, scopes=scopes, key_id=row.id)


def list_keys(connection: Connection) -> Sequence[tuple[str, str, list[Scope], datetime | None]]:
    """Prefix, name, scopes and revocation of every key."""
    statement = select(ApiKey.prefix, ApiKey.name, ApiKey.scopes, ApiKey.revoked_at)
    return [
        (row.prefix, row.name, row.scopes, row.revoked_at)
        for row in connection.execute(statement.order_by(ApiKey.key))
    ]


def revoke_key(session: Session, prefix: str, at: datetime) -> bool:
    """Whether there was such a key to revoke."""
    key = session.scalars(
        select(ApiKey).where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None))
    ).one_or_none()
    if key is None:
        return False
    key.revoked_at = at
    return True
