"""Roku's app, linear and search feeds."""

from datetime import timedelta
from typing import Any

import pytest

from app.representations.roku_app import kept_items, roku_app
from app.representations.roku_linear import roku_linear
from app.representations.roku_search import roku_search
from app.web.json import dump
from tests.representations.documents import (
    FILE,
    MASTER,
    NOON,
    PICTURE,
    a_caption,
    a_channel,
    a_file,
    a_picture,
    a_programme,
    a_rendition,
    a_source,
    a_stream,
    a_video,
    an_entity,
    an_item,
    faults,
    parse,
    schema,
)


def test_the_app_feed_is_this_document() -> None:
    document = roku_app(a_source(), [an_item()], channels=[a_channel()])

    assert faults("roku-app", document) == []
    assert parse(document) == {
        "providerName": "The Quay",
        "lastUpdated": "2026-11-20T12:00:00+00:00",
        "language": "en",
        "liveFeeds": [
            {
                "id": "01kchannel",
                "title": "Quay Live",
                "content": {
                    "dateAdded": "2026-11-20T12:00:00+00:00",
                    "videos": [
                        {
                            "url": "https://video.example/live/master.m3u8",
                            "quality": "FHD",
                            "videoType": "HLS",
                        }
                    ],
                    "captions": [],
                    "language": "en",
                },
                "thumbnail": "https://pictures.example/live.jpg",
                "brandedThumbnail": "https://pictures.example/live.jpg",
                "shortDescription": "The harbour, day and night.",
                "genres": ["news"],
                "tags": [],
                "rating": {"rating": "TVPG", "ratingSource": "USA_PR"},
            }
        ],
        "shortFormVideos": [
            {
                "id": "01kart1",
                "title": "Ferry strike ends",
                "content": {
                    "dateAdded": "2026-11-20T11:59:00+00:00",
                    "duration": 92,
                    "videos": [
                        {"url": MASTER, "quality": "HD", "videoType": "HLS"},
                        {"url": FILE, "quality": "HD", "videoType": "MP4", "bitrate": 3200},
                    ],
                    "captions": [
                        {
                            "url": "https://video.example/quay/en.vtt",
                            "language": "en-GB",
                            "captionType": "CLOSED_CAPTION",
                        }
                    ],
                    "trickPlayFiles": [
                        {"url": "https://video.example/quay/hd.bif", "quality": "HD"}
                    ],
                    "language": "en",
                },
                "thumbnail": PICTURE,
                "shortDescription": "Crews return on Friday after a deal.",
                "longDescription": "Crews return on Friday. “We will not sell,” union leader"
                " Ann Lee said.",
                "releaseDate": "2026-11-20",
                "genres": ["news"],
                "tags": ["news-harbour", "ann-lee"],
                "credits": [{"name": "Jo Marsh", "role": "host"}],
                "rating": {"rating": "TVPG", "ratingSource": "USA_PR"},
            }
        ],
        "categories": [{"name": "Harbour", "query": "news-harbour", "order": "most_recent"}],
    }


def test_an_app_feed_drops_the_oldest_until_it_is_small_enough() -> None:
    items = [an_item(number, text="word " * 300) for number in range(400, 0, -1)]

    document = roku_app(a_source(), items)

    entries = parse(document)["shortFormVideos"]
    assert [entry["id"] for entry in entries] == [
        f"01kart{number}" for number in range(1, len(entries) + 1)
    ]
    assert 500 * 1024 - 2_000 < len(document) < 500 * 1024
    assert faults("roku-app", document) == []


@pytest.mark.parametrize("surplus", [-1, 0, 1])
def test_the_size_is_that_of_the_encoded_bytes(surplus: int) -> None:
    items = [
        an_item(n, headline="Färjestrejken slut", section={"path": f"s{n}", "name": "Hamn"})
        for n in (1, 2, 3)
    ]
    whole = roku_app(a_source(), items, channels=[a_channel()])

    kept = kept_items(a_source(), items, channels=[a_channel()], max_bytes=len(whole) + 3 + surplus)

    # Two lists, and nothing to divide their first members from: counted as two bytes too many.
    assert len(kept) == (3 if surplus > -1 else 2)


