"""Channels, read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.database.types import AnyRow
from app.documents.channels import Carries, ChannelRead, ChannelRow
from app.errors import ChannelNotFound
from app.media.reads import media_by_key
from app.models import Article, Channel, Entity, Section
from app.models.visibility import article_is_public, entity_is_public, section_is_public
from app.slugs.lookups import Lookup
from app.web.listing import ListRequest
from app.web.pages import PageStatement, fetch_page

CHANNEL = select(
    Channel.key,
    Channel.id,
    Channel.slug,
    Channel.revision,
    Channel.name,
    Channel.language,
    Channel.description,
    Channel.contact,
    Channel.number,
    Channel.artwork_key,
    Channel.genres,
    Channel.rating,
    Channel.streams,
    Channel.carries,
    Channel.rows,
    Channel.created_at,
    Channel.updated_at,
)
CHANNELS = PageStatement(CHANNEL)
CHANNEL_BY_NAME = Lookup(Channel, CHANNEL, ChannelNotFound)


class Names(NamedTuple):
    """What the ids in channels are called now, as far as the viewer may see it."""

    sections: Mapping[str, str]
    entities: Mapping[str, str]
    articles: Collection[str]


def get_channel(connection: Connection, name: str, viewer: Viewer) -> ChannelRead:
    row = CHANNEL_BY_NAME.row(connection, name, viewer)
    return channels_read(connection, [row], viewer)[0]


def list_channels(connection: Connection, wanted: ListRequest, viewer: Viewer) -> dict[str, Any]:
    rows = fetch_page(connection, CHANNELS, wanted)
    found = channels_read(connection, rows.rows, viewer)
    return rows.page([wanted.selection.trim(one) for one in found])


# Any: the columns of CHANNEL
def channels_read(
    connection: Connection, rows: Sequence[AnyRow], viewer: Viewer
) -> list[ChannelRead]:
    names = names_in(connection, rows, viewer)
    artwork = media_by_key(connection, (row.artwork_key for row in rows))
    return [
        {
            "id": row.id,
            "slug": row.slug,
            "revision": row.revision,
            "name": row.name,
            "language": row.language,
            "description": row.description,
            "contact": row.contact,
            "number": row.number,
            "artwork": artwork.get(row.artwork_key),
            "genres": row.genres,
            "rating": row.rating,
            "streams": row.streams,
            "carries": named(row.carries, names),
            "rows": [row_read(one, names) for one in row.rows],
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
        for row in rows
    ]


# Any: what a channel keeps, as JSON
def row_read(row: dict[str, Any], names: Names) -> ChannelRow:
    return {
        "title": row["title"],
        "kind": row["kind"],
        "articles": [one for one in row["articles"] if one in names.articles],
        "filter": None if row["filter"] is None else named(row["filter"], names),
        "limit": row["limit"],
    }


# Any: what a channel keeps, as JSON
def named(carries: dict[str, Any], names: Names) -> Carries:
    """By present names; what was deleted, and what the viewer may not see, is left out."""
    return {
        "sections": [names.sections[one] for one in carries["sections"] if one in names.sections],
        "entities": [names.entities[one] for one in carries["entities"] if one in names.entities],
        "speakers": [names.entities[one] for one in carries["speakers"] if one in names.entities],
        "languages": carries["languages"],
        "has_video": carries["has_video"],
    }


def names_in(connection: Connection, rows: Iterable[AnyRow], viewer: Viewer) -> Names:
    sections: set[str] = set()
    entities: set[str] = set()
    articles: set[str] = set()
    for row in rows:
        for one in (row.carries, *(each["filter"] for each in row.rows)):
            if one is not None:
                sections.update(one["sections"])
                entities.update(one["entities"], one["speakers"])
        articles.update(each for one in row.rows for each in one["articles"])
    paths = select(Section.id, Section.path).where(Section.id.in_(sections))
    slugs = select(Entity.id, Entity.slug).where(Entity.id.in_(entities))
    there = select(Article.id).where(Article.id.in_(articles))
    if not viewer.sees_all:
        paths = paths.where(section_is_public(viewer.at))
        slugs = slugs.where(entity_is_public(viewer.at))
        there = there.where(article_is_public(viewer.at))
    return Names(
        {row.id: row.path for row in connection.execute(paths)} if sections else {},
        {row.id: row.slug for row in connection.execute(slugs)} if entities else {},
        set(connection.scalars(there)) if articles else set(),
    )
