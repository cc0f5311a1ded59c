"""A channel's home screen."""

import pytest

from app.representations.channel_home import channel_home
from app.web.json import dump
from tests.representations.documents import (
    MASTER,
    PICTURE,
    a_caption,
    a_channel,
    a_quote,
    a_row,
    a_video,
    an_entity,
    an_item,
    faults,
    parse,
    schema,
)

LIVE = "https://pictures.example/live.jpg"


def test_a_home_screen_is_this_document() -> None:
    document = channel_home(a_channel(), [a_row(an_item())])

    assert faults("channel-home", document) == []
    assert parse(document) == {
        "id": "01kchannel",
        "title": "Quay Live",
        "description": "The harbour, day and night.",
        "language": "en",
        "hdPosterUrl": LIVE,
        "lastUpdated": "2026-11-20T12:01:00Z",
        "live": [
            {
                "id": "01kchannel",
                "title": "Quay Live",
                "description": "The harbour, day and night.",
                "hdPosterUrl": LIVE,
                "fhdPosterUrl": LIVE,
                "url": "https://video.example/live/master.m3u8",
                "streamFormat": "hls",
                "live": True,
                "length": 0,
                "releaseDate": "2026-11-20",
                "mediaType": "shortFormVideo",
                "categories": ["news"],
                "actors": [],
                "subtitleTracks": [],
                "quotes": [],
            }
        ],
        "rows": [
            {
                "id": "latest",
                "title": "Latest",
                "items": [
                    {
                        "id": "01kart1",
                        "title": "Ferry strike ends",
                        "description": "Crews return on Friday after a deal.",
                        "hdPosterUrl": PICTURE,
                        "fhdPosterUrl": PICTURE,
                        "url": MASTER,
                        "streamFormat": "hls",
                        "live": False,
                        "length": 92,
                        "releaseDate": "2026-11-20",
                        "mediaType": "shortFormVideo",
                        "categories": ["Harbour"],
                        "actors": ["Ann Lee"],
                        "subtitleTracks": [
                            {
                                "Language": "eng",
                                "Description": "English",
                                "TrackName": "https://video.example/quay/en.vtt",
                            }
                        ],
                        "quotes": [
                            {
                                "id": "q1",
                                "text": "We will not sell,",
                                "speaker": "Ann Lee",
                                "role": "union leader",
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_nothing_is_null_where_nothing_is_known() -> None:
    item = an_item(
        section=None, standfirst=None, text="", entities=[an_entity(type="place")], picture=None,
        quotes=[a_quote(speaker=None, role=None)],
        video=a_video(duration_seconds=None, captions=[a_caption(language=None)]),
    )  # fmt: skip

    document = channel_home(a_channel(picture=None, description=None, streams=[]), [a_row(item)])

    assert faults("channel-home", document) == []
    assert b"null" not in document
    card = parse(document)["rows"][0]["items"][0]
    assert (card["length"], card["hdPosterUrl"], card["actors"]) == (0, "", [])
    assert card["subtitleTracks"][0]["Language"] == "und"
    assert card["quotes"] == [{"id": "q1", "text": "We will not sell,", "speaker": "", "role": ""}]


def test_keys_are_distinct_in_lower_case() -> None:
    def keys(document: object) -> None:
        if isinstance(document, dict):
            assert len({name.lower() for name in document}) == len(document)
            assert all(name.isidentifier() for name in document)
            for value in document.values():
                keys(value)
        elif isinstance(document, list):
            for value in document:
                keys(value)

    keys(parse(channel_home(a_channel(), [a_row(an_item())])))


def test_what_can_not_be_played_is_no_card_and_an_empty_row_no_row() -> None:
    rows = [
        a_row(an_item(1), an_item(2, video=None), an_item(3, video=a_video(duration_seconds=0))),
        a_row(an_item(4, video=None), id="empty"),
    ]

    told = parse(channel_home(a_channel(), rows))["rows"]

    assert [(row["id"], [card["id"] for card in row["items"]]) for row in told] == [
        ("latest", ["01kart1"])
    ]


@pytest.mark.parametrize("budget_bytes", [48 * 1024, 16 * 1024, 6 * 1024])
def test_rows_are_shortened_evenly_from_their_ends_until_all_fits(budget_bytes: int) -> None:
    rows = [
        a_row(*(an_item(number) for number in range(60)), id="long"),
        a_row(*(an_item(number) for number in range(30)), id="half"),
        a_row(an_item(1), id="short"),
    ]

    document = channel_home(a_channel(), rows, budget_bytes=budget_bytes)

    told = {row["id"]: row["items"] for row in parse(document)["rows"]}
    long, half = len(told["long"]), len(told["half"])
    assert budget_bytes - 1_500 < len(document) <= budget_bytes
    assert long - half in {0, 1} or half == 30
    assert len(told["short"]) == 1
    assert [card["id"] for card in told["long"]] == [f"01kart{n}" for n in range(long)]


def test_the_channel_is_told_whatever_the_budget() -> None:
    told = parse(channel_home(a_channel(), [a_row(an_item())], budget_bytes=10))

    assert (told["id"], told["rows"], len(told["live"])) == ("01kchannel", [], 1)


def test_a_card_has_whole_quotes_and_not_too_many() -> None:
    quotes = [a_quote(id=f"q{n}", text="Word for word.\n😀  " * 99) for n in range(9)]

    told = parse(channel_home(a_channel(), [a_row(an_item(quotes=quotes))]))

    card = told["rows"][0]["items"][0]
    assert [one["id"] for one in card["quotes"]] == ["q0", "q1", "q2", "q3", "q4"]
    assert {one["text"] for one in card["quotes"]} == {quotes[0]["text"]}


@pytest.mark.parametrize("member", ["url", "length", "quotes", "fhdPosterUrl"])
def test_the_schema_misses_what_a_channel_would_index(member: str) -> None:
    document = parse(channel_home(a_channel(), [a_row(an_item())]))
    document["rows"][0]["items"][0][member] = None

    assert not schema("channel-home").is_valid(document)
    assert len(faults("channel-home", dump(document))) > 0
