"""Pages of a list, by keyset: what comes after a row, never what comes after a count."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Concatenate, Literal, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Connection, Integer, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.database.prepared import Prepared
from app.database.session import Database
from app.database.types import AnyRow, AnySelect
from app.errors import InvalidCursor
from app.web.cursors import Value
from app.web.filters import Condition
from app.web.listing import ListRequest, SortKey

P = ParamSpec("P")
T = TypeVar("T")

ESTIMATE_CEILING = 10_000


NO_VALUES: Mapping[str, Any] = {}
ROWS = bindparam("rows", type_=Integer())


class Form(NamedTuple):
    """What makes one page's statement another than the next's: its order, and which of the values
    that it goes on after are null; None for the first page."""

    sort: tuple[SortKey, ...]
    after: tuple[bool, ...] | None


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


class PageStatement:
    """What the pages of a list select, its key as `key` among the columns. To build a page's
    statement costs more than to run it: so each form is built once. `never_null` are sorts that
    the statement itself keeps from being null."""

    def __init__(
        self,
        statement: AnySelect,
        *,
        never_null: Collection[InstrumentedAttribute[Any]] = (),  # Any: of whatever type
    ) -> None:
        self.statement = statement
        self.never_null = never_null
        self.forms: dict[Form, Prepared] = {}

    def among(self, condition: Condition | None) -> "PageStatement":
        """The same with fewer rows, to be used once."""
        if condition is None:
            return self
        return PageStatement(self.statement.where(condition), never_null=self.never_null)

    def page(self, form: Form, tie: InstrumentedAttribute[int]) -> Prepared:
        prepared = self.forms.get(form)
        if prepared is None:
            prepared = self.forms[form] = Prepared(self.select(form, tie))
        return prepared

    def select(self, form: Form, tie: InstrumentedAttribute[int]) -> AnySelect:
        """With the parameters `rows`, `after_0` and so on, and `after_key`."""
        keys = [
            replace(key, sort=replace(key.sort, nullable=False))
            if any(key.sort.column is one for one in self.never_null)
            else key
            for key in form.sort
        ]
        descending = keys[-1].descending
        page = self.statement.add_columns(
            *(key.sort.column.label(f"sort_{index}") for index, key in enumerate(keys))
        )
        if form.after is not None:
            page = page.where(comes_after(keys, form.after, tie, descending))
        for key in keys:
            column = key.sort.column
            order = column.desc() if key.descending else column.asc()
            page = page.order_by(order.nulls_last() if key.sort.nullable else order)
        return page.order_by(tie.desc() if descending else tie.asc()).limit(ROWS)


# Any: values of whatever parameters
def fetch_page(
    connection: Connection,
    statement: PageStatement,
    wanted: ListRequest,
    values: Mapping[str, Any] = NO_VALUES,
) -> Rows:
    """Select one page. The statement restricts the list beside the request's own filters; `values`
    are for its parameters."""
    if wanted.matching is None:
        return fetch_rows(connection, statement, wanted, wanted.conditions, values)
    with wanted.matching(connection, wanted.seconds) as condition:
        conditions = (*wanted.conditions, condition)
        return fetch_rows(connection, statement, wanted, conditions, values)


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


# Any: values of whatever parameters
def fetch_rows(
    connection: Connection,
    statement: PageStatement,
    wanted: ListRequest,
    conditions: Sequence[Condition],
    values: Mapping[str, Any],
) -> Rows:
    given = {**values, "rows": wanted.limit + 1}
    nulls = None
    if wanted.after is not None:
        *after, after_key = wanted.after
        if len(after) != len(wanted.sort):
            raise InvalidCursor("The cursor does not fit the sort.")
        given |= {f"after_{index}": value for index, value in enumerate(after) if value is not None}
        given["after_key"] = after_key
        nulls = tuple(value is None for value in after)
    form = Form(wanted.sort, nulls)
    tie = wanted.listing.key
    rows: Sequence[AnyRow]
    if conditions:
        select_page = statement.select(form, tie).where(*conditions)
        rows = connection.execute(select_page, given).all()
    else:
        rows = statement.page(form, tie).all(connection, given)
    counted = statement.statement.where(*conditions)
    total, relation = count(connection, counted, wanted, values)
    cursor = None
    if len(rows) > wanted.limit:
        rows = rows[: wanted.limit]
        last: list[Value] = [getattr(rows[-1], f"sort_{at}") for at in range(len(wanted.sort))]
        cursor = wanted.signer.sign(wanted.digest, [*last, rows[-1].key])
    return Rows(rows, cursor, total, relation)


def comes_after(
    keys: Sequence[SortKey],
    nulls: Sequence[bool],
    tie: InstrumentedAttribute[int],
    descending: bool,
) -> ColumnElement[bool]:
    """`(a, b, key) > (:a, :b, :key)`, spelled out, since directions and nulls may differ."""
    last = bindparam("after_key", type_=tie.type)
    condition: ColumnElement[bool] = tie < last if descending else tie > last
    for index, key in reversed(list(enumerate(keys))):
        column = key.sort.column
        if nulls[index]:
            # Nulls come last, so that only other nulls can follow.
            condition = and_(column.is_(None), condition)
            continue
        value = bindparam(f"after_{index}", type_=column.type)
        beyond = column < value if key.descending else column > value
        if key.sort.nullable:
            beyond = or_(beyond, column.is_(None))
        condition = or_(beyond, and_(column == value, condition))
        if not key.sort.nullable:
            # Implied, but it lets an index begin at the right place. See `Tested`: the request's
            # own filters come after it.
            condition = and_(column <= value if key.descending else column >= value, condition)
    return condition


# Any: values of whatever parameters
def count(
    connection: Connection, statement: AnySelect, wanted: ListRequest, values: Mapping[str, Any]
) -> tuple[int | None, Literal["exact", "at_least"] | None]:
    if wanted.total == "none":
        return None, None
    keys = statement.with_only_columns(wanted.listing.key).order_by(None)
    if wanted.total == "estimate":
        keys = keys.limit(ESTIMATE_CEILING + 1)
    found = connection.execute(
        select(func.count()).select_from(keys.subquery()), values
    ).scalar_one()
    if wanted.total == "estimate" and found > ESTIMATE_CEILING:
        return ESTIMATE_CEILING, "at_least"
    return found, "exact"
