"""What a client sees of videos and recordings."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    AN_ID,
    ANY,
    Document,
    a_picture,
    a_video,
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

POSTER = "https://pictures.example/boat.jpg"
MASTER = "https://videos.example/boat/master.m3u8"
MP3 = "https://sounds.example/quay.mp3"
STAMPS = ("id", "revision", "created_at", "updated_at")


def a_recording(**changes: object) -> Document:
    return {"kind": "audio", "renditions": [{"url": MP3}], **changes}


def as_sent(document: Document) -> Document:
    """What was read, to be sent back."""
    return {name: value for name, value in document.items() if name not in STAMPS}


def test_a_video_is_kept_as_sent(client: TestClient) -> None:
    sent = a_video(available_from="2026-11-01T00:00:00Z", available_until="2026-12-01T00:00:00Z")

    response = client.post("/v1/media", json=sent)

    video = created(response)
    poster = video["poster"]
    stream, file = sent["renditions"]
    assert video == {
        **sent,
        "id": video["id"],
        "revision": 1,
        "credit": None,
        "alt": None,
        "focal_point": None,
        "poster": {
            "id": poster["id"],
            "renditions": [
                {"url": POSTER, "type": "image/jpeg", "width": None, "height": None,
                 "bitrate": None, "codecs": None, "size": None, "quality": None}
            ],
        },
        "renditions": [
            {**stream, "size": None, "quality": "FHD"},
            {**file, "codecs": None, "quality": "HD"},
        ],
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    }  # fmt: skip
    assert saved(client.get(f"/v1/media/{video['id']}")) == video
    assert saved(client.get(f"/v1/media/{poster['id']}"))["kind"] == "image"


def test_a_video_that_was_read_can_be_sent_back(client: TestClient) -> None:
    video = post(client, "media", a_video())
    path = f"/v1/media/{video['id']}"

    put = saved(client.put(path, json=as_sent(video), headers=unchanged(video)))
    patched = saved(client.patch(path, json={"credit": "Kim Oh"}, headers=unchanged(put)))

    assert as_sent(put) == as_sent(video)
    assert as_sent(patched) == {**as_sent(video), "credit": "Kim Oh"}


def test_captions_and_poster_are_replaced(client: TestClient) -> None:
    video = post(client, "media", a_video())
    path = f"/v1/media/{video['id']}"
    other = post(client, "media", a_picture())
    subtitles = {"url": "/media/boat.srt", "language": "pt-br", "kind": "subtitles"}
    changes: Document = {"captions": [subtitles], "poster": {"id": other["id"]}}

    changed = saved(client.patch(path, json=changes, headers=unchanged(video)))
    bared = saved(client.put(path, json={"kind": "video"}, headers=unchanged(changed)))

    assert changed["captions"] == [
        {**subtitles, "language": "pt-BR", "type": "application/x-subrip", "label": None}
    ]
    assert changed["poster"] == {"id": other["id"], "renditions": other["renditions"]}
    members = ("poster", "duration_seconds", "renditions", "captions", "trick_plays")
    assert [bared[name] for name in members] == [None, None, [], [], []]


def test_a_recording_is_kept_with_its_poster(client: TestClient) -> None:
    sent = a_recording(poster={"url": POSTER}, duration_seconds=0)

    recording = post(client, "media", sent)

    assert recording["duration_seconds"] == 0
    assert recording["renditions"][0]["type"] == "audio/mpeg"
    assert recording["poster"]["renditions"][0]["url"] == POSTER


@pytest.mark.parametrize(
    ("kind", "url", "given", "kept"),
    [
        pytest.param("video", "/v/1.mp4", None, "video/mp4", id="mp4"),
        pytest.param("video", MASTER, None, "application/vnd.apple.mpegurl", id="hls"),
        pytest.param("audio", MASTER, None, "application/vnd.apple.mpegurl", id="hls of sound"),
        pytest.param("video", "/v/1.mpd?a=b.mp4", None, "application/dash+xml", id="dash"),
        pytest.param("audio", "/v/1.mpd", None, None, id="dash of sound"),
        pytest.param("video", "/v/1", None, None, id="no ending"),
        pytest.param("video", "https://boats.mov", None, None, id="ending of a host"),
        pytest.param("video", "https://a：b@c.example/1.mp4#t=1", None, "video/mp4", id="a name"),
        pytest.param("video", "/v/1.jpg", None, None, id="misleading"),
        pytest.param("video", "/v/1", "VIDEO/MP4", "video/mp4", id="capitals"),
        pytest.param(
            "video", "/v/1", "application/X-MPEGURL", "application/x-mpegURL", id="usual form"
        ),
        pytest.param(
            "video", "/v/1", "application/vnd.ms-sstr+xml", "application/vnd.ms-sstr+xml",
            id="smooth",
        ),
        pytest.param("audio", "/v/1.mp4", "audio/mp4", "audio/mp4", id="sound in mp4"),
    ],
)  # fmt: skip
def test_the_type_of_a_rendition_fits_the_kind(
    client: TestClient, kind: str, url: str, given: str | None, kept: str | None
) -> None:
    media = post(client, "media", {"kind": kind, "renditions": [{"url": url, "type": given}]})

    assert media["renditions"][0]["type"] == kept


@pytest.mark.parametrize(
    ("height", "quality"),
    [(1, "SD"), (480, "SD"), (481, "HD"), (720, "HD"), (1080, "FHD"), (1081, "UHD"), (None, None)],
)
def test_quality_is_what_television_calls_the_height(
    client: TestClient, height: int | None, quality: str | None
) -> None:
    video = post(client, "media", a_video(renditions=[{"url": MASTER, "height": height}]))

    assert video["renditions"][0]["quality"] == quality


def a_caption(**changes: object) -> Document:
    return {"captions": [{"url": "/boat.vtt", **changes}]}


def a_rendition(**changes: object) -> Document:
    return {"renditions": [{"url": MASTER, **changes}]}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"focal_point": {"x": 0, "y": 0}}, "/focal_point", id="focal point"),
        pytest.param({"duration_seconds": -0.1}, "/duration_seconds", id="below 0"),
        pytest.param({"duration_seconds": "92"}, "/duration_seconds", id="a text"),
        pytest.param({"duration_seconds": True}, "/duration_seconds", id="a truth"),
        pytest.param({"duration_seconds": 1e300}, "/duration_seconds", id="endless"),
        pytest.param(
            {"available_from": "2026-11-02T00:00:00Z", "available_until": "2026-11-02T00:00:00Z"},
            "/available_until",
            id="empty window",
        ),
        pytest.param({"available_from": "2026-11-02"}, "/available_from", id="no instant"),
        pytest.param(a_rendition(type="image/png"), "/renditions/0/type", id="picture"),
        pytest.param(a_rendition(type="audio/mpeg"), "/renditions/0/type", id="sound"),
        pytest.param(a_rendition(type="text/vtt"), "/renditions/0/type", id="words"),
        pytest.param(a_rendition(bitrate=0), "/renditions/0/bitrate", id="no bits"),
        pytest.param(a_rendition(size=0.5), "/renditions/0/size", id="half a byte"),
        pytest.param(a_rendition(codecs="a\nb"), "/renditions/0/codecs", id="codecs"),
        pytest.param(a_rendition(qualty="HD"), "/renditions/0/qualty", id="unknown field"),
        pytest.param(a_caption(url="ftp://a.example/b"), "/captions/0/url", id="address"),
        pytest.param(a_caption(language="xx-yy-zz"), "/captions/0/language", id="language"),
        pytest.param(a_caption(kind="words"), "/captions/0/kind", id="kind of captions"),
        pytest.param(a_caption(type="text/html"), "/captions/0/type", id="type of captions"),
        pytest.param(a_caption(url="/boat"), "/captions/0/type", id="no type of captions"),
        pytest.param(
            {"trick_plays": [{"url": "/boat.bif", "quality": "UHD"}]},
            "/trick_plays/0/quality",
            id="quality",
        ),
        pytest.param({"poster": {"caption": "A boat"}}, "/poster", id="poster without a file"),
        pytest.param({"poster": "boat"}, "/poster", id="no id"),
        pytest.param({"poster": {"url": MASTER}}, "/poster", id="a video as poster"),
    ],
)
def test_a_wrong_video_is_pointed_at(client: TestClient, changes: Document, pointer: str) -> None:
    response = client.post("/v1/media", json=a_video(**changes))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == [pointer]


@pytest.mark.parametrize("member", ["focal_point", "trick_plays"])
def test_a_recording_has_nothing_to_see(client: TestClient, member: str) -> None:
    sent: Document = {
        "focal_point": {"x": 0, "y": 0},
        "trick_plays": [{"url": "/boat.bif", "quality": "HD"}],
    }

    response = client.post("/v1/media", json=a_recording(**{member: sent[member]}))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == [f"/{member}"]


def test_a_poster_is_a_picture_that_is_there(client: TestClient) -> None:
    video = post(client, "media", a_video())

    unknown = client.post("/v1/media", json=a_video(poster=AN_ID))
    moving = client.post("/v1/media", json=a_video(poster=video["id"]))

    assert problem_of(unknown) == (422, "reference-not-found")
    assert problem_of(moving) == (422, "validation-error")
    assert [pointers_of(response) for response in (unknown, moving)] == [["/poster"], ["/poster"]]
    assert moving.json()["detail"] == "Here stands a picture, and this is a video."


def test_a_picture_does_not_become_a_video_with_itself_as_poster(client: TestClient) -> None:
    picture = post(client, "media", a_picture(renditions=[]))

    response = client.put(
        f"/v1/media/{picture['id']}", json=a_video(poster=picture["id"]), headers=ANY
    )

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == ["/poster"]


def test_a_poster_cannot_be_deleted_before_its_video(client: TestClient) -> None:
    video = post(client, "media", a_video())
    poster = f"/v1/media/{video['poster']['id']}"

    refused = client.delete(poster, headers=ANY)
    deleted = client.delete(f"/v1/media/{video['id']}", headers=ANY)
    last = client.delete(poster, headers=ANY)

    assert problem_of(refused) == (409, "resource-in-use")
    assert (deleted.status_code, last.status_code) == (204, 204)


def test_the_kind_changes_only_while_nothing_shows_it(client: TestClient) -> None:
    video = post(client, "media", a_video(poster=None, trick_plays=[]))
    path = f"/v1/media/{video['id']}"
    recording = {"kind": "audio", "renditions": [{"url": MASTER}]}

    changed = client.patch(path, json=recording, headers=ANY)
    post(client, "articles", an_article(media=[video["id"]]))
    refused = client.patch(path, json={"kind": "video"}, headers=ANY)

    assert saved(changed)["kind"] == "audio"
    assert problem_of(refused) == (409, "resource-in-use")
    assert pointers_of(refused) == ["/kind"]


def test_an_article_shows_videos_as_it_shows_pictures(client: TestClient) -> None:
    video = post(client, "media", a_video())
    sent = an_article(
        lead_media=video["id"],
        media=[{"url": MP3}, {"url": "https://videos.example/quay", "kind": "video"}],
        body=[
            {"type": "paragraph", "text": "Crews return on Friday."},
            {"type": "video", "media": {"url": MASTER}},
            {"type": "video", "media": {"url": "https://videos.example/pier"}},
            {"type": "image", "media": {"url": POSTER}},
        ],
    )

    article = post(client, "articles", sent)

    assert article["lead_media"] == video
    kinds = [media["kind"] for media in article["media"]]
    assert kinds == ["video", "audio", "video", "video", "image"]
    assert article["media"][0] == video
    assert article["body"][1]["media"] == video["id"]
    assert article["media"][4]["id"] == video["poster"]["id"]
    path = f"/v1/articles/{article['id']}"
    back = {name: article[name] for name in ("headline", "lead_media", "media", "body")}
    again = saved(client.put(path, json=back, headers=ANY))
    assert [again["lead_media"], again["media"]] == [article["lead_media"], article["media"]]
    (listed,) = saved(client.get("/v1/articles?include=media"))["items"]
    assert listed["media"] == article["media"]


@pytest.mark.parametrize("block", ["image", "video"])
def test_a_block_shows_its_own_kind_alone(client: TestClient, block: str) -> None:
    kinds = {"video": post(client, "media", a_picture()), "image": post(client, "media", a_video())}
    body = [{"type": block, "media": kinds[block]["id"]}]

    response = client.post("/v1/articles", json=an_article(body=body))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == ["/body/0/media"]


def test_the_image_of_an_entity_is_a_picture(client: TestClient) -> None:
    response = client.post("/v1/entities", json=an_entity(image={"url": MASTER}))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == ["/image"]


def test_media_are_listed_by_kind(client: TestClient) -> None:
    video = post(client, "media", a_video())
    recording = post(client, "media", a_recording())

    assert ids_of(client.get("/v1/media?kind=video")) == [video["id"]]
    assert ids_of(client.get("/v1/media?kind=audio,video")) == [recording["id"], video["id"]]
    assert ids_of(client.get("/v1/media?kind=image")) == [video["poster"]["id"]]


def test_a_poster_is_public_with_its_video(client: TestClient, reader: TestClient) -> None:
    video = post(client, "media", a_video())
    paths = [f"/v1/media/{one['id']}" for one in (video, video["poster"])]

    hidden = [reader.get(path).status_code for path in paths]
    article = post(client, "articles", an_article(media=[video["id"]]))
    shown = [reader.get(path).status_code for path in paths]
    client.delete(f"/v1/articles/{article['id']}/publication", headers=ANY)
    withdrawn = [reader.get(path).status_code for path in paths]

    assert (hidden, shown, withdrawn) == ([404, 404], [200, 200], [404, 404])


@pytest.mark.parametrize(
    "window",
    [
        pytest.param({"available_until": "2026-11-19T00:00:00Z"}, id="over"),
        pytest.param({"available_from": "2026-11-21T00:00:00Z"}, id="to come"),
    ],
)
def test_a_window_is_told_and_hides_nothing(
    client: TestClient, reader: TestClient, window: Document
) -> None:
    video = post(client, "media", a_video(**window))
    post(client, "articles", an_article(media=[video["id"]]))

    assert saved(reader.get(f"/v1/media/{video['id']}")) == video
    assert len(video["renditions"]) == 2


def test_a_new_poster_is_seen_in_articles_at_once(client: TestClient, reader: TestClient) -> None:
    video = post(client, "media", a_video())
    article = post(client, "articles", an_article(media=[video["id"]]))
    path = f"/v1/articles/{article['id']}"
    poster = f"/v1/media/{video['poster']['id']}"
    file = {"renditions": [{"url": POSTER, "width": 1920, "height": 1080}]}

    before = reader.get(path)
    client.patch(poster, json=file, headers=ANY)
    after = reader.get(path)

    (rendition,) = saved(after)["media"][0]["poster"]["renditions"]
    assert rendition["width"] == 1920
    assert before.headers["ETag"] != after.headers["ETag"]
