"""What a client sees of channels and their schedules."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    AN_ID,
    Document,
    an_article,
    an_entity,
    created,
    ids_of,
    pointers_of,
    post,
    problem_of,
    saved,
    unchanged,
)
from tests.conftest import Clock

CHANNEL = "/v1/channels/harbour-live"
CARRIES = {
    "sections": ["news/harbour"],
    "entities": [],
    "speakers": ["ann-lee"],
    "languages": ["en"],
    "has_video": True,
}
EVERYTHING = {"sections": [], "entities": [], "speakers": [], "languages": [], "has_video": False}


def a_channel(**changes: object) -> Document:
    return {"name": "Harbour Live", "language": "en", **changes}


def a_programme(**changes: object) -> Document:
    """Beyond what is frozen at the tests' own time."""
    return {
        "title": "The Harbour at Two",
        "starts_at": "2026-11-27T14:00:00Z",
        "stops_at": "2026-11-27T15:00:00Z",
        **changes,
    }


def a_bulletin(**changes: object) -> Document:
    return {
        "title": "Harbour Bulletin",
        "starts": "18:00",
        "duration_minutes": 30,
        "first_on": "2026-11-24",
        **changes,
    }


def schedule(client: TestClient, since: str, until: str) -> list[Document]:
    items: list[Document] = saved(
        client.get(f"{CHANNEL}/schedule", params={"since": since, "until": until})
    )["items"]
    return items


def times(items: list[Document]) -> list[tuple[str, str, str]]:
    return [(one["starts_at"][11:16], one["stops_at"][11:16], one["kind"]) for one in items]


@pytest.fixture
def channel(client: TestClient) -> Document:
    return post(client, "channels", a_channel())


def test_a_channel_is_kept_as_sent(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    post(client, "entities", an_entity())
    sent = a_channel(
        description="The harbour, day and night.",
        contact="desk@news.example",
        number=7,
        artwork={"url": "https://pictures.example/live.png", "caption": "A quay at night"},
        genres=["news", "weather"],
        rating={"source": "USA_PR", "value": "TV-G"},
        streams=[{"url": "https://live.example/master.m3u8", "height": 1080}],
        carries=CARRIES,
        rows=[
            {"title": "Top stories", "kind": "pinned", "articles": [article["id"]]},
            {"title": "Said by Lee", "kind": "filter", "filter": CARRIES, "limit": 5},
            {"title": "New", "kind": "recent"},
        ],
    )

    channel = created(client.post("/v1/channels", json=sent))

    artwork = channel["artwork"]
    assert artwork["renditions"][0]["url"] == "https://pictures.example/live.png"
    assert channel == {
        **sent,
        "id": channel["id"],
        "slug": "harbour-live",
        "revision": 1,
        "artwork": artwork,
        "streams": [
            {
                "url": "https://live.example/master.m3u8",
                "type": "application/vnd.apple.mpegurl",
                "height": 1080,
                "label": None,
            }
        ],
        "rows": [
            {
                "title": "Top stories",
                "kind": "pinned",
                "articles": [article["id"]],
                "filter": None,
                "limit": 20,
            },
            {
                "title": "Said by Lee",
                "kind": "filter",
                "articles": [],
                "filter": CARRIES,
                "limit": 5,
            },
            {"title": "New", "kind": "recent", "articles": [], "filter": None, "limit": 20},
        ],
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    }
    assert saved(client.get(CHANNEL)) == channel
    # Whoever puts back what was read changes nothing but the revision.
    back = {name: value for name, value in channel.items() if name not in READ_ONLY}
    back["artwork"] = artwork["id"]
    again = saved(client.put(CHANNEL, json=back, headers=unchanged(channel)))
    assert again == {**channel, "revision": 2}


READ_ONLY = ("id", "revision", "created_at", "updated_at")


def test_a_channel_is_patched_listed_and_deleted_with_its_schedule(
    client: TestClient, reader: TestClient, channel: Document
) -> None:
    post(client, "channels", a_channel(name="Island Live", number=2))
    post(client, "channels/harbour-live/programmes", a_programme())
    patched = saved(client.patch(CHANNEL, json={"number": 1}, headers=unchanged(channel)))

    assert [one["name"] for one in saved(reader.get("/v1/channels"))["items"]] == [
        "Harbour Live",
        "Island Live",
    ]
    assert client.delete(CHANNEL, headers=unchanged(patched)).status_code == 204
    assert problem_of(client.get(CHANNEL)) == (404, "channel-not-found")
    assert problem_of(client.get(f"{CHANNEL}/programmes")) == (404, "channel-not-found")


def test_a_former_slug_redirects(client: TestClient, channel: Document) -> None:
    saved(client.patch(CHANNEL, json={"slug": "port"}, headers=unchanged(channel)))

    moved = client.get(CHANNEL)

    assert (moved.status_code, moved.headers["Location"]) == (308, "/v1/channels/port")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"carries": {"sections": ["no/where"]}}, "/carries/sections/0"),
        ({"carries": {"speakers": ["nobody"]}}, "/carries/speakers/0"),
        (
            {"rows": [{"title": "Top", "kind": "pinned", "articles": [AN_ID]}]},
            "/rows/0/articles/0",
        ),
        (
            {"rows": [{"title": "E", "kind": "filter", "filter": {"entities": ["nobody"]}}]},
            "/rows/0/filter/entities/0",
        ),
        ({"artwork": AN_ID}, "/artwork"),
        ({"language": "english, please"}, "/language"),
        ({"rows": [{"title": "Top", "kind": "recent", "articles": [AN_ID]}]}, "/rows/0"),
        ({"rows": [{"title": "Top", "kind": "filter"}]}, "/rows/0"),
    ],
)
def test_what_a_channel_names_has_to_be_there(
    client: TestClient, changes: Document, pointer: str
) -> None:
    refused = client.post("/v1/channels", json=a_channel(**changes))

    assert refused.status_code == 422
    assert pointers_of(refused) == [pointer]
    assert ids_of(client.get("/v1/channels")) == []


