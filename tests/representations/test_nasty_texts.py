"""Whatever newsrooms send, every output stays well-formed and valid."""

from datetime import timedelta
from typing import Any

import feedparser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.documents.feeds import FeedItem, FeedSource
from app.representations.channel_home import channel_home
from app.representations.conformance import TARGETS, check_feed, check_schedule
from app.representations.feed_atom import feed_atom
from app.representations.feed_json import feed_json
from app.representations.feed_rss import feed_mrss, feed_rss
from app.representations.live_m3u import live_m3u
from app.representations.live_xmltv import live_xmltv
from app.representations.news_sitemap import news_sitemap
from app.representations.roku_app import roku_app
from app.representations.roku_linear import roku_linear
from app.representations.roku_search import roku_search
from app.representations.television_text import cut_tag, cut_text, plain_text
from tests.representations.documents import (
    HOST,
    NOON,
    a_caption,
    a_channel,
    a_correction,
    a_file,
    a_picture,
    a_programme,
    a_quote,
    a_rendition,
    a_row,
    a_schedule,
    a_source,
    a_stream,
    a_video,
    an_entity,
    an_item,
    faults,
    parse,
)

NASTY = [
    "]]>", "<![CDATA[", "&amp;", "<script>", "\x00", "\x1b[0m", "\r\n", "\u2028", "\ufeff",
    "\ufffe", "\ud800", "😀", "👩‍👩‍👧", "🇫🇮", "‮", "שלום", "مرحبا", "e\u0301", "\U0010ffff",
    '"', "'", ",", "…",
    "x" * 500, "word " * 100, "港" * 250,
]  # fmt: skip
texts = st.lists(
    st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=()), max_size=12), max_size=6
).map("".join)
addresses = st.sampled_from(
    [
        "https://a.example/x.m3u8", "https://a.example/x.mp4", "http://a.example/x.mp4",
        "https://a.example/x.webp", "https://a.example/x.jpg", "/media/x.mp4", "",
        "https://a.example/x?a=1&b=2", "https://[", "https://a.example/é.jpg",
    ]
) | st.builds("https://a.example/{}".format, texts)  # fmt: skip
types = st.sampled_from(
    [None, "application/vnd.apple.mpegurl", "video/mp4", "application/dash+xml", "image/webp", "?"]
)
languages = st.sampled_from(["en", "fi-FI", "zh-Hant", "", "no language"])
sizes = st.none() | st.integers(0, 5000)
pictures = st.none() | st.builds(
    lambda url, kind, width: a_picture(url=url, type=kind, width=width),
    addresses, st.none() | st.sampled_from(["image/png", "image/avif"]), sizes,
)  # fmt: skip
captions = st.builds(
    lambda url, language, label: a_caption(url=url, language=language, label=label),
    addresses, st.none() | languages, st.none() | texts,
)  # fmt: skip
renditions = st.builds(
    lambda url, kind, height, bitrate: a_rendition(
        url=url, type=kind, height=height, bitrate=bitrate, size=height, quality=None
    ),
    addresses, types, sizes, sizes,
)  # fmt: skip
videos = st.none() | st.builds(
    lambda seconds, files, tracks, days: a_video(
        duration_seconds=seconds, renditions=files, captions=tracks,
        available_until=None if days is None else NOON + timedelta(days=days),
    ),
    st.none() | st.integers(0, 90_000),
    st.lists(renditions | st.just(a_rendition()) | st.just(a_file(bitrate=None)), max_size=3),
    st.lists(captions, max_size=2),
    sizes,
)  # fmt: skip
sections = st.none() | st.builds(lambda path, name: {"path": path, "name": name}, texts, texts)
items = st.builds(
    lambda headline, standfirst, text, language, section, name, picture, video, corrected: an_item(
        headline=headline, standfirst=standfirst, text=text, body_html=f"<p>{text}</p>",
        language=language, section=section, bylines=[name], picture=picture, video=video,
        entities=[an_entity(name=name, slug=name)],
        quotes=[a_quote(text=text, speaker=name, role=name)],
        corrections=[a_correction(text=one) for one in corrected],
    ),
    texts, st.none() | texts, texts, languages, sections, texts, pictures, videos,
    st.lists(texts, max_size=2),
)  # fmt: skip
sources = st.builds(
    lambda title, language, picture, genre: a_source(
        title=title or "x", description=title, language=language, picture=picture, genres=[genre]
    ),
    texts, languages, pictures, texts,
)  # fmt: skip

some = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def numbered(listed: list[FeedItem]) -> list[FeedItem]:
    return [
        {**item, "id": f"01kart{number}", "url": f"https://news.example/{number}"}
        for number, item in enumerate(listed)
    ]


@some
@given(sources, st.lists(items, max_size=3))
def test_every_feed_is_well_formed(source: FeedSource, listed: list[FeedItem]) -> None:
    listed = numbered(listed)
    ids = {item["id"] for item in listed}

    for make in (feed_rss, feed_mrss, feed_atom):
        found = feedparser.parse(make(source, listed))
        assert found.bozo is False
        assert {entry.id.rpartition(":")[2] for entry in found.entries} <= ids
        assert all(entry.title for entry in found.entries)
    etree.fromstring(news_sitemap(source, listed))
    told = parse(feed_json(source, listed))
    assert {item["id"] for item in told["items"]} == ids


@some
@given(sources, st.lists(items, max_size=3))
def test_every_roku_feed_is_valid(source: FeedSource, listed: list[FeedItem]) -> None:
    listed = numbered(listed)

    app, search = roku_app(source, listed), roku_search(source, listed)

    assert faults("roku-app", app) == []
    assert faults("roku-search", search) == []
    home = channel_home(a_channel(picture=source["picture"]), [a_row(*listed)])
    assert faults("channel-home", home) == []


@some
@given(sources, st.lists(items, max_size=3))
def test_every_report_says_what_is_missing(source: FeedSource, listed: list[FeedItem]) -> None:
    listed = numbered(listed)

    left_out = {
        target: {
            one["id"] for one in check_feed(target, source, listed) if one["severity"] == "left_out"
        }
        for target in TARGETS
    }

    ids = {item["id"] for item in listed}
    app = {one["id"] for one in parse(roku_app(source, listed))["shortFormVideos"]}
    search = {one["id"] for one in parse(roku_search(source, listed))["assets"]}
    mrss = {one.id for one in feedparser.parse(feed_mrss(source, listed)).entries}
    assert [ids - app, ids - search, ids - mrss] == [
        left_out["roku-app"], left_out["roku-search"], left_out["mrss"],
    ]  # fmt: skip


# Any: members of typed documents
channels = st.builds(
    lambda name, description, picture, url, genre, language: a_channel(
        name=name, description=description, picture=picture, streams=[a_stream(url=url)],
        genres=[genre], language=language,
    ),
    texts, st.none() | texts, pictures, addresses, texts, languages,
)  # fmt: skip
programmes = st.builds(
    lambda number, title, description, minutes, picture: a_programme(
        number, title=title, description=description, picture=picture,
        stops_at=NOON + timedelta(hours=number, minutes=minutes),
    ),
    st.integers(0, 4), texts, st.none() | texts, st.integers(-10, 90), pictures,
)  # fmt: skip


@some
@given(channels, st.lists(programmes, max_size=4))
def test_every_guide_and_playlist_is_well_formed(channel: Any, shown: list[Any]) -> None:
    guide = etree.fromstring(live_xmltv([a_schedule(*shown, **channel)], host=HOST))

    times = [(one.attrib["start"], one.attrib["stop"]) for one in guide.findall("programme")]
    assert [time for pair in times for time in pair] == sorted(t for pair in times for t in pair)
    assert all(one.findtext("title") for one in guide.findall("programme"))
    assert faults("roku-linear", roku_linear("The Quay", channel, shown)) == []
    lines = live_m3u([channel], host=HOST).decode().split("\n")
    assert len(lines) in {2, 4}
    assert all(len(line.splitlines()) == 1 for line in lines if line)
    check_schedule("xmltv", channel, shown)


@given(texts, st.integers(2, 60))
def test_texts_keep_to_their_limits(text: str, limit: int) -> None:
    plain = plain_text(text)

    assert len(cut_text(plain, limit)) <= limit
    assert len(cut_tag(text)) <= 20
    assert plain_text(plain) == plain
