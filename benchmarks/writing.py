"""How fast articles are written, against the driver alone writing the same rows.

python -m benchmarks.writing --articles 1000 --databases sqlite,postgresql

An article has three quotes and five mentions. `create` sends each to the application, one POST
after the other, without a network between; `import` takes them from a file. Then all rows that this
left, in the index and the journal too, are written into another database by the driver: a
transaction an article, or one for a hundred of them. What is compared is processor time, on
PostgreSQL with that of its server.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

import psycopg
from starlette.types import ASGIApp, Message

from app.access.keys import create_key
from app.database.engine import open_database
from app.database.session import Database
from app.importers.runs import run_import
from app.main import create_app
from app.models.base import utc_now
from app.settings import Settings
from benchmarks.documents import Document, new_articles
from benchmarks.replaying import (
    assert_equal,
    copy_database,
    counts,
    driven,
    replay,
    what_was_left,
)
from benchmarks.searching import databases
from benchmarks.serving import cpu_seconds

# Written before the clock starts: what is compiled once is not what is measured.
WARM_UP = 20
BATCH = 100


@dataclass(frozen=True)
class Written:
    """Articles in a second of processor time: by the service, and by the driver alone. The server
    of the database counts; `server_share` is how much of the service's time was its."""

    per_cpu_second: float
    raw_per_cpu_second: float
    server_share: float = 0.0

    @property
    def ratio(self) -> float:
        return self.per_cpu_second / self.raw_per_cpu_second


def documents_of(size: int) -> Iterator[Document]:
    return islice(new_articles(size), size)


class Clock:
    """Processor time of this process, and of the database's server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.own = self.server = 0.0

    def start(self) -> None:
        self.own, self.server = time.process_time(), server_seconds(self.url)

    def stop(self) -> None:
        self.own = time.process_time() - self.own
        self.server = server_seconds(self.url) - self.server

    @property
    def both(self) -> float:
        return self.own + self.server


def measure_create(url: str, articles: int) -> Written:
    """`url` names a migrated database without articles."""

    def create(clock: Clock, key: str) -> None:
        asyncio.run(post_all(settings_for(url), key, articles, clock))

    return measured(url, articles, 1, create)


def measure_import(url: str, articles: int) -> Written:
    """`url` names a migrated database without articles."""

    def import_all(clock: Clock, _: str) -> None:
        lines = [json.dumps(one) for one in documents_of(WARM_UP + articles)]
        database = open_database(settings_for(url))
        with tempfile.TemporaryDirectory() as folder:
            few, many = Path(folder, "few.ndjson"), Path(folder, "many.ndjson")
            few.write_text("\n".join(lines[:WARM_UP]))
            many.write_text("\n".join(lines[WARM_UP:]))
            import_file(database, few)
            clock.start()
            import_file(database, many)
            clock.stop()
        database.engine.dispose()

    return measured(url, articles, BATCH, import_all)


async def post_all(settings: Settings, key: str, articles: int, clock: Clock) -> None:
    bodies = [json.dumps(one).encode() for one in documents_of(WARM_UP + articles)]
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        for body in bodies[:WARM_UP]:
            await post_article(app, key, body)
        clock.start()
        for body in bodies[WARM_UP:]:
            await post_article(app, key, body)
        clock.stop()


async def post_article(app: ASGIApp, key: str, body: bytes) -> None:
    """One POST, as a server hands it to the application."""
    statuses = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = {
        "host": "127.0.0.1",
        "authorization": f"Bearer {key}",
        "content-type": "application/json",
        "content-length": str(len(body)),
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/articles",
        "raw_path": b"/v1/articles",
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    await app(scope, receive, send)
    assert statuses == [201]


def import_file(database: Database, path: Path) -> None:
    said = StringIO()
    with redirect_stderr(said):
        failed = run_import(database, [str(path)])
    assert not failed, said.getvalue()


def measured(url: str, articles: int, at_once: int, write: Callable[[Clock, str], None]) -> Written:
    database = open_database(settings_for(url))
    key = database.write_now(create_key, name="benchmark", scopes=["write"], at=utc_now())
    database.engine.dispose()
    address, question, options = url.partition("?")
    copy = f"{address}_raw{question}{options}"
    copy_database(url, copy)
    clock, raw_clock = Clock(url), Clock(copy)
    with driven(copy) as raw:
        before = counts(raw)
        write(clock, key)
        with driven(url) as service:
            left = what_was_left(service, before)
            assert len(left) == WARM_UP + articles
            replay(raw, left[:WARM_UP], at_once)
            raw_clock.start()
            seconds = replay(raw, left[WARM_UP:], at_once)
            raw_clock.stop()
            # Rows were put together for it, which is no part of it.
            raw_clock.own = seconds
            assert_equal(service, raw)
    return Written(articles / clock.both, articles / raw_clock.both, clock.server / clock.both)


def settings_for(url: str) -> Settings:
    return Settings(database_url=url, log_level="warning", extraction_model="")


def server_seconds(url: str) -> float:
    """Of PostgreSQL's processes, those that have ended too."""
    if url.startswith("sqlite"):
        return 0.0
    with psycopg.connect(url) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    return cpu_seconds(int(Path(folder, "postmaster.pid").read_text().split()[0]))


MEASURES = {"create": measure_create, "import": measure_import}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--measures", default=",".join(MEASURES))
    given = parser.parse_args()
    kinds = given.databases.split(",")
    print("| database | written by | a CPU-second | driver alone | ratio | server's share |")
    print("|---|---|---|---|---|---|")
    with databases(kinds) as urls:
        for kind in kinds:
            for name in given.measures.split(","):
                with fresh(urls[kind], name) as url:
                    one = MEASURES[name](url, given.articles)
                print(
                    f"| {kind} | {name} | {one.per_cpu_second:.0f} | {one.raw_per_cpu_second:.0f}"
                    f" | {one.ratio:.3f} | {one.server_share:.0%} |",
                    flush=True,
                )


@contextmanager
def fresh(url: str, name: str) -> Iterator[str]:
    """The URL of a migrated database beside this one."""
    address, question, options = url.partition("?")
    new = f"{address}_{name}{question}{options}"
    copy_database(url, new)
    subprocess.run(
        [sys.executable, "-m", "app", "migrate"],
        env={**os.environ, "ONRECORD_DATABASE_URL": new, "ONRECORD_LOG_LEVEL": "warning"},
        check=True,
        capture_output=True,
    )
    yield new


if __name__ == "__main__":
    main()
