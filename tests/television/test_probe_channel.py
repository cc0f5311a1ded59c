"""A channel of others', which knows the Direct Publisher shape of a feed, in a simulator."""

import pytest

from tests.origins import Answer, StandIn
from tests.television.conftest import Media
from tests.television.simulator import Channel, Simulator

FEED = "/feeds/roku/app.json"


def a_feed(media: Media, **members: object) -> dict[str, object]:
    video = {
        "id": "ferry",
        "title": "Ferry strike ends",
        "thumbnail": media.picture,
        "shortDescription": "Crews return to work after a deal.",
        "releaseDate": "2026-11-20",
        "genres": ["news"],
        "content": {
            "dateAdded": "2026-11-20T14:00:00+00:00",
            "duration": 5,
            "videos": [{"url": media.stream, "quality": "HD", "videoType": "HLS"}],
        },
        **members,
    }
    return {
        "providerName": "The Skerry Courier",
        "lastUpdated": "2026-11-20T14:05:00+00:00",
        "language": "en",
        "shortFormVideos": [video],
    }


def test_it_lists_what_the_feed_has(
    simulator: Simulator, probe_channel: Channel, stand_in: StandIn, media: Media
) -> None:
    stand_in.answers[FEED] = Answer(a_feed(media))

    with simulator.running(probe_channel, stand_in.address + FEED) as running:
        lines = running.wait_for("CLOSED")

    items = [line for line in lines if line.startswith("ITEM ")]
    assert items == [f"ITEM shortFormVideos ferry hls {media.stream} news"]
    assert "CLOSED EXIT_USER_NAV" in lines


@pytest.mark.parametrize(
    "missing",
    [
        pytest.param({"genres": None}, id="an item without genres"),
        pytest.param({"content": {"videos": []}}, id="an item without videos"),
    ],
)
def test_a_feed_against_the_rules_lists_nothing(
    simulator: Simulator,
    probe_channel: Channel,
    stand_in: StandIn,
    media: Media,
    missing: dict[str, object],
) -> None:
    stand_in.answers[FEED] = Answer(a_feed(media, **missing))

    with simulator.running(probe_channel, stand_in.address + FEED) as running:
        lines = running.wait_for("CLOSED", despite_crash=True)

    assert not any(line.startswith("ITEM ") for line in lines)


def test_a_feed_of_half_a_megabyte_is_refused(
    simulator: Simulator, probe_channel: Channel, stand_in: StandIn, media: Media
) -> None:
    stand_in.answers[FEED] = Answer(a_feed(media, longDescription="x" * 500 * 1024))

    with simulator.running(probe_channel, stand_in.address + FEED) as running:
        lines = running.wait_for("CLOSED")

    assert not any(line.startswith("ITEM ") for line in lines)
