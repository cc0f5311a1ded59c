"""Articles and channels as feeds tell of them: what was read into documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from app.database.types import AnyRow
from app.documents.channels import ChannelRead, ScheduledRead
from app.documents.entities import EntityRef
from app.documents.feeds import (
    FeedChannel,
    FeedItem,
    FeedPicture,
    FeedProgramme,
    FeedQuote,
    FeedVideo,
)
from app.documents.media import MediaRead, Rendition
from app.documents.sections import SectionRef
from app.feeds.links import Links
from app.representations.body_html import body_html, body_picture

# What television shows of a picture: the next larger one is scaled down, a smaller one up.
PICTURE_WIDTH = 1920


@dataclass(frozen=True, slots=True)
class Story:
    """What is read of one article. `row` has the columns of ARTICLE in `feeds/reads.py`; `body` is
    JSON, None where nobody needs it."""

    row: AnyRow
    body: str | None
    lead: MediaRead | None
    media: Sequence[MediaRead]
    entities: list[EntityRef]
    quotes: list[FeedQuote]


def feed_item(story: Story, links: Links, *, at: datetime) -> FeedItem:
    """`at` is when it is asked for: a video is there within its rights window alone."""
    row = story.row
    media = [with_links(one, links) for one in story.media]
    video = next((one for one in media if is_playable(one, at)), None)
    section = {"path": row.section_path, "name": row.section_name} if row.section_path else None
    html = ""
    if story.body is not None:
        pictures = ((one["id"], body_picture(one)) for one in media)
        html = body_html(story.body, tuple((key, one) for key, one in pictures if one is not None))
    return {
        "id": row.id,
        "url": links.article(row),
        "headline": row.headline,
        "standfirst": row.standfirst,
        "text": row.text,
        "body_html": html,
        "language": row.language,
        "section": cast(SectionRef | None, section),  # both columns are of one row
        "bylines": [byline["name"] for byline in row.bylines],
        "entities": story.entities,
        "quotes": story.quotes,
        "corrections": [
            {"at": datetime.fromisoformat(one["at"]), "text": one["text"]}
            for one in row.corrections
        ],
        "picture": lead_picture(story.lead, media, video, links),
        "video": None if video is None else feed_video(video),
        "published_at": row.published_at,
        "updated_at": row.updated_at,
    }


def with_links(media: MediaRead, links: Links) -> MediaRead:
    poster = media["poster"]
    files = (*media["renditions"], *media["captions"], *media["trick_plays"])
    if not any(one["url"].startswith("/") for one in files) and poster is None:
        return media
    return {
        **media,
        "renditions": [links.rendition(one) for one in media["renditions"]],
        "captions": [{**one, "url": links.absolute(one["url"])} for one in media["captions"]],
        "trick_plays": [{**one, "url": links.absolute(one["url"])} for one in media["trick_plays"]],
        "poster": (
            None
            if poster is None
            else {
                "id": poster["id"],
                "renditions": [links.rendition(one) for one in poster["renditions"]],
            }
        ),
    }


def is_playable(media: MediaRead, at: datetime) -> bool:
    starts, ends = media["available_from"], media["available_until"]
    return (
        media["kind"] == "video"
        and bool(media["renditions"])
        and (starts is None or starts <= at)
        and (ends is None or at < ends)
    )


def feed_video(media: MediaRead) -> FeedVideo:
    seconds = media["duration_seconds"]
    return {
        "id": media["id"],
        "duration_seconds": None if seconds is None else round(seconds),
        "renditions": media["renditions"],
        "captions": media["captions"],
        "trick_plays": media["trick_plays"],
        "available_from": media["available_from"],
        "available_until": media["available_until"],
    }


def lead_picture(
    lead: MediaRead | None, media: Sequence[MediaRead], video: MediaRead | None, links: Links
) -> FeedPicture | None:
    """The lead picture, else the first one, else the video's poster."""
    pictures = [with_links(lead, links)] if lead is not None else []
    pictures += [one for one in media if one["kind"] == "image"]
    for one in pictures:
        if one["kind"] == "image" and one["renditions"]:
            return feed_picture(one["renditions"], one["alt"])
    if video is not None and video["poster"] is not None and video["poster"]["renditions"]:
        return feed_picture(video["poster"]["renditions"], video["alt"])
    return None


def feed_picture(renditions: Sequence[Rendition], alt: str | None) -> FeedPicture:
    best = min(renditions, key=distance)
    return {
        "url": best["url"],
        "type": best["type"],
        "width": best["width"],
        "height": best["height"],
        "alt": alt,
    }


def distance(rendition: Rendition) -> tuple[bool, int]:
    """The smallest that is large enough goes first, then the largest of the others."""
    width = rendition["width"] or 0
    return width < PICTURE_WIDTH, abs(width - PICTURE_WIDTH)


def feed_channel(channel: ChannelRead, links: Links) -> FeedChannel:
    return {
        "id": channel["id"],
        "slug": channel["slug"],
        "name": channel["name"],
        "description": channel["description"],
        "language": channel["language"],
        "number": channel["number"],
        "picture": artwork(channel, links),
        "streams": [
            {**stream, "url": links.absolute(stream["url"])} for stream in channel["streams"]
        ],
        "genres": channel["genres"],
        "rating": channel["rating"],
        "updated_at": channel["updated_at"],
    }


def artwork(channel: ChannelRead, links: Links) -> FeedPicture | None:
    media = channel["artwork"]
    if media is None or not media["renditions"]:
        return None
    return feed_picture(with_links(media, links)["renditions"], media["alt"])


def feed_programme(scheduled: ScheduledRead, picture: FeedPicture | None) -> FeedProgramme:
    """What is scheduled has the channel's picture."""
    return {
        "id": scheduled["id"],
        "title": scheduled["title"],
        "description": scheduled["description"],
        "starts_at": scheduled["starts_at"],
        "stops_at": scheduled["stops_at"],
        "is_live": scheduled["is_live"],
        "picture": picture,
        "genres": scheduled["genres"],
        "rating": scheduled["rating"],
        "has_captions": scheduled["has_captions"],
    }
