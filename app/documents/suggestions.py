"""What a reader may have begun to write."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from app.documents.articles import ArticleCard
from app.documents.entities import EntityRef


class SuggestedArticle(TypedDict):
    """An article as it is suggested."""

    id: str
    slug: str
    headline: str
    published_at: datetime | None


class EntitySuggestion(TypedDict):
    """An entity with a name that begins so; `mended` where one letter had to be changed."""

    type: Literal["entity"]
    mended: bool
    entity: EntityRef


class ArticleSuggestion(TypedDict):
    """An article whose headline has these words; `mended` where one letter had to be changed."""

    type: Literal["article"]
    mended: bool
    article: SuggestedArticle


class Suggestions(TypedDict):
    """Entities first, the popular before others; then articles, the newest first."""

    items: list[EntitySuggestion | ArticleSuggestion]


class RelatedArticles(TypedDict):
    """The articles nearest to another, the nearest first."""

    items: list[ArticleCard]
