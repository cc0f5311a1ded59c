"""The database is busy, full or gone: 503 with Retry-After, nothing lost, and work again after."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, Text, bindparam, event, func, select, text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.database.engine import open_database
from app.database.prepared import Prepared
from app.database.session import Database
from app.errors import DatabaseBusy
from app.settings import Settings
from app.web.application import Application
from tests.builders import a_quote, an_article, created, if_match, problem_of, text_body

# What is done here would be left to the tests that follow.
pytestmark = pytest.mark.own_database

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(
        database_url=database_url, public_url="https://news.example", lock_timeout_seconds=0.2
    )


@contextmanager
def another_writer(database: Database) -> Iterator[None]:
    """Somebody else writes all the while, as another process would."""
    with database.new_session() as session, session.begin():
        database.queue_writers(session)
        yield


def assert_unavailable(response: httpx.Response, code: str) -> None:
    assert problem_of(response) == (503, code)
    assert int(response.headers["Retry-After"]) > 0


def test_a_write_that_waits_too_long_is_refused_and_reads_go_on(
    client: TestClient, database: Database
) -> None:
    first = client.post("/v1/articles", json=an_article(quotes=[a_quote()]))
    address = first.headers["Location"]
    second = an_article(headline="Second", quotes=[a_quote()])

    with another_writer(database):
        refused = client.put(address, json=second, headers=if_match(first))
        meanwhile = client.get(address)
        listed = client.get("/v1/articles")
    repeated = client.put(address, json=second, headers=if_match(first))

    assert_unavailable(refused, "database-busy")
    assert meanwhile.json() == first.json()
    assert [item["id"] for item in listed.json()["items"]] == [first.json()["id"]]
    assert (repeated.status_code, repeated.json()["revision"]) == (200, 2)


def test_an_idempotency_key_of_a_refused_write_can_be_used_again(
    client: TestClient, database: Database
) -> None:
    headers = {"Idempotency-Key": "once"}

    with another_writer(database):
        refused = client.post("/v1/articles", json=an_article(), headers=headers)
    repeated = client.post("/v1/articles", json=an_article(), headers=headers)

    assert_unavailable(refused, "database-busy")
    assert created(repeated)["slug"] == "ferry-strike-ends"
    assert "Idempotency-Replayed" not in repeated.headers


class Disk:
    """A disk on which the database may grow to so many pages."""

    def __init__(self) -> None:
        self.pages = 2**31

    def limit(self, connection: Any, *_: object) -> None:  # Any: the driver's connection
        connection.execute(f"PRAGMA max_page_count = {self.pages}")


@on_sqlite
def test_a_full_disk_refuses_writes_until_there_is_room(
    app: Application, client: TestClient
) -> None:
    disk, database = Disk(), app.state.database
    event.listen(database.engine, "checkout", disk.limit)
    with database.engine.connect() as connection:
        disk.pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 100
    article = an_article(body=text_body("The quay is long. " * 5000))

    answers = [client.post("/v1/articles", json=article) for _ in range(10)]
    listed = client.get("/v1/articles", params={"total": "exact", "include": "quotes"}).json()
    disk.pages = 2**31
    afterwards = client.post("/v1/articles", json=article)

    kept = [answer for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert kept
    assert refused
    for answer in refused:
        assert_unavailable(answer, "database-unavailable")
    assert {item["id"] for item in listed["items"]} == {answer.json()["id"] for answer in kept}
    assert listed["total"] == len(kept)
    created(afterwards)


@contextmanager
def server_of(url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A connection to the server beside the test's database, and that database's name."""
    name = urlsplit(url).path.removeprefix("/")
    beside = url.replace(f"/{name}", "/postgres", 1)
    with psycopg.connect(beside, autocommit=True) as connection:
        yield connection, name


def end_sessions(connection: psycopg.Connection, name: str) -> None:
    """Returns when they have ended, which they do a moment after they are told to."""
    connection.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", [name]
    )


@on_postgresql
def test_sessions_that_the_server_ended_are_opened_anew(
    client: TestClient, database_url: str
) -> None:
    first = client.post("/v1/articles", json=an_article())
    address = first.headers["Location"]
    second = an_article(headline="Second")

    with server_of(database_url) as (server, name):
        end_sessions(server, name)
        reads = [client.get(address) for _ in range(2)]
        end_sessions(server, name)
        writes = [client.put(address, json=second, headers=if_match(first)) for _ in range(2)]

    assert [read.json() for read in reads] == [first.json()] * 2
    assert (writes[1].status_code, writes[1].json()["revision"]) == (200, 2)
    assert_unavailable(writes[0], "database-unavailable")


