"""What a client sees of lists: filters, sorting, pages and totals."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.builders import Document, a_mention, a_quote, an_article, post, problem_of, saved

# Headline, instant of publication and status; None: a draft without one.
ARTICLES: list[tuple[str, str | None, Document]] = [
    ("A", "2026-11-01T00:00:00Z", {"section": "news", "language": "en"}),
    ("B", "2026-11-09T23:59:59.999999Z", {"section": "news/harbour", "language": "de"}),
    ("C", "2026-11-10T00:00:00Z", {"section": "sport", "language": "en"}),
    ("D", None, {"section": "sport", "language": "fr", "status": "draft"}),
    ("E", None, {"section": None, "language": "en", "status": "draft"}),
]


@pytest.fixture
def newsroom(client: TestClient) -> TestClient:
    for headline, published, content in ARTICLES:
        mentions = [a_mention()] if headline in "AD" else []
        quotes = [a_quote(speaker={"name": "Bo Reed"})] if headline in "AB" else []
        sent = {**content, "entities": mentions, "quotes": quotes, "published_at": published}
        post(client, "articles", an_article(headline=headline, **sent))
    return client


def headlines(client: TestClient, query: str) -> str:
    page = saved(client.get(f"/v1/articles?sort=headline&{query}"))
    return "".join(item["headline"] for item in page["items"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("section=news", "AB", id="a section and those below"),
        pytest.param("section=news/harbour,sport", "BCD", id="a comma is OR"),
        pytest.param("not_section=news", "CDE", id="what has none is not excluded"),
        pytest.param("not_section=news,sport", "E", id="neither of two"),
        pytest.param("not_section=news&not_section=sport", "E", id="not one and not the other"),
        pytest.param("entity=ann-lee", "AD", id="mentioned"),
        pytest.param("entity=bo-reed", "AB", id="quoted counts as spoken of"),
        pytest.param("entity=ann-lee&entity=bo-reed", "A", id="repeated is AND"),
        pytest.param("entity=ann-lee,bo-reed", "ABD", id="either"),
        pytest.param("entity=ann-lee&not_speaker=bo-reed", "D", id="one without the other"),
        pytest.param("language=en&not_status=draft", "AC", id="two filters"),
        pytest.param("status=draft,live", "ABCDE", id="two values"),
        pytest.param("published=2026-11-01..2026-11-09", "AB", id="both days count in"),
        pytest.param("published=2026-11-10", "C", id="a day"),
        pytest.param("published=2026-11-09..", "BC", id="open end"),
        pytest.param("published=..2026-11-01", "A", id="open beginning"),
        pytest.param("published=2026-11-01,2026-11-10", "AC", id="either day"),
        pytest.param("not_published=2026-11-01..2026-11-09", "CDE", id="outside, or undated"),
        pytest.param("published=2026-11-10T01:00:00%2B01:00..", "C", id="an instant with its zone"),
        pytest.param("published=2026-11-10T01:00:00+01:00..", "C", id="its plus not escaped"),
        pytest.param("slug=a,c", "AC", id="slugs"),
        pytest.param("section=nothing", "", id="nothing"),
        pytest.param("section=new%25", "", id="a sign of LIKE is no wildcard"),
    ],
)
def test_filters_choose(newsroom: TestClient, query: str, expected: str) -> None:
    assert headlines(newsroom, query) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("headline", "ABCDE"),
        ("-headline", "EDCBA"),
        ("published_at", "ABCDE"),
        ("-published_at", "CBAED"),
        ("published_at,-headline", "ABCED"),
        ("-published_at,headline", "CBADE"),
        ("created_at", "ABCDE"),
        ("-created_at", "EDCBA"),
    ],
)
def test_a_sort_puts_what_has_no_value_last_and_pages_agree(
    newsroom: TestClient, sort: str, expected: str
) -> None:
    found = []
    for limit in (1, 2, 100):
        page = newsroom.get(f"/v1/articles?sort={sort}&limit={limit}")
        items = list(saved(page)["items"])
        while "next" in page.links:
            page = newsroom.get(page.links["next"]["url"])
            items += saved(page)["items"]
        found.append("".join(item["headline"] for item in items))

    assert found == [expected] * 3


def test_the_latest_published_come_first(newsroom: TestClient) -> None:
    page = saved(newsroom.get("/v1/articles"))

    assert [item["headline"] for item in page["items"]] == list("CBAED")
    assert page["next_cursor"] is None


def test_the_next_page_is_linked_with_all_parameters_but_the_key(
    newsroom: TestClient, reader: TestClient, keys: dict[str, str]
) -> None:
    query = f"not_language=de&sort=headline&limit=1&fields=headline&total=exact&key={keys['read']}"

    page = reader.get(f"/v1/articles?{query}")

    linked = parse_qs(urlsplit(page.links["next"]["url"]).query)
    assert linked == {
        "not_language": ["de"],
        "sort": ["headline"],
        "limit": ["1"],
        "fields": ["headline"],
        "total": ["exact"],
        "cursor": [saved(page)["next_cursor"]],
    }


@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ("", {}),
        ("total=none", {}),
        ("total=exact", {"total": 5, "total_relation": "exact"}),
        ("total=estimate", {"total": 5, "total_relation": "exact"}),
        ("total=exact&status=draft", {"total": 2, "total_relation": "exact"}),
    ],
)
def test_a_total_is_told_on_request(newsroom: TestClient, query: str, counted: Document) -> None:
    page = saved(newsroom.get(f"/v1/articles?limit=1&{query}"))

    assert {name: page[name] for name in page if name.startswith("total")} == counted


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        pytest.param("secton=news", "secton", "“section”", id="unknown filter"),
        pytest.param("not_secton=news", "not_secton", "Did you mean", id="unknown exclusion"),
        pytest.param("status=lve", "status", "“live”", id="unknown value"),
        pytest.param("sort=headlin", "sort", "“headline”", id="unknown sort"),
        pytest.param("sort=headline,-headline", "sort", "", id="a sort twice"),
        pytest.param("sort=", "sort", "", id="empty sort"),
        pytest.param("total=all", "total", "exact", id="unknown total"),
        pytest.param("limit=0", "limit", "1 to 100", id="limit 0"),
        pytest.param("limit=101", "limit", "1 to 100", id="limit 101"),
        pytest.param("limit=ten", "limit", "1 to 100", id="limit in words"),
        pytest.param("limit=1&limit=2", "limit", "more than once", id="a limit twice"),
        pytest.param("published=2026-13-01", "published", "neither a day", id="no such day"),
        pytest.param("published=2026-11-01T10:00", "published", "zone", id="no zone"),
        pytest.param("published=2026-11-09..2026-11-01", "published", "before", id="backwards"),
        pytest.param("published=..", "published", "beginning or an end", id="open at both ends"),
        pytest.param("section=", "section", "1 to 100 values", id="empty filter"),
        pytest.param("section=a,,b", "section", "1 to 100 values", id="empty alternative"),
        pytest.param("section=" + "a," * 100 + "a", "section", "1 to 100", id="101 alternatives"),
        pytest.param("section=a%00b", "section", "", id="NUL"),
        pytest.param("cursor=x", "cursor", "damaged", id="no cursor"),
        pytest.param("fields=headlin", "fields", "“headline”", id="unknown field"),
        pytest.param("include=quots", "include", "“quotes”", id="unknown inclusion"),
        pytest.param("offsets=utf8", "offsets", "“utf16”", id="unknown offsets"),
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(
    client: TestClient, query: str, parameter: str, words: str
) -> None:
    response = client.get(f"/v1/articles?{query}")

    status, code = problem_of(response)
    assert (status, code) == (400, "invalid-cursor" if "cursor" in query else "invalid-parameter")
    (error,) = response.json()["errors"]
    assert error["parameter"] == parameter
    assert words in error["detail"]


def test_a_cursor_belongs_to_its_list(newsroom: TestClient) -> None:
    cursor = saved(newsroom.get("/v1/articles?limit=1&language=en&sort=headline"))["next_cursor"]
    # The last letter of a signature has bits that count for nothing: the first has none.
    body, _, signature = cursor.rpartition(".")
    broken = f"{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    others = [
        f"/v1/articles?cursor={cursor}",
        f"/v1/articles?language=en&cursor={cursor}",
        f"/v1/articles?language=de&sort=headline&cursor={cursor}",
        f"/v1/articles?not_language=en&sort=headline&cursor={cursor}",
        f"/v1/articles?language=en&sort=-headline&cursor={cursor}",
        f"/v1/entities/ann-lee/articles?language=en&sort=headline&cursor={cursor}",
        f"/v1/quotes?cursor={cursor}",
        f"/v1/articles?language=en&sort=headline&cursor={broken}",
        f"/v1/articles?language=en&sort=headline&cursor={cursor[1:]}",
        "/v1/articles?cursor=",
    ]

    refused = [newsroom.get(address) for address in others]
    taken = newsroom.get(f"/v1/articles?sort=headline&language=en&limit=9&cursor={cursor}")

    assert [problem_of(one) for one in refused] == [(400, "invalid-cursor")] * len(others)
    assert [item["headline"] for item in saved(taken)["items"]] == ["C", "E"]


def test_a_cursor_goes_on_after_what_has_changed_meanwhile(newsroom: TestClient) -> None:
    page = newsroom.get("/v1/articles?sort=headline&limit=2")
    last = saved(page)["items"][-1]
    newsroom.delete(f"/v1/articles/{last['id']}", headers={"If-Match": "*"})
    post(newsroom, "articles", an_article(headline="AA"))

    rest = newsroom.get(page.links["next"]["url"])

    assert [item["headline"] for item in saved(rest)["items"]] == ["C", "D"]


SORTS = ("headline", "published_at", "created_at", "updated_at")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.lists(st.sampled_from(SORTS), min_size=1, max_size=4, unique=True),
    signs=st.lists(st.sampled_from(["", "-"]), min_size=4, max_size=4),
    limit=st.integers(1, 7),
)
def test_pages_hold_the_whole_list_once(
    tied: TestClient, keys: list[str], signs: list[str], limit: int
) -> None:
    sort = ",".join(sign + key for sign, key in zip(signs, keys, strict=False))
    whole = saved(tied.get(f"/v1/articles?sort={sort}&limit=100&fields=id"))["items"]

    page = tied.get(f"/v1/articles?sort={sort}&limit={limit}&fields=id")
    walked = list(saved(page)["items"])
    while "next" in page.links:
        page = tied.get(page.links["next"]["url"])
        walked += saved(page)["items"]

    assert walked == whole
    assert len({item["id"] for item in whole}) == 9


@pytest.fixture
def tied(client: TestClient) -> TestClient:
    """Articles of which most share a headline, an instant, or the lack of one."""
    for number in range(9):
        published = None if number % 3 == 0 else f"2026-11-{10 + number % 2}T08:00:00.000001Z"
        headline = ("A", "a", "Ä")[number % 2 + (number > 6)]
        sent = {"headline": headline, "status": "draft", "published_at": published}
        post(client, "articles", sent)
    return client
