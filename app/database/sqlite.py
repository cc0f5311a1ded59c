"""What SQLite needs that PostgreSQL does not."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.database.json import dumps, loads
from app.database.prepared import Prepared
from app.database.session import Database
from app.database.signals import CommitSignal
from app.errors import DatabaseBusy, DatabaseUnavailable, Problem, SearchTimeout
from app.settings import Settings

NAME = "sqlite"

# How long the statements of a read may hold up the event loop before it is begun anew in a thread.
BRIEF_SECONDS = 0.01
# A little longer than SQLite lets pass at most until it looks whether a lock is free.
LOOK_SECONDS = 0.11

T = TypeVar("T")


class SqliteSignal(CommitSignal):
    """SQLite tells a connection whether any other has committed. It tells nothing of commits on
    the same one, so this one is kept for the question alone."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.pooled: PoolProxiedConnection | None = None
        self.cursor: sqlite3.Cursor | None = None

    async def start(self) -> None:
        self.pooled = self.engine.raw_connection()
        self.cursor = cast(sqlite3.Connection, self.pooled.driver_connection).cursor()

    def version(self) -> object | None:
        if self.cursor is None:
            return None
        row: tuple[int] = self.cursor.execute("PRAGMA data_version").fetchone()
        return row[0]

    async def close(self) -> None:
        self.cursor = None
        if self.pooled is not None:
            self.pooled.close()


class SqliteDatabase(Database):
    """A short read runs right in the event loop, which is five times as fast as a thread pool; a
    long one in a few threads; writes in one thread of their own."""

    def __init__(self, url: URL, settings: Settings) -> None:
        if not url.database or url.database == ":memory:":
            # Each connection would see a database of its own.
            raise ValueError("ONRECORD_DATABASE_URL names no file: use sqlite:///PATH")
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url.set(drivername="sqlite+pysqlite"),
            json_serializer=dumps,
            json_deserializer=loads,
            hide_parameters=True,
            max_overflow=settings.long_read_threads + 4,
        )
        super().__init__(engine, lock_timeout_seconds=settings.lock_timeout_seconds)
        self.writing_engine = engine.execution_options(begins="IMMEDIATE")
        self.long_readers = ThreadPoolExecutor(settings.long_read_threads, "long-read")
        self.writer = ThreadPoolExecutor(1, "writer")
        self.own = threading.local()
        self.readers: list[Connection] = []
        event.listen(engine, "connect", self.set_up)
        event.listen(engine, "begin", begin)

    def set_up(self, connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # The driver's own transactions begin at the first write and not at the first read, so
        # that two statements of one read could see two states. SQLAlchemy begins them instead.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(self.lock_timeout_seconds * 1000)}")
        connection.execute("PRAGMA journal_mode = WAL")
        # An answered write survives a power cut, too.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # 16 MB for each connection: what falls out of it the system keeps, for all of them at once.
        connection.execute("PRAGMA cache_size = -16384")

    def new_session(self) -> Session:
        return Session(self.writing_engine, expire_on_commit=False)

    def queue_writers(self, session: Session) -> None:
        # A writer takes the lock at once: an upgrade from a read lock can fail.
        session.connection()

    def problem_of(self, error: BaseException) -> Problem | None:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return DatabaseBusy("Another writer held the database too long. Nothing was changed.")
        if name.startswith(UNUSABLE):
            return DatabaseUnavailable("The database cannot be used now. Nothing was changed.")
        if str(error).startswith("no such table"):
            return DatabaseUnavailable("The database has no schema yet: run onrecord migrate.")
        return None

    def driver_error(self) -> type[Exception]:
        return sqlite3.Error

    def signal(self) -> CommitSignal:
        return SqliteSignal(self.engine)

    def reader(self) -> Connection:
        """The connection that this thread reads by. It is held: to take one from the pool costs
        more than a short read."""
        reader: Connection | None = getattr(self.own, "reader", None)
        if reader is None or reader.closed:
            reader = self.own.reader = self.engine.connect()
            self.readers.append(reader)
        return reader

    # Any: values of whatever parameters, and rows of whatever columns
    async def run_statement(self, statement: Prepared, values: Mapping[str, Any]) -> list[Any]:
        return statement.all(self.reader(), values)

    def read_here(self, function: Callable[[Connection], T]) -> T:
        reader = self.reader()
        driver = driver_of(reader)
        driver.execute("BEGIN")
        try:
            return function(reader)
        finally:
            reader.rollback()
            if driver.in_transaction:
                driver.rollback()

    async def run_read(self, function: Callable[[Connection], T]) -> T:
        return self.read_here(function)

    async def run_long_read(self, function: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.long_readers, self.read_here, function)

    async def run_within(self, seconds: float, function: Callable[[Connection, float], T]) -> T:
        brief = min(seconds, BRIEF_SECONDS)
        try:
            return self.read_here(lambda connection: function(connection, brief))
        except SearchTimeout:
            if brief == seconds:
                raise
        return await self.run_long_read(lambda connection: function(connection, seconds))

    async def run_write(self, function: Callable[[Session], T]) -> T:
        def run() -> T:
            with self.new_session() as session:
                return function(session)

        return await asyncio.get_running_loop().run_in_executor(self.writer, run)

    def run_aside(self, function: Callable[[], T]) -> T:
        # In the writer's thread already.
        return function()

    async def make_way(self) -> None:
        # Nobody queues for the lock: who waits for it looks again after a while.
        await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        self.writer.shutdown()
        self.long_readers.shutdown()
        for reader in self.readers:
            reader.close()
        self.readers.clear()
        self.engine.dispose()


UNUSABLE = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
    "SQLITE_NOMEM",
)


def driver_of(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def begin(connection: Connection) -> None:
    driver = driver_of(connection)
    if driver.in_transaction:
        return  # A read has begun it.
    how = connection.get_execution_options().get("begins", "DEFERRED")
    driver.execute(f"BEGIN {how}")
