"""Statements that are compiled once, and run by the driver itself."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    TextClause,
    Update,
    insert,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import TypeEngine
from sqlalchemy.util.concurrency import await_

# Any: rows of whatever columns
Statement = (
    Select[*tuple[Any, ...]]
    | CompoundSelect[*tuple[Any, ...]]
    | Insert
    | Update
    | Delete
    | TextClause
)
# Any: a value, to or from what the driver takes for it
Process = Callable[[Any], Any]

# Of a connection: how many seconds each statement of its read may take; None for any.
TIME_LIMIT = "database.time_limit"
# Of a connection: what fetches rows by it sooner than its cursors do, where there is such a thing.
WIRE = "database.wire"


@dataclass(slots=True)
class Compiled:
    """A statement in one database's words. `positions` are the names of its parameters where the
    driver wants them in a row, None where it wants them by name."""

    sql: str
    positions: Sequence[str] | None
    # Any: what the statement was built with
    constants: Mapping[str, Any]
    binds: Mapping[str, Process]
    row: type[tuple[Any, ...]]  # Any: a named tuple of whatever columns
    types: Sequence[TypeEngine[Any]]
    dialect: Dialect
    # By the place of a parameter, or of a column, what makes of it what the other side takes.
    bound: Sequence[tuple[int, Process]]
    fetched: Sequence[tuple[int, Process]] | None = None

    # Any: values of whatever parameters and columns
    def parameters(self, values: Mapping[str, Any]) -> Any:
        given = {**self.constants, **values} if self.constants else values
        if self.positions is not None:
            row = [given[name] for name in self.positions]
            for index, process in self.bound:
                row[index] = process(row[index])
            return row
        if not self.binds:
            return given
        return {**given, **{name: process(given[name]) for name, process in self.binds.items()}}

    # Any: the driver's own names for types, and values
    def rows(self, codes: Iterable[Any], found: Sequence[Sequence[Any]]) -> list[Any]:
        """What was fetched, as rows. `codes` are what the driver calls the types of the columns."""
        fetched = self.fetched
        if fetched is None:
            processes = [
                one.dialect_impl(self.dialect).result_processor(self.dialect, code)
                for one, code in zip(self.types, codes, strict=True)
            ]
            fetched = self.fetched = [
                (index, process) for index, process in enumerate(processes) if process is not None
            ]
        # As its _make does, but for the count of the columns.
        make = partial(tuple.__new__, self.row)
        if not fetched:
            return list(map(make, found))
        rows = []
        for one in found:
            row = list(one)
            for index, process in fetched:
                row[index] = process(row[index])
            rows.append(make(row))
        return rows


class Prepared:
    """A statement that runs often. Rows have the columns by name, as SQLAlchemy's have.

    SQLAlchemy takes five times as long as the database to run a small statement, even when it has
    compiled it before. All values are parameters (`bindparam`), of which none is a list. An INSERT
    names the columns that it is given.
    """

    def __init__(self, statement: Statement, columns: Sequence[str] | None = None) -> None:
        self.statement = statement
        self.columns = columns
        self.compiled: dict[type[Dialect], Compiled] = {}

    def on(self, dialect: Dialect) -> Compiled:
        compiled = self.compiled.get(type(dialect))
        if compiled is None:
            compiled = compile_for(self.statement, dialect, self.columns)
            self.compiled[type(dialect)] = compiled
        return compiled

    # Any: values of whatever parameters, and rows of whatever columns
    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Within the transaction of a read that goes on."""
        dialect = connection.dialect
        try:
            if dialect.is_async:
                wire = connection.info.get(WIRE)
                if wire is not None:
                    return await_(wire.fetch(self, values))
                driver = connection.connection.driver_connection
                return await_(fetch(driver, self.on(dialect), values))
            compiled = self.on(dialect)
            cursor = connection.connection.cursor()
            cursor.execute(compiled.sql, compiled.parameters(values))
            found = compiled.rows(codes_of(cursor), cursor.fetchall())
            cursor.close()
        except dialect.loaded_dbapi.Error as error:
            raise failure(connection, self.on(dialect).sql, error) from error
        return found

    # Any: values of whatever parameters
    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Within the transaction of a write: change what these values say, in their order."""
        if not rows:
            return
        compiled = self.on(connection.dialect)
        try:
            cursor = connection.connection.cursor()
            if len(rows) == 1:
                cursor.execute(compiled.sql, compiled.parameters(rows[0]))
            else:
                cursor.executemany(compiled.sql, [compiled.parameters(row) for row in rows])
            cursor.close()
        except connection.dialect.loaded_dbapi.Error as error:
            raise failure(connection, compiled.sql, error) from error


# Any: a driver whose cursors are awaited; values of whatever parameters, rows of whatever columns
async def fetch(driver: Any, compiled: Compiled, values: Mapping[str, Any]) -> list[Any]:
    """Raises the driver's own errors."""
    async with driver.cursor() as cursor:
        await cursor.execute(compiled.sql, compiled.parameters(values))
        return compiled.rows(codes_of(cursor), await cursor.fetchall())


# Any: a driver's cursor
def codes_of(cursor: Any) -> Iterable[Any]:
    return (column[1] for column in cursor.description)


def insertion(table: Table, *left_out: str) -> Prepared:
    """The INSERT of whole rows, but for the columns that the database fills."""
    columns = [one.key for one in table.columns if one.key not in left_out]
    return Prepared(insert(table).inline(), columns)


# Any: an error of whatever driver
def failure(connection: Connection, sql: str, error: Any) -> BaseException:
    """The driver's error as SQLAlchemy would raise it; a connection that is lost is given up."""
    dialect = connection.dialect
    driver = connection.connection.dbapi_connection
    is_lost = dialect.is_disconnect(error, driver, None)
    if is_lost:
        connection.invalidate(error)
    raised: BaseException = DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
    return raised


def compile_for(
    statement: Statement, dialect: Dialect, column_names: Sequence[str] | None
) -> Compiled:
    made = statement.compile(dialect=dialect, column_keys=column_names)
    required = {name for bind, name in made.bind_names.items() if bind.required}
    expanded = made.construct_expanded_state(dict.fromkeys(required), escape_names=False)
    constants, binds = dict(expanded.parameters), {}
    for bind, name in made.bind_names.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if name in required:
            constants.pop(name, None)  # it may stand in several places
            if process is not None:
                binds[name] = process
        elif process is not None and name in constants:
            constants[name] = process(constants[name])
    columns = statement.selected_columns.items() if isinstance(statement, SelectBase) else ()
    positions = expanded.positiontup
    bound = [(index, binds[name]) for index, name in enumerate(positions or ()) if name in binds]
    return Compiled(
        sql=expanded.statement,
        positions=positions,
        constants=constants,
        binds=binds,
        row=namedtuple("Row", [name for name, _ in columns]),  # its columns are not known here
        types=[column.type for _, column in columns],
        dialect=dialect,
        bound=bound,
    )
