"""What is suggested while somebody writes, and which articles are near one."""

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.database.session import Database
from tests.builders import (
    AN_ID,
    a_mention,
    a_quote,
    an_article,
    an_entity,
    post,
    problem_of,
    saved,
    text_body,
)
from tests.commands import run
from tests.conftest import Clock


@pytest.fixture
def newsroom(client: TestClient) -> TestClient:
    post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention()]))
    post(
        client,
        "articles",
        an_article(headline="Annual ferry accounts", entities=[a_mention()], quotes=[]),
    )
    post(client, "entities", an_entity(name="Anna Sorel"))
    hidden = an_article(
        headline="Anniversary plans", status="draft", entities=[a_mention(name="Annette Dray")]
    )
    post(client, "articles", hidden)
    return client


def suggested(client: TestClient, query: str) -> list[tuple[str, bool]]:
    items = saved(client.get(f"/v1/suggest?{query}"))["items"]
    return [
        (item["entity"]["name"] if item["type"] == "entity" else item["article"]["headline"],
         item["mended"])
        for item in items
    ]  # fmt: skip


SUGGESTED: dict[str, list[tuple[str, bool]]] = {
    "q=ann": [("Ann Lee", False), ("Anna Sorel", False), ("Annual ferry accounts", False)],
    "q=ANN L": [("Ann Lee", False)],
    "q=ann&type=article": [("Annual ferry accounts", False)],
    "q=ann&type=entity&limit=1": [("Ann Lee", False)],
    "q=ann&limit=2": [("Ann Lee", False), ("Annual ferry accounts", False)],
    "q=ferry st": [("Ferry strike ends", False)],
    "q=strike fer": [("Ferry strike ends", False)],
    "q=annette": [],
    "q=anniversary": [],
    "q=zzz": [],
    "q=": [],
    "q=%F0%9F%9A%A2": [],
    "q=' OR 1=1 --": [],
    "q=sorle": [("Anna Sorel", True)],
    "q=stirke": [("Ferry strike ends", True)],
}


def test_names_and_headlines_are_suggested(newsroom: TestClient) -> None:
    assert {query: suggested(newsroom, query) for query in SUGGESTED} == SUGGESTED


def test_wrong_parameters_are_refused(client: TestClient) -> None:
    for query in ("", "q=a&q=b", "q=a&limit=0", "q=a&type=quote", f"q={'a' * 201}"):
        response = client.get(f"/v1/suggest?{query}")
        assert problem_of(response) == (400, "invalid-parameter"), query


def headlines(client: TestClient, article: str, query: str = "") -> list[str]:
    page = saved(client.get(f"/v1/articles/{article}/related?{query}"))
    return [item["headline"] for item in page["items"]]


def test_related_articles_share_entities_and_words(newsroom: TestClient, clock: Clock) -> None:
    port = "The port’s board meets again on Monday."
    post(
        newsroom,
        "articles",
        an_article(headline="Board meets", body=text_body(port), entities=[a_mention()]),
    )
    garden = "Roses bloom early."
    post(newsroom, "articles", an_article(headline="In the garden", body=text_body(garden)))
    later = "2026-11-25T08:00:00Z"
    post(
        newsroom,
        "articles",
        an_article(headline="Ferry talks", published_at=later, entities=[a_mention()]),
    )

    near = headlines(newsroom, "ferry-strike-ends")
    assert set(near) == {"Annual ferry accounts", "Board meets"}
    assert headlines(newsroom, "ferry-strike-ends", "limit=1") == near[:1]
    assert headlines(newsroom, "in-the-garden") == []
    assert headlines(newsroom, "anniversary-plans") == []
    clock.advance(days=10)
    assert "Ferry talks" in headlines(newsroom, "ferry-strike-ends")


def test_only_what_is_public_has_related_articles(reader: TestClient, newsroom: TestClient) -> None:
    response = reader.get("/v1/articles/anniversary-plans/related")
    assert problem_of(response) == (404, "article-not-found")
    assert problem_of(reader.get(f"/v1/articles/{AN_ID}/related")) == (404, "article-not-found")


def test_the_index_is_made_anew(
    newsroom: TestClient, database: Database, database_url: str
) -> None:
    before = saved(newsroom.get("/v1/search?q=ferry"))
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM search_articles"))
        connection.execute(text("DELETE FROM search_names"))
    done = run("reindex", database_url=database_url)

    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("looked at ")
    after = saved(newsroom.get("/v1/search?q=ferry"))
    assert [hit["score"] for hit in after["items"]] == [hit["score"] for hit in before["items"]]
    assert suggested(newsroom, "q=ann l") == [("Ann Lee", False)]
