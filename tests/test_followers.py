"""Everybody at once: eight write, and a poller, a live stream, a webhook and a mirror follow, while
the server is killed twice. All four end with what the source has.

`make check-followers` does it for 30 seconds.
"""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx2 as httpx
import pytest

from app.database.engine import open_database
from app.mirroring.runs import FAILURES, Mirroring, open_mirror
from app.mirroring.source import Source, connect
from app.mirroring.verifying import find_differences
from app.models.base import utc_now
from app.models.key import Scope
from app.settings import Settings
from tests.api.test_webhooks import a_webhook
from tests.builders import ANY, Document, a_quote, an_article, text_body
from tests.following import events_in
from tests.receivers import Receiver, receiving
from tests.servers import Server, free_port, start

SECONDS = float(os.environ.get("ONRECORD_TEST_FOLLOW_SECONDS", "5"))
WRITERS = 8
# How long the followers may take to the end, once nobody writes any more.
PATIENCE_SECONDS = 60
KILLS = 2


class Newsroom:
    """A server at one address, which can be killed and started again."""

    def __init__(self, database_url: str, keys: dict[Scope, str]) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.keys = keys
        self.database_url = database_url
        self.server: Server | None = None

    def start(self) -> None:
        # What a killed server has claimed is free again after two of these seconds.
        settings = {"webhook_loopback": "true", "webhook_timeout_seconds": "2"}
        self.server = start(self.database_url, port=self.port, **settings)

    def kill(self) -> None:
        assert self.server is not None
        self.server.command.kill()

    def client(self, scope: Scope | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.keys[scope]}"} if scope else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=10)


@pytest.fixture
def source(database_url: str, keys: dict[Scope, str]) -> Iterator[Newsroom]:
    source = Newsroom(database_url, keys)
    source.start()
    yield source
    source.kill()


class Copy:
    """What a follower knows of the articles that readers see: their revisions, by their ids; and
    which rows of the journal it was told, in the order in which it was."""

    def __init__(self) -> None:
        self.revisions: dict[str, int] = {}
        self.sequences: list[int] = []
        self.latest: dict[str, int] = {}

    def hear(self, change: Document) -> None:
        self.sequences.append(change["sequence"])
        # Webhooks promise no order: what is older than what is known tells nothing.
        if self.latest.get(change["id"], 0) >= change["sequence"]:
            return
        self.latest[change["id"]] = change["sequence"]
        if change["resource"] != "article":
            return
        if change["deleted"]:
            self.revisions.pop(change["id"], None)
        else:
            self.revisions[change["id"]] = change["revision"]


def write(source: Newsroom, number: int, stop: threading.Event) -> None:
    """Articles of one's own, in any order; what became of a write while the server died is as it
    is."""
    chosen = random.Random(number)
    own: list[str] = []
    with source.client("write") as client:
        while not stop.is_set():
            try:
                one_write(client, chosen, own, number)
            except httpx.HTTPError:
                stop.wait(0.05)


def one_write(client: httpx.Client, chosen: random.Random, own: list[str], number: int) -> None:
    act = chosen.choice(("create", "create", "patch", "patch", "withdraw", "publish", "delete"))
    if act == "create" or not own:
        sent = an_article(headline=f"No. {number}", quotes=[a_quote()])
        answer = client.post("/v1/articles", json=sent)
        if answer.status_code == 201:
            own.append(answer.json()["id"])
        return
    path = f"/v1/articles/{chosen.choice(own)}"
    if act == "patch":
        changes = {"standfirst": str(chosen.random()), "body": text_body(f"“{chosen.random()}”")}
        client.patch(path, json=changes, headers=ANY)
    elif act == "delete":
        client.delete(path, headers=ANY)
    elif act == "withdraw":
        client.delete(f"{path}/publication", headers=ANY)
    else:
        client.put(f"{path}/publication", json={}, headers=ANY)


def poll(source: Newsroom, copy: Copy, ended: threading.Event) -> None:
    after = "0"
    with source.client() as client:
        while not ended.is_set():
            try:
                page = client.get(f"/v1/changes?after={after}&wait=1&limit=50").json()
            except (httpx.HTTPError, ValueError):
                ended.wait(0.05)
                continue
            for change in page["items"]:
                copy.hear(change)
            after = page["next_after"]


