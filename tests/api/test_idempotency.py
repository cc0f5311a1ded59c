"""What a client sees of Idempotency-Key: the same POST twice is done once."""

from collections import Counter
from collections.abc import Sequence

import httpx2 as httpx
import orjson
import pytest
from starlette.testclient import TestClient

from app.access.keys import create_key
from app.database.session import Database
from app.models.key import Scope
from app.web.application import Application
from tests.builders import (
    ANY,
    Document,
    a_quote,
    an_article,
    created,
    ids_of,
    post,
    problem_of,
    saved,
)
from tests.conftest import NOW, Clock
from tests.servers import at_once
from tests.writing import WRITES, Write, a_newsroom, dump, operations

KEY = {"Idempotency-Key": '"a-key"'}
THREADS = 16


def count(client: TestClient) -> int:
    return int(saved(client.get("/v1/articles?total=exact"))["total"])


def test_a_repeated_request_is_answered_again(client: TestClient, clock: Clock) -> None:
    first = client.post("/v1/articles", json=an_article(), headers=KEY)
    clock.advance(hours=23)

    second = client.post("/v1/articles", json=an_article(), headers=KEY)

    assert created(first) == created(second)
    for header in ("ETag", "Location", "Content-Type"):
        assert first.headers[header] == second.headers[header]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert count(client) == 1


def send_at_once(
    client: TestClient, sent: Sequence[tuple[Document, dict[str, str]]]
) -> list[httpx.Response]:
    requests = [
        client.build_request("POST", "/v1/articles", json=body, headers={**KEY, **headers})
        for body, headers in sent
    ]
    return at_once([(client, request) for request in requests])


def test_of_many_requests_under_one_key_one_is_done(client: TestClient) -> None:
    responses = send_at_once(client, [(an_article(), {})] * THREADS)

    [answer] = {created(response)["id"]: response.content for response in responses}.values()
    assert all(response.content == answer for response in responses)
    replays = Counter(response.headers.get("Idempotency-Replayed") for response in responses)
    assert replays == {None: 1, "true": THREADS - 1}
    assert count(client) == 1


