"""Pages of a list, by keyset: what comes after a row, never what comes after a count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from app.database.session import Database
from app.database.types import AnyRow, AnySelect
from app.errors import InvalidCursor
from app.web.cursors import Value
from app.web.listing import ListRequest, SortKey

P = ParamSpec("P")
T = TypeVar("T")

ESTIMATE_CEILING = 10_000


@dataclass(frozen=True)
class Rows:
    """The rows of one page, each with `key`; and the count where it was asked for."""

    rows: Sequence[AnyRow]  # Any: whatever columns the list selects
    next_cursor: str | None
    total: int | None
    total_relation: Literal["exact", "at_least"] | None

    @property
    def keys(self) -> list[int]:
        return [row.key for row in self.rows]

    def page(self, items: Sequence[Any]) -> dict[str, Any]:
        document: dict[str, Any] = {"items": items, "next_cursor": self.next_cursor}
        if self.total is not None:
            document["total"] = self.total
            document["total_relation"] = self.total_relation
        return document


def fetch_page(connection: Connection, statement: AnySelect, wanted: ListRequest) -> Rows:
    """Select one page. `statement` selects the list's columns, its key as `key` among them, with
    all that restricts it beside the request's own filters."""
    if wanted.matching is None:
        return fetch_rows(connection, statement, wanted)
    with wanted.matching(connection, wanted.seconds) as condition:
        return fetch_rows(connection, statement.where(condition), wanted)


async def read_list(
    database: Database,
    wanted: ListRequest,
    function: Callable[Concatenate[Connection, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Read a page; one that is searched for may take long."""
    read = database.read if wanted.matching is None else database.read_long
    return await read(function, *args, **kwargs)


def fetch_rows(connection: Connection, statement: AnySelect, wanted: ListRequest) -> Rows:
    statement = statement.where(*wanted.conditions)
    total, relation = count(connection, statement, wanted)
    keys = wanted.sort
    descending = keys[-1].descending
    tie = wanted.listing.key
    values = [key.sort.column.label(f"sort_{index}") for index, key in enumerate(keys)]
    page = statement.add_columns(*values)
    if wanted.after is not None:
        if len(wanted.after) != len(keys) + 1:
            raise InvalidCursor("The cursor does not fit the sort.")
        page = page.where(comes_after(keys, wanted.after, tie, descending))
    for key in keys:
        column = key.sort.column
        order = column.desc() if key.descending else column.asc()
        page = page.order_by(order.nulls_last() if key.sort.nullable else order)
    page = page.order_by(tie.desc() if descending else tie.asc()).limit(wanted.limit + 1)
    rows = connection.execute(page).all()
    cursor = None
    if len(rows) > wanted.limit:
        rows = rows[: wanted.limit]
        last: list[Value] = [getattr(rows[-1], f"sort_{index}") for index in range(len(keys))]
        cursor = wanted.signer.sign(wanted.digest, [*last, rows[-1].key])
    return Rows(rows, cursor, total, relation)


def comes_after(
    keys: Sequence[SortKey],
    after: Sequence[Value],
    tie: ColumnElement[int] | Any,  # Any: an instrumented attribute acts as a column here
    descending: bool,
) -> ColumnElement[bool]:
    """`(a, b, key) > (:a, :b, :key)`, spelled out, since directions and nulls may differ."""
    last = after[-1]
    condition: ColumnElement[bool] = tie < last if descending else tie > last
    for key, value in reversed(list(zip(keys, after[:-1], strict=True))):
        column = key.sort.column
        if value is None:
            # Nulls come last, so that only other nulls can follow.
            condition = and_(column.is_(None), condition)
            continue
        beyond = column < value if key.descending else column > value
        if key.sort.nullable:
            beyond = or_(beyond, column.is_(None))
        condition = or_(beyond, and_(column == value, condition))
        if not key.sort.nullable:
            # Implied, but it lets an index begin at the right place.
            condition = and_(column <= value if key.descending else column >= value, condition)
    return condition if condition is not None else false()


def count(
    connection: Connection, statement: AnySelect, wanted: ListRequest
) -> tuple[int | None, Literal["exact", "at_least"] | None]:
    if wanted.total == "none":
        return None, None
    keys = statement.with_only_columns(wanted.listing.key).order_by(None)
    if wanted.total == "estimate":
        keys = keys.limit(ESTIMATE_CEILING + 1)
    found = connection.execute(select(func.count()).select_from(keys.subquery())).scalar_one()
    if wanted.total == "estimate" and found > ESTIMATE_CEILING:
        return ESTIMATE_CEILING, "at_least"
    return found, "exact"
