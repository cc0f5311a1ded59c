"""What a client sees of media."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    AN_ID,
    ANY,
    Document,
    a_picture,
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

QUAY = "https://pictures.example/quay.png"


def test_a_picture_is_kept_as_sent(client: TestClient) -> None:
    sent = a_picture(credit="Kim Oh")

    response = client.post("/v1/media", json=sent)

    picture = created(response)
    [rendition] = sent["renditions"]
    assert picture == {
        **sent,
        "id": picture["id"],
        "revision": 1,
        "kind": "image",
        "focal_point": None,
        "duration_seconds": None,
        "poster": None,
        "available_from": None,
        "available_until": None,
        "renditions": [
            {**rendition, "bitrate": None, "codecs": None, "size": None, "quality": "HD"}
        ],
        "captions": [],
        "trick_plays": [],
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    }
    assert response.headers["Location"] == f"/v1/media/{picture['id']}"
    assert saved(client.get(f"/v1/media/{picture['id']}")) == picture


def test_what_must_stay_in_sight_is_kept(client: TestClient) -> None:
    picture = post(client, "media", a_picture(focal_point={"x": 0.25, "y": 1}))
    path = f"/v1/media/{picture['id']}"

    patched = client.patch(path, json={"focal_point": None}, headers=unchanged(picture))

    assert picture["focal_point"] == {"x": 0.25, "y": 1}
    assert saved(patched)["focal_point"] is None


def test_a_type_that_is_left_out_is_told_by_the_address(client: TestClient) -> None:
    urls = [QUAY, "/media/quay.JPG?width=9", "https://pictures.example/quay", "/media/quay.mp4"]

    picture = post(client, "media", {"renditions": [{"url": url} for url in urls]})

    types = [rendition["type"] for rendition in picture["renditions"]]
    assert types == ["image/png", "image/jpeg", None, None]


def test_a_picture_is_replaced_patched_and_deleted(client: TestClient) -> None:
    picture = post(client, "media", a_picture())
    path = f"/v1/media/{picture['id']}"

    patched = saved(client.patch(path, json={"alt": None}, headers=unchanged(picture)))
    replaced = saved(client.put(path, json={"caption": "Quay"}, headers=unchanged(patched)))
    deleted = client.delete(path, headers=unchanged(replaced))

    assert patched == {**picture, "alt": None, "revision": 2}
    assert (replaced["caption"], replaced["renditions"]) == ("Quay", [])
    assert deleted.status_code == 204
    assert problem_of(client.get(path)) == (404, "media-not-found")


def test_the_same_address_is_the_same_picture(client: TestClient) -> None:
    picture = post(client, "media", a_picture())

    article = post(client, "articles", an_article(lead_media={"url": QUAY}, media=[picture["id"]]))

    assert article["lead_media"] == picture
    assert article["media"] == [picture]


def test_a_picture_known_by_its_caption_stays_the_same_in_its_article(client: TestClient) -> None:
    sent = an_article(lead_media={"caption": "The quay", "credit": "Kim Oh"})
    article = post(client, "articles", sent)

    response = client.put(f"/v1/articles/{article['id']}", json=sent, headers=unchanged(article))

    assert saved(response)["lead_media"] == article["lead_media"]
    assert article["lead_media"]["renditions"] == []


def test_pictures_are_found_by_what_shows_them(client: TestClient) -> None:
    post(client, "media", a_picture())
    other = {"url": "https://pictures.example/crew.png", "credit": "Kim Oh"}
    article = post(client, "articles", an_article(media=[other]))
    shown = article["media"][0]["id"]

    for query in (f"article={article['slug']}", f"url={other['url']}", "credit=Kim Oh"):
        assert ids_of(client.get(f"/v1/media?{query}")) == [shown]
    assert ids_of(client.get(f"/v1/articles?media={shown}")) == [article["id"]]


@pytest.mark.parametrize("use", ["lead_media", "media", "body", "image"])
def test_a_picture_in_use_cannot_be_deleted(client: TestClient, use: str) -> None:
    picture = post(client, "media", a_picture())["id"]
    uses: Document = {
        "lead_media": picture,
        "media": [picture],
        "body": [{"type": "image", "media": picture}],
    }
    if use == "image":
        post(client, "entities", an_entity(image=picture))
    else:
        post(client, "articles", an_article(**{use: uses[use]}))

    response = client.delete(f"/v1/media/{picture}", headers=ANY)

    assert problem_of(response) == (409, "resource-in-use")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"kind": "smell"}, "/kind", id="kind"),
        pytest.param({"duration_seconds": 9}, "/duration_seconds", id="duration"),
        pytest.param({"poster": {"url": QUAY}}, "/poster", id="poster"),
        pytest.param({"focal_point": {"x": 0.5}}, "/focal_point/y", id="half a point"),
        pytest.param({"focal_point": {"x": 0.5, "y": 1.1}}, "/focal_point/y", id="outside"),
        pytest.param(
            {"renditions": [{"url": QUAY, "type": "video/mp4"}]}, "/renditions/0/type", id="video"
        ),
        pytest.param({"renditions": [{"url": "quay.png"}]}, "/renditions/0/url", id="address"),
        pytest.param({"renditions": [{"url": "//a.example"}]}, "/renditions/0/url", id="no scheme"),
        pytest.param({"renditions": [{"url": QUAY, "width": 0}]}, "/renditions/0/width", id="0"),
        pytest.param(
            {"renditions": [{"url": QUAY, "type": "text/html"}]}, "/renditions/0/type", id="type"
        ),
        pytest.param({"captoin": "A"}, "/captoin", id="unknown field"),
    ],
)
def test_a_wrong_picture_is_pointed_at(client: TestClient, changes: Document, pointer: str) -> None:
    response = client.post("/v1/media", json=a_picture(**changes))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == [pointer]


def test_a_picture_is_named_by_its_id_alone(client: TestClient) -> None:
    assert problem_of(client.get(f"/v1/media/{AN_ID}")) == (404, "media-not-found")
    assert problem_of(client.get("/v1/media/quay")) == (404, "media-not-found")
