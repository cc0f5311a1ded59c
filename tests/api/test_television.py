"""What a television polls of a channel."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import event
from starlette.testclient import TestClient

from app.web.application import Application
from tests.api.test_channels import a_bulletin, a_channel, a_programme
from tests.api.test_feeds import MASTER, ids_in, with_video
from tests.builders import (
    AN_ID,
    Document,
    a_quote,
    an_article,
    created,
    post,
    problem_of,
    saved,
    unchanged,
)
from tests.conftest import Clock

CHANNEL = "/v1/channels/harbour-live"
STREAM = "https://live.example/master.m3u8"
FILES = (
    "home.json",
    "rss.xml",
    "atom.xml",
    "feed.json",
    "mrss.xml",
    "roku.json",
    "roku-search.json",
    "roku-linear.json",
    "epg.xml",
    "live.m3u",
)
TARGETS = (
    "roku-app",
    "roku-linear",
    "roku-search",
    "mrss",
    "rss",
    "atom",
    "json-feed",
    "m3u",
    "xmltv",
    "news-sitemap",
)


def a_live_channel(**changes: object) -> Document:
    return a_channel(
        description="The harbour, day and night.",
        number=7,
        rating={"source": "USA_PR", "value": "TV-G"},
        artwork={"url": "https://pictures.example/live.jpg"},
        streams=[{"url": STREAM, "height": 1080}],
        **changes,
    )


@pytest.fixture
def article(client: TestClient) -> Document:
    return with_video(client, quotes=[a_quote()])


@pytest.fixture
def channel(client: TestClient, article: Document) -> Document:
    rows = [
        {"title": "Top stories", "kind": "pinned", "articles": [article["id"]]},
        {"title": "Harbour", "kind": "filter", "filter": {"sections": ["news/harbour"]}},
        {"title": "New", "kind": "recent"},
    ]
    return post(client, "channels", a_live_channel(rows=rows, carries={"sections": ["news"]}))


def test_the_home_screen_comes_in_one_answer(
    reader: TestClient, channel: Document, article: Document
) -> None:
    home = saved(reader.get(f"{CHANNEL}/home.json"))

    assert [row["title"] for row in home["rows"]] == ["Top stories", "Harbour", "New"]
    items = [item for row in home["rows"] for item in row["items"]]
    assert {item["id"] for item in items} == {article["id"]}
    item = items[0]
    assert item["url"] == MASTER
    assert (item["streamFormat"], item["length"], item["live"]) == ("hls", 92, False)
    assert item["hdPosterUrl"] == "https://pictures.example/quay.jpg"
    assert [quote["speaker"] for quote in item["quotes"]] == ["Ann Lee"]
    assert item["subtitleTracks"][0]["Language"] == "eng"
    assert home["live"][0]["url"] == STREAM
    assert nulls_in(home) == []


def test_a_card_ends_with_what_was_corrected(
    client: TestClient, reader: TestClient, channel: Document, article: Document
) -> None:
    before = saved(reader.get(f"{CHANNEL}/items/{article['id']}"))

    path = f"/v1/articles/{article['id']}/corrections"
    created(client.post(path, json={"text": "It was <Friday>."}))

    after = saved(reader.get(f"{CHANNEL}/items/{article['id']}"))
    note = "Correction, 2026-11-20: It was <Friday>."
    assert after == {**before, "description": f"{before['description']} {note}"}
    assert saved(reader.get(f"{CHANNEL}/home.json"))["rows"][0]["items"] == [after]


def nulls_in(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [each for name, one in value.items() for each in nulls_in(one, f"{path}/{name}")]
    if isinstance(value, list):
        return [
            each for place, one in enumerate(value) for each in nulls_in(one, f"{path}/{place}")
        ]
    return [path] if value is None else []


def test_a_deep_link_leads_to_an_item_as_long_as_it_is_public(
    client: TestClient,
    reader: TestClient,
    channel: Document,
    article: Document,
    clock: Clock,
) -> None:
    path = f"{CHANNEL}/items/{article['id']}"
    home = saved(reader.get(f"{CHANNEL}/home.json"))
    assert saved(reader.get(path)) == home["rows"][0]["items"][0]
    clock.now += timedelta(minutes=5)

    withdrawn = client.delete(
        f"/v1/articles/{article['id']}/publication", headers=unchanged(article)
    )
    assert problem_of(reader.get(path)) == (410, "item-withdrawn")
    client.delete(f"/v1/articles/{article['id']}", headers=unchanged(saved(withdrawn)))
    assert problem_of(reader.get(path)) == (410, "item-withdrawn")


def test_what_was_never_public_is_as_if_it_was_never_there(
    client: TestClient, reader: TestClient, channel: Document, clock: Clock
) -> None:
    draft = with_video(client, headline="Draft", status="draft")
    planned = with_video(client, headline="Planned", published_at="2026-11-21T08:00:00Z")
    taken_back = with_video(client, headline="Taken back", published_at="2026-11-21T08:00:00Z")
    client.delete(f"/v1/articles/{taken_back['id']}/publication", headers=unchanged(taken_back))
    deleted = with_video(client, headline="Deleted", status="draft")
    client.delete(f"/v1/articles/{deleted['id']}", headers=unchanged(deleted))
    text = post(client, "articles", an_article(headline="Only words"))
    never = [draft["id"], taken_back["id"], deleted["id"], text["id"], AN_ID, "no-id"]

    for one in [*never, planned["id"]]:
        assert problem_of(reader.get(f"{CHANNEL}/items/{one}")) == (404, "item-not-found")
    clock.now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    for one in never:
        assert problem_of(reader.get(f"{CHANNEL}/items/{one}")) == (404, "item-not-found")
    assert saved(reader.get(f"{CHANNEL}/items/{planned['id']}"))["id"] == planned["id"]


def test_feeds_of_a_channel_have_what_it_carries(
    client: TestClient, reader: TestClient, channel: Document, article: Document
) -> None:
    with_video(client, headline="Elsewhere", section="sport")

    for name in ("rss.xml", "atom.xml", "feed.json", "mrss.xml", "roku.json", "roku-search.json"):
        feed = reader.get(f"{CHANNEL}/{name}")
        assert ids_in(name, feed.content) == [article["id"]], name
    assert b"Harbour Live" in reader.get(f"{CHANNEL}/rss.xml").content


@pytest.mark.parametrize("name", FILES)
def test_every_output_is_asked_for_anew_for_nothing(
    reader: TestClient, channel: Document, name: str
) -> None:
    first = reader.get(f"{CHANNEL}/{name}")
    again = reader.get(f"{CHANNEL}/{name}", headers={"If-None-Match": first.headers["ETag"]})

    assert first.status_code == 200, first.text
    assert first.headers["Last-Modified"].endswith(" GMT")
    assert again.status_code == 304


@pytest.mark.parametrize("name", FILES)
def test_an_empty_channel_has_every_output(
    client: TestClient, reader: TestClient, name: str
) -> None:
    post(client, "channels", a_channel())

    assert reader.get(f"{CHANNEL}/{name}").status_code == 200
    assert problem_of(reader.get(f"/v1/channels/none/{name}")) == (404, "channel-not-found")


@pytest.mark.parametrize("name", FILES)
def test_nothing_that_is_not_public_is_in_an_output(
    client: TestClient, reader: TestClient, name: str
) -> None:
    hidden = [
        with_video(client, headline="Marker draft", status="draft", section="news"),
        with_video(client, headline="Marker planned", published_at="2026-11-21T08:00:00Z"),
        with_video(client, headline="Marker held", embargoed_until="2026-11-21T08:00:00Z"),
        with_video(client, headline="Marker gone"),
    ]
    client.delete(f"/v1/articles/{hidden[3]['id']}/publication", headers=unchanged(hidden[3]))
    ids = [one["id"] for one in hidden]
    rows = [
        {"title": "Top", "kind": "pinned", "articles": ids},
        {"title": "New", "kind": "recent"},
    ]
    post(client, "channels", a_live_channel(rows=rows))

    for asking in (reader, client):
        answer = asking.get(f"{CHANNEL}/{name}", headers={"Cache-Control": "no-cache"})
        assert answer.status_code == 200
        assert "Marker" not in answer.text
        assert not any(one in answer.text for one in ids)


def test_the_guide_has_no_gap_and_names_the_channel_of_the_playlist(
    client: TestClient, reader: TestClient, channel: Document
) -> None:
    post(client, "channels/harbour-live/programmes", a_programme())
    post(client, "channels/harbour-live/bulletins", a_bulletin())

    guide = etree.fromstring(reader.get("/v1/feeds/epg.xml").content)
    playlist = reader.get("/v1/feeds/live.m3u")

    programmes = guide.findall("programme")
    for one, next_one in pairwise(programmes):
        assert one.get("stop") == next_one.get("start")
    assert programmes[0].get("start") == "20261119000000 +0000"
    assert programmes[-1].get("stop") == "20261127000000 +0000"
    assert {one.findtext("title") for one in programmes} == {"Harbour Live", "Harbour Bulletin"}
    (named,) = guide.findall("channel")
    assert playlist.headers["Content-Type"].startswith("audio/x-mpegurl")
    assert playlist.text.startswith("#EXTM3U")
    assert f'tvg-id="{named.get("id")}"' in playlist.text
    assert "https://news.example/v1/feeds/epg.xml" in playlist.text
    assert playlist.text.rstrip().endswith(STREAM)
    alone = etree.fromstring(reader.get(f"{CHANNEL}/epg.xml").content)
    assert etree.tostring(alone) == etree.tostring(guide)


def test_the_schedule_of_a_linear_partner_names_every_programme(
    client: TestClient, reader: TestClient, channel: Document
) -> None:
    post(client, "channels/harbour-live/bulletins", a_bulletin())
    artwork = channel["artwork"]
    client.patch(
        f"/v1/media/{artwork['id']}",
        json={
            "renditions": [
                {"url": "https://pictures.example/live.jpg", "width": 1920, "height": 1080}
            ]
        },
        headers=unchanged(artwork),
    )

    feed = saved(reader.get(f"{CHANNEL}/roku-linear.json"))

    (live,) = feed["liveFeeds"]
    schedule = live["content"]["schedule"]
    assert schedule
    assert {one["id"] for one in schedule} == {one["id"] for one in feed["tvSpecials"]}
    assert all(one["id"].isalnum() for one in schedule)
    assert all(one["advisoryRatings"] for one in feed["tvSpecials"])


def test_the_guide_moves_on_at_midnight_though_nothing_was_written(
    reader: TestClient, channel: Document, clock: Clock
) -> None:
    before = reader.get(f"{CHANNEL}/epg.xml")
    clock.now = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    assert reader.get(f"{CHANNEL}/epg.xml").content == before.content
    clock.now = datetime(2026, 11, 21, tzinfo=UTC)
    after = reader.get(f"{CHANNEL}/epg.xml")

    assert b'stop="20261128000000' in after.content
    assert b"20261119" not in after.content


@pytest.mark.parametrize("target", TARGETS)
def test_the_report_says_of_each_output_what_it_leaves_out(
    client: TestClient, reader: TestClient, channel: Document, target: str
) -> None:
    post(client, "articles", an_article(headline="Only words"))
    with_video(client, headline="Too short", video={"duration_seconds": 0})
    with_video(
        client,
        headline="In the open",
        video={"renditions": [{"url": "http://videos.example/open.mp4", "height": 480}]},
    )

    report = saved(reader.get(f"{CHANNEL}/conformance?target={target}"))

    assert report["target"] == target
    assert report["checked"] >= 1
    left_out = {one["id"] for one in report["findings"] if one["severity"] == "left_out"}
    assert report["left_out"] == len(left_out)
    if target in ("roku-app", "roku-search", "mrss"):
        name = {"roku-app": "roku.json", "mrss": "mrss.xml"}.get(target, f"{target}.json")
        shown = ids_in(name, reader.get(f"{CHANNEL}/{name}").content)
        every = ids_in("feed.json", reader.get(f"{CHANNEL}/feed.json").content)
        assert set(every) - set(shown) == left_out
        codes = {one["code"] for one in report["findings"]}
        assert "no-video" in codes


@pytest.mark.parametrize("query", ["", "?target=", "?target=vhs", "?target=rss&target=atom"])
def test_a_report_is_of_one_output(reader: TestClient, channel: Document, query: str) -> None:
    refused = reader.get(f"{CHANNEL}/conformance{query}")

    assert problem_of(refused) == (400, "invalid-parameter")


NASTY = [
    {"headline": "An end ]]> of & <b>data</b>"},
    {"headline": "رحلات العبّارة تستأنف غدًا", "language": "ar"},
    {"headline": "Back \U0001f6a2\U0001f389 at sea"},
    {"headline": "word " * 99 + "ends"},
    {"standfirst": "A line\nand another\twith a tab"},
    {"video": {"duration_seconds": 0}},
    {"video": {"duration_seconds": None}},
    {"video": {"renditions": []}},
    {"video": {"renditions": [{"url": "http://videos.example/open.m3u8"}]}},
    {"video": {"captions": [{"url": "https://videos.example/x.vtt", "kind": "captions"}]}},
    {"lead_media": {"url": "https://pictures.example/no-size"}},
    {"lead_media": {"url": "https://pictures.example/new.webp"}},
]


@pytest.mark.parametrize("changes", NASTY)
def test_every_output_stays_what_its_readers_take(
    client: TestClient, reader: TestClient, channel: Document, changes: Document
) -> None:
    video = post(client, "media", {**A_VIDEO, **changes.get("video", {})})
    sent = {name: value for name, value in changes.items() if name != "video"}
    article = post(client, "articles", an_article(media=[video["id"]], **sent))

    for name in FILES:
        answer = reader.get(f"{CHANNEL}/{name}")
        assert answer.status_code == 200, (name, answer.text)
        if name.endswith(".xml"):
            etree.fromstring(answer.content)
    for name in ("rss.xml", "atom.xml", "feed.json"):
        assert article["id"] in ids_in(name, reader.get(f"{CHANNEL}/{name}").content)
    ids_in("mrss.xml", reader.get(f"{CHANNEL}/mrss.xml").content)


A_VIDEO = {
    "kind": "video",
    "duration_seconds": 92,
    "renditions": [{"url": MASTER, "height": 720}],
}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_row_of_the_home_screen_takes_one_statement(
    app: Application, client: TestClient, reader: TestClient, article: Document
) -> None:
    asked: list[str] = []

    def note(*given: Any) -> None:
        # What is rendered behind the answers does not ask for articles with a video.
        if "has_video" in given[2] and given[2].startswith("SELECT"):
            asked.append(given[2])

    def statements_for(rows: list[Document]) -> int:
        client.put(
            CHANNEL,
            json=a_live_channel(rows=rows, slug="harbour-live"),
            headers={"If-Match": "*"},
        ).raise_for_status()
        asked.clear()
        home = saved(reader.get(f"{CHANNEL}/home.json"))
        assert len(home["rows"]) == len(rows)
        return len(asked)

    recent = {"title": "New", "kind": "recent"}
    pinned = {"title": "Top", "kind": "pinned", "articles": [article["id"]]}
    post(client, "channels", a_live_channel())
    event.listen(app.state.database.engine, "before_cursor_execute", note)

    few = statements_for([recent, pinned])
    many = statements_for([recent, pinned] * 5)

    assert (few, many) == (2, 10)
