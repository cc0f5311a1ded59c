"""A channel's home screen in one answer, in the words of the televisions that show it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.documents.feeds import FeedChannel, FeedItem, Row
from app.documents.media import Caption
from app.representations.instants import day, rfc3339, whole_second
from app.representations.languages import language_name, three_letters
from app.representations.renditions import playable_renditions
from app.representations.television_rules import (
    description_for,
    picture_for,
    plays,
    shown_captions,
    stream_for,
    title_for,
    title_text,
)
from app.representations.television_text import clean_text, cut_text, plain_text
from app.web.json import dump

BUDGET_BYTES = 256 * 1024
QUOTES_A_CARD = 5
MEDIA_TYPE = "shortFormVideo"

# Any: members of JSON objects
Json = dict[str, Any]


def channel_home(
    channel: FeedChannel, rows: Sequence[Row], *, budget_bytes: int = BUDGET_BYTES
) -> bytes:
    """Rows with the items of them that can be played, shortened from their ends until all fit in
    the budget: the longest row loses first. A row that has nothing left is not shown. What is
    told of the channel itself stays, whatever the budget."""
    cards = [
        [home_card(channel, item) for item in row["items"] if plays(item) and title_text(item)]
        for row in rows
    ]
    home = {
        "id": clean_text(channel["id"]),
        "title": plain_text(channel["name"]) or clean_text(channel["slug"]),
        "description": plain_text(channel["description"] or ""),
        "language": clean_text(channel["language"]),
        "hdPosterUrl": poster(channel),
        "lastUpdated": rfc3339(last_updated(channel, rows)),
        "live": live_cards(channel),
        "rows": [],
    }
    shown = [
        {
            "id": clean_text(row["id"]),
            "title": cut_text(plain_text(row["title"]), 200),
            "items": [],
        }
        for row in rows
    ]
    lengths = fitting_lengths(len(dump(home)), shown, cards, budget_bytes)
    home["rows"] = [
        {**row, "items": items[:length]}
        for row, items, length in zip(shown, cards, lengths, strict=True)
        if length
    ]
    return dump(home)


def fitting_lengths(
    size: int, rows: list[Json], cards: list[list[Json]], budget_bytes: int
) -> list[int]:
    """How many cards of each row fit."""
    heads = [len(dump(row)) + 1 for row in rows]
    sizes = [[len(dump(card)) + 1 for card in row] for row in cards]
    lengths = [len(row) for row in sizes]
    total = size + sum(head + sum(row) for head, row in zip(heads, sizes, strict=True) if row)
    while total > budget_bytes and any(lengths):
        # Of rows of the same length, the lower one on the screen.
        longest = max(range(len(lengths)), key=lambda row: (lengths[row], row))
        lengths[longest] -= 1
        total -= sizes[longest][lengths[longest]]
        if not lengths[longest]:
            total -= heads[longest]
    return lengths


def last_updated(channel: FeedChannel, rows: Sequence[Row]) -> datetime:
    instants = [item["updated_at"] for row in rows for item in row["items"]]
    return max(map(whole_second, [channel["updated_at"], *instants]))


def home_card(channel: FeedChannel, item: FeedItem) -> Json:
    video = item["video"]
    assert video, "plays() has seen it"
    best = playable_renditions(video)[0]
    picture = picture_for("roku-app", item["picture"], channel["picture"])
    url = picture["url"] if picture else ""
    return {
        "id": clean_text(item["id"]),
        "title": title_for("roku-app", item),
        "description": description_for("mrss", item),
        "hdPosterUrl": url,
        "fhdPosterUrl": url,
        "url": best.rendition["url"],
        "streamFormat": best.container,
        "live": False,
        "length": video["duration_seconds"] or 0,
        "releaseDate": day(item["published_at"]),
        "mediaType": MEDIA_TYPE,
        "categories": [plain_text(item["section"]["name"])] if item["section"] else [],
        "actors": actors(item),
        "subtitleTracks": [track(caption) for caption in shown_captions(video["captions"])],
        "quotes": [
            {
                "id": clean_text(quote["id"]),
                "text": clean_text(quote["text"]),
                "speaker": plain_text(quote["speaker"] or ""),
                "role": plain_text(quote["role"] or ""),
            }
            for quote in item["quotes"][:QUOTES_A_CARD]
        ],
    }


def live_cards(channel: FeedChannel) -> list[Json]:
    """The channel itself, where it has a stream."""
    played = stream_for(channel)
    if not played:
        return []
    container, stream = played
    name = plain_text(channel["name"]) or clean_text(channel["slug"])
    return [
        {
            "id": clean_text(channel["id"]),
            "title": cut_text(name, 200),
            "description": cut_text(plain_text(channel["description"] or ""), 500),
            "hdPosterUrl": poster(channel),
            "fhdPosterUrl": poster(channel),
            "url": stream["url"],
            "streamFormat": container,
            "live": True,
            "length": 0,
            "releaseDate": day(channel["updated_at"]),
            "mediaType": MEDIA_TYPE,
            "categories": [plain_text(genre) for genre in channel["genres"]],
            "actors": [],
            "subtitleTracks": [],
            "quotes": [],
        }
    ]


def poster(channel: FeedChannel) -> str:
    picture = picture_for("roku-app", channel["picture"])
    return picture["url"] if picture else ""


def actors(item: FeedItem) -> list[str]:
    """The persons that are named."""
    names = [entity["name"] for entity in item["entities"] if entity["type"] == "person"]
    return list(dict.fromkeys(filter(None, map(plain_text, names))))


def track(caption: Caption) -> Json:
    return {
        "Language": three_letters(caption["language"]),
        "Description": plain_text(caption["label"] or "") or language_name(caption["language"]),
        "TrackName": caption["url"],
    }
