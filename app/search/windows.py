"""Which part of the index a search looks at: the span of time, and what is over in it."""

from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Select, Table, bindparam, select

from app.search.terms import Term

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


# Behind every position, and earlier than anything is over.
ALWAYS = 2**62
NEVER = 0


class SearchTooSlow(Exception):
    """A search took longer than it was given."""


class Window(NamedTuple):
    """Positions from `since` up to `before`, which is left out. `at` is now, in microseconds.

    `total` is how many texts there are, `limit` how many matches are wanted; None means all.
    """

    before: int | BindParameter[int]
    at: int | BindParameter[int]
    total: int
    limit: int | None
    since: int | BindParameter[int] | None = None

    def bounded(self, statement: S, position: ColumnElement[int], found: Table) -> S:
        """The statement within these bounds, without what is over."""
        statement = statement.where(position < self.before)
        if self.since is not None:
            statement = statement.where(position >= self.since)
        over = select(found.c.position).where(found.c.shown_until <= self.at)
        return statement.where(position.not_in(over))

    @property
    def values(self) -> dict[str, object]:
        """For the parameters of `parametric`."""
        return {"before": self.before, "at": self.at, "since": self.since, "rows": self.limit}

    def is_soon_met(self, expected: float) -> bool:
        """Whether walking through the newest texts costs less than taking every match."""
        if self.limit is None or expected <= 0:
            return False
        matches = expected * self.total
        return matches * matches > self.limit * self.total


class Asked(NamedTuple):
    """Which texts are wanted of an engine; `expected` is the share of them that should match."""

    kind: str
    term: Term
    window: Window
    expected: float


def parametric(*, since: bool, suffix: str = "") -> Window:
    """A window whose bounds are parameters, for a statement that is built once. Where it has
    several windows, their parameters differ by the suffix."""
    earliest = bindparam(f"since{suffix}", type_=BigInteger()) if since else None
    return Window(
        before=bindparam(f"before{suffix}", type_=BigInteger()),
        at=bindparam(f"at{suffix}", type_=BigInteger()),
        total=0,
        limit=None,
        since=earliest,
    )


def most_rows(suffix: str = "") -> BindParameter[int]:
    """The limit of such a window."""
    return bindparam(f"rows{suffix}", type_=BigInteger())
