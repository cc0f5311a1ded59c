"""API keys, read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.database.types import AnyRow
from app.documents.keys import KeyHeld, KeyRead, KeyState, RatePolicy
from app.errors import KeyNotFound
from app.models import ApiKey, Channel, Section
from app.models.key import FormerToken
from app.web.listing import ListRequest
from app.web.pages import PageStatement, fetch_page

KEY = select(
    ApiKey.key,
    ApiKey.id,
    ApiKey.revision,
    ApiKey.name,
    ApiKey.prefix,
    ApiKey.scopes,
    ApiKey.former,
    ApiKey.sections,
    ApiKey.channels,
    ApiKey.expires_at,
    ApiKey.last_used_at,
    ApiKey.revoked_at,
    ApiKey.created_at,
    ApiKey.updated_at,
)
KEYS = PageStatement(KEY)

# What a section or channel is called, by its id.
Names = Mapping[str, str]


def list_keys(connection: Connection, wanted: ListRequest, viewer: Viewer) -> dict[str, Any]:
    rows = fetch_page(connection, KEYS, wanted, {"at": viewer.at})
    names = names_in(connection, rows.rows)
    return rows.page([wanted.selection.trim(key_read(row, names, viewer.at)) for row in rows.rows])


def all_keys(connection: Connection, viewer: Viewer) -> list[KeyRead]:
    """In the order in which they were made."""
    rows = connection.execute(KEY.order_by(ApiKey.key)).all()
    names = names_in(connection, rows)
    return [key_read(row, names, viewer.at) for row in rows]


def get_key(connection: Connection, key_id: str, viewer: Viewer) -> KeyRead:
    row = connection.execute(KEY.where(ApiKey.id == key_id)).one_or_none()
    if row is None:
        raise KeyNotFound(key_id)
    return key_read(row, names_in(connection, [row]), viewer.at)


def get_held(
    connection: Connection, key_id: str, viewer: Viewer, rates: Sequence[RatePolicy]
) -> KeyHeld:
    key = get_key(connection, key_id, viewer)
    return {
        "id": key["id"],
        "name": key["name"],
        "prefix": key["prefix"],
        "scopes": key["scopes"],
        "sections": key["sections"],
        "channels": key["channels"],
        "expires_at": viewer.until,
        "rate_limits": list(rates),
    }


# Any: the columns of KEY
def key_read(row: AnyRow, names: Names, at: datetime) -> KeyRead:
    return {
        "id": row.id,
        "revision": row.revision,
        "name": row.name,
        "prefix": row.prefix,
        "scopes": row.scopes,
        "sections": [names.get(one, one) for one in row.sections or ()],
        "channels": [names.get(one, one) for one in row.channels or ()],
        "state": state_of(row, at),
        "expires_at": row.expires_at,
        "overlap_ends_at": end_of_overlap(row.former or (), at),
        "last_used_at": row.last_used_at,
        "revoked_at": row.revoked_at,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def state_of(row: AnyRow, at: datetime) -> KeyState:
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at is not None and row.expires_at <= at else "valid"


def end_of_overlap(former: Iterable[FormerToken], at: datetime) -> datetime | None:
    ends = [datetime.fromisoformat(one["until"]) for one in former]
    return max((one for one in ends if one > at), default=None)


def names_in(connection: Connection, rows: Iterable[AnyRow]) -> Names:
    """What the sections and channels are called that these keys are limited to."""
    ids = {one for row in rows for one in (*(row.sections or ()), *(row.channels or ()))}
    if not ids:
        return {}
    sections = select(Section.id, Section.path).where(Section.id.in_(ids))
    channels = select(Channel.id, Channel.slug).where(Channel.id.in_(ids))
    rows = connection.execute(sections.union_all(channels)).all()
    return {row[0]: row[1] for row in rows}
