"""Roku's app feed, in the shape of Direct Publisher, which Roku's own channel template reads."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.documents.feeds import FeedChannel, FeedItem, FeedSource, FeedVideo
from app.documents.media import Caption
from app.models.media import quality_of
from app.representations.instants import NEVER, day, roku_instant
from app.representations.languages import known_tag
from app.representations.ratings import compact_rating
from app.representations.renditions import (
    ADAPTIVE,
    USUAL_BITRATES,
    Playable,
    is_secure,
    known_kilobits,
    playable_renditions,
    rendition_quality,
)
from app.representations.television_rules import (
    carries,
    channel_genres,
    description_for,
    genres_for,
    long_description_for,
    picture_for,
    shown_captions,
    source_name,
    stream_for,
    title_for,
)
from app.representations.television_text import (
    TAG_LENGTH,
    clean_text,
    cut_tag,
    cut_text,
    different_text,
    distinct_tags,
    plain_text,
)
from app.web.json import dump

# The template refuses a feed of this size or more.
MAX_BYTES = 500 * 1024
# What is there even when nothing is in it; other lists would only be empty rows.
NEVER_LEFT_OUT = frozenset({"shortFormVideos"})

# Any: members of JSON objects
Json = dict[str, Any]


def roku_app(
    source: FeedSource,
    items: Sequence[FeedItem],
    *,
    channels: Sequence[FeedChannel] = (),
    max_bytes: int = MAX_BYTES,
) -> bytes:
    """The feed in fewer than `max_bytes`: what is too much is dropped, the oldest first."""
    root = app_root(source, channels)
    kept = fitting_entries(source, items, root, max_bytes)
    root["shortFormVideos"] = [entry for _, entry in kept]
    root["categories"] = distinct_categories([item for item, _ in kept])
    return dump({name: value for name, value in root.items() if value or name in NEVER_LEFT_OUT})


def kept_items(
    source: FeedSource,
    items: Sequence[FeedItem],
    *,
    channels: Sequence[FeedChannel] = (),
    max_bytes: int = MAX_BYTES,
) -> list[FeedItem]:
    """The items that a feed of that size has, the newest first."""
    root = app_root(source, channels)
    return [item for item, _ in fitting_entries(source, items, root, max_bytes)]


def app_root(source: FeedSource, channels: Sequence[FeedChannel]) -> Json:
    return {
        "providerName": source_name(source["title"]),
        "lastUpdated": roku_instant(source["updated_at"] or NEVER),
        "language": known_tag(source["language"]),
        "liveFeeds": [entry for channel in channels if (entry := live_entry(channel))],
        "shortFormVideos": [],
        "categories": [],
    }


def fitting_entries(
    source: FeedSource, items: Sequence[FeedItem], root: Json, max_bytes: int
) -> list[tuple[FeedItem, Json]]:
    size = len(dump(root))
    kept: list[tuple[FeedItem, Json]] = []
    categories: set[str] = set()
    for item in newest_first(items):
        if not carries("roku-app", source, item):
            continue
        entry = app_entry(source, item)
        size += len(dump(entry)) + 1
        for category in categories_of(item):
            if category["query"] not in categories:
                categories.add(category["query"])
                size += len(dump(category)) + 1
        if size >= max_bytes:
            break
        kept.append((item, entry))
    return kept


def newest_first(items: Sequence[FeedItem]) -> list[FeedItem]:
    return sorted(items, key=lambda item: item["published_at"], reverse=True)


def app_entry(source: FeedSource, item: FeedItem) -> Json:
    picture = picture_for("roku-app", item["picture"], source["picture"])
    video = item["video"]
    assert picture, "carries() has seen it"
    assert video, "carries() has seen it"
    entry: Json = {
        "id": clean_text(item["id"]),
        "title": title_for("roku-app", item),
        "content": app_content(video, item),
        "thumbnail": picture["url"],
        "shortDescription": description_for("roku-app", item),
    }
    if long := long_description_for("roku-app", item):
        entry["longDescription"] = long
    entry |= {
        "releaseDate": day(item["published_at"]),
        "genres": genres_for("roku-app", source, item),
        "tags": item_tags(item),
    }
    if credits_ := host_credits(item):
        entry["credits"] = credits_
    if source["rating"]:
        rating = compact_rating(source["rating"])
        entry["rating"] = {"rating": rating["value"], "ratingSource": rating["source"]}
    return entry


def app_content(video: FeedVideo, item: FeedItem) -> Json:
    content: Json = {
        "dateAdded": roku_instant(item["published_at"]),
        "duration": video["duration_seconds"],
        "videos": [app_video(one, video["duration_seconds"]) for one in playable_renditions(video)],
        "captions": [app_caption(caption) for caption in shown_captions(video["captions"])],
        "trickPlayFiles": [
            {"url": file["url"], "quality": file["quality"]}
            for file in video["trick_plays"]
            if file["quality"] != "SD" and is_secure(file["url"])
        ],
        "language": known_tag(item["language"]),
    }
    if video["available_from"]:
        content["validityPeriodStart"] = roku_instant(video["available_from"])
    if video["available_until"]:
        content["validityPeriodEnd"] = roku_instant(video["available_until"])
    return content


def app_video(playable: Playable, duration_seconds: int | None) -> Json:
    rendition = playable.rendition
    quality = rendition_quality(rendition) or "HD"
    video: Json = {
        "url": rendition["url"],
        "quality": quality,
        "videoType": playable.container.upper(),
    }
    if playable.container not in ADAPTIVE:
        kilobits = known_kilobits(rendition, duration_seconds)
        video["bitrate"] = kilobits or USUAL_BITRATES[quality]
    return video


def app_caption(caption: Caption) -> Json:
    return {
        "url": caption["url"],
        "language": known_tag(caption["language"]),
        "captionType": "CLOSED_CAPTION" if caption["kind"] == "captions" else "SUBTITLE",
    }


def live_entry(channel: FeedChannel) -> Json | None:
    """A channel among the live feeds; None where there is no stream or picture to show."""
    stream, picture = stream_for(channel), picture_for("roku-app", channel["picture"])
    if not stream or not picture:
        return None
    container, played = stream
    name = plain_text(channel["name"]) or channel["slug"]
    description = plain_text(channel["description"] or "")
    short = cut_text(description or name, 200)
    entry: Json = {
        "id": clean_text(channel["id"]),
        "title": cut_text(name, 200),
        "content": {
            "dateAdded": roku_instant(channel["updated_at"]),
            "videos": [
                {
                    "url": played["url"],
                    "quality": quality_of(played["height"]) or "HD",
                    "videoType": container.upper(),
                }
            ],
            "captions": [],
            "language": known_tag(channel["language"]),
        },
        "thumbnail": picture["url"],
        "brandedThumbnail": picture["url"],
        "shortDescription": short,
    }
    if long := different_text(description, short, 500):
        entry["longDescription"] = long
    entry |= {"genres": channel_genres(channel["genres"]), "tags": []}
    if channel["rating"]:
        rating = compact_rating(channel["rating"])
        entry["rating"] = {"rating": rating["value"], "ratingSource": rating["source"]}
    return entry


def item_tags(item: FeedItem) -> list[str]:
    """The section, by which categories ask, and the entities."""
    sections = [category["query"] for category in categories_of(item)]
    return distinct_tags([*sections, *(entity["slug"] for entity in item["entities"])])


def host_credits(item: FeedItem) -> list[Json]:
    """Who wrote it: of the roles that Roku knows, the host's is the nearest."""
    names = dict.fromkeys(plain_text(name) for name in item["bylines"])
    return [{"name": name, "role": "host"} for name in names if name]


def categories_of(item: FeedItem) -> Iterator[Json]:
    section = item["section"]
    tag = cut_tag(section["path"].replace("/", "-")) if section else ""
    if section and tag:
        name = cut_text(plain_text(section["name"]), TAG_LENGTH) or tag
        yield {"name": name, "query": tag, "order": "most_recent"}


def distinct_categories(items: Sequence[FeedItem]) -> list[Json]:
    """A category for each section, in the order in which they come."""
    found: dict[str, Json] = {}
    for item in items:
        for category in categories_of(item):
            found.setdefault(category["query"], category)
    return list(found.values())
