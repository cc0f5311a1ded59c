"""How a server process learns that something was committed, by itself or by another process."""

import asyncio
import logging
from abc import ABC, abstractmethod
from contextlib import suppress
from sqlite3 import Connection as SqliteConnection
from typing import cast

import psycopg
from sqlalchemy import PoolProxiedConnection

from app.database.postgresql import COMMITS, PostgresqlDatabase
from app.database.session import Database
from app.database.sqlite import SqliteDatabase

log = logging.getLogger("onrecord.caching")

# How long a connection may be silent before it is asked whether it still is one.
SILENCE_SECONDS = 5
RETRY_SECONDS = 1


class Signal(ABC):
    """`version()` is another after each commit; None while commits cannot be heard of."""

    @abstractmethod
    async def start(self) -> None:
        """Begin to listen, in the event loop that asks."""

    @abstractmethod
    def version(self) -> object | None: ...

    @abstractmethod
    async def close(self) -> None: ...


class SqliteSignal(Signal):
    """SQLite tells a connection whether any other has committed. It tells nothing of commits on
    the same one, so this one is kept for the question alone."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.database = database
        self.pooled: PoolProxiedConnection | None = None

    async def start(self) -> None:
        self.pooled = self.database.engine.raw_connection()

    def version(self) -> object | None:
        if self.pooled is None:
            return None
        connection = cast(SqliteConnection, self.pooled.driver_connection)
        row: tuple[int] = connection.execute("PRAGMA data_version").fetchone()
        return row[0]

    async def close(self) -> None:
        if self.pooled is not None:
            self.pooled.close()


class PostgresqlSignal(Signal):
    """Every write notifies within its transaction. What this process commits counts from its
    commit on; what others commit, from their notification."""

    def __init__(self, database: PostgresqlDatabase) -> None:
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
            except (psycopg.Error, OSError) as error:
                if self.connected:
                    log.warning("commits are not heard of: %s", type(error).__name__)
            finally:
                self.connected = False
            await asyncio.sleep(RETRY_SECONDS)

    async def hear(self) -> None:
        """Raises psycopg.Error when the connection is lost."""
        url = self.database.listening_url()
        connection = await psycopg.AsyncConnection.connect(
            url, autocommit=True, application_name="onrecord"
        )
        async with connection:
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


def signal_of(database: Database) -> Signal:
    if isinstance(database, PostgresqlDatabase):
        return PostgresqlSignal(database)
    assert isinstance(database, SqliteDatabase)
    return SqliteSignal(database)