def test_an_empty_app_feed_has_its_list() -> None:
    document = roku_app(a_source(updated_at=None), [])

    assert faults("roku-app", document) == []
    assert parse(document) == {
        "providerName": "The Quay",
        "lastUpdated": "1970-01-01T00:00:00+00:00",
        "language": "en",
        "shortFormVideos": [],
    }


def test_texts_are_cut_and_tags_too() -> None:
    item = an_item(
        headline="Harbour " * 63,
        standfirst="Ferry " * 100,
        text="Crews " * 200,
        entities=[an_entity(slug="union-of-the-harbours-of-the-north")],
    )

    entry = parse(roku_app(a_source(), [item]))["shortFormVideos"][0]

    assert entry["title"] == "Harbour " * 24 + "Harbour…"
    assert len(entry["shortDescription"]) <= 200
    assert len(entry["longDescription"]) <= 500
    assert entry["tags"] == ["news-harbour", "union-of-the"]


def test_a_long_description_that_says_no_more_is_not_told() -> None:
    item = an_item(standfirst=None, text="Crews return on Friday.")

    entry = parse(roku_app(a_source(), [item]))["shortFormVideos"][0]

    assert entry["shortDescription"] == "Crews return on Friday."
    assert "longDescription" not in entry


def test_a_file_of_unknown_bitrate_is_told_as_usual() -> None:
    video = a_video(renditions=[a_file(bitrate=None, size=None, quality=None, height=1080)])

    entry = parse(roku_app(a_source(), [an_item(video=video)]))["shortFormVideos"][0]

    assert entry["content"]["videos"] == [
        {"url": FILE, "quality": "FHD", "videoType": "MP4", "bitrate": 6000}
    ]


def test_rights_and_captions_are_told_as_roku_names_them() -> None:
    video = a_video(
        available_from=NOON,
        available_until=NOON + timedelta(days=1),
        captions=[a_caption(kind="subtitles", language=None), a_caption(url="http://a.example/b")],
        trick_plays=[{"url": "https://a.example/sd.bif", "quality": "SD"}],
    )

    document = roku_app(a_source(), [an_item(video=video)])

    content = parse(document)["shortFormVideos"][0]["content"]
    assert faults("roku-app", document) == []
    assert content["validityPeriodStart"] == "2026-11-20T12:00:00+00:00"
    assert content["validityPeriodEnd"] == "2026-11-21T12:00:00+00:00"
    assert [(one["language"], one["captionType"]) for one in content["captions"]] == [
        ("und", "SUBTITLE")
    ]
    assert content["trickPlayFiles"] == []


def test_a_channel_without_stream_or_picture_is_no_live_feed() -> None:
    channels = [
        a_channel(streams=[]),
        a_channel(streams=[a_stream(url="http://video.example/live.m3u8")]),
        a_channel(picture=None),
    ]

    assert "liveFeeds" not in parse(roku_app(a_source(), [], channels=channels))


def test_the_search_feed_is_this_document() -> None:
    source = a_source(language="en-GB", next_url="https://news.example/v1/feeds/search?after=1")
    video = a_video(available_until=NOON + timedelta(days=1))

    document = roku_search(source, [an_item(video=video)], countries=["US", "ca"])

    assert faults("roku-search", document) == []
    assert parse(document) == {
        "version": "1",
        "defaultLanguage": "en",
        "defaultAvailabilityCountries": ["us", "ca"],
        "assets": [
            {
                "id": "01kart1",
                "type": "shortForm",
                "titles": [{"value": "Ferry strike ends", "languages": ["en"]}],
                "shortDescriptions": [
                    {"value": "Crews return on Friday after a deal.", "languages": ["en"]}
                ],
                "longDescriptions": [
                    {
                        "value": "Crews return on Friday. “We will not sell,” union leader"
                        " Ann Lee said.",
                        "languages": ["en"],
                    }
                ],
                "releaseDate": "2026-11-20",
                "genres": ["news"],
                "advisoryRatings": [{"source": "USA_PR", "value": "TVPG"}],
                "images": [{"type": "main", "url": PICTURE, "languages": ["en"]}],
                "durationInSeconds": 92,
                "content": {
                    "playOptions": [
                        {
                            "license": "free",
                            "quality": "hd",
                            "playId": "01kart1",
                            "availabilityStartTime": "2026-11-20T11:59:00Z",
                            "availabilityEndTime": "2026-11-21T12:00:00Z",
                        }
                    ]
                },
                "tags": ["news-harbour", "ann-lee"],
                "credits": [{"name": "Jo Marsh", "role": "host"}],
            }
        ],
        "nextPageUrl": "https://news.example/v1/feeds/search?after=1",
    }


