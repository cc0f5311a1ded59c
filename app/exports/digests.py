"""Digests of ranges of ids: what two databases hold is compared by them from the whole down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Connection

from app.access.viewer import Viewer
from app.database.types import AnyRow
from app.documents.exports import Digest, DigestItem
from app.exports.kinds import Kind

# A range of no more is told one by one.
FEW = 500
# Rows that are read at once.
BATCH = 10_000
# Rows whose digests are added up for good: what a range is made of.
GRAIN = 100
BITS = 128


@dataclass(slots=True)
class Sum:
    """The digests of rows, added up: those of neighbours make that of both, and one reading is
    enough whatever the ranges. `last` is the id of the last row."""

    last: str
    count: int = 0
    total: int = 0

    def add(self, rows: Sequence[AnyRow]) -> None:
        for row in rows:
            line = f"{row.id} {row.revision} {row.updated_at.isoformat()}"
            digest = blake2b(line.encode(), digest_size=BITS // 8).digest()
            self.total += int.from_bytes(digest, "big")
        self.count += len(rows)
        self.last = rows[-1].id

    def join(self, other: "Sum") -> None:
        self.total += other.total
        self.count += other.count
        self.last = other.last

    def told(self, after: str, until: str | None) -> Digest:
        digest = f"{self.total % 2**BITS:032x}"
        return {"after": after, "until": until, "count": self.count, "digest": digest}


def sum_up(
    connection: Connection,
    kind: Kind,
    viewer: Viewer,
    after: str,
    until: str | None,
    buckets: int,
) -> tuple[Digest, list[Digest], list[DigestItem]]:
    """A range as a whole; in no more than so many of about the same number of rows, which together
    leave out no id; and one by one instead where they are few."""
    grains: list[Sum] = []
    items: list[DigestItem] = []
    for rows in rows_within(connection, kind, viewer, after, until):
        for start in range(0, len(rows), GRAIN):
            grain = Sum(after)
            grain.add(rows[start : start + GRAIN])
            grains.append(grain)
        if len(items) <= FEW:
            items += [item_of(row) for row in rows[: FEW + 1]]
    whole = Sum(after)
    for grain in grains:
        whole.join(grain)
    if whole.count <= FEW:
        return whole.told(after, until), [], items
    return whole.told(after, until), list(ranges_of(grains, after, until, buckets)), []


def ranges_of(
    grains: Sequence[Sum], after: str, until: str | None, buckets: int
) -> Iterator[Digest]:
    size = -(-len(grains) // buckets)
    for start in range(0, len(grains), size):
        several = grains[start : start + size]
        whole = Sum(after)
        for grain in several:
            whole.join(grain)
        last = until if start + size >= len(grains) else whole.last
        yield whole.told(after, last)
        after = whole.last


def digest_of(
    connection: Connection, kind: Kind, viewer: Viewer, after: str, until: str | None
) -> Digest:
    whole = Sum(after)
    for rows in rows_within(connection, kind, viewer, after, until):
        whole.add(rows)
    return whole.told(after, until)


def rows_within(
    connection: Connection, kind: Kind, viewer: Viewer, after: str, until: str | None
) -> Iterator[list[AnyRow]]:
    """In batches, none of them empty."""
    while rows := kind.rows_after(connection, viewer, after, until, BATCH):
        yield rows
        if len(rows) < BATCH:
            return
        after = rows[-1].id


def item_of(row: AnyRow) -> DigestItem:
    return {"id": row.id, "revision": row.revision, "updated_at": row.updated_at}
