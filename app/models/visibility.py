"""What the public may see: the one predicate, and what follows from it."""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import aliased

from app.database.filters import Tested
from app.models.article import Article, ArticleMedia
from app.models.channel import Channel
from app.models.entity import Entity
from app.models.media import Media
from app.models.mention import Mention
from app.models.publisher import Publisher
from app.models.quote import PLACED, Quote
from app.models.section import Section

# An instant, or the place for one in a statement that is built once.
At = datetime | BindParameter[datetime]


def article_is_public(at: At) -> ColumnElement[bool]:
    """Live, published, under no embargo, and not over at that instant."""
    return and_(
        Article.status == "live",
        Tested(Article.published_at) <= at,
        or_(Article.embargoed_until.is_(None), Article.embargoed_until <= at),
        is_not_over(at),
    )


def is_not_over(at: At) -> ColumnElement[bool]:
    return or_(Article.published_until.is_(None), Article.published_until > at)


def article_is_scheduled(at: At) -> ColumnElement[bool]:
    """Live, but not yet."""
    begins = or_(Article.published_at > at, Article.embargoed_until > at)
    return and_(Article.status == "live", begins, is_not_over(at))


def article_is_withdrawn(at: At) -> ColumnElement[bool]:
    """Taken back, by somebody or by the clock."""
    over = and_(Article.status == "live", Article.published_until <= at)
    return or_(Article.status == "withdrawn", over)


def quote_is_public(at: At) -> ColumnElement[bool]:
    """For a statement that joins quotes and their articles."""
    return and_(quote_is_settled(), article_is_public(at))


def quote_is_settled() -> ColumnElement[bool]:
    """Confirmed, and word for word in its article."""
    return and_(Quote.status == "confirmed", Quote.anchor.in_(PLACED))


def quote_is_readable(at: At) -> ColumnElement[bool]:
    """What is public, and a retraction with its public note: at the quote's own address, that is,
    for those who have shown it."""
    return and_(quote_is_told(), article_is_public(at))


def quote_is_told() -> ColumnElement[bool]:
    retracted = and_(Quote.status == "retracted", Quote.retraction_note.is_not(None))
    return or_(quote_is_settled(), retracted)


def entity_is_public(at: At) -> ColumnElement[bool]:
    """Vouched for by a person, or spoken of in a live article: else a draft would leak names."""
    mentioned = exists(
        select(true())
        .select_from(Mention)
        .join(Article, Article.key == Mention.article_key)
        .where(Mention.entity_key == Entity.key, article_is_public(at))
        .correlate(Entity)
    )
    speaks = exists(
        select(true())
        .select_from(Quote)
        .join(Article, Article.key == Quote.article_key)
        .where(Quote.speaker_key == Entity.key, quote_is_public(at))
        .correlate(Entity)
    )
    return or_(Entity.reviewed, mentioned, speaks)


def media_is_public(at: At) -> ColumnElement[bool]:
    """Shown by a live article, or the poster of what is; or the image of a public entity or of a
    channel. A rights window hides nothing here: what is kept of an answer must not depend on the
    clock by it."""
    shown = exists(
        select(true())
        .select_from(ArticleMedia)
        .join(Article, Article.key == ArticleMedia.article_key)
        .where(ArticleMedia.media_key == Media.key, article_is_public(at))
        .correlate(Media)
    )
    video = aliased(Media)
    poses = exists(
        select(true())
        .select_from(video)
        .join(ArticleMedia, ArticleMedia.media_key == video.key)
        .join(Article, Article.key == ArticleMedia.article_key)
        .where(video.poster_key == Media.key, article_is_public(at))
        .correlate(Media)
    )
    pictures_entity = exists(
        select(true())
        .select_from(Entity)
        .where(Entity.image_key == Media.key, entity_is_public(at))
        .correlate(Media)
    )
    pictures_channel = exists(
        select(true()).select_from(Channel).where(Channel.artwork_key == Media.key).correlate(Media)
    )
    return or_(shown, poses, pictures_entity, pictures_channel)


def section_is_public(at: At) -> ColumnElement[bool]:
    """Vouched for, or with a live article in it or below it."""
    inner = aliased(Section)
    # Not as a join, which SQLite would begin at the articles.
    holds = exists(
        select(true())
        .select_from(Article)
        .where(Article.section_key == inner.key, article_is_public(at))
        .correlate(inner)
    )
    filled = exists(
        select(true())
        .select_from(inner)
        .where(
            or_(inner.key == Section.key, inner.path.startswith(Section.path.concat("/"))),
            holds,
        )
        .correlate(Section)
    )
    return or_(Section.reviewed, filled)


def publisher_is_public(at: At) -> ColumnElement[bool]:
    """Vouched for, or with a live article."""
    publishes = exists(
        select(true())
        .select_from(Article)
        .where(Article.publisher_key == Publisher.key, article_is_public(at))
        .correlate(Publisher)
    )
    return or_(Publisher.reviewed, publishes)
