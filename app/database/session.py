"""How reads and writes are run, and the one place that commits."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.database.acts import ACT, THE_SERVICE, Act, act_of
from app.database.prepared import Prepared
from app.database.signals import CommitSignal
from app.errors import DatabaseBusy, PreconditionFailed, Problem

P = ParamSpec("P")
T = TypeVar("T")


BEFORE_COMMIT = "database.before_commit"


def before_commit(
    session: Session, function: Callable[[Session], object], *, first: bool = False
) -> None:
    """Have this done once, at the end of the write that goes on; `first`, before all that others
    have asked for by then."""
    functions: dict[Callable[[Session], object], None] = session.info.setdefault(BEFORE_COMMIT, {})
    if first and function not in functions:
        session.info[BEFORE_COMMIT] = {function: None, **functions}
    else:
        functions[function] = None


def finish(session: Session) -> None:
    for function in session.info.pop(BEFORE_COMMIT, ()):
        function(session)


def write_part(
    session: Session,
    function: Callable[Concatenate[Session, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a part of the write that goes on as if it were a write of its own: all that it has begun
    is finished, and when it raises, it alone is taken back."""
    act = act_of(session)
    try:
        with session.begin_nested():
            result = function(session, *args, **kwargs)
            finish(session)
    finally:
        # What it has met may be taken back, or changed by the next one in ways it does not expect.
        session.expunge_all()
        session.info.clear()
        session.info[ACT] = act
    return result


class TakenBack(Exception):
    """What is tried ends with this."""


def try_part(
    session: Session,
    function: Callable[Concatenate[Session, P], object],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Run a part of the write for the problems that it raises, and take it back."""

    def attempt(session: Session) -> None:
        function(session, *args, **kwargs)
        finish(session)
        raise TakenBack

    with suppress(TakenBack):
        write_part(session, attempt)


CONNECTION = "database.connection"


def connection_of(session: Session) -> Connection:
    """The connection of the write that goes on. To ask the session for it costs as much as a small
    statement."""
    connection: Connection | None = session.info.get(CONNECTION)
    if connection is None or connection.closed:
        connection = session.info[CONNECTION] = session.connection()
    return connection


class Writer:
    """Runs the writes of one request, each as its client's act."""

    def __init__(self, database: "Database", act: Act) -> None:
        self.database = database
        self.act = act

    async def write(
        self,
        function: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        return await self.database.write_as(self.act, function, *args, **kwargs)


class Database(ABC):
    """Runs plain functions of a connection (reads) or a session (writes).

    Handlers await `read`, `read_long` and `write`; the command line, importers and tests call
    `read_now` and `write_now`, with the same functions. One write runs at a time, and each returns
    after its commit, so that no answer leaves before its change is kept.
    """

    def __init__(self, engine: Engine, *, lock_timeout_seconds: float) -> None:
        self.engine = engine
        self.lock_timeout_seconds = lock_timeout_seconds
        self.turn = asyncio.Lock()
        # How many writes this process has committed.
        self.commits = 0

    async def read(
        self,
        function: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a read that takes a millisecond or so: a resource, or a page of a list."""
        with self.problems():
            return await self.run_read(lambda connection: function(connection, *args, **kwargs))

    # Any: values of whatever parameters, and rows of whatever columns
    async def read_rows(self, statement: Prepared, values: Mapping[str, Any]) -> list[Any]:
        """Run a read of one statement: the shortest way there is to a row."""
        with self.problems():
            return await self.run_statement(statement, values)

    async def read_long(
        self,
        function: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a read that may take long, without holding up the others."""
        with self.problems():
            return await self.run_long_read(
                lambda connection: function(connection, *args, **kwargs)
            )

    # Any: whatever else the function takes
    async def read_within(
        self, seconds: float, function: Callable[..., T], *args: Any, **kwargs: Any
    ) -> T:
        """Run a read that raises SearchTimeout when its statements take longer than the `seconds`
        that it is given. One that mostly takes little need not wait for a thread."""

        def run(connection: Connection, seconds: float) -> T:
            return function(connection, *args, seconds=seconds, **kwargs)

        with self.problems():
            return await self.run_within(seconds, run)

    async def write(
        self,
        function: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a write of the service's own; see `write_as`."""
        return await self.write_as(THE_SERVICE, function, *args, **kwargs)

    async def write_as(
        self,
        act: Act,
        function: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a write in a transaction of its own, when its turn has come.

        Raises DatabaseBusy when the turn does not come within the lock timeout.
        """
        try:
            async with asyncio.timeout(self.lock_timeout_seconds):
                await self.turn.acquire()
        except TimeoutError:
            raise DatabaseBusy("Other writes took too long. Nothing was changed.") from None
        try:
            with self.problems():
                return await self.run_write(
                    lambda session: self.transact(session, act, function, *args, **kwargs)
                )
        finally:
            self.turn.release()

    def read_now(
        self,
        function: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with self.problems(), self.engine.connect() as connection:
            return function(connection, *args, **kwargs)

    def write_now(
        self,
        function: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with self.problems(), self.new_session() as session:
            return self.transact(session, THE_SERVICE, function, *args, **kwargs)

    def transact(
        self,
        session: Session,
        act: Act,
        function: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        session.info[ACT] = act
        with session.begin():
            self.queue_writers(session)
            result = function(session, *args, **kwargs)
            finish(session)
            if act.on_trial:
                session.rollback()
        self.commits += 1
        return result

    @contextmanager
    def problems(self) -> Iterator[None]:
        """Turn the driver's errors that are not our mistake into problems."""
        try:
            yield
        except StaleDataError:
            raise PreconditionFailed("The resource was changed meanwhile.") from None
        except PoolTimeout:
            raise DatabaseBusy("No database connection became free in time.") from None
        except (DBAPIError, self.driver_error()) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            problem = self.problem_of(cause) if cause else None
            if problem is None:
                raise
            raise problem from error

    @abstractmethod
    def driver_error(self) -> type[Exception]:
        """What the driver raises when it is used without SQLAlchemy."""

    @abstractmethod
    def new_session(self) -> Session: ...

    @abstractmethod
    def queue_writers(self, session: Session) -> None:
        """Begin, and wait until this is the only writer, in this process and in others."""

    @abstractmethod
    def problem_of(self, error: BaseException) -> Problem | None: ...

    @abstractmethod
    def signal(self) -> CommitSignal:
        """What tells of commits; it hears nothing until it is started."""

    @abstractmethod
    async def run_statement(self, statement: Prepared, values: Mapping[str, Any]) -> list[Any]: ...

    @abstractmethod
    async def run_read(self, function: Callable[[Connection], T]) -> T: ...

    @abstractmethod
    async def run_long_read(self, function: Callable[[Connection], T]) -> T: ...

    @abstractmethod
    async def run_within(self, seconds: float, function: Callable[[Connection, float], T]) -> T: ...

    @abstractmethod
    async def run_write(self, function: Callable[[Session], T]) -> T: ...

    @abstractmethod
    def run_aside(self, function: Callable[[], T]) -> T:
        """Within a write: run what takes long and needs no database, and hold up no reads by it."""

    @abstractmethod
    async def make_way(self) -> None:
        """Between the writes of a long series: let those in that wait in other processes."""

    @abstractmethod
    async def close(self) -> None: ...
