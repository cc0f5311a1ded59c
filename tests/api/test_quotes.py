"""What a client sees of quotes that are written alone."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    AN_ID,
    ANY,
    WORDS,
    a_quote,
    an_article,
    an_entity,
    assert_verbatim,
    created,
    ids_of,
    pointers_of,
    post,
    problem_of,
    saved,
    unchanged,
)


def test_a_quote_is_added_to_its_article(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    sent = a_quote(
        article=article["id"],
        speaker_label="Lee",
        said_at="2026-11-19T15:00:00+02:00",
        context="press conference",
    )

    response = client.post("/v1/quotes", json=sent)

    quote = created(response)
    assert response.headers["Location"] == f"/v1/quotes/{quote['id']}"
    assert quote == {
        "id": quote["id"],
        "revision": 1,
        "kind": "direct",
        "text": WORDS,
        "spans": [{"start": 26, "end": 43, "exact": WORDS}],
        "prefix": "Crews return on Friday.\n\n“",
        "suffix": "” union leader Ann Lee said.\n\nThe"[:32],
        "speaker": {
            "id": quote["speaker"]["id"],
            "slug": "ann-lee",
            "type": "person",
            "name": "Ann Lee",
        },
        "speaker_label": "Lee",
        "speaker_role": "union leader",
        "cue": "said",
        "said_at": "2026-11-19T13:00:00Z",
        "context": "press conference",
        "language": "en",
        "status": "confirmed",
        "anchor": "anchored",
        "proposals": [],
        "detached": False,
        "reviewed": True,
        "rule": None,
        "confidence": None,
        "retraction": None,
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
        "article": {
            "id": article["id"],
            "slug": article["slug"],
            "headline": article["headline"],
            "published_at": "2026-11-20T08:00:00Z",
        },
    }
    assert saved(client.get(f"/v1/quotes/{quote['id']}")) == quote
    assert saved(client.get(f"/v1/articles/{article['id']}"))["revision"] == 2
    assert ids_of(client.get(f"/v1/articles/{article['id']}/quotes")) == [quote["id"]]


def test_the_article_is_named_by_id_or_slug_past_or_present(client: TestClient) -> None:
    article = post(client, "articles", an_article(slug="old"))
    saved(client.patch("/v1/articles/old", json={"slug": "new"}, headers=ANY))

    names = (article["id"], "new", "old", {"slug": "new"}, {"id": article["id"]})
    quotes = [post(client, "quotes", a_quote(article=name)) for name in names]

    assert {quote["article"]["id"] for quote in quotes} == {article["id"]}


@pytest.mark.parametrize("name", [AN_ID, "nothing", "", "a\0b", {"slug": "a\0b"}])
def test_the_article_of_a_quote_must_exist(client: TestClient, name: object) -> None:
    response = client.post("/v1/quotes", json=a_quote(article=name))

    assert response.status_code == 422
    assert pointers_of(response)[0].startswith("/article")


def test_a_put_replaces_a_quote(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    quote = article["quotes"][0]
    sent = {"article": article["id"], "text": "ferries will sail", "kind": "indirect"}

    response = client.put(f"/v1/quotes/{quote['id']}", json=sent, headers=unchanged(quote))

    replaced = saved(response)
    assert (replaced["id"], replaced["revision"]) == (quote["id"], 2)
    assert (replaced["kind"], replaced["speaker"], replaced["cue"]) == ("indirect", None, None)
    assert_verbatim(saved(client.get(f"/v1/articles/{article['id']}")))


def test_a_quote_is_created_at_a_chosen_id(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    sent = a_quote(article=article["slug"])

    response = client.put(f"/v1/quotes/{AN_ID}", json=sent, headers={"If-None-Match": "*"})

    assert created(response)["id"] == AN_ID


def test_a_quote_moves_to_another_article(client: TestClient) -> None:
    first = post(client, "articles", an_article(quotes=[a_quote()]))
    second = post(client, "articles", an_article())
    quote = first["quotes"][0]

    response = client.patch(
        f"/v1/quotes/{quote['id']}", json={"article": second["id"]}, headers=unchanged(quote)
    )

    assert saved(response)["article"]["id"] == second["id"]
    assert saved(client.get(f"/v1/articles/{first['id']}"))["quotes"] == []
    assert saved(client.get(f"/v1/articles/{second['id']}"))["revision"] == 2


def test_new_words_are_looked_for_again(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    quote = article["quotes"][0]

    cue = client.patch(f"/v1/quotes/{quote['id']}", json={"cue": "added"}, headers=ANY)
    words = client.patch(f"/v1/quotes/{quote['id']}", json={"text": "not sell"}, headers=ANY)

    assert saved(cue)["spans"] == quote["spans"]
    assert saved(words)["spans"] == [{"start": 34, "end": 42, "exact": "not sell"}]
    assert saved(words)["revision"] == 3


def test_a_deleted_quote_leaves_its_article(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    quote = article["quotes"][0]

    response = client.delete(f"/v1/quotes/{quote['id']}", headers=unchanged(quote))

    assert response.status_code == 204
    assert problem_of(client.get(f"/v1/quotes/{quote['id']}")) == (404, "quote-not-found")
    left = saved(client.get(f"/v1/articles/{article['id']}"))
    assert (left["quotes"], left["text"], left["revision"]) == ([], article["text"], 2)


def test_a_renamed_speaker_is_shown_by_the_new_name(client: TestClient) -> None:
    speaker = post(client, "entities", an_entity())
    article = post(client, "articles", an_article(quotes=[a_quote(speaker=speaker["id"])]))

    saved(client.patch(f"/v1/entities/{speaker['id']}", json={"name": "Ann Oh"}, headers=ANY))

    (quote,) = saved(client.get(f"/v1/articles/{article['id']}/quotes"))["items"]
    assert quote["speaker"]["name"] == "Ann Oh"
