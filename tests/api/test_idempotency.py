"""What a client sees of Idempotency-Key: the same POST twice is done once."""

import pytest
from starlette.testclient import TestClient

from app.access.keys import create_key
from app.database.session import Database
from app.web.application import Application
from tests.builders import a_quote, an_article, created, problem_of, saved
from tests.conftest import NOW, Clock

KEY = {"Idempotency-Key": '"a-key"'}


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
