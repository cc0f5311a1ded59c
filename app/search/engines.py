"""Which of the two renderings a connection needs: the same functions, with the same answers."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any, Protocol, cast

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table

from app.database.postgresql import NAME as POSTGRESQL
from app.database.sqlite import NAME as SQLITE
from app.search import postgresql, sqlite
from app.search.entries import Indexed, Kept
from app.search.terms import Term
from app.search.windows import Asked, Window


class Engine(Protocol):
    GIVES_UP: bool

    def schema(self, kind: str) -> list[str]: ...

    def add_texts(
        self, connection: Connection, kind: str, contents: Mapping[int, Indexed]
    ) -> None: ...

    def remove_texts(
        self, connection: Connection, kind: str, positions: Sequence[int]
    ) -> dict[int, Kept]: ...

    def empty(self, connection: Connection, kind: str) -> None: ...

    def complete(self, connection: Connection, kind: str) -> None: ...

    def count_terms(self, connection: Connection, counts: Mapping[str, int]) -> None: ...

    def newest(self, kind: str, term: Term, window: Window, *, expected: float) -> Select[int]: ...

    def holds(self, kind: str, term: Term, position: ColumnElement[int]) -> ColumnElement[bool]: ...

    # Any: rows with a position, and a sketch where it is asked for
    def fetch(
        self, connection: Connection, asked: Sequence[Asked], *, sketch: bool
    ) -> list[Sequence[Any]]: ...

    def beginning_with(self, names: Table, beginnings: Sequence[str]) -> FromClause: ...

    def time_limit(
        self, connection: Connection, seconds: float
    ) -> AbstractContextManager[None]: ...


_ENGINES: dict[str, ModuleType] = {SQLITE: sqlite, POSTGRESQL: postgresql}


def engine_of(connection: Connection) -> Engine:
    return cast(Engine, _ENGINES[connection.dialect.name])  # each module has these functions
