"""Roku's search feed, version 1: short films that Roku finds and opens by their ids."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.documents.feeds import FeedItem, FeedSource, FeedVideo, Quality
from app.representations.instants import day, rfc3339
from app.representations.json_writing import iter_json
from app.representations.languages import primary
from app.representations.ratings import compact_rating
from app.representations.renditions import playable_renditions, rendition_quality
from app.representations.roku_app import host_credits, item_tags
from app.representations.television_rules import (
    carries,
    description_for,
    genres_for,
    long_description_for,
    picture_for,
    title_for,
)
from app.representations.television_text import clean_text

VERSION = "1"
QUALITIES: dict[Quality, str] = {"SD": "sd", "HD": "hd", "FHD": "fhd", "UHD": "uhd"}

# Any: members of JSON objects
Json = dict[str, Any]


def roku_search(
    source: FeedSource, items: Iterable[FeedItem], *, countries: Sequence[str] = ("us",)
) -> bytes:
    """A page of the feed; `next_url` of the source leads to the next."""
    return b"".join(iter_roku_search(source, items, countries=countries))


def iter_roku_search(
    source: FeedSource, items: Iterable[FeedItem], *, countries: Sequence[str] = ("us",)
) -> Iterator[bytes]:
    head = {
        "version": VERSION,
        "defaultLanguage": primary(source["language"]),
        "defaultAvailabilityCountries": [country.lower() for country in countries],
    }
    tail = {"nextPageUrl": clean_text(source["next_url"])} if source["next_url"] else {}
    assets = (search_asset(source, item) for item in items if carries("roku-search", source, item))
    return iter_json(head, "assets", assets, tail)


def search_asset(source: FeedSource, item: FeedItem) -> Json:
    picture = picture_for("roku-search", item["picture"], source["picture"])
    video = item["video"]
    assert picture, "carries() has seen it"
    assert video, "carries() has seen it"
    languages = [primary(item["language"])]
    asset: Json = {
        "id": clean_text(item["id"]),
        "type": "shortForm",
        "titles": [{"value": title_for("roku-search", item), "languages": languages}],
        "shortDescriptions": [
            {"value": description_for("roku-search", item), "languages": languages}
        ],
    }
    if long := long_description_for("roku-search", item):
        asset["longDescriptions"] = [{"value": long, "languages": languages}]
    asset |= {
        "releaseDate": day(item["published_at"]),
        "genres": genres_for("roku-search", source, item),
    }
    if source["rating"]:
        asset["advisoryRatings"] = [compact_rating(source["rating"])]
    asset |= {
        "images": [{"type": "main", "url": picture["url"], "languages": languages}],
        "durationInSeconds": video["duration_seconds"],
        "content": {"playOptions": [play_option(video, item)]},
        "tags": item_tags(item),
    }
    if credits_ := host_credits(item):
        asset["credits"] = credits_
    return asset


def play_option(video: FeedVideo, item: FeedItem) -> Json:
    best = playable_renditions(video)[0].rendition
    option: Json = {
        "license": "free",
        "quality": QUALITIES[rendition_quality(best) or "HD"],
        "playId": clean_text(item["id"]),
        "availabilityStartTime": rfc3339(video["available_from"] or item["published_at"]),
    }
    if video["available_until"]:
        option["availabilityEndTime"] = rfc3339(video["available_until"])
    return option
