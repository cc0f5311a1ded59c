"""RSS, Media RSS, Atom and JSON Feed, as parsers that nobody here wrote read them."""

import io
from typing import Any

import atoma
import feedparser
import jsonfeed
import podcastparser
import pytest
from lxml import etree

from app.representations.feed_atom import feed_atom
from app.representations.feed_json import feed_json
from app.representations.feed_rss import feed_mrss, feed_rss
from tests.representations.documents import (
    FILE,
    MASTER,
    NOON,
    PICTURE,
    a_caption,
    a_file,
    a_picture,
    a_quote,
    a_rendition,
    a_source,
    a_video,
    an_entity,
    an_item,
    parse,
)

MEDIA = "{http://search.yahoo.com/mrss/}"
HUB = "https://hub.example/"


# Any: what the parser makes of it
def read(document: bytes) -> Any:
    found = feedparser.parse(document)
    assert found.bozo is False, found.get("bozo_exception")
    return found


def items_of(document: bytes) -> list[etree._Element]:
    return etree.fromstring(document).findall("channel/item")


def test_rss_is_this_document() -> None:
    source = a_source(next_url="https://news.example/v1/feeds/quay?before=1")

    document = feed_rss(source, [an_item()], hub=HUB)

    assert document.decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:media="http://search.yahoo.com/mrss/" version="2.0"><channel>'
        "<title>The Quay</title><link>https://news.example/</link>"
        "<description>News of the harbour.</description><language>en</language>"
        "<lastBuildDate>Fri, 20 Nov 2026 12:00:00 +0000</lastBuildDate>"
        '<atom:link rel="self" href="https://news.example/v1/feeds/quay"'
        ' type="application/rss+xml"></atom:link>'
        '<atom:link rel="next" href="https://news.example/v1/feeds/quay?before=1"'
        ' type="application/rss+xml"></atom:link>'
        '<atom:link rel="hub" href="https://hub.example/"></atom:link>'
        "<item><title>Ferry strike ends</title>"
        "<link>https://news.example/articles/01kart1</link>"
        '<guid isPermaLink="false">01kart1</guid>'
        "<pubDate>Fri, 20 Nov 2026 11:59:00 +0000</pubDate>"
        "<description>Crews return on Friday after a deal.</description>"
        "<content:encoded><![CDATA[<p>Crews return on <em>Friday</em>.</p>"
        "<p>“We will not sell,” she said.</p>]]></content:encoded>"
        "<dc:creator>Jo Marsh</dc:creator>"
        '<category domain="section">Harbour</category>'
        '<category domain="person">Ann Lee</category>'
        f'<enclosure url="{FILE}" length="34500000" type="video/mp4"/>'
        f'<media:content url="{MASTER}" type="application/vnd.apple.mpegurl" medium="video"'
        ' duration="92" isDefault="true" width="1280" height="720" lang="en">'
        f'<media:thumbnail url="{PICTURE}" width="1920" height="1080"></media:thumbnail>'
        "</media:content>"
        f'<media:thumbnail url="{PICTURE}" width="1920" height="1080"></media:thumbnail>'
        "<media:keywords>Ann Lee</media:keywords>"
        '<media:rating scheme="urn:v-chip">tv-pg</media:rating>'
        '<media:subTitle type="text/vtt" lang="en-GB" href="https://video.example/quay/en.vtt">'
        "</media:subTitle></item></channel></rss>"
    )


def test_readers_of_rss_read_what_was_meant() -> None:
    document = feed_rss(a_source(), [an_item(), an_item(2, video=None)], hub=HUB)

    found = read(document)
    assert found.feed.title == "The Quay"
    assert [link["rel"] for link in found.feed.links] == ["alternate", "self", "hub"]
    first, second = found.entries
    assert (first.id, first.link) == ("01kart1", "https://news.example/articles/01kart1")
    assert first.published_parsed[:6] == (2026, 11, 20, 11, 59, 0)
    assert first.media_content[0]["url"] == MASTER
    assert first.media_thumbnail[0]["url"] == PICTURE
    assert first.enclosures[0]["href"] == FILE
    assert second.media_content[0]["medium"] == "image"

    rss = atoma.parse_rss_bytes(document)
    assert [item.guid for item in rss.items] == ["01kart1", "01kart2"]
    assert rss.items[0].enclosures[0].length == 34_500_000

    podcast = podcastparser.parse(a_source()["url"], io.BytesIO(document))
    assert [episode["guid"] for episode in podcast["episodes"]] == ["01kart1", "01kart2"]
    assert podcast["episodes"][0]["enclosures"][0]["url"] == FILE


