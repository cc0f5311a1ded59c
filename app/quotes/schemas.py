"""What may be sent of a quote."""

from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from app.documents.texts import Line, Text
from app.entities.schemas import EntityReference
from app.models.base import is_id
from app.models.quote import QuoteKind, QuoteStatus
from app.search.words import words_of
from app.slugs.writes import SLUG
from app.web.writing import Id, LanguageTag, Moment, WriteModel

MAX_CHECKED = 5_000

Offset = Annotated[int, Field(ge=0, le=10_000_000, strict=True)]
Words = Annotated[Text, Field(max_length=50_000)]
Short = Annotated[Line, Field(max_length=300)]


class QuoteSpanWrite(WriteModel):
    """A run of the quote's words in the article's text, from 0, end exclusive. `exact`, when it is
    sent, must be what stands there."""

    start: Offset
    end: Offset
    exact: Words | None = None


Spans = Annotated[list[QuoteSpanWrite], Field(max_length=50)]


class ArticleQuoteWrite(WriteModel):
    """A quote within its article. Where it stands is found by its `text`, the words (those of an
    interrupted quote joined by " … "), or said by `spans`. `prefix` and `suffix`, what stands
    before and after it, tell places of the same words apart."""

    read_only = frozenset(
        {
            "revision", "anchor", "proposals", "detached", "reviewed", "rule", "confidence",
            "retraction", "created_at", "updated_at",
        }
    )  # fmt: skip

    id: Id | None = None
    text: Words | None = None
    spans: Spans | None = None
    prefix: Annotated[str, Field(max_length=1000)] | None = None
    suffix: Annotated[str, Field(max_length=1000)] | None = None
    kind: QuoteKind = "direct"
    speaker: EntityReference | None = None
    speaker_label: Short | None = None
    speaker_role: Short | None = None
    cue: Short | None = None
    said_at: Moment | None = None
    context: Short | None = None
    language: LanguageTag | None = None
    status: QuoteStatus = "confirmed"

    @model_validator(mode="after")
    def has_words(self) -> "ArticleQuoteWrite":
        # One that has lost its place is served without any.
        self.spans = self.spans or None
        if self.text is None and self.spans is None:
            raise ValueError("Send the quote's words as text, or where it stands as spans.")
        return self


class AnchorWrite(WriteModel):
    """Where a quote stands: one of its `proposals`, counted from 0, `spans`, or the words there as
    `text`. With none of them, the one proposal that there is."""

    proposal: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None
    text: Words | None = None
    spans: Spans | None = None
    prefix: Annotated[str, Field(max_length=1000)] | None = None
    suffix: Annotated[str, Field(max_length=1000)] | None = None

    @model_validator(mode="after")
    def says_one_place(self) -> "AnchorWrite":
        if self.proposal is not None and (self.text is not None or self.spans):
            raise ValueError("Send a proposal, or a place, but not both.")
        return self


class RetractionWrite(WriteModel):
    """Why a quote is taken back; public."""

    note: Annotated[Text, Field(max_length=2000)]


class QuoteWrite(ArticleQuoteWrite):
    """A quote, with the id or slug of the article in which it stands."""

    read_only = ArticleQuoteWrite.read_only | {"id"}

    article: "ArticleReference"


class SpeakerReference(EntityReference):
    """Who is said to have spoken: by id, slug, external id, name or alias. In short, one string."""

    @model_validator(mode="before")
    @classmethod
    def from_string(cls, content: Any) -> Any:  # Any: what JSON holds
        if not isinstance(content, str):
            return content
        if is_id(content):
            return {"id": content}
        return {"slug" if SLUG.fullmatch(content) else "name": content}


class QuoteCheckWrite(WriteModel):
    """Words to check, and who is said to have spoken them. The words may be a part of a quote."""

    words: Annotated[Text, Field(max_length=MAX_CHECKED)]
    speaker: SpeakerReference | None = None

    @field_validator("words")
    @classmethod
    def have_words(cls, words: str) -> str:
        if not words_of(words):
            raise ValueError("There are only signs, and no word, in it.")
        return words


class ArticleReference(WriteModel):
    """The article in which a quote stands. In short, one string: its id or slug."""

    read_only = frozenset({"headline", "published_at"})

    id: Id | None = None
    slug: Annotated[Line, Field(max_length=200)] | None = None

    @model_validator(mode="before")
    @classmethod
    def from_string(cls, content: object) -> object:
        if isinstance(content, str):
            return {"id": content} if is_id(content) else {"slug": content}
        return content

    @property
    def name(self) -> str:
        return self.id or self.slug or ""


QuoteWrite.model_rebuild()
