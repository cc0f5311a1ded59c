"""Quotes as they are served."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from app.documents.entities import EntityRef


class QuoteSpan(TypedDict):
    """A run of the quote's words: `exact` is `article.text[start:end]`, in code points."""

    start: int
    end: int
    exact: str


class ArticleQuote(TypedDict):
    """A quote within its article. `text` is its spans joined by " … "; `prefix` and `suffix` are
    the 32 code points of the article before and after it, fewer near the ends."""

    id: str
    revision: int
    kind: Literal["direct", "partial", "indirect"]
    text: str
    spans: list[QuoteSpan]
    prefix: str
    suffix: str
    speaker: EntityRef | None
    speaker_label: str | None
    speaker_role: str | None
    cue: str | None
    said_at: datetime | None
    context: str | None
    language: str
    status: Literal["proposed", "confirmed", "retracted"]
    anchor: Literal["anchored", "moved", "ambiguous", "drifted", "orphaned"]
    created_at: datetime
    updated_at: datetime


class ArticleRef(TypedDict):
    """The article in which a quote stands."""

    id: str
    slug: str
    headline: str
    published_at: datetime | None


class QuoteRead(ArticleQuote):
    """A quote, with the article in which it stands."""

    article: ArticleRef