def listen(source: Newsroom, copy: Copy, ended: threading.Event) -> None:
    """Connects again with the last id, as a browser does."""
    last = "0"
    while not ended.is_set():
        with suppress(httpx.HTTPError, httpx.StreamError), source.client() as client:
            headers = {"Last-Event-ID": last}
            with client.stream("GET", "/v1/changes/stream", headers=headers) as response:
                for event in events_in(response.iter_lines()):
                    if ended.is_set():
                        return
                    if event.name:
                        copy.hear(event.data)
                        last = event.id
        ended.wait(0.05)


def mirror(source: Newsroom, path: Path) -> None:
    """Until the test ends, in a thread that nobody waits for."""
    with connect(source.address, None) as client:
        pause: Callable[[float], None] = lambda _: time.sleep(0.1)  # noqa: E731
        run = Mirroring(Source(client), open_mirror(Settings(), path), source.address, pause=pause)
        run.console.quiet = True
        with suppress(*FAILURES):
            run.run(once=False)


@contextmanager
def running(*acts: Callable[[], None]) -> Iterator[None]:
    threads = [threading.Thread(target=act, daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def told_from_the_beginning(client: httpx.Client) -> list[Document]:
    changes: list[Document] = []
    after = "0"
    while True:
        page = client.get(f"/v1/changes?after={after}&limit=1000").json()
        changes += page["items"]
        after = page["next_after"]
        if not page["has_more"]:
            return changes


def public_articles(client: httpx.Client) -> dict[str, int]:
    found: dict[str, int] = {}
    address = "/v1/articles?limit=100&fields=id,revision"
    while address:
        page = client.get(address)
        found |= {one["id"]: one["revision"] for one in page.json()["items"]}
        address = page.links.get("next", {}).get("url", "")
    return found


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_all_who_follow_end_with_what_the_source_has(source: Newsroom, tmp_path: Path) -> None:
    polled, streamed = Copy(), Copy()
    stop, ended = threading.Event(), threading.Event()
    path = tmp_path / "mirror.db"
    with ExitStack() as stack:
        receiver: Receiver = stack.enter_context(receiving())
        with source.client("admin") as admin:
            hook = a_webhook(url=receiver.url)
            webhook = admin.post("/v1/webhooks", json=hook).raise_for_status().json()
        threading.Thread(target=mirror, args=(source, path), daemon=True).start()
        stack.enter_context(
            running(lambda: poll(source, polled, ended), lambda: listen(source, streamed, ended))
        )
        stack.callback(ended.set)
        writers = [lambda n=n: write(source, n, stop) for n in range(WRITERS)]
        with running(*writers):
            for _ in range(KILLS):
                time.sleep(SECONDS / (KILLS + 1))
                source.kill()
                source.start()
            time.sleep(SECONDS / (KILLS + 1))
            stop.set()

        with source.client() as reader, source.client("admin") as admin:
            told = told_from_the_beginning(reader)
            numbers = [change["sequence"] for change in told]
            articles = public_articles(reader)
            end = numbers[-1]
            wait_for(lambda: polled.sequences[-1:] == [end], "the poller")
            wait_for(lambda: streamed.sequences[-1:] == [end], "the stream")
            waiting = f"/v1/webhooks/{webhook['id']}/deliveries?state=waiting&fields=id"
            behind = f"/v1/webhooks/{webhook['id']}?fields=position"

            def all_delivered() -> bool:
                position = admin.get(behind).json()["position"]
                is_told = int(position.rpartition("-")[2]) >= end
                return is_told and not admin.get(waiting).json()["items"]

            wait_for(all_delivered, "the webhook")
        ended.set()

    assert len(numbers) > WRITERS
    # No gap, no repeat, and in order.
    assert polled.sequences == numbers
    assert streamed.sequences == numbers
    assert polled.revisions == streamed.revisions == articles
    # At least once, in whatever order.
    delivered = Copy()
    first = min(one.document["data"]["sequence"] for one in receiver.received)
    for one in receiver.received:
        delivered.hear(one.document["data"])
    assert first == numbers[0]
    assert sorted(set(delivered.sequences)) == numbers
    assert delivered.revisions == articles
    assert len(set(receiver.ids)) == len(numbers)
    assert mirrored(source, path) == []


def mirrored(source: Newsroom, path: Path) -> list[object]:
    """What is still different in the mirror, once it has followed to the end."""
    database = open_database(Settings(database_url=f"sqlite:///{path}"))
    with connect(source.address, None) as client:
        run = Mirroring(Source(client), database, source.address)
        return list(find_differences(run.source, database, utc_now, run.catch_up))
