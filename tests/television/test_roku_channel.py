"""The sample channel for Roku, in a simulator: what it shows, plays and says of errors."""

from io import BytesIO

import pytest
from PIL import Image

from tests.origins import Answer, StandIn
from tests.television.builders import a_home, an_item
from tests.television.conftest import Media, Television, home_path, item_path
from tests.television.simulator import Channel, Running, Simulator

NOBODY = "http://127.0.0.1:9/v1/channels/nobody/home.json"


def items_of(lines: list[str]) -> list[list[str]]:
    """Row, id, stream format and address of each item that the channel lists."""
    return [line.split()[1:] for line in lines if line.startswith("ITEM ")]


def screens_of(lines: list[str]) -> list[str]:
    return [line.split()[1] for line in lines if line.startswith("SCREEN ")]


def colours_of(picture: bytes) -> int:
    colours = Image.open(BytesIO(picture)).convert("RGB").getcolors(2**24)
    return len(colours or [])


def a_link(content_id: str, media_type: str = "shortFormVideo") -> dict[str, str]:
    return {"contentId": content_id, "mediaType": media_type}


def plays(running: Running, item_id: str) -> None:
    """It plays this item, and the position moves."""
    running.wait_for(f"PLAY {item_id}")
    running.wait_for("STATE playing")
    lines = running.wait_for("POSITION")
    assert not any(line.startswith("STATE error") for line in lines)


def test_home_lists_all_rows(
    simulator: Simulator, channel: Channel, television: Television, media: Media
) -> None:
    with simulator.running(channel, television.home) as running:
        lines = running.wait_for("SCREEN home")
        running.page.wait_for_timeout(1000)
        picture = running.picture()

    assert items_of(lines) == [
        ["live", "live-1", "hls", media.stream],
        ["top", "ferry", "hls", media.stream],
        ["top", "storm", "hls", media.stream],
        ["culture", "fair", "hls", media.stream],
    ]
    assert screens_of(lines) == ["message", "home"]
    assert colours_of(picture) > 100


def test_an_item_shows_who_said_what(
    simulator: Simulator, channel: Channel, television: Television
) -> None:
    with simulator.running(channel, television.home) as running:
        running.wait_for("SCREEN home")
        running.press("down")
        running.wait_for("QUOTE q1")
        running.press("info")
        running.wait_for("QUOTE q2")
        running.press("info")
        lines = running.wait_for("QUOTE", times=3)

    assert [line for line in lines if line.startswith("QUOTE")] == [
        "QUOTE q1 Ines Marrable",
        "QUOTE q2 Tam Velloch",
        "QUOTE q1 Ines Marrable",
    ]


def test_a_selected_item_plays_until_back(
    simulator: Simulator, channel: Channel, television: Television
) -> None:
    with simulator.running(channel, television.home) as running:
        running.wait_for("SCREEN home")
        running.press("down", "right", "select")
        plays(running, "storm")
        running.press("back")
        lines = running.wait_for("SCREEN home", times=2)

    assert screens_of(lines) == ["message", "home", "player", "home"]


def test_a_video_that_ends_leads_home(
    simulator: Simulator, channel: Channel, television: Television
) -> None:
    with simulator.running(channel, television.home) as running:
        running.wait_for("SCREEN home")
        running.press("down", "select")
        plays(running, "ferry")
        running.wait_for("STATE finished")
        running.wait_for("SCREEN home", times=2)


@pytest.mark.parametrize(
    ("content_id", "is_asked_for"),
    [
        pytest.param("fair", False, id="in a row"),
        pytest.param("live-1", False, id="live"),
        pytest.param("older", True, id="that has left the rows"),
    ],
)
def test_a_deep_link_plays_an_item(
    simulator: Simulator,
    channel: Channel,
    television: Television,
    stand_in: StandIn,
    content_id: str,
    is_asked_for: bool,
) -> None:
    with simulator.running(channel, television.home, a_link(content_id)) as running:
        plays(running, content_id)

    item = item_path(television.slug, content_id)
    assert stand_in.asked == [home_path(television.slug), *([item] if is_asked_for else [])]


def test_a_deep_link_is_followed_while_another_item_plays(
    simulator: Simulator, channel: Channel, television: Television
) -> None:
    with simulator.running(channel, television.home) as running:
        running.wait_for("SCREEN home")
        running.press("down", "select")
        plays(running, "ferry")
        running.page.evaluate("link => brs.sendInput(link)", a_link("fair"))
        running.wait_for("PLAY fair")
        running.wait_for("STATE playing", times=2)


@pytest.mark.parametrize(
    ("content_id", "media_type", "said", "asked"),
    [
        pytest.param("never-was", "movie", "LINK 404", "never-was", id="unknown"),
        pytest.param("withdrawn", "movie", "LINK 410", "withdrawn", id="withdrawn"),
        pytest.param("a b/c?d", "movie", "LINK 404", "a%20b%2Fc%3Fd", id="not an id at all"),
        pytest.param("ferry", "hologram", "LINK unknown hologram", None, id="unknown media type"),
    ],
)
def test_an_unknown_deep_link_opens_the_home_screen(
    simulator: Simulator,
    channel: Channel,
    television: Television,
    stand_in: StandIn,
    content_id: str,
    media_type: str,
    said: str,
    asked: str | None,
) -> None:
    with simulator.running(channel, television.home, a_link(content_id, media_type)) as running:
        lines = running.wait_for(said)
        running.page.wait_for_timeout(500)
        lines = running.lines()

    assert screens_of(lines) == ["message", "home"]
    assert stand_in.asked[1:] == ([item_path(television.slug, asked)] if asked else [])