def test_a_reader_is_not_told_of_what_is_not_public(client: TestClient, reader: TestClient) -> None:
    draft = post(client, "articles", an_article(status="draft", section="news/secret"))
    post(
        client,
        "channels",
        a_channel(
            carries={"sections": ["news/secret"]},
            rows=[{"title": "Top", "kind": "pinned", "articles": [draft["id"]]}],
        ),
    )

    shown = reader.get(CHANNEL)

    assert draft["id"] not in shown.text
    assert "secret" not in shown.text
    assert saved(client.get(CHANNEL))["carries"]["sections"] == ["news/secret"]


def test_artwork_is_public_and_stays_as_long_as_it_is_used(
    client: TestClient, reader: TestClient
) -> None:
    channel = post(
        client, "channels", a_channel(artwork={"url": "https://pictures.example/live.png"})
    )
    path = f"/v1/media/{channel['artwork']['id']}"

    assert saved(reader.get(path))["renditions"][0]["url"].endswith("live.png")
    assert problem_of(client.delete(path, headers={"If-Match": "*"})) == (409, "resource-in-use")


def test_the_schedule_has_no_gap(client: TestClient, channel: Document) -> None:
    programme = post(client, "channels/harbour-live/programmes", a_programme())
    bulletin = post(client, "channels/harbour-live/bulletins", a_bulletin(starts="15:10"))

    items = schedule(client, "2026-11-27T13:00:00Z", "2026-11-27T16:00:00Z")

    assert times(items) == [
        ("13:00", "13:15", "clips"),
        ("13:15", "13:30", "clips"),
        ("13:30", "13:45", "clips"),
        ("13:45", "14:00", "clips"),
        ("14:00", "15:00", "programme"),
        ("15:00", "15:10", "clips"),
        ("15:10", "15:40", "bulletin"),
        ("15:40", "16:00", "clips"),
    ]
    assert items[4]["id"] == programme["id"]
    assert items[6]["id"] == f"{bulletin['id']}202611271510"
    assert len({one["id"] for one in items}) == len(items)
    assert all(one["genres"] == ["news"] for one in items)
    # The same, whatever is asked for around it.
    assert schedule(client, "2026-11-27T15:41:00Z", "2026-11-27T15:42:00Z") == items[7:]


def test_a_programme_may_run_across_midnight(client: TestClient, channel: Document) -> None:
    late = a_programme(starts_at="2026-11-27T23:00:00Z", stops_at="2026-11-28T02:00:00Z")
    post(client, "channels/harbour-live/programmes", late)

    for day in ("2026-11-27", "2026-11-28"):
        items = schedule(client, day, day)
        seconds = sum(
            (
                datetime.fromisoformat(one["stops_at"]) - datetime.fromisoformat(one["starts_at"])
            ).total_seconds()
            for one in items
        )
        assert [one["title"] for one in items if one["kind"] == "programme"] == [late["title"]]
        assert seconds >= 24 * 60 * 60