def test_a_search_feed_without_rating_or_next_page_says_nothing_of_them() -> None:
    document = roku_search(a_source(rating=None), [an_item()])

    assert faults("roku-search", document) == []
    assert "nextPageUrl" not in parse(document)
    assert "advisoryRatings" not in parse(document)["assets"][0]


def test_the_linear_feed_is_this_document() -> None:
    again = a_programme(2, id="01kshow0", is_live=False, has_captions=False)

    document = roku_linear("The Quay", a_channel(), [again, a_programme(0), a_programme(1)])

    assert faults("roku-linear", document) == []
    told = parse(document)
    assert list(told) == ["providerName", "lastUpdated", "language", "liveFeeds", "tvSpecials"]
    assert told["liveFeeds"] == [
        {
            "id": "01kchannel",
            "title": "Quay Live",
            "content": {
                "dateAdded": "2026-11-20T12:00:00+00:00",
                "language": "en",
                "schedule": [
                    {
                        "id": "01kshow0",
                        "durationInSeconds": 3600,
                        "isLive": True,
                        "date": "2026-11-20",
                        "times": ["12:00:00"],
                        "attributes": ["CC"],
                    },
                    {
                        "id": "01kshow1",
                        "durationInSeconds": 3600,
                        "isLive": True,
                        "date": "2026-11-20",
                        "times": ["13:00:00"],
                        "attributes": ["CC"],
                    },
                    {
                        "id": "01kshow0",
                        "durationInSeconds": 3600,
                        "isLive": False,
                        "date": "2026-11-20",
                        "times": ["14:00:00"],
                    },
                ],
            },
            "thumbnail": "https://pictures.example/live.jpg",
            "shortDescription": "The harbour, day and night.",
            "longDescription": "Quay Live: The harbour, day and night.",
            "genres": ["news"],
            "advisoryRatings": [{"source": "USA_PR", "value": "TV-PG"}],
        }
    ]
    assert [one["id"] for one in told["tvSpecials"]] == ["01kshow0", "01kshow1"]
    assert told["tvSpecials"][0] == {
        "id": "01kshow0",
        "title": "Quay at Noon",
        "thumbnail": "https://pictures.example/live.jpg",
        "shortDescription": "What the morning brought.",
        "releaseDate": "2026-11-20",
        "genres": ["news"],
        "advisoryRatings": [{"source": "USA_PR", "value": "TV-PG"}],
    }


def test_a_linear_feed_has_no_overlaps_and_nothing_that_stops_before_it_starts() -> None:
    programmes = [
        a_programme(0),
        a_programme(9, starts_at=NOON + timedelta(minutes=30)),
        a_programme(8, stops_at=NOON),
        a_programme(1),
    ]

    told = parse(roku_linear("The Quay", a_channel(), programmes))

    assert [one["id"] for one in told["liveFeeds"][0]["content"]["schedule"]] == [
        "01kshow0",
        "01kshow1",
    ]


def test_a_linear_programme_is_short() -> None:
    programme = a_programme(title="Quay " * 20, description="What the morning brought. " * 9)

    told = parse(roku_linear("The Quay", a_channel(), [programme]))["tvSpecials"][0]

    assert told["title"] == "Quay " * 6 + "Quay…"
    assert len(told["shortDescription"]) <= 110


