"""The query parameters of a list of media."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import get_args

from sqlalchemy import exists

from app.documents.media import MediaRead
from app.models import Article, ArticleMedia, Media, MediaRendition
from app.models.media import MediaKind
from app.models.visibility import article_is_public
from app.search.asking import in_list
from app.web.filters import Condition, Filter, instant_filter, text_filter, word_filter
from app.web.listing import Listing, Sort


def has_url(urls: Sequence[str]) -> Condition:
    return exists().where(MediaRendition.media_key == Media.key, MediaRendition.url.in_(urls))


def is_in_article(names: Sequence[str]) -> Condition:
    shown = ArticleMedia.media_key == Media.key
    named = Article.id.in_(names) | Article.slug.in_(names)
    return exists().where(shown, Article.key == ArticleMedia.article_key, named)


MEDIA = Listing(
    name="media",
    key=Media.key,
    sorts={"created_at": Sort(Media.created_at), "updated_at": Sort(Media.updated_at)},
    default_sort="-created_at",
    filters={
        "kind": word_filter(Media.kind, get_args(MediaKind), "Is of this kind."),
        "url": Filter(has_url, "Has a rendition at this address."),
        "credit": text_filter(Media.credit, "Has exactly this credit."),
        "article": Filter(is_in_article, "Is shown by this article (id or slug)."),
        "updated": instant_filter(Media.updated_at, "Last changed within this range."),
    },
    document=MediaRead,
    search=in_list("media", Media.key),
)


def public_media(at: datetime) -> Listing:
    """The list as the public may filter it: else a guess would tell that an article exists."""
    article = MEDIA.filters["article"]

    def is_in_public_article(names: Sequence[str]) -> Condition:
        shown = ArticleMedia.media_key == Media.key
        named = Article.id.in_(names) | Article.slug.in_(names)
        joined = Article.key == ArticleMedia.article_key
        return exists().where(shown, joined, named, article_is_public(at))

    filters = {**MEDIA.filters, "article": replace(article, condition=is_in_public_article)}
    return replace(MEDIA, filters=filters)