@pytest.mark.parametrize(
    ("starts_at", "stops_at"),
    [
        ("2026-11-27T14:00:00Z", "2026-11-27T15:00:00Z"),
        ("2026-11-27T13:00:00Z", "2026-11-27T14:00:01Z"),
        ("2026-11-27T14:59:59Z", "2026-11-27T16:00:00Z"),
        ("2026-11-27T13:00:00Z", "2026-11-27T16:00:00Z"),
        ("2026-11-27T14:10:00Z", "2026-11-27T14:20:00Z"),
    ],
)
def test_two_programmes_at_once_are_refused_and_the_other_is_named(
    client: TestClient, channel: Document, starts_at: str, stops_at: str
) -> None:
    programme = post(client, "channels/harbour-live/programmes", a_programme())

    refused = client.post(
        f"{CHANNEL}/programmes", json=a_programme(starts_at=starts_at, stops_at=stops_at)
    )

    assert problem_of(refused) == (409, "schedule-clash")
    assert refused.json()["clash"] == {
        "id": programme["id"],
        "title": "The Harbour at Two",
        "starts_at": "2026-11-27T14:00:00Z",
        "stops_at": "2026-11-27T15:00:00Z",
    }
    assert len(saved(client.get(f"{CHANNEL}/programmes?since=2026-11-27"))["items"]) == 1


def test_programmes_may_follow_each_other(client: TestClient, channel: Document) -> None:
    post(client, "channels/harbour-live/programmes", a_programme())

    for starts_at, stops_at in (("13:00", "14:00"), ("15:00", "16:00")):
        post(
            client,
            "channels/harbour-live/programmes",
            a_programme(
                starts_at=f"2026-11-27T{starts_at}:00Z", stops_at=f"2026-11-27T{stops_at}:00Z"
            ),
        )


def test_bulletins_clash_with_programmes_and_with_each_other(
    client: TestClient, channel: Document
) -> None:
    post(client, "channels/harbour-live/programmes", a_programme())
    post(client, "channels/harbour-live/bulletins", a_bulletin())

    with_programme = client.post(f"{CHANNEL}/bulletins", json=a_bulletin(starts="14:30"))
    with_bulletin = client.post(
        f"{CHANNEL}/bulletins", json=a_bulletin(starts="19:15", time_zone="Europe/Berlin")
    )
    with_itself = client.post(
        f"{CHANNEL}/bulletins", json=a_bulletin(starts="00:00", duration_minutes=1440, days=["mon"])
    )
    programme = client.post(
        f"{CHANNEL}/programmes",
        json=a_programme(starts_at="2026-12-24T17:45:00Z", stops_at="2026-12-24T18:15:00Z"),
    )

    assert problem_of(with_programme) == (409, "schedule-clash")
    assert problem_of(with_bulletin) == (409, "schedule-clash")
    assert problem_of(with_itself) == (409, "schedule-clash")
    assert problem_of(programme) == (409, "schedule-clash")
    assert programme.json()["clash"]["title"] == "Harbour Bulletin"


def test_what_is_shown_soon_is_changed_by_force_alone(
    client: TestClient, channel: Document, clock: Clock
) -> None:
    soon = a_programme(starts_at="2026-11-21T14:00:00Z", stops_at="2026-11-21T15:00:00Z")

    assert problem_of(client.post(f"{CHANNEL}/programmes", json=soon)) == (409, "schedule-frozen")
    programme = created(client.post(f"{CHANNEL}/programmes?force=true", json=soon))
    path = f"{CHANNEL}/programmes/{programme['id']}"
    renamed = client.patch(path, json={"title": "At Two"}, headers=unchanged(programme))
    moved = client.patch(
        path,
        json={"starts_at": "2026-11-28T14:00:00Z", "stops_at": "2026-11-28T15:00:00Z"},
        headers=unchanged(programme),
    )
    deleted = client.delete(path, headers=unchanged(programme))

    for refused in (renamed, moved, deleted):
        assert problem_of(refused) == (409, "schedule-frozen")
    assert client.delete(f"{path}?force=true", headers=unchanged(programme)).status_code == 204


def test_a_bulletin_that_comes_soon_is_frozen_until_then(
    client: TestClient, channel: Document, clock: Clock
) -> None:
    bulletin = post(client, "channels/harbour-live/bulletins", a_bulletin())
    path = f"{CHANNEL}/bulletins/{bulletin['id']}"
    clock.now = datetime(2026, 11, 24, 10, tzinfo=UTC)

    later = client.patch(path, json={"starts": "19:00"}, headers=unchanged(bulletin))
    shorter = client.patch(path, json={"last_on": "2026-12-31"}, headers=unchanged(bulletin))

    assert problem_of(later) == (409, "schedule-frozen")
    assert saved(shorter)["last_on"] == "2026-12-31"


