"""Valid documents of a channel, each test naming only what it is about."""

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]


def an_item(item_id: str, *, url: str, picture: str, **members: object) -> Document:
    return {
        "id": item_id,
        "title": f"Title of {item_id}",
        "description": f"What {item_id} shows.",
        "hdPosterUrl": picture,
        "fhdPosterUrl": picture,
        "url": url,
        "streamFormat": "hls",
        "live": False,
        "length": 5,
        "releaseDate": "2026-11-20",
        "mediaType": "shortFormVideo",
        "categories": ["Harbour"],
        "actors": ["Ines Marrable"],
        "subtitleTracks": [],
        "quotes": [],
        **members,
    }


def a_home(
    *,
    rows: Mapping[str, list[Document]] | None = None,
    live: list[Document] | None = None,
    **members: object,
) -> Document:
    return {
        "id": "01m1bda500611zr54ae8sgjy8s",
        "title": "The Skerry Courier",
        "description": "News of five islands.",
        "language": "en",
        "hdPosterUrl": "",
        "lastUpdated": "2026-11-20T14:05:00Z",
        "live": live or [],
        "rows": [
            {"id": row_id, "title": row_id.title(), "items": items}
            for row_id, items in (rows or {}).items()
        ],
        **members,
    }
