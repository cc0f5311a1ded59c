"""What a client sees of articles."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    AN_ID,
    ANY,
    Document,
    a_mention,
    a_quote,
    an_article,
    an_entity,
    created,
    pointers_of,
    post,
    problem_of,
    saved,
    unchanged,
)
from tests.conftest import Clock


def test_an_article_is_written_with_its_quotes_and_entities(client: TestClient) -> None:
    sent = an_article(
        body={
            "format": "text",
            "content": 'Crews return on Friday.\n\n"We will not sell," union leader Ann Lee said.',
        },
        quotes=[a_quote()],
        entities=[a_mention()],
    )

    response = client.post("/v1/articles", json=sent)

    article = created(response)
    assert response.headers["Location"] == f"/v1/articles/{article['id']}"
    assert response.headers["ETag"].startswith(f'"{article["id"]}.1.')
    assert article["slug"] == "ferry-strike-ends"
    assert article["section"] == {"path": "news/harbour", "name": "Harbour"}
    assert article["text"] == sent["body"]["content"]
    speaker = {
        "id": article["quotes"][0]["speaker"]["id"],
        "slug": "ann-lee",
        "type": "person",
        "name": "Ann Lee",
    }
    quote = article["quotes"][0]
    assert quote["spans"] == [{"start": 26, "end": 43, "exact": "We will not sell,"}]
    assert quote["text"] == "We will not sell,"
    assert quote["speaker"] == speaker
    assert (quote["anchor"], quote["status"]) == ("anchored", "confirmed")
    assert article["entities"] == [
        {**speaker, "role": "about", "salience": None, "spans": [{"start": 58, "end": 65}]}
    ]
    assert client.get(response.headers["Location"]).json() == article


def test_an_article_needs_a_headline_alone(client: TestClient) -> None:
    response = client.post("/v1/articles", json={"headline": "  A plan\u0301 for the port "})

    article = created(response)
    assert article == {
        "id": article["id"],
        "slug": "a-plan-for-the-port",
        "revision": 1,
        "status": "draft",
        "headline": "A plań for the port",
        "standfirst": None,
        "language": "en",
        "section": None,
        "publisher": None,
        "bylines": [],
        "lead_media": None,
        "source_url": None,
        "canonical_url": None,
        "published_at": None,
        "published_until": None,
        "embargoed_until": None,
        "corrections": [],
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
        "body": [],
        "text": "",
        "text_version": 1,
        "media": [],
        "quotes": [],
        "entities": [],
    }


def test_all_that_was_sent_comes_back(client: TestClient) -> None:
    correction = {"at": "2026-11-20T10:30:00+01:00", "text": "It was Monday."}
    sent = an_article(
        slug="ferries",
        standfirst="An agreement was reached.",
        language="EN-gb",
        publisher={"name": "The Harbour Post"},
        bylines=["Bo Reed", {"name": "Kim Oh", "role": "Photographs", "url": "https://oh.example"}],
        lead_media={"url": "https://pictures.example/quay.png", "caption": "The quay"},
        source_url="https://post.example/ferries",
        canonical_url="https://post.example/f",
        embargoed_until="2026-11-20T11:00:00.123456Z",
        corrections=[correction],
    )

    article = post(client, "articles", sent)

    assert article["slug"] == "ferries"
    assert article["standfirst"] == "An agreement was reached."
    assert article["language"] == "en-GB"
    assert article["publisher"] == {
        "id": article["publisher"]["id"],
        "slug": "the-harbour-post",
        "name": "The Harbour Post",
    }
    assert article["bylines"] == [
        {"name": "Bo Reed", "role": None, "url": None},
        {"name": "Kim Oh", "role": "Photographs", "url": "https://oh.example"},
    ]
    assert article["lead_media"]["caption"] == "The quay"
    assert article["media"] == [article["lead_media"]]
    assert article["source_url"] == "https://post.example/ferries"
    assert article["canonical_url"] == "https://post.example/f"
    assert article["embargoed_until"] == "2026-11-20T11:00:00.123456Z"
    assert article["corrections"] == [{**correction, "at": "2026-11-20T09:30:00Z"}]


def test_a_put_replaces_all_but_what_it_may_leave_out(client: TestClient, clock: Clock) -> None:
    sent = an_article(standfirst="Agreed.", bylines=["Bo Reed"], quotes=[a_quote()])
    article = post(client, "articles", {**sent, "entities": [a_mention()]})
    clock.advance(hours=1)

    response = client.put(
        f"/v1/articles/{article['id']}",
        json={"headline": "Ferries sail", "body": sent["body"]},
        headers=unchanged(article),
    )

    assert saved(response) == {
        **article,
        "headline": "Ferries sail",
        "revision": 2,
        "section": None,
        "standfirst": None,
        "bylines": [],
        "updated_at": "2026-11-20T13:00:00Z",
    }


def test_an_article_is_created_at_a_chosen_id(client: TestClient) -> None:
    response = client.put(
        f"/v1/articles/{AN_ID}", json=an_article(), headers={"If-None-Match": "*"}
    )

    article = created(response)
    assert article["id"] == AN_ID
    assert response.headers["Location"] == f"/v1/articles/{AN_ID}"
    assert client.get(f"/v1/articles/{article['slug']}").json() == article


def test_a_slug_cannot_be_chosen_by_a_put(client: TestClient) -> None:
    response = client.put("/v1/articles/ferries", json=an_article(), headers={"If-None-Match": "*"})

    assert problem_of(response) == (404, "article-not-found")


def test_an_id_is_never_used_again(client: TestClient) -> None:
    entity = post(client, "entities", an_entity())
    client.delete(f"/v1/entities/{entity['id']}", headers=unchanged(entity))

    response = client.put(
        f"/v1/articles/{entity['id']}", json=an_article(), headers={"If-None-Match": "*"}
    )

    assert problem_of(response) == (409, "id-taken")


def test_a_deleted_article_is_gone_with_its_quotes(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))

    response = client.delete(f"/v1/articles/{article['id']}", headers=unchanged(article))

    assert (response.status_code, response.content) == (204, b"")
    assert problem_of(client.get(f"/v1/articles/{article['id']}")) == (404, "article-not-found")
    quote = client.get(f"/v1/quotes/{article['quotes'][0]['id']}")
    assert problem_of(quote) == (404, "quote-not-found")


def test_a_second_article_of_a_headline_gets_a_number(client: TestClient) -> None:
    post(client, "articles", an_article())

    article = post(client, "articles", an_article())

    assert article["slug"] == "ferry-strike-ends-2"


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        pytest.param("Забастовка окончена", "zabastovka-okonchena", id="another alphabet"),
        pytest.param("!!!", "article-", id="signs alone"),
        pytest.param("a" * 26, "a" * 26 + "-", id="what looks like an id"),
    ],
)
def test_every_headline_gives_a_slug(client: TestClient, headline: str, slug: str) -> None:
    article = post(client, "articles", an_article(headline=headline))

    assert article["slug"].startswith(slug)
    assert client.get(f"/v1/articles/{article['slug']}").status_code == 200


def test_a_taken_slug_is_refused(client: TestClient) -> None:
    owner = post(client, "articles", an_article(slug="ferries"))

    response = client.post("/v1/articles", json=an_article(slug="ferries"))

    assert problem_of(response) == (409, "slug-taken")
    assert pointers_of(response) == ["/slug"]
    assert response.json()["conflicting_id"] == owner["id"]


def test_a_former_slug_redirects_reads_and_writes(client: TestClient) -> None:
    article = post(client, "articles", an_article(slug="old"))
    saved(
        client.patch("/v1/articles/old", json={"slug": "new"}, headers=unchanged(article)),
    )

    read = client.get("/v1/articles/old?fields=slug")
    text = client.get("/v1/articles/old.txt")
    nested = client.get("/v1/articles/old/quotes")
    write = client.patch("/v1/articles/old", json={}, headers={"If-Match": "*"})

    assert [answer.status_code for answer in (read, text, nested, write)] == [308] * 4
    assert read.headers["Location"] == "/v1/articles/new?fields=slug"
    assert text.headers["Location"] == "/v1/articles/new.txt"
    assert nested.headers["Location"] == "/v1/articles/new/quotes"
    assert write.headers["Location"] == "/v1/articles/new"


def test_a_former_slug_stays_with_its_article(client: TestClient) -> None:
    article = post(client, "articles", an_article(slug="old"))
    renamed = saved(client.patch("/v1/articles/old", json={"slug": "new"}, headers=ANY))

    taken = client.post("/v1/articles", json=an_article(slug="old"))
    back = client.patch("/v1/articles/new", json={"slug": "old"}, headers=unchanged(renamed))

    assert problem_of(taken) == (409, "slug-taken")
    assert saved(back)["slug"] == "old"
    assert client.get("/v1/articles/old").json()["id"] == article["id"]
    assert client.get("/v1/articles/new").headers["Location"] == "/v1/articles/old"


def test_the_entities_of_an_article_are_a_list_of_their_own(client: TestClient) -> None:
    article = post(client, "articles", an_article(entities=[a_mention(salience=0.5)]))

    response = client.get(f"/v1/articles/{article['id']}/entities")

    assert saved(response) == {"items": article["entities"]}
    assert article["entities"][0]["salience"] == 0.5
    assert article["entities"][0]["spans"] == [{"start": 58, "end": 65}]


def test_the_text_has_an_address_of_its_own(client: TestClient) -> None:
    article = post(client, "articles", an_article())

    by_address = client.get(f"/v1/articles/{article['id']}.txt")
    by_accept = client.get(f"/v1/articles/{article['id']}", headers={"Accept": "text/plain"})

    assert by_address.text == by_accept.text == article["text"]
    assert by_address.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert by_address.headers["ETag"] == by_accept.headers["ETag"]
    assert "Accept" in by_accept.headers["Vary"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"section": AN_ID}, "/section", id="section"),
        pytest.param({"publisher": "nobody"}, "/publisher", id="publisher"),
        pytest.param({"lead_media": AN_ID}, "/lead_media", id="lead_media"),
        pytest.param({"media": [{"caption": "Quay"}, AN_ID]}, "/media/1", id="media"),
        pytest.param(
            {"body": [{"type": "image", "media": AN_ID}]}, "/body/0/media", id="picture in the body"
        ),
        pytest.param(
            {"quotes": [a_quote(), a_quote(text="ferries will sail", speaker={"id": AN_ID})]},
            "/quotes/1/speaker/id",
            id="speaker by id",
        ),
        pytest.param(
            {"quotes": [a_quote(speaker="nobody")]}, "/quotes/0/speaker/slug", id="speaker by slug"
        ),
        pytest.param({"entities": [{"id": AN_ID}]}, "/entities/0/id", id="entity"),
    ],
)
def test_an_unknown_reference_is_pointed_at(
    client: TestClient, changes: Document, pointer: str
) -> None:
    response = client.post("/v1/articles", json=an_article(**changes))

    assert problem_of(response) == (422, "reference-not-found")
    assert pointers_of(response) == [pointer]
    assert saved(client.get("/v1/articles?total=exact"))["total"] == 0
    assert saved(client.get("/v1/entities?total=exact"))["total"] == 0
    assert saved(client.get("/v1/sections?total=exact"))["total"] == 0


def test_an_entity_is_named_once_in_an_article(client: TestClient) -> None:
    response = client.post("/v1/articles", json=an_article(entities=[a_mention(), a_mention()]))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == ["/entities/1"]


@pytest.mark.parametrize(
    ("span", "why"),
    [
        pytest.param({"start": 0, "end": 9999}, "outside", id="outside"),
        pytest.param({"start": 5, "end": 5}, "holds nothing", id="empty"),
    ],
)
def test_a_mention_outside_the_text_is_refused(
    client: TestClient, span: Document, why: str
) -> None:
    mention = a_mention(spans=[{"start": 58, "end": 65}, span])

    response = client.post("/v1/articles", json=an_article(entities=[mention]))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == ["/entities/0/spans/1"]
    assert why in response.json()["detail"]


def test_a_correction_stays_until_it_is_taken_away(client: TestClient) -> None:
    correction = {"at": "2026-11-20T12:00:00Z", "text": "It was Friday."}
    article = post(client, "articles", an_article(corrections=[correction]))
    path = f"/v1/articles/{article['id']}"

    replaced = saved(client.put(path, json=an_article(headline="Sailing"), headers=ANY))
    emptied = saved(client.patch(path, json={"corrections": None}, headers=ANY))

    assert replaced["corrections"] == [correction]
    assert emptied["corrections"] == []