def test_television_gets_only_what_it_can_play() -> None:
    items = [
        an_item(1),
        an_item(2, video=None),
        an_item(3, video=a_video(renditions=[a_rendition(url="http://video.example/a.m3u8")])),
        an_item(4, video=a_video(duration_seconds=0)),
        an_item(5, video=a_video(duration_seconds=None), picture=None),
    ]

    document = feed_mrss(a_source(), items)

    assert [entry.id for entry in read(document).entries] == ["01kart1", "01kart5"]


def test_thumbnails_stand_in_the_content_and_beside_it_and_nothing_in_a_group() -> None:
    item = items_of(feed_mrss(a_source(), [an_item()]))[0]

    assert item.find(f"{MEDIA}content/{MEDIA}thumbnail") is not None
    assert item.find(f"{MEDIA}thumbnail") is not None
    assert item.find(f"{MEDIA}group") is None


def test_a_file_tells_its_bitrate_and_size_and_the_rights_their_window() -> None:
    video = a_video(renditions=[a_file()], available_from=NOON, available_until=NOON)

    item = items_of(feed_mrss(a_source(), [an_item(video=video)]))[0]

    content = item.find(f"{MEDIA}content")
    assert content is not None
    assert (content.get("bitrate"), content.get("fileSize")) == ("3200", "34500000")
    assert item.findtext("{http://purl.org/dc/terms/}valid") == (
        "start=2026-11-20T12:00:00Z; end=2026-11-20T12:00:00Z; scheme=W3C-DTF"
    )


def test_who_is_quoted_is_a_keyword_before_who_is_named() -> None:
    quotes = [a_quote(speaker="Moss, Kim"), a_quote(speaker=None), a_quote()]
    entities = [an_entity(), an_entity(name="Harbour Union", type="organization")]

    item = items_of(feed_mrss(a_source(), [an_item(quotes=quotes, entities=entities)]))[0]

    assert item.findtext(f"{MEDIA}keywords") == "Moss Kim, Ann Lee, Harbour Union"


def test_markup_that_would_end_the_section_reads_the_same() -> None:
    document = feed_rss(a_source(), [an_item(body_html="<p>a]]>b</p>")])

    assert read(document).entries[0].content[0].value == "<p>a]]&gt;b</p>"


def test_readers_of_atom_read_what_was_meant() -> None:
    source = a_source(next_url="https://news.example/v1/feeds/quay?before=1")
    items = [an_item(), an_item(2, video=None, bylines=[], language="fi")]

    document = feed_atom(source, items, hub=HUB)

    found = read(document)
    assert (found.feed.id, found.feed.updated) == (source["url"], "2026-11-20T12:00:00Z")
    assert [link["rel"] for link in found.feed.links] == ["self", "alternate", "next", "hub"]
    first, second = found.entries
    assert first.id == "tag:news.example,2026:01kart1"
    assert (first.published, first.updated) == ("2026-11-20T11:59:00Z", "2026-11-20T12:01:00Z")
    assert [one["name"] for one in first.authors] == ["Jo Marsh"]
    assert [one["href"] for one in first.enclosures] == [MASTER, FILE, PICTURE]
    assert first.content[0].type == "text/html"
    assert [(tag.term, tag.label) for tag in first.tags] == [
        ("news/harbour", "Harbour"),
        ("ann-lee", "Ann Lee"),
    ]
    assert second.content[0].language == "fi"
    assert [entry.id_ for entry in atoma.parse_atom_bytes(document).entries] == [
        first.id,
        second.id,
    ]


def test_an_empty_feed_is_a_feed() -> None:
    source = a_source(updated_at=None)

    assert read(feed_rss(source, [])).entries == []
    assert read(feed_mrss(source, [])).entries == []
    assert read(feed_atom(source, [])).feed.updated == "1970-01-01T00:00:00Z"
    assert parse(feed_json(source, []))["items"] == []


def test_a_json_feed_is_this_document() -> None:
    source = a_source(next_url="https://news.example/v1/feeds/quay?before=1")

    document = feed_json(source, [an_item()], hub=HUB)

    assert parse(document) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Quay",
        "home_page_url": "https://news.example/",
        "feed_url": "https://news.example/v1/feeds/quay",
        "description": "News of the harbour.",
        "language": "en",
        "next_url": "https://news.example/v1/feeds/quay?before=1",
        "hubs": [{"type": "WebSub", "url": HUB}],
        "items": [
            {
                "id": "01kart1",
                "url": "https://news.example/articles/01kart1",
                "title": "Ferry strike ends",
                "content_html": an_item()["body_html"],
                "content_text": an_item()["text"],
                "date_published": "2026-11-20T11:59:00Z",
                "date_modified": "2026-11-20T12:01:00Z",
                "language": "en",
                "summary": "Crews return on Friday after a deal.",
                "image": PICTURE,
                "authors": [{"name": "Jo Marsh"}],
                "tags": ["Harbour", "Ann Lee"],
                "attachments": [
                    {
                        "url": MASTER,
                        "mime_type": "application/vnd.apple.mpegurl",
                        "duration_in_seconds": 92,
                    },
                    {
                        "url": FILE,
                        "mime_type": "video/mp4",
                        "size_in_bytes": 34_500_000,
                        "duration_in_seconds": 92,
                    },
                ],
                "_onrecord": {
                    "section": {"path": "news/harbour", "name": "Harbour"},
                    "entities": [an_entity()],
                    "quotes": [a_quote()],
                    "corrections": [],
                },
            }
        ],
    }


