"""What a client sees of an article as it stood at an instant."""

import pytest
from starlette.testclient import TestClient

from app.models.key import Scope
from tests.builders import ANY, a_mention, a_quote, an_article, post, problem_of, saved
from tests.conftest import Clock

NOON, ONE, TWO, THREE = (f"2026-11-20T{hour}:00:00Z" for hour in (12, 13, 14, 15))


def test_an_article_is_read_as_it_stood_with_the_names_of_then(
    client: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention()]))
    path = f"/v1/articles/{article['id']}"
    clock.advance(hours=1)
    entity = f"/v1/entities/{article['entities'][0]['slug']}"
    saved(client.patch(entity, json={"name": "Ann Lee-Ford"}, headers=ANY))
    clock.advance(hours=1)
    saved(client.patch(path, json={"headline": "Sailing"}, headers=ANY))
    clock.advance(hours=1)
    saved(client.patch(entity, json={"name": "Ann Ford"}, headers=ANY))

    stood = [saved(client.get(path, params={"as_of": at})) for at in (NOON, ONE, TWO, THREE)]

    assert stood[0] == article
    assert [one["headline"] for one in stood] == ["Ferry strike ends"] * 2 + ["Sailing"] * 2
    names = ["Ann Lee", "Ann Lee-Ford", "Ann Lee-Ford", "Ann Ford"]
    assert [one["entities"][0]["name"] for one in stood] == names
    assert [one["quotes"][0]["speaker"]["name"] for one in stood] == names


def test_what_was_scheduled_is_live_from_its_instant_on(client: TestClient, clock: Clock) -> None:
    article = post(client, "articles", an_article(published_at=ONE))
    clock.advance(hours=2)
    path = f"/v1/articles/{article['id']}"

    stood = [saved(client.get(path, params={"as_of": at}))["status"] for at in (NOON, ONE)]

    assert stood == ["scheduled", "live"]


def test_before_it_was_created_there_was_no_article(client: TestClient) -> None:
    article = post(client, "articles", an_article())

    before = client.get(f"/v1/articles/{article['id']}?as_of=2026-11-20T11:59:59Z")

    assert problem_of(before) == (404, "article-not-yet-created")


@pytest.mark.parametrize("at", ["2026-11-20T12:00:00.000001Z", "2026-11-20", "soon", ""])
def test_as_of_is_an_instant_that_was(client: TestClient, at: str) -> None:
    article = post(client, "articles", an_article())

    response = client.get(f"/v1/articles/{article['id']}", params={"as_of": at})

    assert problem_of(response) == (400, "invalid-parameter")


def test_what_was_purged_is_not_told_of(client: TestClient, clock: Clock) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"
    clock.advance(hours=1)
    saved(client.patch(path, json={"headline": "Sailing"}, headers=ANY))
    client.delete(f"{path}/revisions/1", headers=ANY)

    assert problem_of(client.get(path, params={"as_of": NOON})) == (410, "revision-purged")
    assert saved(client.get(path, params={"as_of": ONE}))["headline"] == "Sailing"


def test_how_it_stood_is_for_the_desk(
    client: TestClient, reader: TestClient, keys: dict[Scope, str]
) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"

    anonymous = reader.get(path, params={"as_of": NOON})
    reading = reader.get(path, params={"as_of": NOON, "key": keys["read"]})
    trimmed = client.get(path, params={"as_of": NOON, "fields": "headline"})

    assert problem_of(anonymous) == (401, "unauthenticated")
    assert problem_of(reading) == (403, "forbidden")
    assert saved(trimmed) == {"headline": article["headline"]}
