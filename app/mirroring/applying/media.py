"""Media that were copied."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.documents.exports import Copy
from app.mirroring.rows import Row, Saved, head, instant, keys_of, numbered, replace_parts, save
from app.models import Media, MediaCaption, MediaRendition, MediaTrickPlay

RENDITION = ("url", "type", "width", "height", "bitrate", "codecs", "size")
CAPTION = ("url", "language", "kind", "type", "label")
TRICK_PLAY = ("url", "quality")


def save_media(session: Session, copies: Sequence[Copy]) -> list[Saved]:
    posters = keys_of(session, Media, (poster_id(one) for one in copies))
    posters |= {one["document"]["id"]: one["key"] for one in copies}
    # A poster has none of its own, and is there before what it stands for.
    rows = sorted(
        (media_row(one, posters) for one in copies), key=lambda row: bool(row["poster_key"])
    )
    saved = save(session, Media, rows)
    keys = [one["key"] for one in copies]
    for model, member, names in (
        (MediaRendition, "renditions", RENDITION),
        (MediaCaption, "captions", CAPTION),
        (MediaTrickPlay, "trick_plays", TRICK_PLAY),
    ):
        parts = [
            row
            for one in copies
            for row in numbered(
                one["key"], "media_key", (chosen(each, names) for each in one["document"][member])
            )
        ]
        replace_parts(session, model, "media_key", keys, parts)
    return saved


def poster_id(copied: Copy) -> str | None:
    poster = copied["document"]["poster"]
    return None if poster is None else poster["id"]


# Any: JSON
def chosen(document: Mapping[str, Any], names: Sequence[str]) -> Row:
    return {name: document[name] for name in names}


def media_row(copied: Copy, posters: Mapping[str, int]) -> Row:
    document = copied["document"]
    focal_point = document["focal_point"] or {"x": None, "y": None}
    return {
        **head(copied),
        "kind": document["kind"],
        "caption": document["caption"],
        "credit": document["credit"],
        "alt": document["alt"],
        "focal_x": focal_point["x"],
        "focal_y": focal_point["y"],
        "duration_seconds": document["duration_seconds"],
        "poster_key": posters.get(poster_id(copied) or ""),
        "available_from": instant(document["available_from"]),
        "available_until": instant(document["available_until"]),
    }
