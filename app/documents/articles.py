"""Articles as they are served."""

from datetime import datetime
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from app.documents.blocks import Block
from app.documents.media import MediaRead
from app.documents.mentions import ArticleEntity
from app.documents.publishers import PublisherRef
from app.documents.quotes import ArticleQuote, QuoteOutcome
from app.documents.sections import SectionRead, SectionRef


class Byline(TypedDict):
    """One of the people or bodies who wrote the article."""

    name: str
    role: str | None
    url: str | None


class Correction(TypedDict):
    """A public note on what was wrong in the article."""

    at: datetime
    text: str


class ArticleHead(TypedDict):
    """What every view of an article has."""

    id: str
    slug: str
    revision: int
    status: Literal["draft", "scheduled", "live", "withdrawn"]
    headline: str
    standfirst: str | None
    language: str
    section: SectionRef | SectionRead | None
    publisher: PublisherRef | None
    bylines: list[Byline]
    lead_media: MediaRead | None
    source_url: str | None
    canonical_url: str | None
    published_at: datetime | None
    published_until: datetime | None
    embargoed_until: datetime | None
    corrections: list[Correction]
    created_at: datetime
    updated_at: datetime


class ArticleCard(ArticleHead):
    """An article in a list. `include` and `fields` add the members of ArticleRead."""

    body: NotRequired[list[Block]]
    text: NotRequired[str]
    text_version: NotRequired[int]
    media: NotRequired[list[MediaRead]]
    quotes: NotRequired[list[ArticleQuote]]
    entities: NotRequired[list[ArticleEntity]]


class ArticleRead(ArticleHead):
    """An article. Offsets in `quotes` and `entities` count the code points of `text`."""

    body: list[Block]
    text: str
    text_version: int
    media: list[MediaRead]
    quotes: list[ArticleQuote]
    entities: list[ArticleEntity]


class EditPreview(TypedDict):
    """What an edit of an article would do to its quotes. `revision` is the article's present one,
    null when the edit would create it."""

    id: str
    revision: int | None
    text_changed: bool
    quotes: list[QuoteOutcome]
