"""What a feed says of itself."""

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import Request

from app.documents.channels import ChannelRead
from app.documents.feeds import FeedItem, FeedSource
from app.feeds.items import artwork
from app.feeds.links import Links
from app.settings import Settings

# What names a feed in its title, beside the site: the words of the query.
TITLED = ("section", "entity", "speaker", "publisher", "q")
# What is no part of a feed's own address.
NOT_SHOWN = ("key",)


def site_source(
    request: Request,
    settings: Settings,
    links: Links,
    items: Sequence[FeedItem],
    cursor: str | None = None,
) -> FeedSource:
    query = request.query_params
    title = " · ".join([settings.site_name, *(query[name] for name in TITLED if name in query)])
    return {
        "title": title,
        "description": title,
        "language": settings.site_language,
        "url": address(request, links),
        "home_url": settings.site_url or links.public_url,
        "next_url": None if cursor is None else address(request, links, cursor=cursor),
        "picture": None,
        "updated_at": max((item["updated_at"] for item in items), default=None),
        "genres": ["news"],
        "rating": None,
    }


def channel_source(
    request: Request,
    settings: Settings,
    links: Links,
    channel: ChannelRead,
    items: Sequence[FeedItem],
    cursor: str | None = None,
) -> FeedSource:
    return {
        **source_of_channel(channel, links, address(request, links)),
        "home_url": settings.site_url or links.public_url,
        "next_url": None if cursor is None else address(request, links, cursor=cursor),
        "updated_at": max([channel["updated_at"], *(item["updated_at"] for item in items)]),
    }


def source_of_channel(channel: ChannelRead, links: Links, url: str) -> FeedSource:
    return {
        "title": channel["name"],
        "description": channel["description"] or channel["name"],
        "language": channel["language"],
        "url": url,
        "home_url": links.public_url,
        "next_url": None,
        "picture": artwork(channel, links),
        "updated_at": channel["updated_at"],
        "genres": channel["genres"],
        "rating": channel["rating"],
    }


def address(request: Request, links: Links, *, cursor: str | None = None) -> str:
    """Of the feed itself, or of the page behind a cursor."""
    query = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in NOT_SHOWN and (cursor is None or name != "cursor")
    ]
    if cursor is not None:
        query.append(("cursor", cursor))
    return links.absolute(request.scope["path"]) + (f"?{urlencode(query)}" if query else "")
