"""Readers and writers at once, in two server processes: what was answered as written is read.

`ONRECORD_TEST_WRITES` makes a campaign of it: `make check-cache`.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread

import httpx2 as httpx
import psycopg
import pytest

from app.models.key import Scope
from tests.builders import ANY, Document, a_quote, an_article, created, saved
from tests.servers import cut_listeners, serving

WRITES = int(os.environ.get("ONRECORD_TEST_WRITES", "40"))
# After so many writes the servers lose the connections by which they hear of others.
CUT_EVERY = 20
UNCACHED = {"Cache-Control": "no-cache"}
# A notification comes in milliseconds; a machine that is busy may take its time.
SECONDS_TO_HEAR = 5


@pytest.fixture
def readers(database_url: str) -> Iterator[list[httpx.Client]]:
    """A client without a key, for each of two server processes."""
    with serving(database_url, count=2) as addresses, ExitStack() as stack:
        clients = [
            stack.enter_context(httpx.Client(base_url=address, timeout=60)) for address in addresses
        ]
        for client in clients:
            saved(client.get("/readyz"))
            wait_until_kept(client)
        yield clients


def wait_until_kept(client: httpx.Client) -> None:
    deadline = time.monotonic() + SECONDS_TO_HEAR
    while client.get("/v1/sections").headers["Cache-Status"] != "onrecord; hit":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def number_in(response: httpx.Response) -> int:
    document: Document = saved(response)
    shown = document["items"][0] if "items" in document else document
    return int(shown["headline"].removeprefix("Version "))


@contextmanager
def reading(clients: list[httpx.Client], paths: list[str]) -> Iterator[list[str]]:
    """Readers that go on while the block runs; what they saw come back after it was replaced."""
    stopped = Event()
    wrong: list[str] = []

    def read(address: httpx.URL, path: str) -> None:
        newest = 0
        with httpx.Client(base_url=address, timeout=60) as client:
            while not stopped.is_set():
                number = number_in(client.get(path))
                if number < newest:
                    wrong.append(f"{path}: {number} after {newest}")
                newest = number

    threads = [
        Thread(target=read, args=(client.base_url, path)) for client in clients for path in paths
    ]
    for thread in threads:
        thread.start()
    yield wrong
    stopped.set()
    for thread in threads:
        thread.join()


@pytest.fixture
def cut(database_kind: str, database_url: str) -> Iterator[Callable[[], int]]:
    """Ends the connections by which the servers hear of commits; how many there were."""
    if database_kind == "sqlite":
        yield lambda: 0
        return
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield lambda: cut_listeners(connection)


# It counts those who listen.
@pytest.mark.own_database
def test_what_was_written_is_read_through_the_cache(
    readers: list[httpx.Client],
    keys: dict[Scope, str],
    database_kind: str,
    cut: Callable[[], int],
) -> None:
    bearer = {"Authorization": f"Bearer {keys['write']}"}
    sent = an_article(headline="Version 0", quotes=[a_quote()])
    article = created(readers[0].post("/v1/articles", json=sent, headers=bearer))
    paths = [f"/v1/articles/{article['id']}", "/v1/articles"]
    stale: list[str] = []
    cuts: list[int] = []
    hits = 0

    with reading(readers, paths) as wrong:
        for number in range(1, WRITES + 1):
            here, there = readers[number % 2], readers[1 - number % 2]
            if number % CUT_EVERY == 0:
                cuts.append(cut())
            change = {"headline": f"Version {number}"}
            saved(here.patch(paths[0], json=change, headers={**bearer, **ANY}))
            for path in paths:
                if number_in(here.get(path)) != number:
                    stale.append(f"{path} at {number}, where it was written")
                if number_in(there.get(path, headers=UNCACHED)) != number:
                    stale.append(f"{path} at {number}, not from the cache")
                # On PostgreSQL another process hears of it a moment later.
                deadline = time.monotonic() + SECONDS_TO_HEAR
                elsewhere = number_in(there.get(path))
                while database_kind == "postgresql" and elsewhere != number:
                    assert time.monotonic() < deadline
                    elsewhere = number_in(there.get(path))
                if elsewhere != number:
                    stale.append(f"{path} at {number}, in another process")
                hits += there.get(path).headers["Cache-Status"] == "onrecord; hit"

    assert stale == []
    assert wrong == []
    assert hits
    assert cuts[0] == (len(readers) if database_kind == "postgresql" else 0)
    for client in readers:
        wait_until_kept(client)
