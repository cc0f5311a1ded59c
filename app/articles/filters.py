"""The query parameters of a list of articles."""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from app.documents.articles import ArticleRead
from app.models import (
    Article,
    ArticleMedia,
    Change,
    Draft,
    Entity,
    Lease,
    Media,
    Mention,
    Publisher,
    Quote,
    Section,
)
from app.models.visibility import (
    article_is_public,
    article_is_scheduled,
    article_is_withdrawn,
    quote_is_settled,
)
from app.search.asking import in_list
from app.sections.filters import below
from app.slugs.lookups import AT
from app.web.filters import (
    Condition,
    Filter,
    choice_filter,
    flag_filter,
    instant_filter,
    text_filter,
)
from app.web.listing import Listing, Sort

STATUSES: dict[str, Condition] = {
    "draft": Article.status == "draft",
    "scheduled": article_is_scheduled(AT),
    "live": article_is_public(AT),
    "withdrawn": article_is_withdrawn(AT),
}
IS_LEASED = Article.key.in_(select(Lease.article_key).where(Lease.until > AT))


def in_section(names: Sequence[str]) -> Condition:
    return Article.section_key.in_(select(Section.key).where(below(names)))


def is_published_by(names: Sequence[str]) -> Condition:
    keys = select(Publisher.key).where(Publisher.id.in_(names) | Publisher.slug.in_(names))
    if len(names) == 1:
        # The index has those of one in the order in which they are told.
        return Article.publisher_key == keys.limit(1).scalar_subquery()
    return Article.publisher_key.in_(keys)


def speaks_of(names: Sequence[str]) -> Condition:
    return concerns(Entity.id.in_(names) | Entity.slug.in_(names))


def concerns(entity: Condition) -> Condition:
    """Articles that mention an entity or quote it; what is not settled does not count."""
    mentioned = select(Mention.article_key).join(Entity, Entity.key == Mention.entity_key)
    return or_(Article.key.in_(mentioned.where(entity)), quotes_speaker(entity))


def quotes_speaker(entity: Condition) -> Condition:
    quoted = select(Quote.article_key).join(Entity, Entity.key == Quote.speaker_key)
    return Article.key.in_(quoted.where(entity, quote_is_settled()))


def quotes(names: Sequence[str]) -> Condition:
    return quotes_speaker(Entity.id.in_(names) | Entity.slug.in_(names))


def shows(media_ids: Sequence[str]) -> Condition:
    return Article.key.in_(
        select(ArticleMedia.article_key)
        .join(Media, Media.key == ArticleMedia.media_key)
        .where(Media.id.in_(media_ids))
    )


def has_draft() -> Condition:
    return exists().where(Draft.article_key == Article.key)


def was_published() -> Condition:
    published = Change.event.in_(("article.published", "article.withdrawn"))
    return exists().where(Change.resource_id == Article.id, published)


ARTICLES = Listing(
    name="articles",
    key=Article.key,
    sorts={
        "published_at": Sort(Article.published_at, nullable=True),
        "updated_at": Sort(Article.updated_at),
        "created_at": Sort(Article.created_at),
        "headline": Sort(Article.headline),
    },
    default_sort="-published_at",
    filters={
        "section": Filter(in_section, "Is in this section (path or id), or below it.", "news"),
        "publisher": Filter(is_published_by, "Is this publisher's (id or slug)."),
        "entity": Filter(speaks_of, "Mentions or quotes this entity (id or slug)."),
        "speaker": Filter(quotes, "Quotes this entity (id or slug)."),
        "media": Filter(shows, "Shows these media (id)."),
        "language": text_filter(Article.language, "Is in this language.", "en"),
        "status": choice_filter(STATUSES, "Has this status."),
        "draft": flag_filter(
            has_draft(), "Has a draft beside it: changed since, and not published.", for_desk=True
        ),
        "never_published": flag_filter(
            ~was_published(), "Was never public to anybody.", for_desk=True
        ),
        "slug": text_filter(Article.slug, "Has this slug."),
        "source_url": text_filter(Article.source_url, "Was taken from this address."),
        "published": instant_filter(Article.published_at, "Published within this range."),
        "expires": instant_filter(
            Article.published_until, "Its publication ends by itself within this range."
        ),
        "leased": flag_filter(IS_LEASED, "Somebody holds a lease on it.", for_desk=True),
        "created": instant_filter(Article.created_at, "First kept within this range."),
        "updated": instant_filter(Article.updated_at, "Last changed within this range."),
    },
    document=ArticleRead,
    includes=("quotes", "entities", "media", "section"),
    search=in_list("articles", Article.key),
)
