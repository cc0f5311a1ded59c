"""How far the mirror has come: kept in the transaction of what was copied."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from app.database.rows import add_rows, insertion_of
from app.documents.exports import Seen
from app.exports.kinds import COPIED
from app.models import Mirror

KINDS = list(COPIED)


class OtherMirror(Exception):
    """The database is a mirror of something else."""


class Overtaken(Exception):
    """Another process has gone on from the same place."""


@dataclass(frozen=True)
class Place:
    """As `Mirror` is. `sees` is "all" or "public"."""

    source: str
    sees: str
    position: str
    copying: str | None
    after: str

    @property
    def sees_all(self) -> bool:
        return self.sees == "all"

    def at_the_start(self, position: str) -> "Place":
        """Where all is copied, and the journal is then followed from this position."""
        return replace(self, position=position, copying=KINDS[0], after="")

    def behind(self, after: str | None) -> "Place":
        """Behind a page; None: behind the last of its kind."""
        if after is not None:
            return replace(self, after=after)
        assert self.copying is not None
        following = KINDS[KINDS.index(self.copying) + 1 :]
        return replace(self, copying=following[0] if following else None, after="")


def first_place(source: str, sees: Seen, position: str) -> Place:
    return Place(source, sees, position, KINDS[0], "")


def find_place(connection: Connection, source: str) -> Place | None:
    """Raises OtherMirror."""
    row = connection.execute(select(*Mirror.__table__.columns)).one_or_none()
    if row is None:
        return None
    place = Place(row.source, row.sees, row.position, row.copying, row.after)
    if place.source != source:
        raise OtherMirror(f"It is a mirror of {place.source}: name another file.")
    return place


def keep_place(session: Session, before: Place | None, place: Place) -> None:
    """Raises Overtaken when it is not where it was `before`."""
    if find_place(session.connection(), place.source) != before:
        raise Overtaken("Another process keeps this mirror as well.")
    session.execute(delete(Mirror))
    add_rows(session, insertion_of(Mirror), [vars_of(place)])


def vars_of(place: Place) -> dict[str, str | None]:
    return {
        "source": place.source,
        "sees": place.sees,
        "position": place.position,
        "copying": place.copying,
        "after": place.after,
    }
