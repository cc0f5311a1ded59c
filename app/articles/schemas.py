"""What may be sent of an article."""

from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, model_validator

from app.articles.blocks import BodyWrite
from app.articles.bodies import blocks_of
from app.articles.canonical import DraftBlock
from app.documents.drafts import Version
from app.documents.texts import Line, Text
from app.entities.schemas import MentionWrite
from app.media.schemas import MediaReference
from app.models.article import ShownStatus
from app.publishers.schemas import PublisherReference
from app.quotes.schemas import ArticleQuoteWrite
from app.sections.schemas import SectionReference
from app.web.writing import LanguageTag, Moment, Slug, WebUrl, WriteModel

MAX_CORRECTIONS = 100

Name = Annotated[Line, Field(max_length=300)]


class BylineWrite(WriteModel):
    """One of the people or bodies who wrote the article. In short, one string: the name."""

    name: Name
    role: Name | None = None
    url: WebUrl | None = None

    @model_validator(mode="before")
    @classmethod
    def from_string(cls, content: Any) -> Any:  # Any: what JSON holds
        return {"name": content} if isinstance(content, str) else content


class ArticleCorrectionWrite(WriteModel):
    """A public note on what was wrong in the article."""

    at: Moment
    text: Annotated[Text, Field(max_length=5000)]


class CorrectionWrite(WriteModel):
    """A correction that is added to an article: made now, if nothing is said."""

    text: Annotated[Text, Field(max_length=2000)]
    at: Moment | None = None


class ArticleWrite(WriteModel):
    """An article, with its quotes and mentions if you like, all or nothing.

    When an article is replaced, these stay as they are where they are left out: `slug`, `status`,
    `published_at`, `embargoed_until`, `corrections`, `quotes` and `entities`. All else is emptied.
    An article that goes live without a date is published now.
    """

    headline: Annotated[Line, Field(max_length=500)]
    slug: Slug | None = None
    status: ShownStatus | None = None
    standfirst: Annotated[Text, Field(max_length=5000)] | None = None
    language: LanguageTag = "en"
    body: BodyWrite = []
    section: SectionReference | None = None
    publisher: PublisherReference | None = None
    bylines: Annotated[list[BylineWrite], Field(max_length=50)] = []
    lead_media: MediaReference | None = None
    media: Annotated[list[MediaReference], Field(max_length=200)] = []
    source_url: WebUrl | None = None
    canonical_url: WebUrl | None = None
    published_at: Moment | None = None
    embargoed_until: Moment | None = None
    corrections: (
        Annotated[list[ArticleCorrectionWrite], Field(max_length=MAX_CORRECTIONS)] | None
    ) = None
    quotes: list[ArticleQuoteWrite] | None = None
    entities: Annotated[list[MentionWrite], Field(max_length=500)] | None = None

    @cached_property
    def blocks(self) -> list[DraftBlock]:
        """The body taken apart, which for a megabyte of HTML takes seconds."""
        return blocks_of(self.body)


class RestorationWrite(WriteModel):
    """The number of the revision that is to be brought back."""

    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]


class LeaseWrite(WriteModel):
    """For how long an article is yours to edit, and what others are told."""

    seconds: Annotated[int, Field(ge=1, le=3600)] = 300
    note: Annotated[Line, Field(max_length=500)] | None = None


class PublicationWrite(WriteModel):
    """When an article goes live; now, if nothing is said. `until` ends it by itself.
    `embargo_note` is for the desk. `revision` is that of the draft beside the article which takes
    its place then; without it, the article goes live as it is."""

    at: Moment | None = None
    until: Moment | None = None
    embargoed_until: Moment | None = None
    embargo_note: Annotated[Text, Field(max_length=500)] | None = None
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class PreviewLinkWrite(WriteModel):
    """What a preview link shows, and for how long: at most 30 days."""

    version: Version = "present"
    expires_in_seconds: Annotated[int, Field(ge=60, le=30 * 86_400)] = 86_400
