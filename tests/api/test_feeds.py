"""What polls a feed, over all articles: in formats that others read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import atoma
import feedparser
import orjson
import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.builders import (
    Document,
    a_picture,
    a_quote,
    an_article,
    created,
    post,
    problem_of,
    saved,
    unchanged,
)
from tests.conftest import Clock

READERS = ("rss.xml", "atom.xml", "feed.json")
TELEVISIONS = ("mrss.xml", "roku.json", "roku-search.json")
FEEDS = (*READERS, *TELEVISIONS, "news-sitemap.xml")
MASTER = "https://videos.example/quay/master.m3u8"


def a_video(**changes: object) -> Document:
    return {
        "kind": "video",
        "caption": "The quay at night",
        "duration_seconds": 92.4,
        "renditions": [
            {"url": MASTER, "width": 1280, "height": 720, "bitrate": 2_500_000},
        ],
        "captions": [
            {"url": "https://videos.example/quay/en.vtt", "language": "en", "kind": "captions"}
        ],
        **changes,
    }


def with_video(client: TestClient, **changes: Any) -> Document:
    """An article with a picture and a video that televisions play."""
    video = post(client, "media", a_video(**changes.pop("video", {})))
    picture = {"url": "https://pictures.example/quay.jpg", "width": 1920, "height": 1080}
    lead = post(client, "media", a_picture(renditions=[{**picture, "type": "image/jpeg"}]))
    sent = an_article(lead_media=lead["id"], media=[lead["id"], video["id"]], **changes)
    return post(client, "articles", sent)


def ids_in(name: str, content: bytes) -> list[str]:
    """The items of a feed, by a parser of its format."""
    if name in ("rss.xml", "mrss.xml"):
        return [entry["id"] for entry in parsed(content)["entries"]]
    if name == "atom.xml":
        return [entry.id_.rpartition(":")[2] for entry in atoma.parse_atom_bytes(content).entries]
    if name == "feed.json":
        return [item.id_ for item in atoma.parse_json_feed_bytes(content).items]
    if name == "roku.json":
        return [one["id"] for one in document_of(content)["shortFormVideos"]]
    if name == "roku-search.json":
        return [one["id"] for one in document_of(content)["assets"]]
    return [
        loc.rpartition("/")[2]
        for loc in etree.fromstring(content).xpath("//*[local-name()='loc']/text()")
    ]


def parsed(content: bytes) -> Any:
    feed = feedparser.parse(content)
    assert not feed["bozo"], feed.get("bozo_exception")
    return feed


def document_of(content: bytes) -> Any:
    return orjson.loads(content)


@pytest.fixture
def article(client: TestClient) -> Document:
    return with_video(client, quotes=[a_quote()])


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_the_article_and_is_asked_for_anew_for_nothing(
    reader: TestClient, article: Document, name: str
) -> None:
    feed = reader.get(f"/v1/feeds/{name}")
    again = reader.get(f"/v1/feeds/{name}", headers={"If-None-Match": feed.headers["ETag"]})
    head = reader.head(f"/v1/feeds/{name}")

    named = article["slug"] if name == "news-sitemap.xml" else article["id"]
    assert ids_in(name, feed.content) == [named]
    assert feed.headers["Last-Modified"] == "Fri, 20 Nov 2026 12:00:00 GMT"
    assert "max-age=60" in feed.headers["Cache-Control"]
    assert feed.headers["Access-Control-Allow-Origin"] == "*"
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.headers["ETag"]) == (200, feed.headers["ETag"])


@pytest.mark.parametrize("name", [*READERS, *TELEVISIONS])
def test_a_feed_tells_of_a_correction_as_soon_as_it_is_made(
    client: TestClient, reader: TestClient, article: Document, name: str
) -> None:
    before = reader.get(f"/v1/feeds/{name}")

    path = f"/v1/articles/{article['id']}/corrections"
    created(client.post(path, json={"text": "It was Friday."}))

    after = reader.get(f"/v1/feeds/{name}", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert ids_in(name, after.content) == ids_in(name, before.content)
    for words in ("Correction, ", "2026-11-20", "It was Friday."):
        assert words in after.text
    assert "Correction, " not in before.text


@pytest.mark.parametrize("name", FEEDS)
def test_an_empty_feed_is_one(reader: TestClient, name: str) -> None:
    feed = reader.get(f"/v1/feeds/{name}")

    assert feed.status_code == 200
    assert ids_in(name, feed.content) == []
    assert "Last-Modified" not in feed.headers


@pytest.mark.parametrize("name", FEEDS)
def test_the_clock_alone_changes_no_byte(
    reader: TestClient, article: Document, clock: Clock, name: str
) -> None:
    before = reader.get(f"/v1/feeds/{name}")
    clock.now += timedelta(hours=3)
    after = reader.get(f"/v1/feeds/{name}", headers={"Cache-Control": "no-cache"})

    assert after.content == before.content
    assert after.headers["ETag"] == before.headers["ETag"]


def test_formats_agree_on_what_the_article_is(reader: TestClient, article: Document) -> None:
    rss = parsed(reader.get("/v1/feeds/rss.xml").content)["entries"][0]
    atom = atoma.parse_atom_bytes(reader.get("/v1/feeds/atom.xml").content).entries[0]
    json = saved(reader.get("/v1/feeds/feed.json"))["items"][0]
    mrss = parsed(reader.get("/v1/feeds/mrss.xml").content)["entries"][0]
    roku = saved(reader.get("/v1/feeds/roku.json"))["shortFormVideos"][0]

    assert rss["title"] == atom.title.value == json["title"] == roku["title"] == "Ferry strike ends"
    published = datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert parsedate_to_datetime(rss["published"]) == published
    assert atom.published == published
    assert json["date_published"] == "2026-11-20T08:00:00Z"
    assert mrss["media_content"][0]["url"] == roku["content"]["videos"][0]["url"] == MASTER
    assert roku["content"]["duration"] == 92
    assert json["_onrecord"]["quotes"][0]["text"] == "We will not sell,"
    assert json["_onrecord"]["quotes"][0]["speaker"] == "Ann Lee"


def test_what_has_no_video_is_in_no_feed_for_televisions(
    client: TestClient, reader: TestClient, article: Document
) -> None:
    text = post(client, "articles", an_article(headline="Only words"))

    for name in READERS:
        assert ids_in(name, reader.get(f"/v1/feeds/{name}").content) == [
            text["id"],
            article["id"],
        ]
    for name in TELEVISIONS:
        assert ids_in(name, reader.get(f"/v1/feeds/{name}").content) == [article["id"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("section=news", True),
        ("section=sport", False),
        ("entity=ann-lee", True),
        ("speaker=ann-lee", True),
        ("q=ferries", True),
        ("q=volcano", False),
        ("language=de", False),
        ("not_section=news/harbour", False),
    ],
)
def test_a_feed_may_be_of_some_articles(
    client: TestClient, reader: TestClient, article: Document, query: str, found: bool
) -> None:
    for name in FEEDS:
        if name == "news-sitemap.xml" and query.startswith("q="):
            continue
        feed = reader.get(f"/v1/feeds/{name}?{query}")
        assert feed.status_code == 200, feed.text
        assert bool(ids_in(name, feed.content)) is found, (name, query)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=x", "cursor=made-up", "sectoin=news", "limit=1&limit=2"],
)
def test_what_a_feed_does_not_take_is_refused(reader: TestClient, query: str) -> None:
    status, code = problem_of(reader.get(f"/v1/feeds/rss.xml?{query}"))

    assert (status, code) in ((400, "invalid-parameter"), (400, "invalid-cursor"))


def pages_of(reader: TestClient, path: str) -> Iterator[Document]:
    while path:
        page = saved(reader.get(path))
        yield page
        path = page.get("next_url", "").removeprefix("https://news.example")


def test_the_pages_of_a_feed_have_every_article_once(
    client: TestClient, reader: TestClient
) -> None:
    sent = [
        post(
            client,
            "articles",
            an_article(headline=f"No. {number}", published_at=f"2026-11-{number // 3 + 1:02}"
                       "T08:00:00Z"),
        )["id"]
        for number in range(10)
    ]  # fmt: skip

    found = [
        item["id"]
        for page in pages_of(reader, "/v1/feeds/feed.json?limit=3")
        for item in page["items"]
    ]

    assert len(found) == len(set(found))
    assert set(found) == set(sent)


def test_a_video_leaves_when_its_window_ends_though_nothing_was_written(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    window = {
        "available_from": "2026-11-20T12:30:00Z",
        "available_until": "2026-11-20T13:00:00Z",
    }
    article = with_video(client, video=window)

    def shown() -> list[str]:
        return ids_in("mrss.xml", reader.get("/v1/feeds/mrss.xml").content)

    assert shown() == shown() == []
    clock.now = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    assert shown() == shown() == [article["id"]]
    clock.now = datetime(2026, 11, 20, 13, tzinfo=UTC)
    assert shown() == []


def test_search_engines_are_told_of_two_days(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article())

    def told() -> list[str]:
        feed = reader.get("/v1/feeds/news-sitemap.xml")
        return ids_in("news-sitemap.xml", feed.content)

    assert told() == [article["slug"]]
    clock.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert told() == []


@pytest.mark.parametrize("name", FEEDS)
def test_nothing_that_is_not_public_is_in_a_feed(
    client: TestClient, reader: TestClient, name: str
) -> None:
    hidden = [
        with_video(client, headline="Marker draft", status="draft"),
        with_video(client, headline="Marker planned", published_at="2026-11-21T08:00:00Z"),
        with_video(client, headline="Marker held", embargoed_until="2026-11-21T08:00:00Z"),
        with_video(client, headline="Marker gone"),
        with_video(client, headline="Marker deleted"),
    ]
    client.delete(f"/v1/articles/{hidden[3]['id']}/publication", headers=unchanged(hidden[3]))
    client.delete(f"/v1/articles/{hidden[4]['id']}", headers=unchanged(hidden[4]))

    for asking in (reader, client):
        feed = asking.get(f"/v1/feeds/{name}", headers={"Cache-Control": "no-cache"})
        assert "Marker" not in feed.text
        assert ids_in(name, feed.content) == []


def test_an_item_leads_to_where_people_read_it(client: TestClient, reader: TestClient) -> None:
    post(client, "articles", an_article(canonical_url="https://paper.example/ferry"))
    post(client, "articles", an_article(headline="Another"))

    links = [entry["link"] for entry in parsed(reader.get("/v1/feeds/rss.xml").content)["entries"]]

    assert links == ["https://news.example/v1/articles/another", "https://paper.example/ferry"]


def test_marks_and_line_breaks_of_the_body_are_in_its_html(
    client: TestClient, reader: TestClient
) -> None:
    html = (
        "<h2>Quay &amp; port</h2><p>Crews <strong>return <em>to</em></strong> work<br>today,"
        ' <a href="https://port.example/?a=1&amp;b=2">it says</a>.</p><ol><li>One</li></ol>'
    )
    post(client, "articles", an_article(body={"format": "html", "content": html}))

    body = saved(reader.get("/v1/feeds/feed.json"))["items"][0]["content_html"]

    assert body == html


def test_a_large_feed_is_sent_as_it_is_made(
    client: TestClient, reader: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.feeds.streaming.MAX_ITEMS", 2)
    monkeypatch.setattr("app.feeds.streaming.PIECE_BYTES", 500)
    sent = [
        with_video(client, headline=f"No. {number}", published_at=f"2026-11-1{number}T08:00:00Z")
        for number in range(7)
    ]

    whole = reader.get("/v1/feeds/roku-search.json?limit=50000")
    cut = reader.get("/v1/feeds/roku-search.json?limit=501&section=sport")
    paged = reader.get("/v1/feeds/roku-search.json?limit=500")

    assert ids_in("roku-search.json", whole.content) == [one["id"] for one in reversed(sent)]
    assert whole.json() == paged.json()
    assert "ETag" not in whole.headers
    assert cut.json()["assets"] == []
    assert problem_of(reader.get("/v1/feeds/rss.xml?limit=501")) == (400, "invalid-parameter")
    assert problem_of(reader.get("/v1/feeds/roku-search.json?limit=50001")) == (
        400,
        "invalid-parameter",
    )


def test_an_article_is_on_television_as_long_as_it_has_a_video(
    client: TestClient, reader: TestClient
) -> None:
    video = post(client, "media", a_video())
    article = post(client, "articles", an_article())

    def shown() -> list[str]:
        return ids_in("mrss.xml", reader.get("/v1/feeds/mrss.xml").content)

    assert shown() == []
    path = f"/v1/articles/{article['id']}"
    with_it = saved(
        client.patch(path, json={"media": [{"id": video["id"]}]}, headers=unchanged(article))
    )
    assert shown() == [article["id"]]
    saved(client.patch(path, json={"media": []}, headers=unchanged(with_it)))
    assert shown() == []
