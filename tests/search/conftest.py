"""An index of its own on each database."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, insert, text

from app.models import Section
from app.search.engines import engine_of
from app.search.entries import Entry
from app.search.index import put_entry
from app.search.tables import KINDS, metadata
from tests.postgresql import new_database
from tests.search.articles import ARTICLES, NOW, PEOPLE, SECTIONS


def create_index(connection: Connection) -> None:
    Section.__table__.create(connection)  # type: ignore[attr-defined]  # a Table
    metadata.create_all(connection)
    for kind in KINDS:
        for statement in engine_of(connection).schema(kind):
            connection.execute(text(statement))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def empty_index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """A connection to a database with an empty index; what is done in a test is rolled back."""
    with connected(request.param, request, tmp_path_factory) as connection:
        yield connection


@pytest.fixture
def index(empty_index: Connection) -> Iterator[Connection]:
    with empty_index.begin_nested() as step:
        yield empty_index
        step.rollback()


@pytest.fixture
def newsroom(index: Connection) -> Connection:
    fill_newsroom(index)
    return index


def fill_newsroom(connection: Connection) -> None:
    section = {"revision": 1, "created_at": NOW, "updated_at": NOW, "reviewed": True}
    connection.execute(
        insert(Section),
        [
            {"key": key, "id": f"{key:026d}", "path": path, "name": path, **section}
            for key, path in SECTIONS.items()
        ],
    )
    for key, names in PEOPLE.items():
        entity = Entry(key=key, published_at=NOW, language="und", headline=names, text="")
        put_entry(connection, "entities", entity)
    for article in ARTICLES:
        put_entry(connection, "articles", article)


class connected:  # noqa: N801  # it reads as a word: with connected(...)
    """A connection within a transaction to a new database of a kind."""

    def __init__(
        self, kind: str, request: pytest.FixtureRequest, paths: pytest.TempPathFactory
    ) -> None:
        self.stack = ExitStack()
        if kind == "sqlite":
            path: Path = paths.mktemp("search") / "search.db"
            self.engine = create_engine(f"sqlite:///{path}")
        else:
            server: str = request.getfixturevalue("postgresql_server")
            url = self.stack.enter_context(new_database(server))
            self.engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))

    def __enter__(self) -> Connection:
        self.connection = self.engine.connect()
        if self.engine.dialect.name == "sqlite":
            raw = self.connection.connection.driver_connection
            raw.isolation_level = None  # type: ignore[union-attr]  # it is connected
            self.connection.exec_driver_sql("BEGIN")
        create_index(self.connection)
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.rollback()
        self.connection.close()
        self.engine.dispose()
        self.stack.close()
