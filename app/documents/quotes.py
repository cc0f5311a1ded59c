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


class WordDifference(TypedDict):
    """A step from one text to another; "insert" is what only the other one has."""

    op: Literal["equal", "replace", "insert", "delete"]
    given: str
    article: str


class QuotePlace(TypedDict):
    """A quote, and `spans`, where in its article the words in question stand."""

    id: str
    kind: Literal["direct", "partial", "indirect"]
    status: Literal["proposed", "confirmed", "retracted"]
    text: str
    speaker: EntityRef | None
    speaker_label: str | None
    spans: list[QuoteSpan]
    article: ArticleRef


class NearQuote(QuotePlace):
    """A quote that comes near the words: `score` says how near, up to 1, and `difference` how its
    words differ from those that were sent (`given`)."""

    score: float
    difference: list[WordDifference]


class QuoteCheck(TypedDict):
    """What is known of some words. `places` is where they stand, for the verdicts `exact` and
    `other_speaker`; `nearest` the quotes that come near them, for `altered`. `speaker` is the one
    that was asked for. `truncated` says that there are more places than are listed."""

    verdict: Literal["exact", "altered", "other_speaker", "unknown"]
    speaker: EntityRef | None
    places: list[QuotePlace]
    nearest: list[NearQuote]
    truncated: bool


class QuoteVariant(QuotePlace):
    """A form in which an utterance was published. `relation` says what it is to the first one,
    `difference` how its words differ from it (`given`)."""

    relation: Literal["same", "shortened", "extended", "changed"]
    score: float
    difference: list[WordDifference]


class QuoteVariants(TypedDict):
    """One utterance in all its forms, the first one published (`first`) among them, in the order of
    their publication. `truncated` says that there are more."""

    first: QuoteVariant
    items: list[QuoteVariant]
    truncated: bool
