"""Writers at the same time, in two server processes on one database: the outcome is as if they
had come one after the other."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle
from typing import Any

import httpx2 as httpx
import orjson
import pytest

from app.models.base import new_id
from app.models.key import Scope
from tests.builders import a_mention, a_quote, an_article, created, if_match
from tests.servers import at_once, serving

THREADS = 16
LINES = 600


@pytest.fixture
def clients(database_url: str, keys: dict[Scope, str]) -> Iterator[list[httpx.Client]]:
    """A client that may write, for each of two server processes."""
    headers = {"Authorization": f"Bearer {keys['write']}"}
    with serving(database_url, count=2) as addresses, ExitStack() as stack:
        yield [
            stack.enter_context(
                httpx.Client(base_url=address, headers=headers, limits=httpx.Limits(), timeout=60)
            )
            for address in addresses
        ]


# Any: what httpx takes, documents among them
def race(clients: list[httpx.Client], *requests: dict[str, Any]) -> list[httpx.Response]:
    """Send the requests at once, to one server and the other in turn."""
    return at_once(
        [
            (client, client.build_request(**request))
            for client, request in zip(cycle(clients), requests, strict=False)
        ]
    )


def statuses(responses: list[httpx.Response]) -> Counter[int]:
    return Counter(response.status_code for response in responses)


def test_of_writers_with_one_etag_exactly_one_wins(clients: list[httpx.Client]) -> None:
    first = clients[0].post("/v1/articles", json=an_article(quotes=[a_quote()]))
    address = first.headers["Location"]

    responses = race(
        clients,
        *(
            {
                "method": "PUT",
                "url": address,
                "json": an_article(headline=f"Version {number}", quotes=[a_quote()]),
                "headers": if_match(first),
            }
            for number in range(THREADS)
        ),
    )

    assert statuses(responses) == {200: 1, 412: THREADS - 1}
    [winner] = [response.json() for response in responses if response.status_code == 200]
    assert clients[1].get(address).json() == winner
    assert winner["revision"] == 2


def test_of_writers_who_create_at_one_id_exactly_one_wins(clients: list[httpx.Client]) -> None:
    address = f"/v1/articles/{new_id()}"

    responses = race(
        clients,
        *(
            {
                "method": "PUT",
                "url": address,
                "json": an_article(headline=f"Version {number}"),
                "headers": {"If-None-Match": "*"},
            }
            for number in range(THREADS)
        ),
    )

    assert statuses(responses) == {201: 1, 412: THREADS - 1}


def test_one_idempotency_key_sent_to_two_processes_writes_once(
    clients: list[httpx.Client],
) -> None:
    request = {
        "method": "POST",
        "url": "/v1/articles",
        "json": an_article(),
        "headers": {"Idempotency-Key": "once"},
    }

    responses = race(clients, *[request] * THREADS)

    [article] = {created(response)["id"] for response in responses}
    replays = Counter("Idempotency-Replayed" in response.headers for response in responses)
    assert replays == {False: 1, True: THREADS - 1}
    listed = clients[0].get("/v1/articles").json()
    assert [item["id"] for item in listed["items"]] == [article]


def test_articles_of_one_headline_get_a_slug_each(clients: list[httpx.Client]) -> None:
    request = {"method": "POST", "url": "/v1/articles", "json": an_article()}

    responses = race(clients, *[request] * THREADS)

    numbered = {f"ferry-strike-ends-{number}" for number in range(2, THREADS + 1)}
    assert {created(response)["slug"] for response in responses} == {
        "ferry-strike-ends",
        *numbered,
    }


def test_a_name_that_many_articles_bring_at_once_is_added_once(
    clients: list[httpx.Client],
) -> None:
    article = an_article(quotes=[a_quote()], entities=[a_mention()])
    request = {"method": "POST", "url": "/v1/articles", "json": article}

    responses = race(clients, *[request] * THREADS)

    articles = [created(response) for response in responses]
    [entity] = {article["entities"][0]["id"] for article in articles}
    assert {article["quotes"][0]["speaker"]["id"] for article in articles} == {entity}
    listed = clients[0].get("/v1/entities").json()
    assert [item["id"] for item in listed["items"]] == [entity]
    sections = clients[0].get("/v1/sections").json()
    assert [item["path"] for item in sections["items"]] == ["news", "news/harbour"]


def found(client: httpx.Client, target: str) -> int:
    response = client.get(f"/v1/{target}")
    assert response.status_code == 200, response.text
    return len(response.json()["items"])


def test_what_one_process_writes_the_other_finds_at_once(clients: list[httpx.Client]) -> None:
    writer, searcher = clients
    for number in range(10):
        word = f"lantern{number}"
        sent = an_article(headline=f"The {word} affair", quotes=[a_quote()])
        first = writer.post("/v1/articles", json=sent)
        article = created(first)
        assert found(searcher, f"search?q=headline:{word}&sort=newest") == 2
        assert found(searcher, f"articles?q={word}") == 1
        assert found(searcher, f"suggest?q={word}") == 1

        sent["headline"] = "Renamed"
        path = f"/v1/articles/{article['id']}"
        edited = writer.put(path, json=sent, headers=if_match(first))
        assert edited.status_code == 200
        assert found(searcher, f"search?q={word}") == 0
        assert found(searcher, "search?q=renamed&type=article") == 1

        assert writer.delete(path, headers=if_match(edited)).status_code == 204
        assert found(searcher, "search?q=renamed") == 0


def test_many_lines_in_one_process_let_writers_of_the_other_in(
    database_url: str, keys: dict[Scope, str]
) -> None:
    line = {"method": "POST", "path": "/v1/articles", "content": an_article()}
    headers = {"Authorization": f"Bearer {keys['write']}"}
    body = b"\n".join([orjson.dumps(line)] * LINES)
    waits: list[float] = []

    with (
        serving(database_url, count=2, lock_timeout_seconds="100") as [busy, other],
        httpx.Client(base_url=other, headers=headers, timeout=120) as client,
        ThreadPoolExecutor(1) as threads,
    ):
        many = {**headers, "Content-Type": "application/x-ndjson"}
        # The first write of a process loads what writes.
        created(client.post("/v1/articles", json=an_article(headline="Single")))
        began = time.monotonic()
        sent = threads.submit(
            httpx.post, f"{busy}/v1/bulk", content=body, headers=many, timeout=120
        )
        while not sent.done():
            asked = time.monotonic()
            created(client.post("/v1/articles", json=an_article(headline="Single")))
            waits.append(time.monotonic() - asked)
        took = time.monotonic() - began

    statuses = [orjson.loads(text)["status"] for text in sent.result().content.splitlines()]
    assert statuses == [201] * LINES
    # Whoever is not let in waits for the last line.
    assert max(waits) < took / 2
