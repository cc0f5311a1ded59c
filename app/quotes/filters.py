"""The query parameters of a list of quotes."""

from collections.abc import Sequence
from typing import get_args

from sqlalchemy import and_, select

from app.documents.quotes import QuoteRead
from app.models import Article, Entity, Mention, Quote, Section
from app.models.quote import PLACED, AnchorState, QuoteKind, QuoteStatus
from app.search.asking import in_list
from app.sections.filters import below
from app.web.filters import Condition, Filter, flag_filter, instant_filter, text_filter, word_filter
from app.web.listing import Listing, Sort


def speaker_is(names: Sequence[str]) -> Condition:
    named = select(Entity.key).where(Entity.id.in_(names) | Entity.slug.in_(names))
    return Quote.speaker_key.in_(named)


def stands_in(names: Sequence[str]) -> Condition:
    return Article.id.in_(names) | Article.slug.in_(names)


def in_section(names: Sequence[str]) -> Condition:
    return Article.section_key.in_(select(Section.key).where(below(names)))


def article_mentions(names: Sequence[str]) -> Condition:
    articles = (
        select(Mention.article_key)
        .join(Entity, Entity.key == Mention.entity_key)
        .where(Entity.id.in_(names) | Entity.slug.in_(names))
    )
    return Quote.article_key.in_(articles)


IS_DETACHED = and_(Quote.anchor.not_in(PLACED), Quote.anchored_revision.is_(None))

QUOTES = Listing(
    name="quotes",
    key=Quote.key,
    sorts={
        "created_at": Sort(Quote.created_at),
        "updated_at": Sort(Quote.updated_at),
        "published_at": Sort(Article.published_at, nullable=True),
        "said_at": Sort(Quote.said_at, nullable=True),
    },
    default_sort="-published_at",
    filters={
        "speaker": Filter(speaker_is, "Said by this entity (id or slug)."),
        "article": Filter(stands_in, "Stands in this article (id or slug)."),
        "entity": Filter(article_mentions, "Stands in an article that mentions this entity."),
        "section": Filter(in_section, "Stands in this section (path or id), or below it."),
        "kind": word_filter(Quote.kind, get_args(QuoteKind), "Is of this kind."),
        "status": word_filter(Quote.status, get_args(QuoteStatus), "Has this status."),
        "anchor": word_filter(Quote.anchor, get_args(AnchorState), "Has this anchor state."),
        "detached": flag_filter(IS_DETACHED, "Whether a person has detached it from its article."),
        "reviewed": flag_filter(Quote.reviewed, "Whether a person has vouched for it."),
        "language": text_filter(Quote.language, "Is in this language.", "en"),
        "cue": text_filter(Quote.cue, "Is introduced by this word.", "stressed"),
        "published": instant_filter(Article.published_at, "Published within this range."),
        "said": instant_filter(Quote.said_at, "Said within this range."),
        "updated": instant_filter(Quote.updated_at, "Last changed within this range."),
    },
    document=QuoteRead,
    search=in_list("quotes", Quote.key),
)
