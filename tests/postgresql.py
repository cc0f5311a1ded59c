"""A database of PostgreSQL that one test after the other uses, and connections to it that stay.

To make a database takes the server longer than most tests do, and so do the first statements of a
session, which reads what the database consists of. So a worker makes one database, empties it after
each test, and keeps the sessions of connections that are closed for those that are opened next.
"""

from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from select import POLLIN, poll
from typing import Any, Self
from uuid import uuid4

import psycopg
from psycopg import AsyncConnection, Connection, pq, sql
from psycopg._connection_base import BaseConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq.abc import PGconn

# Larger tables are emptied as a whole, which takes longer for small ones.
LARGE_BYTES = 2**17

# A server has a hundred sessions, for all workers; few tests open more than these at once.
MOST_IDLE = 8

# The sessions that nobody uses, by the database that is reused and by how it was connected to.
IDLE: dict[str, defaultdict[str, list[PGconn]]] = {}


def name_of(url: str) -> str:
    """The database that a URL names."""
    return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def new_database(server: str, template: str | None = None) -> Iterator[str]:
    """The URL of a database, which ends with the block; `template` is that of one to copy."""
    name = f"test_{uuid4().hex}"
    identifier = sql.Identifier(name)
    making = sql.SQL("CREATE DATABASE {}").format(identifier)
    if template is not None:
        original = sql.Identifier(name_of(template))
        making += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(original)
    address, question, options = server.partition("?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(making)
        yield f"{address.rpartition('/')[0]}/{name}{question}{options}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


class Reused:
    """A database that is after each `reset` as it was given. Its schema has to stay."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg.connect(url, autocommit=True)
        # Rows go in whatever order, without looking for others that refer to them.
        self.connection.execute("SET session_replication_role = replica")
        self.connection.execute("CREATE SCHEMA resetting")
        steps = sql.SQL("; ").join([*self.emptying(), *self.filling(), *self.counting()])
        body = sql.Literal(sql.SQL("BEGIN {}; END").format(steps).as_string())
        head = sql.SQL("CREATE FUNCTION resetting.reset() RETURNS void LANGUAGE plpgsql AS ")
        self.connection.execute(head + body)
        IDLE[name_of(url)] = defaultdict(list)

    def tables(self) -> list[str]:
        named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return [name for (name,) in self.connection.execute(named)]

    def emptying(self) -> Iterator[sql.Composed]:
        step = sql.SQL(
            "IF pg_relation_size({name}) > {large}"
            " THEN TRUNCATE {table} CASCADE; ELSE DELETE FROM {table}; END IF"
        )
        for name in self.tables():
            table = sql.Identifier("public", name)
            yield step.format(
                name=sql.Literal(table.as_string()), table=table, large=sql.Literal(LARGE_BYTES)
            )

    def filling(self) -> Iterator[sql.Composed]:
        """What puts the rows back that are there to begin with."""
        columns_of = (
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name = %s AND is_generated = 'NEVER'"
        )
        for name in self.tables():
            table, kept = sql.Identifier("public", name), sql.Identifier("resetting", name)
            copied = self.connection.execute(
                sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, table)
            )
            if copied.rowcount:
                named = self.connection.execute(columns_of, [name])
                columns = sql.SQL(", ").join(sql.Identifier(column) for (column,) in named)
                yield sql.SQL(
                    "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}"
                ).format(table, columns, columns, kept)

    def counting(self) -> Iterator[sql.Composed]:
        step = sql.SQL("PERFORM setval({}, {}, {})")
        sequences = self.connection.execute(
            "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL"
            " FROM pg_sequences WHERE schemaname = 'public'"
        )
        for name, value, is_used in sequences:
            sequence = sql.Literal(sql.Identifier("public", name).as_string())
            yield step.format(sequence, sql.Literal(value), sql.Literal(is_used))

    def reset(self) -> None:
        """Ends the sessions that are not kept: those of processes that were killed last longer."""
        idle = [one.backend_pid for some in IDLE[name_of(self.url)].values() for one in some]
        self.connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
            " AND pid <> ALL(%s)",
            [[self.connection.info.backend_pid, *idle]],
        )
        self.connection.execute("SELECT resetting.reset()")

    def close(self) -> None:
        for some in IDLE.pop(name_of(self.url)).values():
            for session in some:
                session.finish()
        self.connection.close()


def was_ended(session: PGconn) -> bool:
    """By the server: an idle session has nothing else to say."""
    saying = poll()
    saying.register(session.socket, POLLIN)
    return bool(saying.poll(0))


def finished() -> PGconn:
    session = pq.PGconn.connect_start(b"host=/nowhere")
    session.finish()
    return session


class Kept(BaseConnection[Any]):
    """A connection whose session goes to whoever connects next, in place of being closed."""

    # Where it goes; None for one to a database that is not reused.
    idle: list[PGconn] | None = None

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Generator[Any, Any, Self]:
        reused = IDLE.get(str(conninfo_to_dict(conninfo).get("dbname")))
        idle = None if reused is None else reused[conninfo]
        while idle:
            session = idle.pop()
            if not was_ended(session):
                connection = cls(session)
                break
            session.finish()
        else:
            connection = yield from super()._connect_gen(conninfo)
        connection.idle = idle
        return connection

    def give_back(self) -> None:
        session, status = self.pgconn, pq.TransactionStatus
        if self.idle is None or self.closed or len(self.idle) >= MOST_IDLE:
            return
        if session.transaction_status == status.INTRANS:
            session.exec_(b"ROLLBACK")
        if session.transaction_status == status.IDLE:
            session.exec_(b"DISCARD ALL")
            self.pgconn = finished()
            self._closed = True
            self.idle.append(session)


class KeptConnection(Kept, Connection[Any]):
    def close(self) -> None:
        self.give_back()
        super().close()


class KeptAsyncConnection(Kept, AsyncConnection[Any]):
    async def close(self) -> None:
        self.give_back()
        await super().close()


def keep_connections() -> None:
    """From now on, in this process: SQLAlchemy and the service look for these when they connect."""
    psycopg.connect = KeptConnection.connect
    Connection.connect = KeptConnection.connect  # type: ignore[method-assign]
    AsyncConnection.connect = KeptAsyncConnection.connect  # type: ignore[method-assign]
