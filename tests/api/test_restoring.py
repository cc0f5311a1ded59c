"""What a client sees of a former revision that is brought back."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    ANY,
    Document,
    a_picture,
    a_quote,
    an_article,
    assert_verbatim,
    pointers_of,
    post,
    problem_of,
    saved,
    text_body,
    unchanged,
)

CORRECTION = {"at": "2026-11-20T12:00:00Z", "text": "The strike was misspelt."}


def restored(client: TestClient, article: Document, revision: int) -> Document:
    path = f"/v1/articles/{article['id']}/restoration"
    return saved(client.put(path, json={"revision": revision}, headers=ANY))


def test_a_restoration_brings_back_text_and_quotes_as_a_new_revision(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()], slug="ferry"))
    path = f"/v1/articles/{article['id']}"
    changes = {
        "headline": "Sailing", "body": text_body("All is well."), "section": "sport",
        "slug": "sailing", "corrections": [CORRECTION],
    }  # fmt: skip
    changed = saved(client.patch(path, json=changes, headers=ANY))

    again = restored(client, article, 1)

    assert changed["quotes"][0]["anchor"] == "orphaned"
    for member in ("headline", "body", "text", "section", "entities"):
        assert again[member] == article[member]
    assert (again["revision"], again["slug"]) == (3, "sailing")
    assert again["corrections"] == [CORRECTION]
    assert_verbatim(again)
    cards = saved(client.get(f"{path}/revisions?fields=cause"))["items"]
    assert [one["cause"] for one in cards][:1] == ["article.restored"]


def test_a_restoration_neither_publishes_nor_withdraws(client: TestClient) -> None:
    article = post(client, "articles", an_article(status="draft"))
    client.put(f"/v1/articles/{article['id']}/publication", json={}, headers=ANY)

    again = restored(client, article, 1)

    assert again["status"] == "live"


def test_a_restoration_can_be_tried(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    path = f"/v1/articles/{article['id']}"
    changed = saved(client.patch(path, json={"body": text_body("All is well.")}, headers=ANY))

    tried = client.put(f"{path}/restoration?dry_run=true", json={"revision": 1}, headers=ANY)

    assert [quote["outcome"] for quote in saved(tried)["quotes"]] == ["anchored"]
    assert saved(client.get(path)) == changed


def test_media_that_are_no_more_cannot_be_brought_back(client: TestClient) -> None:
    picture = post(client, "media", a_picture())
    article = post(client, "articles", an_article(media=[picture["id"]]))
    path = f"/v1/articles/{article['id']}"
    changed = saved(client.patch(path, json={"media": []}, headers=ANY))
    client.delete(f"/v1/media/{picture['id']}", headers=ANY)

    refused = client.put(f"{path}/restoration", json={"revision": 1}, headers=ANY)

    assert problem_of(refused) == (422, "reference-not-found")
    assert pointers_of(refused)[0].startswith("/media/0")
    assert saved(client.get(path)) == changed


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"revision": 9}, (404, "revision-not-found")),
        ({"revision": 0}, (422, "validation-error")),
        ({}, (422, "validation-error")),
    ],
)
def test_a_revision_that_is_not_there_is_not_restored(
    client: TestClient, sent: Document, problem: tuple[int, str]
) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"

    response = client.put(f"{path}/restoration", json=sent, headers=unchanged(article))

    assert problem_of(response) == problem
    assert saved(client.get(path)) == article


def test_a_restoration_needs_the_present_revision(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"
    saved(client.patch(path, json={}, headers=ANY))

    stale = client.put(f"{path}/restoration", json={"revision": 1}, headers=unchanged(article))

    assert problem_of(stale) == (412, "precondition-failed")
