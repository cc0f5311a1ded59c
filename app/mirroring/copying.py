"""All content, a page at a time: a copy that breaks off goes on where it was."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.access.viewer import Viewer, anonymous, the_service
from app.database.session import Database
from app.documents.exports import Copy, Export
from app.exports.kinds import COPIED
from app.mirroring.batches import Batch, apply
from app.mirroring.fetching import complete
from app.mirroring.place import Place, find_place, first_place, keep_place
from app.mirroring.rows import instant
from app.mirroring.source import Source
from app.models.base import Clock

# More of what is here than a page shows lies in its range at most by chance.
BEYOND = 1_000


class OtherKey(Exception):
    """The key sees other things than the one that the copy was made with."""


def viewer_of(place: Place, at: datetime) -> Viewer:
    """Who sees here what the mirror's key sees at the source."""
    return the_service(at) if place.sees_all else anonymous(at)


def begin(source: Source, database: Database, url: str) -> Place:
    """Where this mirror is; a new one is at the start. Raises OtherMirror or OtherKey."""
    place = database.read_now(find_place, url)
    page = source.page("channels", "")
    if place is None:
        # The position first, then the content: what changes meanwhile is told behind it.
        place = first_place(url, page["sees"], page["position"])
        database.write_now(keep_place, None, place)
    elif place.sees != page["sees"]:
        told = f"The mirror was made with a key that sees {place.sees}; this one sees"
        raise OtherKey(f"{told} {page['sees']}: name another file.")
    return place


def copy_page(source: Source, database: Database, place: Place, clock: Clock) -> tuple[Place, int]:
    """Copy the next page. The place behind it, and how many resources it had."""
    assert place.copying is not None
    page = source.page(place.copying, place.after)
    viewer = viewer_of(place, clock())
    batch = Batch()
    known = database.read_now(unchanged, place.copying, page["items"], viewer)
    batch.copies[place.copying] = [one for one in page["items"] if one["key"] not in known]
    batch.gone[place.copying] = database.read_now(surplus, place, page, viewer)
    complete(source, database, batch, viewer)
    behind = place.behind(page["next_after"])
    database.write_now(write_batch, batch, place, behind, clock())
    return behind, len(page["items"])


def write_batch(session: Session, batch: Batch, before: Place, place: Place, at: datetime) -> None:
    keep_place(session, before, place)
    apply(session, batch, at, sees_all=place.sees_all)


def unchanged(
    connection: Connection, resource: str, copies: Sequence[Copy], viewer: Viewer
) -> set[int]:
    """The keys of those that are here already. What a channel shows depends on other resources."""
    if resource == "channels":
        return set()
    ids = [one["document"]["id"] for one in copies]
    rows = COPIED[resource].rows_named(connection, viewer, ids)
    here = {(row.key, row.id, row.revision, row.updated_at) for row in rows}
    return {
        one["key"]
        for one in copies
        if (
            one["key"],
            one["document"]["id"],
            one["document"]["revision"],
            instant(one["document"]["updated_at"]),
        )
        in here
    }


def surplus(connection: Connection, place: Place, page: Export, viewer: Viewer) -> set[str]:
    """What is shown here within the page's range of ids, and not there."""
    assert place.copying is not None
    there = {one["document"]["id"] for one in page["items"]}
    found: set[str] = set()
    after, until = place.after, page["next_after"]
    while True:
        rows = COPIED[place.copying].rows_after(connection, viewer, after, until, BEYOND)
        found |= {row.id for row in rows} - there
        if len(rows) < BEYOND:
            return found
        after = rows[-1].id
