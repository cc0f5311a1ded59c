"""What exports and digests answer."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.access.viewer import Viewer
from app.documents.exports import Digests, Export, Seen
from app.exports.copies import copies_of
from app.exports.digests import sum_up
from app.exports.kinds import COMPARED, COPIED
from app.journal.positions import newest


def export_page(
    connection: Connection, resource: str, after: str, limit: int, viewer: Viewer
) -> Export:
    rows = COPIED[resource].rows_after(connection, viewer, after, None, limit + 1)
    shown = rows[:limit]
    return {
        "items": copies_of(connection, resource, shown, viewer),
        "next_after": shown[-1].id if len(rows) > limit else None,
        "sees": seen_by(viewer),
        "position": str(newest(connection)),
    }


def export_named(
    connection: Connection, resource: str, ids: Sequence[str], viewer: Viewer
) -> Export:
    """Those that may be seen."""
    rows = COPIED[resource].rows_named(connection, viewer, ids)
    return {
        "items": copies_of(connection, resource, rows, viewer),
        "next_after": None,
        "sees": seen_by(viewer),
        "position": str(newest(connection)),
    }


def read_digests(
    connection: Connection,
    resource: str,
    after: str,
    until: str | None,
    buckets: int,
    viewer: Viewer,
) -> Digests:
    whole, ranges, items = sum_up(connection, COMPARED[resource], viewer, after, until, buckets)
    return {
        **whole,
        "resource": resource,
        "ranges": ranges,
        "items": items,
        "sees": seen_by(viewer),
        "position": str(newest(connection)),
    }


def seen_by(viewer: Viewer) -> Seen:
    return "all" if viewer.sees_all else "public"