@pytest.mark.parametrize("kind", ["programmes", "bulletins"])
def test_what_is_scheduled_elsewhere_is_not_found_here(
    client: TestClient, channel: Document, kind: str
) -> None:
    post(client, "channels", a_channel(name="Island Live"))
    sent = a_programme() if kind == "programmes" else a_bulletin()
    elsewhere = post(client, f"channels/island-live/{kind}", sent)
    path = f"{CHANNEL}/{kind}/{elsewhere['id']}"
    missing = (404, f"{kind.removesuffix('s')}-not-found")

    assert problem_of(client.get(path)) == missing
    assert problem_of(client.put(path, json=sent, headers=unchanged(elsewhere))) == missing
    assert problem_of(client.patch(path, json={}, headers=unchanged(elsewhere))) == missing
    assert problem_of(client.delete(path, headers=unchanged(elsewhere))) == missing


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": "2026-11-27T15:00:00Z"},
        {"stops_at": "2026-11-28T14:00:01Z"},
        {"stops_at": "2026-11-27T14:30:00.5Z"},
        {"starts_at": "2026-11-27T14:00:00"},
        {"starts_at": "9999-12-31T23:00:00Z", "stops_at": "9999-12-31T23:30:00Z"},
        {"genres": ["News!"]},
        {"rating": {"source": "USA_PR"}},
        {"title": ""},
    ],
)
def test_a_programme_that_cannot_be_shown_is_refused(
    client: TestClient, channel: Document, changes: Document
) -> None:
    refused = client.post(f"{CHANNEL}/programmes", json=a_programme(**changes))

    assert problem_of(refused) == (422, "validation-error")


@pytest.mark.parametrize(
    "changes",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"starts": "24:00"},
        {"starts": "7:00"},
        {"days": []},
        {"days": ["mon", "mon"]},
        {"last_on": "2026-11-23"},
        {"duration_minutes": 0},
    ],
)
def test_a_bulletin_that_cannot_be_shown_is_refused(
    client: TestClient, channel: Document, changes: Document
) -> None:
    refused = client.post(f"{CHANNEL}/bulletins", json=a_bulletin(**changes))

    assert problem_of(refused) == (422, "validation-error")


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-11-28&until=2026-11-27",
        "since=2026-01-01&until=2026-03-01",
        "since=0001-01-01",
        "until=9999-12-31",
        "since=9999-12-31T23:59:59Z",
        "since=yesterday",
        "since=2026-11-27&since=2026-11-28",
        "from=2026-11-27",
    ],
)
def test_a_span_of_time_that_cannot_be_is_refused(
    client: TestClient, channel: Document, query: str
) -> None:
    assert problem_of(client.get(f"{CHANNEL}/schedule?{query}")) == (400, "invalid-parameter")


def test_the_schedule_is_today_s_where_nothing_else_is_asked(
    client: TestClient, channel: Document
) -> None:
    document = saved(client.get(f"{CHANNEL}/schedule"))

    assert document["since"] == "2026-11-20T00:00:00Z"
    assert document["until"] == "2026-11-21T00:00:00Z"
    assert document["frozen_until"] == "2026-11-22T12:00:00Z"
    assert len(document["items"]) == timedelta(days=1) // timedelta(minutes=15)


def a_video(**changes: object) -> Document:
    return {
        "kind": "video",
        "duration_seconds": 300,
        "renditions": [{"url": "https://videos.example/quay.m3u8", "height": 720}],
        **changes,
    }


def test_blocks_of_clips_are_made_of_what_the_channel_carries(
    client: TestClient, reader: TestClient
) -> None:
    articles = {}
    for name, changes, video in (
        ("played", {}, a_video()),
        ("draft", {"status": "draft"}, a_video()),
        ("elsewhere", {"section": "sport"}, a_video()),
        ("without", {}, {"kind": "image"}),
        ("empty", {}, a_video(duration_seconds=0)),
        ("unplayable", {}, a_video(renditions=[])),
        ("too late", {}, a_video(available_until="2026-11-20T11:00:00Z")),
        ("too soon", {}, a_video(available_from="2026-11-20T13:00:00Z")),
    ):
        media = post(client, "media", video)
        sent = an_article(headline=name, media=[media["id"]], **changes)
        articles[name] = post(client, "articles", sent)["id"]
    post(client, "channels", a_channel(carries={"sections": ["news/harbour"]}))

    items = schedule(reader, "2026-11-27T13:00:00Z", "2026-11-27T14:00:00Z")

    assert [one["clips"] for one in items] == [[articles["played"]]] * 4