@on_postgresql
def test_a_database_that_cannot_be_reached_is_used_again_when_it_is_back(
    client: TestClient, database_url: str
) -> None:
    first = client.post("/v1/articles", json=an_article())
    address = first.headers["Location"]
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")

    with server_of(database_url) as (server, name):
        server.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        end_sessions(server, name)
        # The first finds its session ended, the second cannot open another.
        away = [client.get(address) for _ in range(2)]
        away += [client.post("/v1/articles", json=an_article()) for _ in range(2)]
        away += [client.get("/readyz")]
        server.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
    back = client.get(address)
    listed = client.get("/v1/articles").json()

    for response in away:
        assert_unavailable(response, "database-unavailable")
    assert back.json() == first.json()
    assert [item["id"] for item in listed["items"]] == [first.json()["id"]]


def sleep_unprepared(connection: Connection) -> None:
    connection.execute(text("SELECT pg_sleep(30)"))


def sleep_prepared(connection: Connection) -> None:
    Prepared(select(func.pg_sleep(30))).all(connection, {})


@on_postgresql
@pytest.mark.parametrize("sleep", [sleep_unprepared, sleep_prepared])
def test_a_read_that_is_given_up_leaves_its_connection_usable(
    settings: Settings, sleep: Callable[[Connection], None]
) -> None:
    def others_in_transactions(connection: Connection) -> object:
        return connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
            )
        )

    async def run() -> list[object]:
        database = open_database(replace(settings, database_pool_size=1, lock_timeout_seconds=5))
        given_up = asyncio.create_task(database.read(sleep))
        await asyncio.sleep(0.2)
        given_up.cancel()
        with suppress(asyncio.CancelledError):
            await given_up
        # More than there are connections: each waits for its turn.
        found = await asyncio.gather(*(database.read(others_in_transactions) for _ in range(20)))
        await database.close()
        return found

    assert asyncio.run(run()) == [0] * 20


@on_postgresql
def test_a_statement_of_its_own_that_is_given_up_leaves_the_others(settings: Settings) -> None:
    one = Prepared(select(func.pg_backend_pid().label("process")))

    async def run() -> list[list[object]]:
        database = open_database(settings)
        given_up = asyncio.create_task(database.read_rows(Prepared(select(func.pg_sleep(30))), {}))
        await asyncio.sleep(0.2)
        given_up.cancel()
        with suppress(asyncio.CancelledError):
            await given_up
        found = await asyncio.gather(*(database.read_rows(one, {}) for _ in range(20)))
        await database.close()
        return found

    assert all(asyncio.run(run()))


@on_postgresql
def test_values_of_any_length_are_sent_and_fetched(settings: Settings) -> None:
    given = bindparam("given", type_=Text())
    echo = Prepared(select(given.label("text"), func.length(given).label("length")))
    # More than a socket takes at once.
    long = "€" * 5_000_000

    async def run() -> list[object]:
        database = open_database(settings)
        texts = (long, None, "%s $1")
        found: list[object] = [await database.read_rows(echo, {"given": one}) for one in texts]
        found.append(await database.read(lambda connection: echo.all(connection, {"given": long})))
        await database.close()
        return found

    assert asyncio.run(run()) == [
        [(long, len(long))],
        [(None, None)],
        [("%s $1", 5)],
        [(long, len(long))],
    ]


@on_postgresql
def test_statements_that_the_server_has_forgotten_are_prepared_anew(settings: Settings) -> None:
    one = Prepared(select(func.upper("a").label("letter")))

    def read(connection: Connection) -> list[object]:
        return one.all(connection, {})

    def forget(connection: Connection) -> None:
        connection.execute(text("DEALLOCATE ALL"))

    async def run() -> list[object]:
        database = open_database(settings)
        await database.read(read)
        await database.read(forget)
        with pytest.raises(DBAPIError):
            await database.read(read)
        found = await database.read(read)
        await database.close()
        return found

    assert asyncio.run(run()) == [("A",)]


@on_postgresql
def test_a_read_that_gets_no_connection_in_time_is_told_so(settings: Settings) -> None:
    def sleep(connection: Connection) -> None:
        connection.execute(text("SELECT pg_sleep(1)"))

    async def run() -> None:
        database = open_database(replace(settings, database_pool_size=1, lock_timeout_seconds=0.1))
        first = asyncio.create_task(database.read(sleep))
        await asyncio.sleep(0.2)
        with pytest.raises(DatabaseBusy):
            await database.read(sleep)
        await first
        await database.close()

    asyncio.run(run())