PROBLEM = {"title": "Unavailable", "status": 503, "detail": "The newsroom is moving house."}
NO_PROGRAMME = "The newsroom answered with something that is not a programme."


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(Answer(PROBLEM, status=503), PROBLEM["detail"], id="a problem with details"),
        pytest.param(Answer({}, status=404), "The newsroom answered 404.", id="404"),
        pytest.param(Answer({}, status=410), "The newsroom answered 410.", id="410"),
        pytest.param(Answer("<html>", status=502), "The newsroom answered 502.", id="a proxy's"),
        pytest.param(Answer("<html>"), NO_PROGRAMME, id="not JSON"),
        pytest.param(Answer(""), NO_PROGRAMME, id="nothing"),
        pytest.param(Answer([]), NO_PROGRAMME, id="a list"),
        pytest.param(Answer({"rows": None}), NO_PROGRAMME, id="no rows"),
    ],
)
def test_an_error_is_said_and_tried_again(
    simulator: Simulator,
    channel: Channel,
    television: Television,
    stand_in: StandIn,
    answer: Answer,
    said: str,
) -> None:
    path = home_path(television.slug)
    good, stand_in.answers[path] = stand_in.answers[path], answer

    with simulator.running(channel, television.home) as running:
        running.wait_for(f"MESSAGE The programme cannot be shown: {said}")
        stand_in.answers[path] = good
        running.press("select")
        lines = running.wait_for("SCREEN home")

    assert len(items_of(lines)) == 4


def test_nobody_there_is_said(simulator: Simulator, channel: Channel) -> None:
    with simulator.running(channel, NOBODY) as running:
        running.wait_for("MESSAGE The programme cannot be shown: The newsroom cannot be reached.")


def test_a_slow_answer_is_waited_for(
    simulator: Simulator, channel: Channel, television: Television, stand_in: StandIn
) -> None:
    # The simulator itself waits for as long as it takes; a device gives up after ten seconds.
    stand_in.answers[home_path(television.slug)].delay_seconds = 4

    with simulator.running(channel, television.home) as running:
        lines = running.wait_for("MESSAGE One moment")
        assert screens_of(lines) in ([], ["message"])
        running.wait_for("SCREEN home")


def test_a_deep_link_waits_for_the_home_screen(
    simulator: Simulator, channel: Channel, television: Television, stand_in: StandIn
) -> None:
    path = home_path(television.slug)
    good, stand_in.answers[path] = stand_in.answers[path], Answer(PROBLEM, status=503)

    with simulator.running(channel, television.home, a_link("storm")) as running:
        running.wait_for("MESSAGE The programme cannot be shown")
        stand_in.answers[path] = good
        running.press("select")
        plays(running, "storm")


@pytest.mark.parametrize(
    "rows", [pytest.param({}, id="no rows"), pytest.param({"top": []}, id="a row of nothing")]
)
def test_an_empty_channel_says_so(
    simulator: Simulator,
    channel: Channel,
    television: Television,
    stand_in: StandIn,
    rows: dict[str, list[dict[str, object]]],
) -> None:
    stand_in.answers[home_path(television.slug)] = Answer(a_home(rows=rows))

    with simulator.running(channel, television.home) as running:
        lines = running.wait_for("MESSAGE Nothing to watch yet")

    assert items_of(lines) == []


def test_what_is_missing_stops_nothing(
    simulator: Simulator,
    channel: Channel,
    television: Television,
    stand_in: StandIn,
    media: Media,
) -> None:
    bare = {"id": "bare", "url": media.stream, "title": None, "quotes": None, "length": None}
    captions = {"Language": "eng", "Description": "English", "TrackName": media.stream}
    whole = an_item("whole", url=media.stream, picture=media.picture, subtitleTracks=[captions])
    nothing_to_play = an_item("nothing", url="", picture=media.picture)
    home = a_home(rows={"top": [nothing_to_play, bare, whole]})
    stand_in.answers[home_path(television.slug)] = Answer(home)

    with simulator.running(channel, television.home) as running:
        lines = running.wait_for("SCREEN home")
        running.press("select")
        plays(running, "bare")

    assert [item[1] for item in items_of(lines)] == ["bare", "whole"]


def test_a_video_that_is_not_there_is_said(
    simulator: Simulator,
    channel: Channel,
    television: Television,
    stand_in: StandIn,
    media: Media,
) -> None:
    lost = an_item("lost", url=f"{media.address}/lost.m3u8", picture=media.picture)
    stand_in.answers[home_path(television.slug)] = Answer(a_home(rows={"top": [lost]}))

    with simulator.running(channel, television.home) as running:
        running.wait_for("SCREEN home")
        running.press("select")
        running.wait_for("MESSAGE This video cannot be played")
        running.press("select")
        running.wait_for("SCREEN home", times=2)
