"""Many write at once, by two servers: whoever follows misses nothing, and nothing comes late."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx

from app.models.key import Scope
from tests.api.test_access import bearer
from tests.builders import ANY, Document, an_article, an_entity
from tests.following import SECONDS, streaming
from tests.servers import serving

WRITERS = 8
ROUNDS = 8


def write(address: str, key: str, writer: int) -> int:
    """How many rows were written. Some of what is sent is refused, or only tried."""
    with httpx.Client(base_url=address, headers=bearer(key), timeout=60) as client:
        rows = 0
        for number in range(ROUNDS):
            name = f"Writer {writer}, {number}"
            article = an_article(headline=name, section=None, slug=f"w-{writer}-{number}")
            made = client.post("/v1/articles", json=article)
            assert made.status_code == 201, made.text
            assert client.post("/v1/articles", json=article).status_code == 409
            client.post("/v1/entities", json=an_entity(name=name), params={"dry_run": "true"})
            path = f"/v1/articles/{made.json()['id']}"
            assert client.patch(path, json={"headline": "x"}, headers=ANY).status_code == 200
            rows += 3
        return rows


def poll(address: str, done: threading.Event) -> list[Document]:
    """All that was told, page by page, until nothing comes any more."""
    found: list[Document] = []
    after = "0"
    with httpx.Client(base_url=address, timeout=60) as client:
        while True:
            was_done = done.is_set()
            query = {"after": after, "limit": "7", "wait": "1", "resource": "article"}
            page = client.get("/v1/changes", params=query).json()
            found += page["items"]
            after = page["next_after"]
            if was_done and not page["has_more"] and not page["items"]:
                return found


def test_whoever_follows_misses_nothing_while_many_write(
    database_url: str, keys: dict[Scope, str]
) -> None:
    done = threading.Event()
    with (
        serving(database_url, count=2) as servers,
        streaming(servers[0], after="0", resource="article", key=keys["preview"]) as stream,
        ThreadPoolExecutor(WRITERS + 2) as threads,
    ):
        pollers = [threads.submit(poll, address, done) for address in servers]
        writers = [
            threads.submit(write, servers[number % 2], keys["write"], number)
            for number in range(WRITERS)
        ]
        rows = sum(writer.result() for writer in writers)
        done.set()
        polled = [poller.result() for poller in pollers]
        streamed = [stream.next(SECONDS).data for _ in range(rows)]

    assert rows == WRITERS * ROUNDS * 3
    numbers = [one["sequence"] for one in streamed]
    assert numbers == sorted(set(numbers))
    for found in polled:
        # Readers are told of two of the three.
        assert [one for one in streamed if one["event"] != "article.created"] == found


def test_each_row_is_seen_at_once_or_not_at_all(database_url: str, keys: dict[Scope, str]) -> None:
    """A number that was told is never followed by a lower one, whoever else writes meanwhile."""
    done = threading.Event()
    with serving(database_url) as [address], ThreadPoolExecutor(WRITERS + 1) as threads:
        poller = threads.submit(poll, address, done)
        for writer in [threads.submit(write, address, keys["write"], n) for n in range(WRITERS)]:
            writer.result()
        done.set()
        numbers = [one["sequence"] for one in poller.result()]

    assert numbers == sorted(set(numbers))
    assert len(numbers) == WRITERS * ROUNDS * 2
