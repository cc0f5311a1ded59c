"""What changed since a position: read in the order of the journal, and never all at once."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, Integer, bindparam, select

from app.access.viewer import Viewer
from app.database.prepared import Prepared
from app.database.types import AnyRow
from app.documents.changes import ChangePage, ChangeRead
from app.journal.filters import Wanted
from app.journal.positions import Extent, Position, extent, newest
from app.models import Change
from app.models.change import UNTOLD

__all__ = ["Found", "Seen", "list_changes", "newest"]

# At most so many rows are looked at for one page, and so many are fetched at once.
MOST_LOOKED_AT = 10_000
BATCH = 1_000

# Where resources have their addresses; others are known by more than their ids.
ADDRESSES = {
    "article": "/v1/articles/",
    "channel": "/v1/channels/",
    "entity": "/v1/entities/",
    "media": "/v1/media/",
    "publisher": "/v1/publishers/",
    "quote": "/v1/quotes/",
    "section": "/v1/sections/",
}


@dataclass(frozen=True, slots=True)
class Found:
    """`looked_at` is the last number that was looked at, whether it was wanted or not."""

    changes: list[ChangeRead]
    looked_at: int
    extent: Extent

    @property
    def next_after(self) -> Position:
        return self.extent.at(self.looked_at)

    @property
    def is_last(self) -> bool:
        """Whether there was no more to look at."""
        return self.looked_at >= self.extent.newest

    def page(self) -> ChangePage:
        return {
            "items": self.changes,
            "next_after": str(self.next_after),
            "has_more": not self.is_last,
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """A row of the journal, and how followers are told of it: those who see all, and readers, to
    whom it may mean nothing."""

    row: AnyRow
    epoch: str

    def told(self, *, sees_all: bool) -> ChangeRead | None:
        row = self.row
        if row.resource in UNTOLD or (row.publicity == "hidden" and not sees_all):
            return None
        event: str = row.event
        deleted = event == f"{row.resource}.deleted"
        fields = row.fields
        if not sees_all and row.publicity != "public":
            # They have seen nothing before, or will see nothing any more.
            fields = []
            deleted = row.publicity == "ends"
            event = f"{row.resource}.deleted" if deleted else event
        address = ADDRESSES.get(row.resource)
        return {
            "sequence": row.sequence,
            "position": f"{self.epoch}-{row.sequence}",
            "at": row.at,
            "event": event,
            "resource": row.resource,
            "id": row.resource_id,
            "slugs": row.slugs,
            "revision": row.revision,
            "fields": fields,
            "cause": row.cause,
            "deleted": deleted,
            "url": None if address is None else address + row.resource_id,
        }

    def is_wanted(self, change: ChangeRead, wanted: Wanted) -> bool:
        """`change` is what is told of it."""
        row = self.row
        return wanted.takes(row.resource, change["event"], row.sections, row.entities)


def list_changes(
    connection: Connection, after: Position, limit: int, wanted: Wanted, viewer: Viewer
) -> Found:
    """Raises PositionTooOld or PositionUnknown."""
    there = extent(connection)
    there.require(after)
    changes: list[ChangeRead] = []
    looked_at = after.sequence
    for seen in seen_after(connection, there.epoch, after.sequence, first=limit):
        looked_at = seen.row.sequence
        change = seen.told(sees_all=viewer.sees_all)
        if change is not None and seen.is_wanted(change, wanted):
            changes.append(change)
            if len(changes) == limit:
                break
    # Rows may have been forgotten between two statements.
    extent(connection).require(after)
    return Found(changes, looked_at, there)


def list_seen(connection: Connection, after: int, number: int) -> list[Seen]:
    """The next rows behind a number, whoever may be told of them."""
    epoch = extent(connection).epoch
    rows = ROWS.all(connection, {"after": after, "number": number})
    return [Seen(row, epoch) for row in rows]


def seen_after(connection: Connection, epoch: str, after: int, *, first: int) -> Iterator[Seen]:
    """The rows behind a number, as many as may be looked at; `first` is how many are fetched
    first."""
    left, size = MOST_LOOKED_AT, min(first, BATCH)
    while left > 0:
        rows = ROWS.all(connection, {"after": after, "number": min(size, left)})
        for row in rows:
            yield Seen(row, epoch)
        if len(rows) < min(size, left):
            return
        left -= size
        after, size = rows[-1].sequence, BATCH


ROWS = Prepared(
    select(
        Change.sequence,
        Change.at,
        Change.resource,
        Change.resource_id,
        Change.revision,
        Change.event,
        Change.cause,
        Change.slugs,
        Change.publicity,
        Change.fields,
        Change.sections,
        Change.entities,
    )
    .where(Change.sequence > bindparam("after", type_=BigInteger()))
    .order_by(Change.sequence)
    .limit(bindparam("number", type_=Integer()))
)
