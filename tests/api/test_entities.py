"""What a client sees of entities."""

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
    ids_of,
    pointers_of,
    post,
    problem_of,
    saved,
    text_body,
    unchanged,
)

WIKIDATA = {"scheme": "wikidata", "value": "Q42"}


def test_an_entity_is_kept_as_sent(client: TestClient) -> None:
    sent = an_entity(
        aliases=["A. Lee", "Annie"],
        description="Leads the union.",
        external_ids=[{"scheme": "wikidata", "value": "https://www.wikidata.org/wiki/Q42"}],
        image={"url": "https://pictures.example/lee.png"},
    )

    response = client.post("/v1/entities", json=sent)

    entity = created(response)
    assert entity == {
        "id": entity["id"],
        "slug": "ann-lee",
        "type": "person",
        "name": "Ann Lee",
        "revision": 1,
        "aliases": ["A. Lee", "Annie"],
        "description": "Leads the union.",
        "external_ids": [WIKIDATA],
        "image": entity["image"],
        "reviewed": True,
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    }
    assert response.headers["Location"] == f"/v1/entities/{entity['id']}"
    assert saved(client.get("/v1/entities/ann-lee")) == entity


def test_an_entity_is_replaced_patched_and_deleted(client: TestClient) -> None:
    entity = post(client, "entities", an_entity(aliases=["Annie"], external_ids=[WIKIDATA]))
    path = f"/v1/entities/{entity['id']}"

    patched = saved(client.patch(path, json={"description": "So."}, headers=unchanged(entity)))
    replaced = saved(client.put(path, json=an_entity(name="Ann Oh"), headers=unchanged(patched)))
    deleted = client.delete(path, headers=unchanged(replaced))

    assert patched == {**entity, "description": "So.", "revision": 2}
    assert replaced == {
        **entity, "name": "Ann Oh", "aliases": [], "external_ids": [], "revision": 3
    }  # fmt: skip
    assert deleted.status_code == 204
    assert problem_of(client.get(path)) == (404, "entity-not-found")


def test_a_former_slug_of_an_entity_redirects(client: TestClient) -> None:
    post(client, "entities", an_entity())
    saved(client.patch("/v1/entities/ann-lee", json={"slug": "ann-oh"}, headers=ANY))

    response = client.get("/v1/entities/ann-lee/timeline")

    assert (response.status_code, response.headers["Location"]) == (
        308,
        "/v1/entities/ann-oh/timeline",
    )


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param({"name": "Ann Lee", "type": "person"}, id="name and type"),
        pytest.param({"name": "ANN  LÉE"}, id="case, accents and spaces"),
        pytest.param({"name": "Annie"}, id="alias"),
        pytest.param({"name": "Somebody", "external_ids": [WIKIDATA]}, id="external id"),
        pytest.param({"slug": "ann-lee"}, id="slug"),
        pytest.param("ann-lee", id="slug alone"),
    ],
)
def test_a_reference_finds_the_known_entity(client: TestClient, reference: object) -> None:
    entity = post(client, "entities", an_entity(aliases=["Annie"], external_ids=[WIKIDATA]))

    article = post(client, "articles", an_article(quotes=[a_quote(speaker=reference)]))

    assert article["quotes"][0]["speaker"]["id"] == entity["id"]
    assert saved(client.get("/v1/entities?total=exact"))["total"] == 1


def test_a_new_name_is_added_and_not_reviewed(client: TestClient) -> None:
    mention = a_mention(name="Port Board", type="organization", external_ids=[WIKIDATA])

    article = post(client, "articles", an_article(entities=[mention]))

    entity = saved(client.get("/v1/entities/port-board"))
    assert article["entities"][0]["id"] == entity["id"]
    assert (entity["reviewed"], entity["type"]) == (False, "organization")
    assert entity["external_ids"] == [WIKIDATA]


def test_another_type_is_another_entity(client: TestClient) -> None:
    post(client, "entities", an_entity(name="Georgia", type="person"))

    article = post(client, "articles", an_article(entities=[{"name": "Georgia", "type": "place"}]))

    assert article["entities"][0]["slug"] == "georgia-2"


def test_a_name_of_several_is_refused_with_the_candidates(client: TestClient) -> None:
    entities = [post(client, "entities", an_entity()) for _ in range(2)]

    response = client.post("/v1/articles", json=an_article(quotes=[a_quote()]))

    assert problem_of(response) == (422, "entity-ambiguous")
    assert pointers_of(response) == ["/quotes/0/speaker"]
    assert response.json()["candidates"] == [
        {member: entity[member] for member in ("id", "slug", "type", "name")} for entity in entities
    ]


def test_a_name_goes_before_an_alias(client: TestClient) -> None:
    post(client, "entities", an_entity(name="Annie Oh", aliases=["Ann Lee"]))
    entity = post(client, "entities", an_entity())

    article = post(client, "articles", an_article(quotes=[a_quote()]))

    assert article["quotes"][0]["speaker"]["id"] == entity["id"]


