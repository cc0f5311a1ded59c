"""What a client sees of the revisions of an article."""

import pytest
from starlette.testclient import TestClient

from app.access.viewer import the_service
from app.articles.writes import patch_article
from app.database.session import Database
from app.models.key import Scope
from app.web.conditional import Precondition
from app.web.patching import MergePatch
from tests.builders import ANY, a_quote, an_article, ids_of, post, problem_of, saved, unchanged
from tests.conftest import Clock


def test_each_save_keeps_a_revision(client: TestClient, clock: Clock) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    path = f"/v1/articles/{article['id']}"
    clock.advance(hours=1)
    patched = saved(client.patch(path, json={"headline": "Sailing"}, headers=unchanged(article)))
    quote = article["quotes"][0]
    client.delete(f"/v1/quotes/{quote['id']}", headers=unchanged(quote))

    listed = saved(client.get(f"{path}/revisions?total=exact"))

    saves = [(3, "13", "Sailing"), (2, "13", "Sailing"), (1, "12", "Ferry strike ends")]
    causes = {1: "article.published", 2: "article.updated", 3: "quote.deleted"}
    cards = [
        {
            "revision": number,
            "saved_at": f"2026-11-20T{hour}:00:00Z",
            "headline": headline,
            "author": {"id": listed["items"][0]["author"]["id"], "name": "write"},
            "note": None,
            "cause": causes[number],
            "purged_at": None,
            "purged_by": None,
        }
        for number, hour, headline in saves
    ]
    assert listed == {
        "items": cards, "next_cursor": None, "total": 3, "total_relation": "exact"
    }  # fmt: skip
    first = saved(client.get(f"{path}/revisions/1"))
    assert first == {**cards[2], "article": article}
    assert saved(client.get(f"{path}/revisions/2"))["article"] == patched


def test_revisions_are_walked_by_pages(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"
    for _ in range(2):
        saved(client.patch(path, json={}, headers=ANY))

    first = client.get(f"{path}/revisions?limit=2&sort=revision&fields=revision")
    second = client.get(first.links["next"]["url"])

    assert saved(first)["items"] == [{"revision": 1}, {"revision": 2}]
    assert saved(second) == {"items": [{"revision": 3}], "next_cursor": None}


@pytest.mark.parametrize("number", ["0", "2", "-1", "2147483648", "9" * 30])
def test_an_unknown_revision_is_not_found(client: TestClient, number: str) -> None:
    article = post(client, "articles", an_article())

    response = client.get(f"/v1/articles/{article['id']}/revisions/{number}")

    assert problem_of(response) == (404, "revision-not-found")


def test_a_write_that_fails_keeps_no_revision(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"

    client.patch(path, json={"headline": ""}, headers=ANY)
    client.patch(path, json={"quotes": [a_quote(text="never said")]}, headers=ANY)

    assert len(saved(client.get(f"{path}/revisions"))["items"]) == 1


def test_revisions_need_the_scope_preview(
    client: TestClient, reader: TestClient, keys: dict[Scope, str]
) -> None:
    article = post(client, "articles", an_article())
    draft = post(client, "articles", an_article(status="draft"))
    path = f"/v1/articles/{article['id']}/revisions"

    without = [reader.get(path), reader.get(f"{path}/1")]
    reading = reader.get(path, params={"key": keys["read"]})
    previewing = reader.get(path, params={"key": keys["preview"]})
    hidden = reader.get(f"/v1/articles/{draft['id']}/revisions")

    assert [problem_of(one) for one in without] == [(401, "unauthenticated")] * 2
    assert problem_of(reading) == (403, "forbidden")
    assert reading.json()["required_scope"] == "preview"
    assert len(saved(previewing)["items"]) == 1
    assert problem_of(hidden) == (404, "article-not-found")
    assert draft["id"] not in ids_of(reader.get("/v1/articles"))


def test_a_revision_tells_who_saved_it_and_why(client: TestClient, keys: dict[Scope, str]) -> None:
    article = post(client, "articles?note=As+called+in", an_article())
    path = f"/v1/articles/{article['id']}"
    admin = {"Authorization": f"Bearer {keys['admin']}"}
    client.patch(f"{path}?note=Typo", json={}, headers={**ANY, **admin})

    second, first = saved(client.get(f"{path}/revisions"))["items"]

    assert (first["author"]["name"], first["note"]) == ("write", "As called in")
    assert (second["author"]["name"], second["note"]) == ("admin", "Typo")
    assert saved(client.get(f"{path}/revisions/2")).items() > second.items()


def test_revisions_are_found_by_author_cause_and_instant(
    client: TestClient, clock: Clock, keys: dict[Scope, str], database: Database
) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"
    clock.advance(days=1)
    client.patch(path, json={}, headers=ANY)
    clock.advance(days=1)
    admin = {"Authorization": f"Bearer {keys['admin']}"}
    client.patch(path, json={}, headers={**ANY, **admin})
    database.write_now(
        patch_article, article["id"], MergePatch({}), Precondition("*", None), the_service(clock())
    )

    def found(query: str) -> list[int]:
        page = saved(client.get(f"{path}/revisions?{query}"))
        return [card["revision"] for card in page["items"]]

    (_, third, second, _) = saved(client.get(f"{path}/revisions"))["items"]
    assert found(f"author={third['author']['id']}") == [3]
    assert found(f"author={second['author']['id']}") == [2, 1]
    assert found("author=none") == [4]
    assert found(f"not_author=none,{third['author']['id']}") == [2, 1]
    assert found("cause=article.published") == [1]
    assert found("saved=2026-11-21..2026-11-21") == [2]
