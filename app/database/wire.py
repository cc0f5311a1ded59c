"""Statements for PostgreSQL that are sent by libpq itself, each prepared once in a connection.

The driver's cursors take most of the time of a trip to the server that fetches a few rows. What
adapts the values is the driver's own here, too.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from psycopg import AsyncConnection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.database.prepared import Prepared


class WireDialect(PGDialect_psycopg):
    """Parameters by number, as the server itself has them."""

    default_paramstyle = "numeric_dollar"
    supports_statement_cache = True


DIALECT = WireDialect()  # type: ignore[no-untyped-call]  # as SQLAlchemy has it


class Wire:
    """One connection, by which one statement runs at a time. A connection that is left before the
    server has answered is closed. Every method raises psycopg.Error."""

    def __init__(self, driver: AsyncConnection[TupleRow]) -> None:
        self.driver = driver
        self.libpq = driver.pgconn
        self.transformer = Transformer(driver)
        self.names: dict[str, bytes] = {}

    async def execute(self, commands: bytes) -> None:
        """Commands without parameters or rows."""
        self.libpq.send_query(commands)
        await self.answer()

    # Any: values of whatever parameters, and rows of whatever columns
    async def fetch(self, statement: Prepared, values: Mapping[str, Any]) -> list[Any]:
        compiled = statement.on(DIALECT)
        name = self.names.get(compiled.sql) or await self.prepare(compiled.sql)
        row = compiled.parameters(values)
        # As text, of which the server makes what the statement says.
        given = self.transformer.dump_sequence(row, [PyFormat.TEXT] * len(row))
        self.libpq.send_query_prepared(name, given, result_format=Format.BINARY)
        try:
            result = await self.answer()
        except InvalidSqlStatementName:
            self.names.clear()
            raise
        self.transformer.set_pgresult(result)
        found = self.transformer.load_rows(0, result.ntuples, tuple)
        return compiled.rows(map(result.ftype, range(result.nfields)), found)

    async def prepare(self, sql: str) -> bytes:
        name = f"onrecord_{len(self.names)}".encode()
        self.libpq.send_prepare(name, sql.encode())
        await self.answer()
        self.names[sql] = name
        return name

    async def answer(self) -> PGresult:
        """The last result of what was sent."""
        libpq = self.libpq
        failed = last = None
        try:
            while libpq.flush():
                await self.ready(writing=True)
            while True:
                while libpq.is_busy():
                    await self.ready()
                    libpq.consume_input()
                result = libpq.get_result()
                if result is None:
                    break
                last = result
                if result.status == ExecStatus.FATAL_ERROR:
                    failed = failed or result
        finally:
            if libpq.transaction_status == TransactionStatus.ACTIVE:
                libpq.finish()
        if failed is not None:
            raise error_from_result(failed, self.driver.info.encoding)
        assert last is not None  # every command has a result
        return last

    async def ready(self, *, writing: bool = False) -> None:
        """Wait until the server has sent something; or until it takes something, too."""
        loop = asyncio.get_running_loop()
        happened = loop.create_future()
        socket = self.libpq.socket
        loop.add_reader(socket, finish, happened)
        if writing:
            loop.add_writer(socket, finish, happened)
        try:
            await happened
        finally:
            loop.remove_reader(socket)
            if writing:
                loop.remove_writer(socket)


def finish(happened: asyncio.Future[None]) -> None:
    if not happened.done():
        happened.set_result(None)
