"""Feeds, read: articles into what every format is told from, in a statement for each collection."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Text, cast, select
from sqlalchemy.orm import aliased

from app.database.listed import Among
from app.database.prepared import Prepared
from app.documents.entities import EntityRef
from app.documents.feeds import FeedItem, FeedQuote
from app.documents.media import MediaRead
from app.entities.reads import entity_ref
from app.feeds.items import Story, feed_item
from app.feeds.links import Links
from app.feeds.selection import Place, Wanted, select_articles
from app.media.reads import media_by_key, media_of_articles
from app.models import Article, Entity, Mention, Quote, Section
from app.models.visibility import quote_is_settled
from app.web.filters import Condition

Speaker = aliased(Entity, name="speaker")

ARTICLE = (
    select(
        Article.key,
        Article.id,
        Article.slug,
        Article.headline,
        Article.standfirst,
        Article.text,
        Article.language,
        Section.path.label("section_path"),
        Section.name.label("section_name"),
        Article.bylines,
        Article.corrections,
        Article.lead_media_key,
        Article.source_url,
        Article.canonical_url,
        Article.published_at,
        Article.updated_at,
    )
    .outerjoin(Section, Section.key == Article.section_key)
    .where(Among(Article.key))
)
ARTICLES = Prepared(ARTICLE)
# As it is kept: who has made HTML of it before need not read it again.
ARTICLES_WITH_BODY = Prepared(ARTICLE.add_columns(cast(Article.body, Text).label("body")))
ENTITIES_OF = Prepared(
    select(Mention.article_key, Entity.id, Entity.slug, Entity.type, Entity.name)
    .join(Entity, Entity.key == Mention.entity_key)
    .where(Among(Mention.article_key))
    .order_by(Mention.article_key, Mention.position, Mention.key)
)
QUOTES_OF = Prepared(
    select(
        Quote.article_key,
        Quote.id,
        Quote.text,
        Quote.speaker_label,
        Quote.speaker_role,
        Speaker.id.label("speaker_id"),
        Speaker.name.label("speaker_name"),
    )
    .outerjoin(Speaker, Speaker.key == Quote.speaker_key)
    .where(Among(Quote.article_key), quote_is_settled())
    .order_by(Quote.article_key, Quote.position, Quote.key)
)


class Found(NamedTuple):
    """`until` is when the clock changes what is in them; None when it does not."""

    items: list[FeedItem]
    behind: Place | None
    until: datetime | None


def find_items(
    connection: Connection,
    wanted: Wanted,
    at: datetime,
    links: Links,
    *,
    among: Sequence[Condition] = (),
    with_body: bool = False,
) -> Found:
    selected = select_articles(connection, wanted, at, among)
    stories = stories_at(connection, selected.keys, with_body=with_body)
    items = [feed_item(one, links, at=at) for one in stories]
    return Found(items, selected.behind, next_change(stories, at))


def stories_at(
    connection: Connection, keys: Sequence[int], *, with_body: bool = False
) -> list[Story]:
    """In the order of the keys. Whether they may be seen was decided before."""
    if not keys:
        return []
    statement = ARTICLES_WITH_BODY if with_body else ARTICLES
    rows = {row.key: row for row in statement.all(connection, {"keys": keys})}
    entities: defaultdict[int, list[EntityRef]] = defaultdict(list)
    for row in ENTITIES_OF.all(connection, {"keys": keys}):
        entities[row.article_key].append(entity_ref(row))
    quotes = quotes_at(connection, keys)
    leads = media_by_key(connection, (row.lead_media_key for row in rows.values()))
    media = media_of_articles(connection, keys)
    return [
        Story(
            row=rows[key],
            body=rows[key].body if with_body else None,
            lead=leads.get(rows[key].lead_media_key),
            media=media.get(key, []),
            entities=entities[key],
            quotes=quotes[key],
        )
        for key in keys
    ]


def quotes_at(connection: Connection, keys: Sequence[int]) -> defaultdict[int, list[FeedQuote]]:
    """Those that are public where their article is."""
    found: defaultdict[int, list[FeedQuote]] = defaultdict(list)
    for row in QUOTES_OF.all(connection, {"keys": keys}):
        found[row.article_key].append(
            {
                "id": row.id,
                "text": row.text,
                "speaker": row.speaker_name or row.speaker_label,
                "speaker_id": row.speaker_id,
                "role": row.speaker_role,
            }
        )
    return found


def next_change(stories: Iterable[Story], at: datetime) -> datetime | None:
    """When the next video of these begins to be shown, or ceases to be."""
    instants = (
        instant
        for story in stories
        for media in story.media
        for instant in window_of(media)
        if instant is not None and instant > at
    )
    return min(instants, default=None)


def window_of(media: MediaRead) -> tuple[datetime | None, datetime | None]:
    return media["available_from"], media["available_until"]
