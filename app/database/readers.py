"""Connections that are kept for reads, by a driver that is awaited."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util.concurrency import await_

from app.database.prepared import TIME_LIMIT, WIRE
from app.errors import DatabaseBusy

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from app.database.wire import Wire

T = TypeVar("T")

# The statements of one read see one state.
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
COMMIT = b"COMMIT"


class Reader:
    """A connection with one read at a time. It begins and ends transactions itself, for the
    driver knows no shorter way; and it ends them by a commit, for at a rollback the driver
    forgets all statements that it has prepared."""

    def __init__(self, engine: "AsyncEngine", driver_error: type[Exception]) -> None:
        self.engine = engine
        self.driver_error = driver_error
        self.connection: AsyncConnection | None = None
        self.wire: Wire

    async def run(self, function: Callable[[Connection], T], seconds: float | None = None) -> T:
        """`seconds` is how long each of its statements may take. Raises the driver's errors."""
        try:
            connection = await self.begun(seconds)
            return await connection.run_sync(self.within, function, seconds)
        except BaseException:
            # Lost, or left within a transaction by who was cancelled.
            if self.connection is not None and (
                self.connection.invalidated
                or self.wire.driver.closed
                or self.wire.driver.info.transaction_status
            ):
                await self.drop()
            raise

    async def begun(self, seconds: float | None) -> "AsyncConnection":
        """The connection, within a transaction. One that was lost while nobody used it is made
        anew."""
        begin = BEGIN
        if seconds is not None:
            begin += f"; SET LOCAL statement_timeout = {int(seconds * 1_000)}"
        if self.connection is not None:
            try:
                await self.wire.execute(begin.encode())
                return self.connection
            except self.driver_error:
                await self.drop()
        connection = await self.engine.connect()
        pooled = await connection.get_raw_connection()
        # Here: whoever uses another database need not wait for this driver to be loaded.
        from app.database.wire import Wire

        self.connection, self.wire = connection, Wire(cast(Any, pooled.driver_connection))
        pooled.info[WIRE] = self.wire
        await self.wire.execute(begin.encode())
        return connection

    def within(
        self, connection: Connection, function: Callable[[Connection], T], seconds: float | None
    ) -> T:
        connection.info[TIME_LIMIT] = seconds
        try:
            return function(connection)
        finally:
            if connection.invalidated or self.wire.driver.closed:
                connection.rollback()
            else:
                await_(self.wire.execute(COMMIT))
                if connection.in_transaction():
                    connection.commit()  # SQLAlchemy's own notion: the server's has ended

    async def drop(self) -> None:
        if self.connection is None:
            return
        try:
            await self.connection.invalidate()
            await self.connection.close()
        except (SQLAlchemyError, self.driver_error):
            pass  # it was lost already
        self.connection = None

    async def close(self) -> None:
        if self.connection is not None:
            await self.connection.close()
            self.connection = None


class Readers:
    """To take a connection from the pool and to give it back takes as long as a short read: as
    many as were needed at once are kept."""

    def __init__(
        self, engine: "AsyncEngine", driver_error: type[Exception], *, most: int, seconds: float
    ) -> None:
        self.engine = engine
        self.driver_error = driver_error
        self.free = asyncio.Semaphore(most)
        self.seconds = seconds
        self.idle: list[Reader] = []

    async def run(self, function: Callable[[Connection], T], seconds: float | None = None) -> T:
        """Raises DatabaseBusy when no connection becomes free in time."""
        if self.free.locked():
            try:
                async with asyncio.timeout(self.seconds):
                    await self.free.acquire()
            except TimeoutError:
                detail = "No database connection became free in time."
                raise DatabaseBusy(detail) from None
        else:
            await self.free.acquire()
        reader = self.idle.pop() if self.idle else Reader(self.engine, self.driver_error)
        try:
            return await reader.run(function, seconds)
        finally:
            self.idle.append(reader)
            self.free.release()

    async def close(self) -> None:
        while self.idle:
            await self.idle.pop().close()
