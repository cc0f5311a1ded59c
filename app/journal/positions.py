"""Positions in the journal: `EPOCH-SEQUENCE`, or a bare number of this database's."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.database.prepared import Prepared
from app.errors import PositionTooOld, PositionUnknown
from app.models import Change, Journal

POSITION = re.compile(r"(?:([0-9a-z]{12})-)?(0|[1-9][0-9]{0,18})", re.ASCII)
MOST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Position:
    """A place behind a row of the journal. `epoch` is None for that of whatever database."""

    epoch: str | None
    sequence: int

    def __str__(self) -> str:
        return str(self.sequence) if self.epoch is None else f"{self.epoch}-{self.sequence}"


BEGINNING = Position(None, 0)


@dataclass(frozen=True, slots=True)
class Extent:
    """What there is of the journal: the rows behind the number `floor`, up to `newest`."""

    epoch: str
    floor: int
    newest: int

    @property
    def end(self) -> Position:
        return self.at(self.newest)

    @property
    def beginning(self) -> Position:
        return self.at(self.floor)

    def at(self, sequence: int) -> Position:
        return Position(self.epoch, sequence)

    def require(self, position: Position) -> None:
        """Raises PositionTooOld or PositionUnknown for one behind which it cannot be followed."""
        if position.epoch not in (None, self.epoch) or position.sequence > self.newest:
            raise PositionUnknown(
                f"The journal of this database has no position {position}: read the content anew,"
                f" and then the changes after {self.end}.",
                start_again=str(self.end),
            )
        if position.sequence < self.floor:
            raise PositionTooOld(
                f"What changed right after {position} is not kept any more: read the content anew,"
                f" and then the changes after {self.end}.",
                start_again=str(self.end),
            )


def parse_position(text: str) -> Position:
    """Raises ValueError, with a sentence for the client."""
    match = POSITION.fullmatch(text)
    if match is None or int(match[2]) > MOST:
        raise ValueError("A position is a `next_after` that was answered, or 0.")
    return Position(match[1], int(match[2]))


def extent(connection: Connection) -> Extent:
    [row] = EXTENT.all(connection, {})
    return Extent(row.epoch, row.floor, max(row.newest or 0, row.floor))


def newest(connection: Connection) -> Position:
    """The end of the journal: what is written from now on comes after it."""
    return extent(connection).end


EXTENT = Prepared(
    select(
        Journal.epoch,
        Journal.floor,
        select(func.max(Change.sequence)).scalar_subquery().label("newest"),
    )
)
