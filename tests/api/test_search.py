"""What a client sees of `GET /v1/search`: typed hits, places of the words, pages and counts."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote as escaped

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_picture,
    a_quote,
    an_article,
    an_entity,
    post,
    problem_of,
    saved,
    text_body,
)
from tests.conftest import Clock
from tests.search.articles import MALFORMED

# The last sign takes two UTF-16 units.
PORT = "The port’s 🚢 board meets again. “Ferries will sail as planned,” said Bo Reed."


@pytest.fixture
def newsroom(client: TestClient) -> TestClient:
    post(client, "articles", an_article(quotes=[a_quote()], standfirst="The longest in years"))
    post(
        client,
        "articles",
        an_article(
            headline="Timetable is back",
            section="news",
            published_at="2026-10-05T08:00:00Z",
            body=text_body(PORT),
            quotes=[a_quote(text="Ferries will sail as planned,", speaker={"name": "Bo Reed"})],
            entities=[a_mention()],
        ),
    )
    post(client, "entities", an_entity(name="Ferry Board", type="organization"))
    return client


def hits(client: TestClient, query: str) -> list[Document]:
    found: list[Document] = saved(client.get(f"/v1/search?{query}"))["items"]
    return found


def names(client: TestClient, query: str) -> set[tuple[str, str]]:
    shown = {"article": "headline", "quote": "text", "entity": "name"}
    return {(hit["type"], hit[hit["type"]][shown[hit["type"]]]) for hit in hits(client, query)}


STRIKE = ("article", "Ferry strike ends")
TIMETABLE = ("article", "Timetable is back")
SELL = ("quote", "We will not sell,")
SAIL = ("quote", "Ferries will sail as planned,")
BOARD = ("entity", "Ferry Board")


FOUND: dict[str, set[tuple[str, str]]] = {
    # all types
    "q=ferry": {STRIKE, TIMETABLE, SELL, SAIL, BOARD},
    # one type
    "q=ferry&type=article": {STRIKE, TIMETABLE},
    # two types
    "q=ferry&type=quote,entity": {SELL, SAIL, BOARD},
    # who said it, and of what
    "q=speaker:reed ferry": {TIMETABLE, SAIL},
    # by slug
    "q=ferry&speaker=bo-reed&type=quote": {SAIL},
    # OR
    "q=ferry&speaker=bo-reed,ann-lee&type=quote": {SELL, SAIL},
    # AND
    "q=ferry&speaker=bo-reed&speaker=ann-lee": set(),
    # an unknown entity
    "q=ferry&speaker=nobody": set(),
    # spoken of
    "q=ferry&entity=ann-lee&type=article": {STRIKE, TIMETABLE},
    # a section
    "q=ferry&section=news/harbour": {STRIKE, SELL},
    # a language
    "q=ferry&language=en&type=quote": {SELL, SAIL},
    # another language
    "q=ferry&language=en-GB": set(),
    # between
    "q=ferry&published=2026-10-01..2026-10-31": {TIMETABLE, SAIL},
    # since
    "q=ferry&published=2026-10-06..": {STRIKE, SELL},
    # both
    "q=ferry&published=2026-10-05&speaker=ann-lee": set(),
    # any
    "q=strike timetable&match=any&type=article": {STRIKE, TIMETABLE},
    # all
    "q=strike timetable&type=article": set(),
}


def test_a_search_finds(newsroom: TestClient) -> None:
    assert {query: names(newsroom, query) for query in FOUND} == FOUND
    assert {query: names(newsroom, f"{query}&sort=newest") for query in FOUND} == FOUND


def words_at(text: str, stretches: list[Document], *, utf16: bool = False) -> list[str]:
    units = text.encode("utf-16-le") if utf16 else None
    return [
        text[one["start"] : one["end"]]
        if units is None
        else units[2 * one["start"] : 2 * one["end"]].decode("utf-16-le")
        for one in stretches
    ]


@pytest.mark.parametrize("utf16", [False, True])
def test_the_places_of_the_words_are_told(newsroom: TestClient, utf16: bool) -> None:
    offsets = "&offsets=utf16" if utf16 else ""
    (hit,) = hits(newsroom, f"q=board sailing -strike&type=article{offsets}")
    text = saved(newsroom.get(f"/v1/articles/{hit['article']['id']}"))["text"]
    (said,) = hits(newsroom, f'q="will sail" planned&type=quote{offsets}')
    (named,) = hits(newsroom, f"q=board&type=entity{offsets}")

    assert words_at(text, hit["highlights"]["text"], utf16=utf16) == ["board", "sail"]
    snippet = hit["snippet"]
    assert words_at(text, [snippet], utf16=utf16) == [snippet["text"]]
    assert words_at(text, snippet["highlights"], utf16=utf16) == ["board", "sail"]
    assert words_at(text, said["highlights"]["text"], utf16=utf16) == ["will sail", "planned"]
    assert words_at(text, said["quote"]["spans"], utf16=utf16) == [said["quote"]["text"]]
    assert said["snippet"]["text"] == said["quote"]["text"]
    assert said["quote"]["speaker"]["name"] == "Bo Reed"
    assert said["quote"]["article"]["id"] == hit["article"]["id"]
    assert words_at("Ferry Board", named["highlights"]["name"]) == ["Board"]


def test_the_headline_comes_before_the_body(newsroom: TestClient) -> None:
    first, second = hits(newsroom, "q=ferry&type=article")

    assert (first["article"]["headline"], second["article"]["headline"]) == (
        "Ferry strike ends",
        "Timetable is back",
    )
    assert first["score"] > second["score"] > 0
    assert first["highlights"]["headline"] == [{"start": 0, "end": 5}]
    assert all(hit["score"] is None for hit in hits(newsroom, "q=ferry&sort=newest"))


def test_a_common_word_is_worth_little_in_a_name_too(newsroom: TestClient) -> None:
    (common,) = hits(newsroom, "q=ferry&type=entity")
    (rare,) = hits(newsroom, "q=board -zeppelin&type=entity")
    post(newsroom, "entities", an_entity(name="Zeppelin Works", type="organization"))
    (unknown,) = hits(newsroom, "q=zeppelin&type=entity")

    assert common["score"] == rare["score"] < unknown["score"]


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_pages_hold_each_hit_once(newsroom: TestClient, clock: Clock, sort: str) -> None:
    for number in range(5):
        post(newsroom, "articles", an_article(headline=f"Ferry number {number}"))
    whole = saved(newsroom.get(f"/v1/search?q=ferry&sort={sort}"))
    found: list[Document] = []
    target = f"/v1/search?q=ferry&sort={sort}&limit=2"
    pages = 0
    while target:
        response = newsroom.get(target)
        page = saved(response)
        found += page["items"]
        pages += 1
        # What is published meanwhile is not in any of the pages.
        clock.advance(seconds=1)
        post(newsroom, "articles", an_article(headline="Ferry late", published_at=None))
        target = response.links["next"]["url"] if page["next_cursor"] else ""

    assert pages == (len(whole["items"]) + 1) // 2
    assert [(one["type"], one[one["type"]]["id"]) for one in found] == [
        (one["type"], one[one["type"]]["id"]) for one in whole["items"]
    ]
    assert whole["ranking"] == ("full" if sort == "relevance" else None)


def test_a_cursor_is_of_one_search(newsroom: TestClient) -> None:
    cursor = saved(newsroom.get("/v1/search?q=ferry&limit=1"))["next_cursor"]

    for changed in ("q=ferries", "q=ferry&sort=newest", "q=ferry&type=quote", "q=ferry&match=any"):
        response = newsroom.get(f"/v1/search?{changed}&cursor={cursor}")
        assert problem_of(response) == (400, "invalid-cursor")


def test_facets_count_the_hits(newsroom: TestClient) -> None:
    facets = "facets=section,entity,speaker,month,language&total=estimate"
    page = saved(newsroom.get(f"/v1/search?q=ferry&type=article&{facets}"))
    narrowed = saved(newsroom.get(f"/v1/search?q=ferry&type=article&section=news/harbour&{facets}"))

    counted = page["facets"]
    assert (page["total"], page["total_relation"]) == (2, "exact")
    assert (counted["counted"], counted["bounded"]) == (2, False)
    assert {one["path"]: one["count"] for one in counted["section"]} == {
        "news/harbour": 1,
        "news": 1,
    }
    assert {one["slug"]: one["count"] for one in counted["entity"]} == {"ann-lee": 2, "bo-reed": 1}
    assert {one["slug"]: one["count"] for one in counted["speaker"]} == {"ann-lee": 1, "bo-reed": 1}
    assert counted["month"] == [{"month": "2026-11", "count": 1}, {"month": "2026-10", "count": 1}]
    assert counted["language"] == [{"language": "en", "count": 2}]
    assert narrowed["total"] == 1
    assert [one["slug"] for one in narrowed["facets"]["speaker"]] == ["ann-lee"]


def test_only_the_fields_that_are_wanted(newsroom: TestClient) -> None:
    found = hits(newsroom, "q=ferry&fields=type,article.headline,quote.text")

    assert {"type": "article", "article": {"headline": "Ferry strike ends"}} in found
    assert {"type": "quote", "quote": {"text": "We will not sell,"}} in found


def test_what_is_not_public_is_not_found(newsroom: TestClient, clock: Clock) -> None:
    hidden: list[dict[str, Any]] = [
        {"status": "draft"},
        {"published_at": "2027-01-01T00:00:00Z"},
        {"embargoed_until": "2027-01-01T00:00:00Z"},
    ]
    for content in hidden:
        sent = an_article(headline="Zanzibar", quotes=[a_quote()], **content)
        post(newsroom, "articles", sent)
    query = "q=zanzibar&total=estimate&facets=month,speaker"

    before = saved(newsroom.get(f"/v1/search?{query}"))
    clock.advance(days=60)
    after = saved(newsroom.get(f"/v1/search?{query}"))

    assert (before["items"], before["total"], before["facets"]["month"]) == ([], 0, [])
    assert len(after["items"]) == after["total"] == 4


def test_a_withdrawn_article_is_gone_between_pages(newsroom: TestClient) -> None:
    first = saved(newsroom.get("/v1/search?q=ferry&type=article&limit=1&sort=newest"))
    later = hits(newsroom, "q=ferry&type=article")[1]["article"]["id"]
    saved(newsroom.delete(f"/v1/articles/{later}/publication", headers=ANY))

    cursor = first["next_cursor"]
    second = saved(
        newsroom.get(f"/v1/search?q=ferry&type=article&limit=1&sort=newest&cursor={cursor}")
    )

    assert (second["items"], second["next_cursor"]) == ([], None)


def test_a_malformed_query_says_where(client: TestClient) -> None:
    for query, (position, reason) in MALFORMED.items():
        response = client.get(f"/v1/search?q={escaped(query)}")
        assert problem_of(response) == (400, "search-malformed"), query
        (error,) = response.json()["errors"]
        assert error["parameter"] == "q"
        assert reason in error["detail"]
        if reason != "no word":
            assert error["position"] == position, query


BAD = [
    "!!!",
    "NEAR(ferry, 5) AND {headline}: ^x",
    "'; DROP TABLE search_articles; --",
    "ferry " + "\x00\x01\x1b" * 50,
    " OR ".join(f"w{number}" for number in range(1_000)),
    "(" * 2_000 + ")" * 2_000,
    "x" * 10_000,
    "* * * *",
    "** ferry **",
    ":::headline:::",
    "\ud7ff\ufffe\U000e0001 \u202e ferry",
    "- - - - -",
    '"""""""',
    "ferry:* & !strike | (sail <-> on)",
    "the of and to in is it",
]


def test_bad_input_is_answered_or_refused(newsroom: TestClient) -> None:
    for query in BAD:
        for sort in ("relevance", "newest"):
            asked = {"q": query, "sort": sort, "facets": "section,entity"}
            response = newsroom.get("/v1/search", params=asked)
            if response.status_code != 200:
                assert problem_of(response) == (400, "search-malformed"), query


def test_wrong_parameters_are_refused(client: TestClient) -> None:
    for query in (
        "",
        "q=a+b&q=c",
        "q=ferry&sort=best",
        "q=ferry&type=media",
        "q=ferry&facets=author",
        "q=ferry&limit=0",
        "q=ferry&match=some",
        "q=ferry&published=2026-10",
        "q=ferry&sction=news",
        "q=ferry&section=,",
    ):
        response = client.get(f"/v1/search?{query}")
        assert problem_of(response) == (400, "invalid-parameter"), query


def test_a_search_that_takes_too_long_is_given_up(
    newsroom: TestClient, settings: Settings, clock: Clock
) -> None:
    for number in range(10):
        words = " ".join(f"word{number}x{one}" for one in range(2_000))
        post(newsroom, "articles", an_article(body=text_body(words)))
    hurried = replace(settings, search_timeout_seconds=0.001)
    query = " OR ".join(f"wo* -word{number}*" for number in range(4))
    with TestClient(create_app(hurried, clock=clock)) as client:
        for _ in range(20):
            response = client.get(f"/v1/search?q={query}&facets=entity")
            if response.status_code != 200:
                break

        assert problem_of(response) == (503, "search-timeout")
        assert int(response.headers["Retry-After"]) > 0
        assert client.get("/v1/articles").status_code == 200


LISTED: dict[str, set[str]] = {
    "articles?q=strike": {"Ferry strike ends"},
    "articles?q=ferry&sort=headline": {"Ferry strike ends", "Timetable is back"},
    "articles?q=ferry&section=news/harbour": {"Ferry strike ends"},
    "articles?q=speaker:reed -strike": {"Timetable is back"},
    "articles?q=zeppelin": set(),
    "quotes?q=sail": {"Ferries will sail as planned,"},
    "quotes?q=ferry&speaker=ann-lee": {"We will not sell,"},
    "articles/ferry-strike-ends/quotes?q=sell": {"We will not sell,"},
    "articles/ferry-strike-ends/quotes?q=sail": set(),
    "entities?q=board": {"Ferry Board"},
    "entities?q=ann*": {"Ann Lee"},
    "entities/bo-reed/quotes?q=planned": {"Ferries will sail as planned,"},
    "entities/bo-reed/articles?q=strike": set(),
    "entities/bo-reed/articles?q=timetable": {"Timetable is back"},
    "sections?q=harb*": {"news/harbour"},
    "publishers?q=gazette": {"Harbour Gazette"},
    "media?q=quay": {"Crews at the quay"},
}


def test_lists_are_searched(newsroom: TestClient) -> None:
    hall = {
        "headline": "Hall opens",
        "section": "town",
        "body": text_body("Doors."),
        "media": [a_picture()],
        "publisher": {"name": "Harbour Gazette"},
    }
    post(newsroom, "articles", an_article(**hall))
    members = ("headline", "text", "caption", "path", "name")
    for target, expected in LISTED.items():
        page = saved(newsroom.get(f"/v1/{target}&total=exact"))
        shown = {next(item[name] for name in members if name in item) for item in page["items"]}
        assert (shown, page["total"]) == (expected, len(expected)), target


def test_a_searched_list_is_paged(newsroom: TestClient) -> None:
    first = saved(newsroom.get("/v1/articles?q=ferry&limit=1&sort=headline"))
    cursor = first["next_cursor"]
    second = saved(newsroom.get(f"/v1/articles?q=ferry&limit=1&sort=headline&cursor={cursor}"))

    headlines = [item["headline"] for page in (first, second) for item in page["items"]]
    assert headlines == ["Ferry strike ends", "Timetable is back"]
    assert second["next_cursor"] is None
    other = newsroom.get(f"/v1/articles?q=strike&limit=1&sort=headline&cursor={cursor}")
    assert problem_of(other) == (400, "invalid-cursor")


def test_a_common_word_in_a_list(newsroom: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    targets = ("articles?q=ferry -strike", 'quotes?q="will sail"', "articles?q=ferr*")
    rare = [saved(newsroom.get(f"/v1/{target}")) for target in targets]
    monkeypatch.setattr("app.search.asking.MANY", 0)

    assert [saved(newsroom.get(f"/v1/{target}")) for target in targets] == rare
    assert [len(page["items"]) for page in rare] == [1, 1, 2]


def test_a_list_tells_what_is_wrong_with_a_query(client: TestClient) -> None:
    for path in ("articles", "quotes", "entities", "sections", "publishers", "media"):
        response = client.get(f"/v1/{path}?q=(ferry")
        assert problem_of(response) == (400, "search-malformed")
        assert response.json()["errors"][0]["position"] == 6


def test_a_draft_is_not_found_in_lists(newsroom: TestClient) -> None:
    post(newsroom, "articles", an_article(headline="Zanzibar", status="draft"))

    assert len(saved(newsroom.get("/v1/articles?status=draft"))["items"]) == 1
    assert saved(newsroom.get("/v1/articles?q=zanzibar"))["items"] == []
