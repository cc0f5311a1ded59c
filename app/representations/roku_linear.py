"""Roku's schedule feed for a linear channel: what is shown when, and every programme of it."""

from collections.abc import Sequence
from typing import Any

from app.documents.feeds import FeedChannel, FeedPicture, FeedProgramme
from app.representations.instants import day, roku_instant, time_of_day
from app.representations.languages import known_tag
from app.representations.ratings import hyphened_rating
from app.representations.television_rules import (
    LIMITS,
    channel_genres,
    kept_programmes,
    picture_for,
    source_name,
)
from app.representations.television_text import clean_text, cut_text, different_text, plain_text
from app.web.json import dump

# Any: members of JSON objects
Json = dict[str, Any]


def roku_linear(provider: str, channel: FeedChannel, programmes: Sequence[FeedProgramme]) -> bytes:
    """The programmes are told as specials; one that is shown again is told once."""
    kept = kept_programmes("roku-linear", channel, programmes)
    specials: dict[str, Json] = {}
    for programme in kept:
        specials.setdefault(programme["id"], linear_programme(channel, programme))
    root: Json = {
        "providerName": source_name(provider),
        "lastUpdated": roku_instant(channel["updated_at"]),
        "language": known_tag(channel["language"]),
        "liveFeeds": [],
        "tvSpecials": list(specials.values()),
    }
    if picture := picture_for("roku-linear", channel["picture"]):
        root["liveFeeds"] = [live_feed(channel, picture, kept)]
    return dump(root)


def live_feed(channel: FeedChannel, picture: FeedPicture, kept: list[FeedProgramme]) -> Json:
    name = plain_text(channel["name"]) or channel["slug"]
    genres = channel_genres(channel["genres"])
    description = plain_text(channel["description"] or "")
    short = cut_text(description or name, 200)
    long = different_text(description, short, 500) or cut_text(
        f"{name}: {description or ', '.join(genres)}", 500
    )
    feed: Json = {
        "id": clean_text(channel["id"]),
        "title": cut_text(name, LIMITS["roku-app"].title),
        "content": {
            "dateAdded": roku_instant(channel["updated_at"]),
            "language": known_tag(channel["language"]),
            "schedule": [schedule_entry(programme) for programme in kept],
        },
        "thumbnail": picture["url"],
        "shortDescription": short,
        "longDescription": long,
        "genres": genres,
    }
    if channel["rating"]:
        feed["advisoryRatings"] = [hyphened_rating(channel["rating"])]
    return feed


def schedule_entry(programme: FeedProgramme) -> Json:
    entry: Json = {
        "id": clean_text(programme["id"]),
        "durationInSeconds": int((programme["stops_at"] - programme["starts_at"]).total_seconds()),
        "isLive": programme["is_live"],
        "date": day(programme["starts_at"]),
        "times": [time_of_day(programme["starts_at"])],
    }
    if programme["has_captions"]:
        entry["attributes"] = ["CC"]
    return entry


def linear_programme(channel: FeedChannel, programme: FeedProgramme) -> Json:
    picture = picture_for("roku-linear", programme["picture"], channel["picture"])
    assert picture, "kept_programmes() has seen it"
    limits = LIMITS["roku-linear"]
    title = plain_text(programme["title"])
    description = plain_text(programme["description"] or "") or title
    told: Json = {
        "id": clean_text(programme["id"]),
        "title": cut_text(title, limits.title),
        "thumbnail": picture["url"],
        "shortDescription": cut_text(description, limits.short),
        "releaseDate": day(programme["starts_at"]),
        "genres": channel_genres(programme["genres"], channel["genres"]),
    }
    if rating := programme["rating"] or channel["rating"]:
        told["advisoryRatings"] = [hyphened_rating(rating)]
    return told
