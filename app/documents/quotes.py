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


class Difference(TypedDict):
    """A step from the given words to the article's; "insert" is what only the article has."""

    op: Literal["equal", "replace", "insert", "delete"]
    given: str
    article: str


class AnchorProposal(TypedDict):
    """A place in the article where a quote that has lost its own may stand. `text` are the words
    there, `difference` the steps from the quote's words to them, empty when they are the same, and
    `score`, from 0 to 1, how surely it is the same utterance."""

    spans: list[QuoteSpan]
    text: str
    prefix: str
    suffix: str
    score: float
    difference: list[Difference]


class Retraction(TypedDict):
    """When a quote was retracted, and the public note on why; without one it is not public."""

    at: datetime
    note: str | None


class ArticleQuote(TypedDict):
    """A quote within its article. `text` is its spans joined by " … "; `prefix` and `suffix` are
    the 32 code points of the article before and after it, fewer near the ends.

    `reviewed` tells whether a person has vouched for it; `rule` and `confidence` are those by which
    extraction found it. A quote whose `anchor` is `ambiguous`, `drifted` or `orphaned` has no
    spans: it stands nowhere word for word, and `proposals` are where it may stand now."""

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
    proposals: list[AnchorProposal]
    detached: bool
    reviewed: bool
    rule: str | None
    confidence: float | None
    retraction: Retraction | None
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


class QuoteAnchor(TypedDict):
    """Where a quote stands in its article. One that has lost its place stood last in the article's
    revision `anchored_revision`; `detached` is one that a person has given up looking for."""

    id: str
    revision: int
    article: str
    article_revision: int
    anchor: Literal["anchored", "moved", "ambiguous", "drifted", "orphaned"]
    spans: list[QuoteSpan]
    proposals: list[AnchorProposal]
    anchored_revision: int | None
    detached: bool


class QuoteWording(TypedDict):
    """What a quote says, and how it stands."""

    text: str
    kind: Literal["direct", "partial", "indirect"]
    speaker: EntityRef | None
    speaker_label: str | None
    speaker_role: str | None
    cue: str | None
    said_at: datetime | None
    context: str | None
    status: Literal["proposed", "confirmed", "retracted"]
    anchor: Literal["anchored", "moved", "ambiguous", "drifted", "orphaned"]
    retraction: Retraction | None


class QuoteFormRead(QuoteWording):
    """A quote as it was from `since`, when `event` gave it this form, until `until` or now."""

    revision: int
    event: str
    since: datetime
    until: datetime | None


class QuoteHistory(TypedDict):
    """All forms that a quote has had, the first first."""

    items: list[QuoteFormRead]


Outcome = Literal[
    "unchanged", "moved", "changed", "ambiguous", "drifted", "orphaned", "anchored", "added",
    "removed",
]  # fmt: skip


class QuoteOutcome(TypedDict):
    """What an edit would do to one quote. `anchor` is its state afterwards, null when it would be
    gone; `before` and `after` are the quote as the article has it before and after the edit."""

    id: str
    outcome: Outcome
    anchor: Literal["anchored", "moved", "ambiguous", "drifted", "orphaned"] | None
    before: ArticleQuote | None
    after: ArticleQuote | None


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
    difference: list[Difference]


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
    difference: list[Difference]


class QuoteVariants(TypedDict):
    """One utterance in all its forms, the first one published (`first`) among them, in the order of
    their publication. `truncated` says that there are more."""

    first: QuoteVariant
    items: list[QuoteVariant]
    truncated: bool
