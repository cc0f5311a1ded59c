"""What following the journal costs: a page, 500 clients of the live stream, and how soon they hear.

Run as `python -m benchmarks.following`, with ONRECORD_TEST_POSTGRESQL_URL for PostgreSQL as well.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

import httpx2 as httpx
from sqlalchemy import insert

from app.access.keys import create_key
from app.access.viewer import the_service
from app.database.engine import open_database
from app.database.session import Database
from app.database.types import table_of
from app.journal.filters import EVERYTHING
from app.journal.positions import extent
from app.journal.reads import list_changes
from app.models import Change
from app.models.base import new_id, utc_now
from app.settings import Settings
from app.web.json import dump
from benchmarks.serving import Server, resident_megabytes, running
from tests.conftest import migrate

ROWS = 20_000
PAGE = 1_000
ROUNDS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--events", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'following.db'}"
        measure(url, options.clients, options.events)


def measure(url: str, clients: int, events: int) -> None:
    migrate(url)
    database = open_database(Settings(database_url=url))
    fill(database)
    print(f"a page of {PAGE}: {page_milliseconds(database):.1f} ms of CPU")
    key = database.write_now(create_key, name="bench", scopes=["write"], at=utc_now())
    arguments = ["-m", "app", "serve"]
    with running(arguments, "/readyz", ONRECORD_DATABASE_URL=url, ONRECORD_LOG_LEVEL="error") as on:
        asyncio.run(follow(on, key, clients, events))
    database.engine.dispose()


def fill(database: Database) -> None:
    rows = [
        {
            "at": utc_now(),
            "resource": "article",
            "resource_id": new_id(),
            "revision": 2,
            "event": "article.updated",
            "slugs": [f"article-{number}"],
            "publicity": "public",
            "fields": ["headline", "body"],
            "sections": [new_id(), new_id()],
            "entities": [new_id() for _ in range(5)],
        }
        for number in range(ROWS)
    ]
    with database.engine.begin() as connection:
        connection.execute(insert(table_of(Change)), rows)


def page_milliseconds(database: Database) -> float:
    """The read and its JSON, without HTTP."""
    viewer = the_service(utc_now())
    after = database.read_now(extent).beginning
    took = []
    for _ in range(ROUNDS):
        started = time.process_time()
        found = database.read_now(list_changes, after, PAGE, EVERYTHING, viewer)
        dump(found.page())
        took.append((time.process_time() - started) * 1_000)
        after = found.next_after
    return statistics.median(took)


async def follow(server: Server, key: str, clients: int, events: int) -> None:
    idle = resident_megabytes(server.pid)
    before = len(descriptors(server.pid))
    heard: dict[str, list[float]] = {}
    connected = asyncio.Event()
    started: list[int] = []

    async def listen() -> None:
        host, _, port = server.address.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /v1/changes/stream HTTP/1.1\r\nHost: bench\r\n\r\n")
        async for line in reader:
            if line.startswith(b"retry:"):
                started.append(1)
                if len(started) == clients:
                    connected.set()
            elif line.startswith(b"id: "):
                heard.setdefault(line[4:].decode().strip(), []).append(time.perf_counter())

    tasks = [asyncio.create_task(listen()) for _ in range(clients)]
    await connected.wait()
    await asyncio.sleep(2)
    held = len(descriptors(server.pid)) - before - clients
    print(
        f"{clients} idle clients: {resident_megabytes(server.pid) - idle:.0f} MB more,"
        f" {held} descriptors beside their own"
    )
    sent: list[float] = []
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=server.address, headers=headers) as client:
        for number in range(events):
            entity = {"name": f"Somebody {number}", "type": "person"}
            answer = await client.post("/v1/entities", json=entity)
            answer.raise_for_status()
            sent.append(time.perf_counter())
            await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    # In the order in which they were written; from when the write was answered.
    pairs = zip(sent, heard.values(), strict=True)
    took = [(one - at) * 1_000 for at, all_heard in pairs for one in all_heard]
    assert len(took) == events * clients
    quantiles = statistics.quantiles(took, n=100)
    print(f"an event to a client: {quantiles[49]:.0f} ms at the median, {quantiles[98]:.0f} at p99")
    for task in tasks:
        task.cancel()


def descriptors(pid: int) -> list[str]:
    return os.listdir(f"/proc/{pid}/fd")


if __name__ == "__main__":
    main()