def test_of_two_requests_under_one_key_at_once_one_is_done(client: TestClient) -> None:
    bodies = [an_article(headline="First"), an_article(headline="Second")]

    responses = send_at_once(client, [(body, {}) for body in bodies * (THREADS // 2)])

    statuses = Counter(response.status_code for response in responses)
    assert statuses == {201: THREADS // 2, 422: THREADS // 2}
    done = [created(response)["headline"] for response in responses if response.is_success]
    assert len(set(done)) == 1
    assert all(
        problem_of(response) == (422, "idempotency-key-reused")
        for response in responses
        if not response.is_success
    )
    assert count(client) == 1


def test_of_two_clients_with_one_key_at_once_each_has_its_own_answer(
    client: TestClient, keys: dict[Scope, str]
) -> None:
    clients = [{"Authorization": f"Bearer {keys[scope]}"} for scope in ("write", "admin")]
    sent = [
        (an_article(headline=f"Of {number}"), headers) for number, headers in enumerate(clients)
    ]

    responses = send_at_once(client, sent * (THREADS // 2))

    told = [created(response)["headline"] for response in responses]
    assert told == ["Of 0", "Of 1"] * (THREADS // 2)
    assert count(client) == 2


POSTS = [write for write in WRITES if write.method == "POST"]


def test_each_post_that_writes_is_walked(app: Application) -> None:
    assert sorted(write.operation for write in POSTS) == sorted(operations(app, "POST"))


def told(write: Write, response: httpx.Response) -> list[Document]:
    """What is answered, but for what is said once only."""
    assert response.is_success, (write.operation, response.text)
    lines: list[Document] = [orjson.loads(line) for line in response.content.splitlines()]
    return [
        {n: v for n, v in one.items() if n not in ("token", "secret", "replayed")} for one in lines
    ]


def test_each_post_that_writes_is_done_once_under_a_key(
    client: TestClient, keys: dict[Scope, str], database: Database
) -> None:
    client.headers["Authorization"] = f"Bearer {keys['admin']}"
    names = a_newsroom(client)

    for write in POSTS:
        before = dump(database)
        first = write.send(client, names, headers=KEY)
        done = dump(database)
        again = write.send(client, names, headers=KEY)

        assert told(write, again) == told(write, first)
        assert "Idempotency-Replayed" not in first.headers, write.operation
        assert again.headers["Idempotency-Replayed"] == "true", write.operation
        assert before != done == dump(database), write.operation


def test_a_post_that_only_reads_keeps_nothing_under_a_key(
    app: Application, client: TestClient, database: Database
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    questions: dict[str, Document] = {
        "POST /v1/articles/{article_id}/preview-links": {},
        "POST /v1/quotes/check": {"words": "We will not sell,"},
        "POST /v1/extractions": {"text": "“We will not sell,” Ann Lee said."},
    }
    assert set(questions) == set(operations(app, "POST", reads_only=True))
    before = dump(database)

    for operation, question in questions.items():
        for _ in range(2):
            address = operation.removeprefix("POST ").format(article_id=article["id"])
            asked = client.post(address, json=question, headers=KEY)
            assert asked.is_success
            assert "Idempotency-Replayed" not in asked.headers

    assert dump(database) == before


@pytest.mark.parametrize("operation", ["POST /v1/articles", "POST /v1/bulk"])
@pytest.mark.parametrize(
    ("change", "refusal"),
    [("scope", (403, "forbidden")), ("revocation", (401, "unauthenticated"))],
)
def test_who_may_write_no_more_is_not_told_what_was_answered(
    client: TestClient,
    keys: dict[Scope, str],
    operation: str,
    change: str,
    refusal: tuple[int, str],
) -> None:
    admin = {**ANY, "Authorization": f"Bearer {keys['admin']}"}
    sent = {"name": "The desk", "scopes": ["write"]}
    desk = created(client.post("/v1/keys", json=sent, headers=admin))
    own = {**KEY, "Authorization": f"Bearer {desk['token']}"}
    [write] = [write for write in POSTS if write.operation == operation]
    assert write.send(client, {}, headers=own).is_success

    path = f"/v1/keys/{desk['id']}"
    if change == "scope":
        saved(client.patch(path, json={"scopes": ["read"]}, headers=admin))
    else:
        client.delete(path, headers=admin)

    assert problem_of(write.send(client, {}, headers=own)) == refusal
    assert len(ids_of(client.get("/v1/articles"))) == 1


def test_a_key_without_quotes_is_the_same_key(client: TestClient) -> None:
    created(client.post("/v1/articles", json=an_article(), headers=KEY))

    again = client.post("/v1/articles", json=an_article(), headers={"Idempotency-Key": "a-key"})

    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("path", "headline"),
    [
        pytest.param("/v1/articles", "Another", id="body"),
        pytest.param("/v1/articles?offsets=utf16", "Ferry strike ends", id="query"),
    ],
)
def test_a_key_is_used_for_one_request(client: TestClient, path: str, headline: str) -> None:
    created(client.post("/v1/articles", json=an_article(), headers=KEY))

    other = client.post(path, json=an_article(headline=headline), headers=KEY)

    assert problem_of(other) == (422, "idempotency-key-reused")
    assert count(client) == 1


def test_keys_belong_to_their_client_and_collection(
    app: Application, client: TestClient, database: Database
) -> None:
    first = created(client.post("/v1/articles", json=an_article(), headers=KEY))
    token = database.write_now(create_key, name="other", scopes=["write"], at=NOW)
    authorization = {"Authorization": f"Bearer {token}"}

    other_client = client.post("/v1/articles", json=an_article(), headers={**KEY, **authorization})
    quote = a_quote(article=first["id"])
    other_collection = client.post("/v1/quotes", json=quote, headers=KEY)

    assert created(other_client)["id"] != first["id"]
    assert created(other_collection)["article"]["id"] == first["id"]


def test_an_error_is_not_kept(client: TestClient) -> None:
    quote = a_quote(article="ferry-strike-ends")

    refused = client.post("/v1/quotes", json=quote, headers=KEY)
    created(client.post("/v1/articles", json=an_article()))
    accepted = client.post("/v1/quotes", json=quote, headers=KEY)

    assert problem_of(refused) == (422, "reference-not-found")
    assert created(accepted)["text"] == quote["text"]
    assert "Idempotency-Replayed" not in accepted.headers


def test_a_key_is_forgotten_after_a_day(client: TestClient, clock: Clock) -> None:
    first = created(client.post("/v1/articles", json=an_article(), headers=KEY))
    clock.advance(hours=24, seconds=1)

    second = created(client.post("/v1/articles", json=an_article(), headers=KEY))

    assert first["id"] != second["id"]


@pytest.mark.parametrize("key", ["", '""', "a b", "ü", '"a', "a" * 256])
def test_an_impossible_key_is_refused(client: TestClient, key: str) -> None:
    response = client.post(
        "/v1/articles", json=an_article(), headers=[(b"Idempotency-Key", key.encode())]
    )

    assert problem_of(response) == (400, "invalid-header")
    assert response.json()["errors"][0]["header"] == "Idempotency-Key"
    assert count(client) == 0
