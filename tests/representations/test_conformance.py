"""That the report says what the outputs do: what they leave out, and what they weaken."""

from datetime import timedelta
from typing import Any

import feedparser
import pytest
from lxml import etree

from app.documents.conformance import Target
from app.documents.feeds import FeedItem, FeedSource
from app.representations.conformance import (
    TARGETS,
    check_channel,
    check_feed,
    check_item,
    check_schedule,
)
from app.representations.feed_atom import feed_atom
from app.representations.feed_json import feed_json
from app.representations.feed_rss import feed_mrss, feed_rss
from app.representations.live_m3u import live_m3u
from app.representations.live_xmltv import live_xmltv
from app.representations.news_sitemap import news_sitemap
from app.representations.roku_app import roku_app
from app.representations.roku_linear import roku_linear
from app.representations.roku_search import roku_search
from tests.representations.documents import (
    HOST,
    NOON,
    a_caption,
    a_channel,
    a_file,
    a_picture,
    a_programme,
    a_rendition,
    a_schedule,
    a_source,
    a_stream,
    a_video,
    an_entity,
    an_item,
    parse,
)

LEFT_OUT, WEAKENED = "left_out", "weakened"


def codes(target: Target, item: FeedItem, source: FeedSource | None = None) -> set[tuple[str, str]]:
    found = check_item(target, source or a_source(), item)
    assert {one["id"] for one in found} <= {item["id"]}
    assert {one["target"] for one in found} <= {target}
    assert all(one["detail"].endswith(".") for one in found)
    return {(one["severity"], one["code"]) for one in found}


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_found_of_an_item_that_has_all(target: Target) -> None:
    item = an_item(picture=a_picture(), video=a_video(renditions=[a_rendition(), a_file()]))

    shown = {("weakened", "title-cut")} if target == "roku-linear" else set()
    assert codes(target, item) - shown == set()


HTTP = "http://video.example/a.m3u8"
WEBP = a_picture(url="https://pictures.example/quay.webp", type=None)

