"""JSON Feed 1.1; what it has no member for stands in `_onrecord`."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.documents.feeds import FeedItem, FeedSource, FeedVideo
from app.representations.correction_notes import html_with_notes, text_with_notes
from app.representations.instants import rfc3339
from app.representations.json_writing import iter_json
from app.representations.languages import known_tag
from app.representations.renditions import Playable, playable_renditions
from app.representations.television_rules import reader_picture, reader_title, source_name
from app.representations.television_text import clean_text

VERSION = "https://jsonfeed.org/version/1.1"

# Any: members of JSON objects
Json = dict[str, Any]


def feed_json(source: FeedSource, items: Iterable[FeedItem], *, hub: str | None = None) -> bytes:
    return b"".join(iter_feed_json(source, items, hub=hub))


def iter_feed_json(
    source: FeedSource, items: Iterable[FeedItem], *, hub: str | None = None
) -> Iterator[bytes]:
    head: Json = {
        "version": VERSION,
        "title": source_name(source["title"]),
        "home_page_url": clean_text(source["home_url"]),
        "feed_url": clean_text(source["url"]),
        "description": clean_text(source["description"]),
        "language": known_tag(source["language"]),
    }
    if source["next_url"]:
        head["next_url"] = clean_text(source["next_url"])
    if picture := reader_picture(source["picture"]):
        head["icon"] = picture["url"]
    if hub:
        head["hubs"] = [{"type": "WebSub", "url": hub}]
    return iter_json(head, "items", map(json_item, items), {})


def json_item(item: FeedItem) -> Json:
    told: Json = {
        "id": clean_text(item["id"]),
        "url": clean_text(item["url"]),
        "title": reader_title(item),
        "content_html": clean_text(html_with_notes(item)),
        "content_text": clean_text(text_with_notes(item)),
        "date_published": rfc3339(item["published_at"]),
        "date_modified": rfc3339(item["updated_at"]),
        "language": known_tag(item["language"]),
    }
    if item["standfirst"]:
        told["summary"] = clean_text(item["standfirst"])
    if picture := reader_picture(item["picture"]):
        told["image"] = picture["url"]
    if item["bylines"]:
        told["authors"] = [{"name": clean_text(name)} for name in item["bylines"]]
    if tags := item_words(item):
        told["tags"] = tags
    if item["video"] and (attachments := video_attachments(item["video"])):
        told["attachments"] = attachments
    told["_onrecord"] = extension(item)
    return told


def item_words(item: FeedItem) -> list[str]:
    names = [item["section"]["name"]] if item["section"] else []
    names += [entity["name"] for entity in item["entities"]]
    return list(dict.fromkeys(filter(None, map(clean_text, names))))


def video_attachments(video: FeedVideo) -> list[Json]:
    return [attachment(one, video) for one in playable_renditions(video, secure=False)]


def attachment(playable: Playable, video: FeedVideo) -> Json:
    told: Json = {"url": playable.rendition["url"], "mime_type": playable.media_type}
    if playable.rendition["size"]:
        told["size_in_bytes"] = playable.rendition["size"]
    if video["duration_seconds"]:
        told["duration_in_seconds"] = video["duration_seconds"]
    return told


def extension(item: FeedItem) -> Json:
    """The section, who and what is named, who said what, word for word, and what was corrected."""
    told: Json = {}
    if item["section"]:
        told["section"] = cleaned(item["section"])
    told["entities"] = [cleaned(entity) for entity in item["entities"]]
    told["quotes"] = [cleaned(quote) for quote in item["quotes"]]
    told["corrections"] = [
        {"at": rfc3339(one["at"]), "text": clean_text(one["text"])} for one in item["corrections"]
    ]
    return told


# Any: members of a typed document, each a text or null
def cleaned(document: Any) -> Json:
    """Without what is not known: a reader expects no nulls."""
    return {name: clean_text(value) for name, value in document.items() if value is not None}
