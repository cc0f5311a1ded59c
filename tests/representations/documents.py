"""Valid documents of feeds and channels; each test names only what it is about."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from jsonschema import Draft202012Validator

from app.documents.articles import Correction
from app.documents.entities import EntityRef
from app.documents.feeds import (
    ChannelSchedule,
    FeedChannel,
    FeedItem,
    FeedPicture,
    FeedProgramme,
    FeedQuote,
    FeedSource,
    FeedVideo,
    LiveStream,
    Row,
)
from app.documents.media import Caption, Rendition
from tests.commands import ROOT

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MASTER = "https://video.example/quay/master.m3u8"
FILE = "https://video.example/quay/720.mp4"
PICTURE = "https://pictures.example/quay.jpg"
HOST = "news.example"


# Any in these functions: members of typed documents
def a_picture(**changes: Any) -> FeedPicture:
    picture: FeedPicture = {
        "url": PICTURE,
        "type": "image/jpeg",
        "width": 1920,
        "height": 1080,
        "alt": "Three people on a quay",
    }
    return {**picture, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_rendition(**changes: Any) -> Rendition:
    rendition: Rendition = {
        "url": MASTER,
        "type": "application/vnd.apple.mpegurl",
        "width": 1280,
        "height": 720,
        "bitrate": 3_200_000,
        "codecs": "avc1.64001f,mp4a.40.2",
        "size": None,
        "quality": "HD",
    }
    return {**rendition, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_file(**changes: Any) -> Rendition:
    told = {"url": FILE, "type": "video/mp4", "size": 34_500_000, **changes}
    return a_rendition(**told)


def a_caption(**changes: Any) -> Caption:
    caption: Caption = {
        "url": "https://video.example/quay/en.vtt",
        "language": "en-GB",
        "kind": "captions",
        "type": "text/vtt",
        "label": None,
    }
    return {**caption, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_video(**changes: Any) -> FeedVideo:
    video: FeedVideo = {
        "id": "v1",
        "duration_seconds": 92,
        "renditions": [a_rendition(), a_file()],
        "captions": [a_caption()],
        "trick_plays": [{"url": "https://video.example/quay/hd.bif", "quality": "HD"}],
        "available_from": None,
        "available_until": None,
    }
    return {**video, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_quote(**changes: Any) -> FeedQuote:
    quote: FeedQuote = {
        "id": "q1",
        "text": "We will not sell,",
        "speaker": "Ann Lee",
        "speaker_id": "e1",
        "role": "union leader",
    }
    return {**quote, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_correction(**changes: Any) -> Correction:
    correction: Correction = {"at": NOON, "text": "It was Friday."}
    return {**correction, **changes}  # type: ignore[typeddict-item]  # of the document's members


def an_entity(**changes: Any) -> EntityRef:
    entity: EntityRef = {"id": "e1", "slug": "ann-lee", "type": "person", "name": "Ann Lee"}
    return {**entity, **changes}  # type: ignore[typeddict-item]  # of the document's members


def an_item(number: int = 1, **changes: Any) -> FeedItem:
    """The higher its number, the older it is."""
    at = NOON - timedelta(minutes=number)
    item: FeedItem = {
        "id": f"01kart{number}",
        "url": f"https://news.example/articles/01kart{number}",
        "headline": "Ferry strike ends",
        "standfirst": "Crews return on Friday after a deal.",
        "text": "Crews return on Friday.\n\n“We will not sell,” union leader Ann Lee said.",
        "body_html": "<p>Crews return on <em>Friday</em>.</p><p>“We will not sell,” she said.</p>",
        "language": "en",
        "section": {"path": "news/harbour", "name": "Harbour"},
        "bylines": ["Jo Marsh"],
        "entities": [an_entity()],
        "quotes": [a_quote()],
        "corrections": [],
        "picture": a_picture(),
        "video": a_video(),
        "published_at": at,
        "updated_at": at + timedelta(minutes=2),
    }
    return {**item, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_source(**changes: Any) -> FeedSource:
    source: FeedSource = {
        "title": "The Quay",
        "description": "News of the harbour.",
        "language": "en",
        "url": "https://news.example/v1/feeds/quay",
        "home_url": "https://news.example/",
        "next_url": None,
        "picture": None,
        "updated_at": NOON,
        "genres": ["news"],
        "rating": {"source": "USA_PR", "value": "TV-PG"},
    }
    return {**source, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_stream(**changes: Any) -> LiveStream:
    stream: LiveStream = {
        "url": "https://video.example/live/master.m3u8",
        "type": "application/vnd.apple.mpegurl",
        "height": 1080,
        "label": None,
    }
    return {**stream, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_channel(**changes: Any) -> FeedChannel:
    channel: FeedChannel = {
        "id": "01kchannel",
        "slug": "quay-live",
        "name": "Quay Live",
        "description": "The harbour, day and night.",
        "language": "en",
        "number": 7,
        "picture": a_picture(url="https://pictures.example/live.jpg"),
        "streams": [a_stream()],
        "genres": ["news"],
        "rating": {"source": "USA_PR", "value": "TV-PG"},
        "updated_at": NOON,
    }
    return {**channel, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_programme(number: int = 0, **changes: Any) -> FeedProgramme:
    """An hour long, at so many hours after noon."""
    programme: FeedProgramme = {
        "id": f"01kshow{number}",
        "title": "Quay at Noon",
        "description": "What the morning brought.",
        "starts_at": NOON + timedelta(hours=number),
        "stops_at": NOON + timedelta(hours=number + 1),
        "is_live": True,
        "picture": None,
        "genres": ["news"],
        "rating": None,
        "has_captions": True,
    }
    return {**programme, **changes}  # type: ignore[typeddict-item]  # of the document's members


def a_schedule(*programmes: FeedProgramme, **changes: Any) -> ChannelSchedule:
    return {"channel": a_channel(**changes), "programmes": list(programmes)}


def a_row(*items: FeedItem, **changes: Any) -> Row:
    row: Row = {"id": "latest", "title": "Latest", "items": list(items)}
    return {**row, **changes}  # type: ignore[typeddict-item]  # of the document's members


# Any: JSON
def parse(document: bytes) -> Any:
    return json.loads(document)


def schema(name: str) -> Draft202012Validator:
    kept = json.loads((ROOT / f"docs/schemas/{name}.json").read_text())
    Draft202012Validator.check_schema(kept)
    return Draft202012Validator(kept)


def faults(name: str, document: bytes) -> list[str]:
    """What the schema of that name finds wrong, by where it is."""
    return [f"{one.json_path}: {one.message}" for one in schema(name).iter_errors(parse(document))]
