"""A channel's outputs, read: its home screen, its items, its schedule."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.access.viewer import anonymous
from app.articles.history import was_published
from app.channels.filters import carried, has_video
from app.channels.reads import CHANNEL, CHANNEL_BY_NAME, channels_read
from app.channels.schedules import scheduled
from app.channels.timetable import Slot, day_of
from app.database.types import AnyRow
from app.documents.channels import ChannelRead
from app.documents.feeds import (
    ChannelSchedule,
    FeedChannel,
    FeedItem,
    Row,
)
from app.errors import ItemNotFound, ItemWithdrawn
from app.feeds.items import feed_channel, feed_item, feed_programme
from app.feeds.links import Links
from app.feeds.reads import Found, find_items, next_change, stories_at
from app.feeds.selection import Wanted
from app.models import Article, Channel
from app.models.base import is_id
from app.models.visibility import article_is_public

# Guides have what was on today and yesterday, and a week of what comes.
DAYS_BEFORE, DAYS_AFTER = 1, 7


class Screen(NamedTuple):
    channel: FeedChannel
    rows: list[Row]
    until: datetime | None


class Guide(NamedTuple):
    """The programmes of channels, and until when they are those of the same days."""

    schedules: list[ChannelSchedule]
    until: datetime


def read_channel(connection: Connection, name: str, at: datetime) -> tuple[AnyRow, ChannelRead]:
    """A channel as the public sees it, and what it keeps."""
    viewer = anonymous(at)
    row = CHANNEL_BY_NAME.row(connection, name, viewer)
    return row, channels_read(connection, [row], viewer)[0]


def find_channel_items(
    connection: Connection,
    name: str,
    wanted: Wanted,
    at: datetime,
    links: Links,
    *,
    for_television: bool,
) -> tuple[ChannelRead, Found]:
    row, channel = read_channel(connection, name, at)
    among = [*carried(row.carries), *([has_video()] if for_television else [])]
    found = find_items(connection, wanted, at, links, among=among, with_body=not for_television)
    return channel, found


def read_screen(connection: Connection, name: str, at: datetime, links: Links) -> Screen:
    """The whole home screen: one statement for a row, and the articles of all at once."""
    kept, channel = read_channel(connection, name, at)
    keys = [row_keys(connection, kept, row, at) for row in kept.rows]
    every = list(dict.fromkeys(key for several in keys for key in several))
    stories = stories_at(connection, every)
    items = {story.row.key: feed_item(story, links, at=at) for story in stories}
    rows: list[Row] = [
        {
            "id": f"row-{place}",
            "title": row["title"],
            "items": [items[key] for key in several],
        }
        for place, (row, several) in enumerate(zip(kept.rows, keys, strict=True), 1)
    ]
    return Screen(feed_channel(channel, links), rows, next_change(stories, at))


# Any: the columns of CHANNEL, and one of its rows as JSON
def row_keys(connection: Connection, kept: AnyRow, row: dict[str, Any], at: datetime) -> list[int]:
    statement = select(Article.key, Article.id).where(article_is_public(at), has_video())
    if row["kind"] == "pinned":
        found = {
            one.id: one.key
            for one in connection.execute(statement.where(Article.id.in_(row["articles"])))
        }
        return [found[one] for one in row["articles"] if one in found][: row["limit"]]
    carries = kept.carries if row["kind"] == "recent" else row["filter"]
    newest = statement.where(*carried(carries)).order_by(
        Article.published_at.desc(), Article.key.desc()
    )
    return [one.key for one in connection.execute(newest.limit(row["limit"]))]


def read_item(
    connection: Connection, name: str, item_id: str, at: datetime, links: Links
) -> tuple[FeedChannel, FeedItem, datetime | None]:
    """Whatever the channel carries: a link to an item outlives that. Raises ItemNotFound, or
    ItemWithdrawn for what was public once."""
    _, channel = read_channel(connection, name, at)
    key = connection.scalar(select(Article.key).where(Article.id == item_id, article_is_public(at)))
    if key is None:
        if is_id(item_id) and was_published(connection, item_id, at):
            raise ItemWithdrawn(f"The item {item_id} was withdrawn.")
        raise ItemNotFound(item_id)
    stories = stories_at(connection, [key])
    item = feed_item(stories[0], links, at=at)
    return feed_channel(channel, links), item, next_change(stories, at)


def read_guide(connection: Connection, name: str | None, at: datetime, links: Links) -> Guide:
    """Of one channel, or of all."""
    viewer = anonymous(at)
    if name is None:
        rows = connection.execute(CHANNEL.order_by(Channel.number, Channel.key)).all()
    else:
        rows = [CHANNEL_BY_NAME.row(connection, name, viewer)]
    within = Slot(day_of(at) - timedelta(days=DAYS_BEFORE), day_of(at) + timedelta(days=DAYS_AFTER))
    schedules: list[ChannelSchedule] = []
    for row, channel in zip(rows, channels_read(connection, rows, viewer), strict=True):
        shown = feed_channel(channel, links)
        # What clips a block is made of, no guide tells.
        programmes = [
            feed_programme(one, shown["picture"]) for one in scheduled(connection, row, within, ())
        ]
        schedules.append({"channel": shown, "programmes": programmes})
    return Guide(schedules, day_of(at) + timedelta(days=1))


def channels_at(connection: Connection, at: datetime, links: Links) -> list[FeedChannel]:
    rows = connection.execute(CHANNEL.order_by(Channel.number, Channel.key)).all()
    return [feed_channel(one, links) for one in channels_read(connection, rows, anonymous(at))]
