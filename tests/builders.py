"""Valid documents to send; each test names only what it is about."""

from typing import Any

import httpx2 as httpx
from starlette.testclient import TestClient

# Any: documents are JSON
Document = dict[str, Any]

TEXT = (
    "Crews return on Friday.\n\n"
    "“We will not sell,” union leader Ann Lee said.\n\n"
    "The port’s board meets again on Monday, and ferries will sail as planned."
)
WORDS = "We will not sell,"


def an_article(**changes: Any) -> Document:
    return {
        "headline": "Ferry strike ends",
        "section": "news/harbour",
        "status": "live",
        "published_at": "2026-11-20T08:00:00Z",
        "body": {"format": "text", "content": TEXT},
        **changes,
    }


def a_quote(**changes: Any) -> Document:
    return {
        "text": WORDS,
        "kind": "direct",
        "speaker": {"name": "Ann Lee", "type": "person"},
        "speaker_role": "union leader",
        "cue": "said",
        **changes,
    }


def a_mention(**changes: Any) -> Document:
    return {"name": "Ann Lee", "type": "person", "role": "about", **changes}


def an_entity(**changes: Any) -> Document:
    return {"name": "Ann Lee", "type": "person", **changes}


def a_picture(**changes: Any) -> Document:
    return {
        "caption": "Crews at the quay",
        "alt": "Three people on a quay",
        "renditions": [
            {"url": "https://pictures.example/quay.png", "type": "image/png",
             "width": 1280, "height": 720}
        ],
        **changes,
    }  # fmt: skip


def a_video(**changes: Any) -> Document:
    return {
        "kind": "video",
        "caption": "The first boat leaves",
        "duration_seconds": 92.5,
        "renditions": [
            {"url": "https://videos.example/boat/master.m3u8",
             "type": "application/vnd.apple.mpegurl", "width": 1920, "height": 1080,
             "bitrate": 6_000_000, "codecs": "avc1.640028,mp4a.40.2"},
            {"url": "https://videos.example/boat.mp4", "type": "video/mp4",
             "width": 1280, "height": 720, "bitrate": 3_000_000, "size": 34_000_000},
        ],
        "captions": [
            {"url": "https://videos.example/boat/en.vtt", "language": "en", "kind": "captions",
             "type": "text/vtt", "label": "English"}
        ],
        "trick_plays": [{"url": "https://videos.example/boat.bif", "quality": "HD"}],
        "poster": {"url": "https://pictures.example/boat.jpg"},
        **changes,
    }  # fmt: skip


def text_body(text: str) -> Document:
    return {"format": "text", "content": text}


def problem_of(response: httpx.Response) -> tuple[int, str]:
    """The status and code of a problem, having seen that it is one."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"] == f"https://news.example/problems/{problem['code']}"
    assert problem["request_id"] == response.headers["x-request-id"]
    return response.status_code, problem["code"]


def pointers_of(response: httpx.Response) -> list[str]:
    return [error["pointer"] for error in response.json()["errors"]]


def created(response: httpx.Response) -> Document:
    assert response.status_code == 201, response.text
    document: Document = response.json()
    return document


def if_match(response: httpx.Response) -> dict[str, str]:
    return {"If-Match": response.headers["ETag"]}


def post(client: TestClient, collection: str, sent: Document) -> Document:
    """What was created in `/v1/…`."""
    return created(client.post(f"/v1/{collection}", json=sent))


def saved(response: httpx.Response) -> Document:
    assert response.status_code == 200, response.text
    document: Document = response.json()
    return document


def unchanged(document: Document) -> dict[str, str]:
    """The headers of a change to a resource as it was served in this document."""
    return {"If-Match": f'"{document["id"]}.{document["revision"]}"'}


def assert_verbatim(article: Document) -> None:
    """Every quote of the article, and there is one, is word for word the article's."""
    assert article["quotes"]
    for quote in article["quotes"]:
        exacts = [article["text"][span["start"] : span["end"]] for span in quote["spans"]]
        assert [span["exact"] for span in quote["spans"]] == exacts
        assert quote["text"] == " … ".join(exacts)


def ids_of(page: httpx.Response) -> list[str]:
    return [item["id"] for item in saved(page)["items"]]


AN_ID = "01kzzzzzzzzzzzzzzzzzzzzzzz"
"""An id that nothing has, unless a test gives it to something."""

ANY = {"If-Match": "*"}
"""The headers of a change to a resource, whatever its state."""