# Any: members of an item
CASES: list[tuple[Target, dict[str, Any], set[tuple[str, str]]]] = [
    ("roku-app", {"video": None}, {(LEFT_OUT, "no-video")}),
    ("mrss", {"video": None}, {(LEFT_OUT, "no-video")}),
    ("rss", {"video": None}, set()),
    ("roku-search", {"video": a_video(renditions=[])}, {(LEFT_OUT, "no-playable-rendition")}),
    ("mrss", {"video": a_video(renditions=[a_rendition(url=HTTP)])},
     {(LEFT_OUT, "no-playable-rendition")}),
    ("mrss", {"video": a_video(renditions=[a_rendition(), a_file(url=HTTP)])},
     {(WEAKENED, "not-https")}),
    ("roku-app", {"video": a_video(duration_seconds=0)}, {(LEFT_OUT, "zero-duration")}),
    ("mrss", {"video": a_video(duration_seconds=0)}, {(LEFT_OUT, "zero-duration")}),
    ("roku-app", {"video": a_video(duration_seconds=None)}, {(LEFT_OUT, "no-duration")}),
    ("mrss", {"video": a_video(duration_seconds=None)}, {(WEAKENED, "no-duration")}),
    ("roku-app", {"video": a_video(duration_seconds=901)}, {(WEAKENED, "longer-than-short-form")}),
    ("roku-app", {"picture": None}, {(LEFT_OUT, "picture-missing")}),
    ("mrss", {"picture": None}, {(WEAKENED, "picture-missing")}),
    ("atom", {"picture": None}, set()),
    ("roku-search", {"picture": WEBP}, {(LEFT_OUT, "picture-format")}),
    ("mrss", {"picture": WEBP}, {(WEAKENED, "picture-format")}),
    ("roku-app", {"picture": a_picture(url="http://pictures.example/a.jpg")},
     {(LEFT_OUT, "not-https")}),
    ("json-feed", {"picture": a_picture(url="http://pictures.example/a.jpg")},
     {(WEAKENED, "not-https")}),
    ("roku-app", {"picture": a_picture(width=799)}, {(WEAKENED, "picture-too-small")}),
    ("roku-app", {"picture": a_picture(width=800, height=450)}, set()),
    ("roku-linear", {"picture": a_picture(width=1919)}, {(WEAKENED, "picture-too-small")}),
    ("roku-search", {"picture": a_picture(height=1081)}, {(WEAKENED, "picture-too-large")}),
    ("mrss", {"picture": a_picture(width=None)}, {(WEAKENED, "picture-size-unknown")}),
    ("roku-app", {"headline": "Harbour " * 63}, {(WEAKENED, "title-cut")}),
    ("rss", {"headline": "Harbour " * 63}, set()),
    ("roku-search", {"standfirst": "Harbour " * 63}, {(WEAKENED, "description-cut")}),
    ("roku-app", {"headline": "😀", "standfirst": None, "text": ""}, {(LEFT_OUT, "no-title")}),
    ("roku-app", {"headline": "Ferry ⛴ strike ends"}, {(WEAKENED, "signs-dropped")}),
    ("roku-app", {"id": "x" * 51}, {(LEFT_OUT, "id-too-long")}),
    ("roku-app", {"entities": [an_entity(slug="union-of-the-harbours")]}, {(WEAKENED, "tag-cut")}),
    ("mrss", {"video": a_video(captions=[a_caption(language=None)])},
     {(WEAKENED, "caption-language-missing")}),
    ("roku-app", {"video": a_video(captions=[a_caption(url="/en.vtt")])},
     {(WEAKENED, "caption-not-https")}),
    ("roku-app", {"video": a_video(renditions=[a_rendition(quality=None, height=None)])},
     {(WEAKENED, "quality-unknown")}),
    ("roku-app", {"video": a_video(renditions=[a_file(bitrate=None, size=None)])},
     {(WEAKENED, "bitrate-unknown")}),
    ("rss", {"video": a_video(renditions=[a_rendition()])}, {(WEAKENED, "no-enclosure")}),
    ("news-sitemap", {"url": "/articles/1"}, {(LEFT_OUT, "no-address")}),
    ("news-sitemap", {"url": "http://news.example/1"}, {(WEAKENED, "not-https")}),
    ("xmltv", {"video": None}, {(LEFT_OUT, "no-video")}),
    ("m3u", {"video": None}, set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "changes", "found"),
    CASES,
    ids=[f"{target}-{'-'.join(changes)}-{n}" for n, (target, changes, _) in enumerate(CASES)],
)
def test_an_item_is_told_what_becomes_of_it(
    target: Target, changes: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    assert codes(target, an_item(**changes)) == found


def test_the_feeds_own_picture_and_genres_and_rating_count() -> None:
    logo = a_source(picture=a_picture(url="https://pictures.example/logo.png", type="image/png"))

    assert codes("roku-app", an_item(picture=None), logo) == {(WEAKENED, "picture-missing")}
    assert codes("roku-app", an_item(section=None), a_source(genres=["shipping"])) == {
        (WEAKENED, "no-genre")
    }
    assert codes("roku-search", an_item(), a_source(rating=None)) == {(WEAKENED, "no-rating")}


def many() -> list[FeedItem]:
    """An item for each case, each with its own id but for the one that is too long."""
    return [
        an_item(number, **changes)
        for number, (_, changes, _) in enumerate(CASES)
    ]  # fmt: skip


def ids_in(target: Target, source: FeedSource, items: list[FeedItem]) -> list[str]:
    match target:
        case "roku-app":
            return [one["id"] for one in parse(roku_app(source, items))["shortFormVideos"]]
        case "roku-search":
            return [one["id"] for one in parse(roku_search(source, items))["assets"]]
        case "json-feed":
            return [one["id"] for one in parse(feed_json(source, items))["items"]]
        case "rss" | "mrss" | "atom":
            make = {"rss": feed_rss, "mrss": feed_mrss, "atom": feed_atom}[target]
            found = feedparser.parse(make(source, items))
            assert found.bozo is False
            return [one.id.rpartition(":")[2] for one in found.entries]
    urls = [
        element.text or ""
        for element in etree.fromstring(news_sitemap(source, items)).iter("{*}loc")
    ]
    return [item["id"] for item in items if item["url"] in urls]


@pytest.mark.parametrize(
    "target", ["roku-app", "roku-search", "rss", "mrss", "atom", "json-feed", "news-sitemap"]
)
@pytest.mark.parametrize("source", [a_source(), a_source(picture=a_picture(), rating=None)])
def test_what_is_said_to_be_left_out_is_exactly_what_is_missing(
    target: Target, source: FeedSource
) -> None:
    items = many()

    found = check_feed(target, source, items)

    left_out = {one["id"] for one in found if one["severity"] == LEFT_OUT}
    assert {item["id"] for item in items} - set(ids_in(target, source, items)) == left_out


def test_what_is_over_the_size_of_a_feed_is_said_to_be() -> None:
    items = [an_item(number, text="word " * 300) for number in range(1, 400)]

    found = check_feed("roku-app", a_source(), items)

    kept = ids_in("roku-app", a_source(), items)
    over = [one["id"] for one in found if one["code"] == "over-size-cap"]
    assert {one["severity"] for one in found if one["id"] in over} == {LEFT_OUT}
    assert kept + over == [item["id"] for item in items]
    assert len(over) > 0


def test_what_is_over_the_entries_of_a_sitemap_is_said_to_be() -> None:
    items = [an_item(number) for number in range(1_003)]

    found = check_feed("news-sitemap", a_source(), items)

    assert [(one["id"], one["code"]) for one in found] == [
        (f"01kart{number}", "over-entry-cap") for number in (1_000, 1_001, 1_002)
    ]


def test_a_channel_that_is_left_out_is_said_to_be() -> None:
    channels = [
        a_channel(),
        a_channel(id="silent", streams=[a_stream(url=HTTP)]),
        a_channel(id="dark", picture=None),
    ]

    left_out = {
        target: [
            (one["id"], one["code"])
            for channel in channels
            for one in check_channel(target, channel)
            if one["severity"] == LEFT_OUT
        ]
        for target in TARGETS
    }

    assert {target: found for target, found in left_out.items() if found} == {
        "roku-app": [("silent", "no-stream"), ("dark", "picture-missing")],
        "m3u": [("silent", "no-stream")],
        "roku-linear": [("dark", "picture-missing")],
    }
    told = parse(roku_app(a_source(), [], channels=channels))["liveFeeds"]
    assert [one["id"] for one in told] == ["01kchannel"]
    assert b"silent" not in live_m3u(channels, host=HOST)


@pytest.mark.parametrize("target", ["xmltv", "roku-linear"])
@pytest.mark.parametrize("picture", [a_picture(), None])
def test_what_is_said_to_be_missing_of_a_schedule_is_missing(target: Target, picture: Any) -> None:
    channel = a_channel(picture=picture)
    programmes = [
        a_programme(0, picture=a_picture()),
        a_programme(1),
        a_programme(2, picture=WEBP),
        a_programme(9, starts_at=NOON + timedelta(minutes=30), picture=a_picture()),
        a_programme(8, stops_at=NOON),
        a_programme(7, title=" "),
        a_programme(3, id="x" * 51, picture=a_picture()),
        a_programme(4, picture=a_picture()),
    ]

    found = check_schedule(target, channel, programmes)

    if target == "xmltv":
        guide = etree.fromstring(live_xmltv([a_schedule(*programmes)], host=HOST))
        told = {one.text for one in guide.iter("episode-num")}
    else:
        told = {
            one["id"] for one in parse(roku_linear("The Quay", channel, programmes))["tvSpecials"]
        }
    left_out = {one["id"] for one in found if one["severity"] == LEFT_OUT}
    assert {one["id"] for one in programmes} - told == left_out


def test_a_schedule_is_told_what_is_weak_in_it() -> None:
    channel = a_channel(rating=None, genres=[])
    programmes = [
        a_programme(0, stops_at=NOON + timedelta(minutes=5), title="Quay " * 9, genres=[]),
        a_programme(1, description="Harbour " * 30, picture=a_picture(width=800)),
    ]

    found = check_schedule("roku-linear", channel, programmes)

    assert [(one["id"], one["code"]) for one in found] == [
        ("01kshow0", "title-cut"),
        ("01kshow0", "block-length"),
        ("01kshow0", "no-genre"),
        ("01kshow0", "no-rating"),
        ("01kshow1", "picture-too-small"),
        ("01kshow1", "description-cut"),
        ("01kshow1", "no-rating"),
        ("01kshow1", "gap"),
    ]
    assert [one["code"] for one in check_channel("roku-linear", channel)] == [
        "no-genre",
        "no-rating",
    ]
