"""`/v1/changes/stream` on a real server: what is told, and what becomes of clients."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import pytest

from app.access.keys import revoke_key
from app.access.tokens import prefix_of
from app.database.session import Database
from app.models.base import utc_now
from app.models.key import Scope
from tests.api.test_access import bearer
from tests.builders import ANY, Document, an_article, an_entity
from tests.following import SECONDS, streaming
from tests.servers import servers_of, serving


def post(address: str, key: str, path: str, document: Document) -> Document:
    response = httpx.post(f"{address}/v1/{path}", json=document, headers=bearer(key), timeout=30)
    assert response.status_code == 201, response.text
    made: Document = response.json()
    return made


def changes(address: str, key: str, **query: str) -> list[Document]:
    response = httpx.get(f"{address}/v1/changes", params=query, headers=bearer(key))
    items: list[Document] = response.json()["items"]
    return items


def test_a_stream_tells_what_happens_as_the_feed_does(
    database_url: str, keys: dict[Scope, str]
) -> None:
    with serving(database_url) as [address], streaming(address) as stream:
        first = stream.next_of_any_kind()
        made = post(address, keys["write"], "entities", an_entity())
        event = stream.next()

        assert first is not None
        assert first.retry == "3000"
        assert (event.name, event.data["id"]) == ("entity.created", made["id"])
        assert event.id == event.data["position"]
        assert [event.data] == changes(address, keys["write"])
        headers = stream.response.headers
        assert headers["content-type"].startswith("text/event-stream")
        assert headers["cache-control"] == "no-store"
        assert headers["x-accel-buffering"] == "no"


def test_whoever_connects_again_goes_on_where_it_was(
    database_url: str, keys: dict[Scope, str]
) -> None:
    with serving(database_url) as [address]:
        for number in range(5):
            post(address, keys["write"], "entities", an_entity(name=f"Somebody {number}"))
        told = changes(address, keys["write"])
        second = told[1]["position"]

        with streaming(address, {"Last-Event-ID": second}, after="0") as stream:
            assert [stream.next().data for _ in range(3)] == told[2:]
            post(address, keys["write"], "entities", an_entity(name="One more"))
            assert stream.next().data["sequence"] == told[-1]["sequence"] + 1
        with streaming(address, last_event_id=second) as stream:
            assert stream.next().data == told[2]
        with streaming(address, after="0", entity=told[3]["id"]) as stream:
            assert stream.next().data == told[3]


def test_what_another_process_writes_is_told(database_url: str, keys: dict[Scope, str]) -> None:
    with serving(database_url, count=2) as [one, other], streaming(one) as stream:
        stream.next_of_any_kind()
        started = time.monotonic()
        made = post(other, keys["write"], "entities", an_entity())

        assert stream.next().data["id"] == made["id"]
        assert time.monotonic() - started < 5


def test_readers_hear_nothing_of_drafts_and_the_desk_does(
    database_url: str, keys: dict[Scope, str]
) -> None:
    with (
        serving(database_url) as [address],
        streaming(address, resource="article") as reader,
        streaming(address, resource="article", key=keys["preview"]) as desk,
    ):
        reader.next_of_any_kind()
        desk.next_of_any_kind()
        made = post(address, keys["write"], "articles", an_article(status="draft"))
        assert desk.next().name == "article.created"
        path = f"{address}/v1/articles/{made['id']}/publication"
        headers = {**bearer(keys["write"]), **ANY}
        httpx.put(path, json={}, headers=headers).raise_for_status()
        httpx.delete(path, headers=headers).raise_for_status()

        assert [reader.next().name for _ in range(2)] == ["article.published", "article.deleted"]
        assert [desk.next().name for _ in range(2)] == ["article.published", "article.withdrawn"]


def test_a_position_that_cannot_be_followed_is_told_and_then_begun_anew(
    database_url: str, keys: dict[Scope, str]
) -> None:
    with serving(database_url) as [address]:
        post(address, keys["write"], "entities", an_entity())
        end = changes(address, keys["write"])[-1]["position"]

        with streaming(address, {"Last-Event-ID": "zzzzzzzzzzzz-1"}) as stream:
            reset = stream.next()
            assert (reset.name, reset.id) == ("reset", end)
            assert reset.data["code"] == "position-unknown"
            assert reset.data["start_again"] == end
            made = post(address, keys["write"], "entities", an_entity(name="One more"))
            assert stream.next().data["id"] == made["id"]


@pytest.mark.parametrize(("headers", "query"), [({"Last-Event-ID": "x"}, {}), ({}, {"after": "x"})])
def test_what_is_no_position_is_refused(
    database_url: str, headers: dict[str, str], query: dict[str, str]
) -> None:
    with serving(database_url) as [address]:
        path = f"{address}/v1/changes/stream"
        assert httpx.get(path, headers=headers, params=query).status_code == 400
        assert httpx.head(path).status_code == 200


def test_a_silent_stream_says_that_it_is_there_and_ends_with_its_key(
    database_url: str, keys: dict[Scope, str], database: Database
) -> None:
    prefix = prefix_of(keys["preview"])
    assert prefix is not None
    with (
        serving(database_url, stream_heartbeat_seconds="0.2") as [address],
        streaming(address, key=keys["preview"]) as stream,
    ):
        stream.next_of_any_kind()
        heartbeat = stream.next_of_any_kind()
        assert heartbeat is not None
        assert heartbeat.comment == "ping"

        database.write_now(revoke_key, prefix, utc_now())

        assert stream.ends()


def test_a_server_that_stops_ends_its_streams_and_answers_those_who_wait(
    database_url: str,
) -> None:
    with servers_of(database_url) as [server], ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(
            httpx.get,
            f"{server.address}/v1/changes",
            params={"wait": 60, "after": "newest"},
            timeout=SECONDS,
        )
        with streaming(server.address) as stream:
            stream.next_of_any_kind()
            time.sleep(0.5)  # until the other request waits
            server.command.process.terminate()

            assert stream.ends()
            assert waiting.result().json()["items"] == []
            server.command.wait(SECONDS)