# Any: what is put into a document
BAD: list[tuple[str, list[str | int], Any]] = [
    ("roku-app", ["shortFormVideos", 0, "content", "videos"], []),
    ("roku-app", ["shortFormVideos", 0, "content", "videos", 0, "url"], "http://a.example/x.m3u8"),
    ("roku-app", ["shortFormVideos", 0, "content", "videos", 1, "bitrate"], 0),
    ("roku-app", ["shortFormVideos", 0, "content", "videos", 1, "quality"], "hd"),
    ("roku-app", ["shortFormVideos", 0, "content", "duration"], 0),
    ("roku-app", ["shortFormVideos", 0, "content", "duration"], 91.5),
    ("roku-app", ["shortFormVideos", 0, "content", "captions", 0, "language"], None),
    ("roku-app", ["shortFormVideos", 0, "genres"], []),
    ("roku-app", ["shortFormVideos", 0, "genres"], ["world"]),
    ("roku-app", ["shortFormVideos", 0, "title"], "x" * 201),
    ("roku-app", ["shortFormVideos", 0, "title"], "a\nb"),
    ("roku-app", ["shortFormVideos", 0, "tags"], ["x" * 21]),
    ("roku-app", ["shortFormVideos", 0, "id"], "x" * 51),
    ("roku-app", ["shortFormVideos", 0, "releaseDate"], "20 November 2026"),
    ("roku-app", ["lastUpdated"], "2026-11-20T12:00:00Z"),
    ("roku-app", ["liveFeeds"], []),
    ("roku-search", ["version"], 1),
    ("roku-search", ["defaultAvailabilityCountries"], []),
    ("roku-search", ["assets", 0, "type"], "shortform"),
    ("roku-search", ["assets", 0, "content", "playOptions"], []),
    ("roku-search", ["assets", 0, "content", "playOptions", 0, "quality"], "HD"),
    ("roku-search", ["assets", 0, "images"], []),
    ("roku-search", ["assets", 0, "titles"], ["Ferry strike ends"]),
    ("roku-search", ["assets", 0, "advisoryRatings"], []),
    ("roku-linear", ["tvSpecials", 0, "title"], "x" * 36),
    ("roku-linear", ["tvSpecials", 0, "shortDescription"], "x" * 111),
    ("roku-linear", ["liveFeeds", 0, "content", "schedule", 0, "times"], ["24:00:00"]),
    ("roku-linear", ["liveFeeds", 0, "content", "schedule", 0, "durationInSeconds"], 0),
    ("roku-linear", ["liveFeeds", 0, "longDescription"], ""),
]


def good(name: str) -> Any:
    if name == "roku-app":
        return parse(roku_app(a_source(), [an_item()], channels=[a_channel()]))
    if name == "roku-search":
        return parse(roku_search(a_source(), [an_item()]))
    return parse(roku_linear("The Quay", a_channel(), [a_programme()]))


@pytest.mark.parametrize(("name", "path", "value"), BAD)
def test_the_schemas_refuse_what_roku_refuses(
    name: str, path: list[str | int], value: object
) -> None:
    document = good(name)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    assert len(faults(name, dump(document))) > 0


REQUIRED = [
    ("roku-app", "shortFormVideos", "genres"),
    ("roku-app", "shortFormVideos", "thumbnail"),
    ("roku-app", "shortFormVideos", "content"),
    ("roku-search", "assets", "images"),
    ("roku-search", "assets", "durationInSeconds"),
    ("roku-linear", "tvSpecials", "shortDescription"),
    ("roku-linear", "liveFeeds", "longDescription"),
]


@pytest.mark.parametrize(("name", "listed", "member"), REQUIRED)
def test_the_schemas_miss_what_roku_would_miss(name: str, listed: str, member: str) -> None:
    document = good(name)
    assert schema(name).is_valid(document)

    del document[listed][0][member]

    assert not schema(name).is_valid(document)


def test_a_rendition_that_is_adaptive_is_first() -> None:
    video = a_video(renditions=[a_file(), a_rendition()])

    told = parse(roku_app(a_source(), [an_item(video=video)]))["shortFormVideos"][0]

    assert [one["videoType"] for one in told["content"]["videos"]] == ["HLS", "MP4"]


def test_a_gif_is_shown_by_search_alone() -> None:
    item = an_item(picture=a_picture(url="https://pictures.example/a.gif", type="image/gif"))

    assert parse(roku_app(a_source(), [item]))["shortFormVideos"] == []
    assert len(parse(roku_search(a_source(), [item]))["assets"]) == 1
