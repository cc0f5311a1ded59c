"""Dialects of one kind that share what was compiled, as the requests to one server do.

Each test opens its database anew. What SQLAlchemy compiles it keeps by the dialect object, so that
each test would compile all of its statements again, which takes longer than to run them.
"""

from typing import Any

from sqlalchemy import URL, Dialect, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg, PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

# Any: SQLAlchemy's own keys and what it compiles
COMPILED: LRUCache[Any, Any] = LRUCache(4000)


class Shared(DefaultDialect):
    """Equal to others of its class that treat JSON alike: what is compiled knows these functions.

    What it learns of the server is the same for all: a worker has one server of a kind.
    """

    supports_statement_cache = True

    def sameness(self) -> tuple[object, ...]:
        return type(self), self._json_serializer, self._json_deserializer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shared) and self.sameness() == other.sameness()

    def __hash__(self) -> int:
        return hash(self.sameness())

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=COMPILED)


class SharedSqlite(Shared, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class SharedPostgresql(Shared, PGDialect_psycopg):
    supports_statement_cache = True

    @classmethod
    def get_async_dialect_cls(cls, url: URL) -> type[Dialect]:
        return SharedAsyncPostgresql


class SharedAsyncPostgresql(Shared, PGDialectAsync_psycopg):
    supports_statement_cache = True


def share_compiled() -> None:
    """From now on, in this process."""
    registry.register("sqlite.pysqlite", __name__, SharedSqlite.__name__)
    registry.register("postgresql.psycopg", __name__, SharedPostgresql.__name__)
