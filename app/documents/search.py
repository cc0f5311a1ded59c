"""Hits of a search as they are served."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from app.documents.articles import ArticleCard
from app.documents.entities import EntityRead, EntityRef
from app.documents.quotes import QuoteRead
from app.documents.sections import SectionRef


class Stretch(TypedDict):
    """A stretch of a text: code points, end exclusive."""

    start: int
    end: int


class SnippetRead(TypedDict):
    """The words of a text from `start` to `end`. The highlights count in that text, too: take
    `start` from them to mark the snippet."""

    text: str
    start: int
    end: int
    highlights: list[Stretch]


class ArticleHighlights(TypedDict):
    """Where the words stand: in the headline, the standfirst and the canonical text."""

    headline: list[Stretch]
    standfirst: list[Stretch]
    text: list[Stretch]


class QuoteHighlights(TypedDict):
    """Where the words stand in the canonical text of the article, within the quote."""

    text: list[Stretch]


class EntityHighlights(TypedDict):
    """Where the words stand: in the name and the description."""

    name: list[Stretch]
    description: list[Stretch]


class ArticleHit(TypedDict):
    """An article. The snippet is of its canonical text."""

    type: Literal["article"]
    score: float | None
    article: ArticleCard
    highlights: ArticleHighlights
    snippet: SnippetRead


class QuoteHit(TypedDict):
    """A quote, with its speaker, its article and its place there. The snippet is of the quote's own
    `text`, and counts in that."""

    type: Literal["quote"]
    score: float | None
    quote: QuoteRead
    highlights: QuoteHighlights
    snippet: SnippetRead


class EntityHit(TypedDict):
    """An entity. The snippet is of its description."""

    type: Literal["entity"]
    score: float | None
    entity: EntityRead
    highlights: EntityHighlights
    snippet: SnippetRead


SearchHit = ArticleHit | QuoteHit | EntityHit


class SectionCount(SectionRef):
    """Hits in a section, those in the sections below it apart."""

    count: int


class EntityCount(EntityRef):
    """Hits that concern an entity."""

    count: int


class MonthCount(TypedDict):
    """Hits that were published in a month (UTC)."""

    month: str
    count: int


class LanguageCount(TypedDict):
    """Hits in a language."""

    language: str
    count: int


class FacetCounts(TypedDict):
    """Counts over the newest `counted` hits that are articles or quotes; `bounded` says that there
    are older ones. Those facets are there that were asked for, the largest counts first."""

    counted: int
    bounded: bool
    section: NotRequired[list[SectionCount]]
    entity: NotRequired[list[EntityCount]]
    speaker: NotRequired[list[EntityCount]]
    month: NotRequired[list[MonthCount]]
    language: NotRequired[list[LanguageCount]]


class SearchPage(TypedDict):
    """A page of hits. `ranking` is null unless they are sorted by relevance; `bounded` says that
    there are so many that not all were ranked together. `total` and `facets` are there where they
    were asked for."""

    items: list[SearchHit]
    next_cursor: str | None
    ranking: Literal["full", "bounded"] | None
    total: NotRequired[int]
    total_relation: NotRequired[Literal["exact", "at_least"]]
    facets: NotRequired[FacetCounts]