def test_an_external_id_names_one_entity(client: TestClient) -> None:
    owner = post(client, "entities", an_entity(external_ids=[WIKIDATA]))
    other = {"scheme": "isni", "value": "0000 0001 2103 2683"}

    response = client.post(
        "/v1/entities", json=an_entity(name="Bo", external_ids=[other, WIKIDATA])
    )

    assert problem_of(response) == (409, "external-id-taken")
    assert pointers_of(response) == ["/external_ids/1"]
    assert response.json()["conflicting_id"] == owner["id"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"name": " "}, "/name", id="blank name"),
        pytest.param({"type": "persn"}, "/type", id="unknown type"),
        pytest.param({"slug": "Ann Lee"}, "/slug", id="impossible slug"),
        pytest.param({"slug": "a" * 26}, "/slug", id="slug like an id"),
        pytest.param({"aliases": ["A", "A"]}, "", id="an alias twice"),
        pytest.param({"external_ids": [WIKIDATA, WIKIDATA]}, "", id="an external id twice"),
        pytest.param(
            {"external_ids": [{"scheme": "wikidata", "value": "42"}]}, "/external_ids/0", id="no Q"
        ),
        pytest.param({"image": {"id": AN_ID}}, "/image", id="unknown picture"),
        pytest.param({"nam": "Ann"}, "/nam", id="unknown field"),
        pytest.param({"reviewed": "maybe"}, "/reviewed", id="no truth"),
    ],
)
def test_a_wrong_entity_is_pointed_at(client: TestClient, changes: Document, pointer: str) -> None:
    response = client.post("/v1/entities", json=an_entity(**changes))

    assert response.status_code == 422
    assert pointers_of(response) == [pointer]


@pytest.mark.parametrize(
    "use", [{"quotes": [a_quote()]}, {"entities": [a_mention()]}], ids=["quoted", "mentioned"]
)
def test_an_entity_in_use_cannot_be_deleted(client: TestClient, use: Document) -> None:
    entity = post(client, "entities", an_entity())
    post(client, "articles", an_article(**use))

    response = client.delete(f"/v1/entities/{entity['id']}", headers=ANY)

    assert problem_of(response) == (409, "resource-in-use")
    assert client.get(f"/v1/entities/{entity['id']}").status_code == 200


def test_quotes_and_articles_of_an_entity_are_lists(client: TestClient) -> None:
    quoting = post(client, "articles", an_article(quotes=[a_quote()]))
    mentioning = post(
        client, "articles", an_article(entities=[a_mention()], published_at="2026-11-19T08:00:00Z")
    )
    post(client, "articles", an_article(quotes=[a_quote(speaker={"name": "Bo Reed"})]))

    quotes = client.get("/v1/entities/ann-lee/quotes")
    articles = client.get("/v1/entities/ann-lee/articles")

    assert ids_of(quotes) == [quoting["quotes"][0]["id"]]
    assert ids_of(articles) == [quoting["id"], mentioning["id"]]


def test_those_named_together_are_counted_by_article(client: TestClient) -> None:
    others = [{"name": "Bo Reed"}, {"name": "Kim Oh"}]
    post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention(), *others]))
    post(client, "articles", an_article(entities=[a_mention(), others[1]]))
    post(client, "articles", an_article(entities=[a_mention(), others[0]], status="draft"))

    found = saved(client.get("/v1/entities/ann-lee/cooccurring"))["items"]

    assert [(one["slug"], one["articles"]) for one in found] == [("kim-oh", 2), ("bo-reed", 1)]


def test_a_timeline_counts_by_month_in_utc(client: TestClient) -> None:
    two = [a_quote(), a_quote(text="ferries will sail")]
    for published, content in (
        ("2026-09-30T23:30:00-01:00", {"quotes": two}),
        ("2026-09-30T23:59:59.999999Z", {"entities": [a_mention()]}),
        ("2026-10-31T23:00:00Z", {"quotes": [a_quote(status="retracted")], "entities": []}),
        ("2026-10-05T12:00:00Z", {"quotes": [a_quote()], "status": "draft"}),
    ):
        post(client, "articles", an_article(published_at=published, **content))

    found = saved(client.get("/v1/entities/ann-lee/timeline"))["items"]

    assert found == [
        {"month": "2026-10", "articles": 1, "quotes": 2},
        {"month": "2026-09", "articles": 1, "quotes": 0},
    ]


@pytest.mark.parametrize("below", ["", "/quotes", "/articles", "/cooccurring", "/timeline"])
def test_nothing_is_read_of_an_unknown_entity(client: TestClient, below: str) -> None:
    response = client.get(f"/v1/entities/nobody{below}")

    assert problem_of(response) == (404, "entity-not-found")


def test_the_longest_name_is_found_in_the_text(client: TestClient) -> None:
    post(client, "entities", an_entity(name="Lee", aliases=["Ann Lee"]))

    article = post(
        client,
        "articles",
        an_article(body=text_body("Ann Lee won. Lee’s crew, Leeds."), entities=[{"name": "Lee"}]),
    )

    assert article["entities"][0]["spans"] == [{"start": 0, "end": 7}, {"start": 13, "end": 16}]
