"""What PostgreSQL needs that SQLite does not."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from app.database.json import dumps, loads
from app.database.session import Database
from app.errors import DatabaseBusy, DatabaseUnavailable, Problem
from app.settings import Settings

NAME = "postgresql"

# As many hosting services spell it in the URLs that they hand out.
ALIAS = "postgres"

# The advisory lock that writers queue for: any number that nobody else uses.
WRITER_LOCK = 7_305_513_114

# The channel on which each write tells the other processes that it was committed.
COMMITS = "onrecord_commits"

T = TypeVar("T")


class PostgresqlDatabase(Database):
    """Every statement is awaited: the plain functions run through SQLAlchemy's `run_sync`."""

    def __init__(self, url: URL, settings: Settings) -> None:
        options = {
            "json_serializer": dumps,
            "json_deserializer": loads,
            "hide_parameters": True,
            "pool_pre_ping": False,
            "pool_timeout": settings.lock_timeout_seconds,
            "connect_args": {"options": "-c timezone=UTC", "application_name": "onrecord"},
        }
        url = url.set(drivername="postgresql+psycopg")
        super().__init__(
            create_engine(url, **options), lock_timeout_seconds=settings.lock_timeout_seconds
        )
        self.async_engine = create_async_engine(
            url, pool_size=settings.database_pool_size, max_overflow=4, **options
        )
        # The statements of one read see one state.
        self.reading_engine = self.async_engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
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

    def listening_url(self) -> str:
        """For a connection of the driver's own."""
        url = self.engine.url.set(drivername="postgresql")
        return url.render_as_string(hide_password=False)

    def problem_of(self, error: BaseException) -> Problem | None:
        state = getattr(error, "sqlstate", None) or ""
        if state == "55P03":  # lock_not_available
            return DatabaseBusy("Another writer held the database too long. Nothing was changed.")
        if state.startswith(("08", "53", "57P", "25006")) or (
            not state and type(error).__name__ == "OperationalError"
        ):
            return DatabaseUnavailable("The database cannot be used now. Nothing was changed.")
        if state == "42P01":  # undefined_table
            return DatabaseUnavailable("The database has no schema yet: run onrecord migrate.")
        return None

    async def run_read(self, function: Callable[[Connection], T]) -> T:
        async with self.reading_engine.connect() as connection:
            return await connection.run_sync(function)

    async def run_long_read(self, function: Callable[[Connection], T]) -> T:
        return await self.run_read(function)

    async def run_write(self, function: Callable[[Session], T]) -> T:
        async with AsyncSession(self.async_engine, expire_on_commit=False) as session:
            return await session.run_sync(function)

    async def close(self) -> None:
        await self.async_engine.dispose()
        self.engine.dispose()