def test_readers_of_json_feed_read_what_was_meant() -> None:
    document = feed_json(a_source(), [an_item(), an_item(2, video=None, picture=None)])

    by_atoma = atoma.parse_json_feed_bytes(document)
    by_jsonfeed = jsonfeed.Feed.parse_string(document.decode())

    assert [item.id_ for item in by_atoma.items] == ["01kart1", "01kart2"]
    assert by_atoma.items[0].attachments[0].url == MASTER
    assert [item.id for item in by_jsonfeed.items] == ["01kart1", "01kart2"]


def test_what_is_not_known_is_not_told_as_null() -> None:
    item = an_item(
        section=None, standfirst=None, bylines=[], entities=[], picture=None, video=None,
        quotes=[a_quote(speaker=None, speaker_id=None, role=None)],
    )  # fmt: skip

    told = parse(feed_json(a_source(), [item]))["items"][0]

    assert told["_onrecord"] == {
        "entities": [],
        "quotes": [{"id": "q1", "text": "We will not sell,"}],
        "corrections": [],
    }
    assert not {"summary", "image", "authors", "tags", "attachments"} & set(told)


def test_the_formats_agree_on_ids_dates_and_media() -> None:
    items = [an_item(number) for number in range(1, 4)]

    rss, mrss, atom = (
        read(make(a_source(), items)).entries for make in (feed_rss, feed_mrss, feed_atom)
    )
    told = parse(feed_json(a_source(), items))["items"]

    ids = [item["id"] for item in items]
    assert [one.id for one in rss] == [one.id for one in mrss] == ids
    assert [one.id.rpartition(":")[2] for one in atom] == [one["id"] for one in told] == ids
    moments = [one.published_parsed for one in rss]
    assert [one.published_parsed for one in mrss] == moments
    assert [one.published_parsed for one in atom] == moments
    assert [one["date_published"] for one in told] == [one.published for one in atom]
    assert [one.media_content[0]["url"] for one in rss + mrss] == [MASTER] * 6
    assert {one.enclosures[0]["href"] for one in atom} == {MASTER}
    assert {one["attachments"][0]["url"] for one in told} == {MASTER}


@pytest.mark.parametrize("make", [feed_rss, feed_mrss, feed_atom, feed_json])
def test_the_same_documents_give_the_same_bytes(make: Any) -> None:
    assert make(a_source(), [an_item()]) == make(a_source(), [an_item()])


def test_captions_without_a_language_are_told_as_unknown() -> None:
    video = a_video(captions=[a_caption(language=None), a_caption(url="http://a.example/x.vtt")])

    item = items_of(feed_mrss(a_source(), [an_item(video=video)]))[0]

    assert [one.get("lang") for one in item.findall(f"{MEDIA}subTitle")] == ["und"]


def test_a_picture_that_television_can_not_show_gives_way_to_the_feeds_own() -> None:
    source = a_source(picture=a_picture(url="https://pictures.example/logo.png", type="image/png"))
    item = an_item(picture=a_picture(url="https://pictures.example/quay.webp", type=None))

    television = read(feed_mrss(source, [item])).entries[0]
    readers = read(feed_rss(source, [item])).entries[0]

    assert television.media_thumbnail[0]["url"] == "https://pictures.example/logo.png"
    assert readers.media_thumbnail[0]["url"] == "https://pictures.example/quay.webp"


def test_importers_of_media_rss_find_there_what_the_item_says_itself() -> None:
    entry = etree.fromstring(feed_mrss(a_source(), [an_item()])).find("channel/item")

    assert entry is not None
    media = "{http://search.yahoo.com/mrss/}"
    assert entry.findtext(f"{media}title") == entry.findtext("title")
    assert entry.findtext(f"{media}description") == entry.findtext("description")
    assert entry.findtext(f"{media}category") == "news/harbour"
    assert entry.findtext(f"{media}credit") == "Jo Marsh"
