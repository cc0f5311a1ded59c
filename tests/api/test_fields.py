"""What a client sees of `fields` and `include`."""

import pytest
from starlette.testclient import TestClient

from tests.builders import a_mention, a_picture, a_quote, an_article, post, problem_of, saved

HEAVY = ("body", "text", "text_version", "media", "quotes", "entities")


@pytest.fixture
def newsroom(client: TestClient) -> TestClient:
    picture = {"url": a_picture()["renditions"][0]["url"]}
    sent = an_article(quotes=[a_quote()], entities=[a_mention()], lead_media=picture)
    post(client, "articles", sent)
    return client


def test_fields_keep_the_named_members(newsroom: TestClient) -> None:
    path = "/v1/articles/ferry-strike-ends"
    article = saved(newsroom.get(path))

    found = saved(
        newsroom.get(f"{path}?fields=headline,section.name,quotes.speaker.name,quotes.id")
    )

    assert found == {
        "headline": article["headline"],
        "section": {"name": "Harbour"},
        "quotes": [{"speaker": {"name": "Ann Lee"}, "id": article["quotes"][0]["id"]}],
    }


def test_a_member_goes_before_its_own_members(newsroom: TestClient) -> None:
    path = "/v1/articles/ferry-strike-ends"

    found = saved(newsroom.get(f"{path}?fields=section,section.name"))

    assert found["section"]["name"] == "Harbour"


def test_an_item_of_a_list_is_light_unless_asked(newsroom: TestClient) -> None:
    article = saved(newsroom.get("/v1/articles/ferry-strike-ends"))

    light = saved(newsroom.get("/v1/articles"))["items"][0]
    included = saved(newsroom.get("/v1/articles?include=quotes,entities,media"))["items"][0]
    chosen = saved(newsroom.get("/v1/articles?fields=slug,text,quotes"))["items"][0]
    both = saved(newsroom.get("/v1/articles?fields=slug&include=entities"))["items"][0]

    assert light == {name: value for name, value in article.items() if name not in HEAVY}
    heavy = {name: article[name] for name in ("quotes", "entities", "media")}
    assert included == {**light, **heavy}
    assert chosen == {name: article[name] for name in ("slug", "text", "quotes")}
    assert both == {name: article[name] for name in ("slug", "entities")}


def test_a_section_is_included_whole(newsroom: TestClient) -> None:
    section = saved(newsroom.get("/v1/sections/news/harbour"))

    alone = saved(newsroom.get("/v1/articles/ferry-strike-ends?include=section"))
    listed = saved(newsroom.get("/v1/articles?include=section&fields=slug"))["items"]

    assert alone["section"] == section
    assert listed == [{"slug": "ferry-strike-ends", "section": section}]


@pytest.mark.parametrize(
    ("path", "fields", "item"),
    [
        ("/v1/quotes", "text,article.slug", {"text": None, "article": ["slug"]}),
        ("/v1/entities", "name,image.renditions.url", {"name": None, "image": None}),
        ("/v1/sections", "path", {"path": None}),
        ("/v1/media", "renditions.url", {"renditions": None}),
        ("/v1/entities/ann-lee/quotes", "spans.exact", {"spans": None}),
        ("/v1/articles/ferry-strike-ends/quotes", "kind", {"kind": None}),
    ],
)
def test_fields_trim_every_list(
    newsroom: TestClient, path: str, fields: str, item: dict[str, object]
) -> None:
    (first, *_) = saved(newsroom.get(f"{path}?fields={fields}"))["items"]

    assert first.keys() == item.keys()


@pytest.mark.parametrize(
    ("query", "parameter", "nearest"),
    [
        ("fields=headlin", "fields", "headline"),
        ("fields=section.nme", "fields", "name"),
        ("fields=quotes.speaker.nam", "fields", "name"),
        ("fields=", "fields", ""),
        ("fields=headline.x", "fields", ""),
        ("include=quote", "include", "quotes"),
        ("fields=id&fields=slug", "fields", "more than once"),
        ("include=quotes&include=media", "include", "more than once"),
        ("field=id", "field", "fields"),
    ],
)
def test_an_unknown_field_is_refused_with_the_nearest(
    newsroom: TestClient, query: str, parameter: str, nearest: str
) -> None:
    for path in ("/v1/articles/ferry-strike-ends", "/v1/articles"):
        response = newsroom.get(f"{path}?{query}")

        assert problem_of(response) == (400, "invalid-parameter")
        assert response.json()["errors"][0]["parameter"] == parameter
        assert nearest in response.json()["detail"]
