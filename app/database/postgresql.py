"""What PostgreSQL needs that SQLite does not."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import cycle
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.database.json import dumps, loads
from app.database.prepared import Prepared
from app.database.readers import Readers
from app.database.session import Database
from app.database.signals import CommitSignal
from app.errors import DatabaseBusy, DatabaseUnavailable, Problem
from app.settings import Settings

if TYPE_CHECKING:
    from psycopg import AsyncConnection, AsyncCursor
    from psycopg.rows import TupleRow
    from sqlalchemy.ext.asyncio import AsyncEngine

    from app.database.wire import Wire

NAME = "postgresql"

# As many hosting services spell it in the URLs that they hand out.
ALIAS = "postgres"

# The advisory lock that writers queue for: any number that nobody else uses.
WRITER_LOCK = 7_305_513_114

# The channel on which each write tells the other processes that it was committed.
COMMITS = "onrecord_commits"

# What the server shows of who is connected, and of the connection that hears of commits.
APPLICATION = "onrecord"
LISTENER = "onrecord-commits"

# How long a connection may be silent before it is asked whether it still is one.
SILENCE_SECONDS = 5
RETRY_SECONDS = 1

# Connections for reads of one statement, which take turns: while one is answered, others are sent.
STATEMENT_CONNECTIONS = 4

log = logging.getLogger("onrecord.database")

T = TypeVar("T")


class PostgresqlSignal(CommitSignal):
    """Every write notifies within its transaction. What this process commits counts from its
    commit on; what others commit, from their notification."""

    def __init__(self, database: "PostgresqlDatabase") -> None:
        self.database = database
        self.heard = 0
        self.connected = False
        self.listening: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.listening = asyncio.create_task(self.listen())

    def version(self) -> object | None:
        return (self.heard, self.database.commits) if self.connected else None

    async def listen(self) -> None:
        while True:
            try:
                await self.hear()
            except (self.database.driver_error(), OSError) as error:
                if self.connected:
                    log.warning("commits are not heard of: %s", type(error).__name__)
            finally:
                self.connected = False
            await asyncio.sleep(RETRY_SECONDS)

    async def hear(self) -> None:
        """Raises psycopg.Error when the connection is lost."""
        async with await self.database.connect(LISTENER) as connection:
            await connection.execute(f"LISTEN {COMMITS}")
            # What was committed before is not known of: another version than any before.
            self.heard += 1
            self.connected = True
            while True:
                async for _ in connection.notifies(timeout=SILENCE_SECONDS):
                    self.heard += 1
                async with asyncio.timeout(SILENCE_SECONDS):
                    await connection.execute("SELECT 1")

    async def close(self) -> None:
        if self.listening is not None:
            self.listening.cancel()
            with suppress(asyncio.CancelledError):
                await self.listening


class Held:
    """A connection that is kept for reads of one statement, and made anew when it was lost."""

    def __init__(self, database: "PostgresqlDatabase") -> None:
        self.database = database
        self.turn = asyncio.Lock()
        self.wire: Wire | None = None

    # Any: values of whatever parameters, and rows of whatever columns
    async def fetch(self, statement: Prepared, values: Mapping[str, Any]) -> list[Any]:
        """Raises psycopg.Error."""
        # Here: whoever uses another database need not wait for this driver to be loaded.
        from app.database.wire import Wire

        async with self.turn:
            if self.wire is not None:
                try:
                    return await self.wire.fetch(statement, values)
                except self.database.driver_error():
                    if not self.wire.driver.closed:
                        raise
            # The first, or one for another that was lost while nobody used it.
            self.wire = Wire(await self.database.connect())
            return await self.wire.fetch(statement, values)

    async def close(self) -> None:
        if self.wire is not None:
            await self.wire.driver.close()


# Any: rows of whatever columns
def binary_cursor() -> "type[AsyncCursor[Any]]":
    """Cursors that are sent values as the server holds them: bytes and not twice as many digits."""
    # Here: whoever uses another database need not wait for this driver to be loaded.
    from psycopg import AsyncCursor
    from psycopg.pq import Format

    class BinaryCursor(AsyncCursor[Any]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.format = Format.BINARY

    return BinaryCursor


class PostgresqlDatabase(Database):
    """Every statement is awaited: the plain functions run through SQLAlchemy's `run_sync`."""

    def __init__(self, url: URL, settings: Settings) -> None:
        self.options = {
            "json_serializer": dumps,
            "json_deserializer": loads,
            "hide_parameters": True,
        }
        self.arguments = {"options": "-c timezone=UTC", "application_name": APPLICATION}
        self.settings = settings
        super().__init__(
            create_engine(
                url.set(drivername="postgresql+psycopg"),
                connect_args=self.arguments,
                **self.options,
            ),
            lock_timeout_seconds=settings.lock_timeout_seconds,
        )
        self.held = [Held(self) for _ in range(STATEMENT_CONNECTIONS)]
        self.turns = cycle(self.held)

    def new_engine(self, **options: Any) -> "AsyncEngine":
        # Here: an article that is rendered is read without it.
        from sqlalchemy.ext.asyncio import create_async_engine

        return create_async_engine(
            self.engine.url,
            connect_args={**self.arguments, "cursor_factory": binary_cursor()},
            **self.options,
            **options,
        )

    @cached_property
    def writing_engine(self) -> "AsyncEngine":
        # One write runs at a time.
        return self.new_engine(pool_size=1)

    @cached_property
    def reading_engine(self) -> "AsyncEngine":
        return self.new_engine(poolclass=NullPool, isolation_level="AUTOCOMMIT")

    @cached_property
    def readers(self) -> Readers:
        return Readers(
            self.reading_engine,
            self.driver_error(),
            most=self.settings.database_pool_size,
            seconds=self.settings.lock_timeout_seconds,
        )

    def new_session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)

    def queue_writers(self, session: Session) -> None:
        timeout = f"{int(self.lock_timeout_seconds * 1000)}ms"
        session.execute(
            text(
                "SELECT set_config('lock_timeout', :timeout, true),"
                " pg_advisory_xact_lock(:number), pg_notify(:channel, '')"
            ),
            {"timeout": timeout, "number": WRITER_LOCK, "channel": COMMITS},
        )

    async def connect(self, name: str = APPLICATION) -> "AsyncConnection[TupleRow]":
        """A connection of the driver's own, in which each statement is a transaction."""
        from psycopg import AsyncConnection

        url = self.engine.url.set(drivername="postgresql")
        return await AsyncConnection.connect(
            url.render_as_string(hide_password=False),
            autocommit=True,
            application_name=name,
            options="-c timezone=UTC",
            cursor_factory=binary_cursor(),
        )

    def driver_error(self) -> type[Exception]:
        error: type[Exception] = self.engine.dialect.loaded_dbapi.Error
        return error

    def problem_of(self, error: BaseException) -> Problem | None:
        state = getattr(error, "sqlstate", None) or ""
        if state == "55P03":  # lock_not_available
            return DatabaseBusy("Another writer held the database too long. Nothing was changed.")
        if state == "57014":  # query_canceled
            return DatabaseBusy("A statement took too long.")
        if state.startswith(("08", "53", "57P", "25006")) or (
            not state and type(error).__name__ == "OperationalError"
        ):
            return DatabaseUnavailable("The database cannot be used now. Nothing was changed.")
        if state == "42P01":  # undefined_table
            return DatabaseUnavailable("The database has no schema yet: run onrecord migrate.")
        return None

    def signal(self) -> CommitSignal:
        return PostgresqlSignal(self)

    # Any: values of whatever parameters, and rows of whatever columns
    async def run_statement(self, statement: Prepared, values: Mapping[str, Any]) -> list[Any]:
        return await next(self.turns).fetch(statement, values)

    async def run_read(self, function: Callable[[Connection], T]) -> T:
        return await self.readers.run(function)

    async def run_long_read(self, function: Callable[[Connection], T]) -> T:
        return await self.readers.run(function)

    async def run_within(self, seconds: float, function: Callable[[Connection, float], T]) -> T:
        return await self.readers.run(lambda connection: function(connection, seconds), seconds)

    async def run_write(self, function: Callable[[Session], T]) -> T:
        # Here, as for the engines.
        from sqlalchemy.ext.asyncio import AsyncSession

        async with AsyncSession(self.writing_engine, expire_on_commit=False) as session:
            return await session.run_sync(function)

    def run_aside(self, function: Callable[[], T]) -> T:
        # Here, as for the engines.
        from sqlalchemy.util import await_

        return await_(asyncio.to_thread(function))

    async def make_way(self) -> None:
        """Who waits for the lock has it next."""

    async def close(self) -> None:
        for held in self.held:
            await held.close()
        if "readers" in vars(self):
            await self.readers.close()
            await self.reading_engine.dispose()
        if "writing_engine" in vars(self):
            await self.writing_engine.dispose()
        self.engine.dispose()
