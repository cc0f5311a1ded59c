"""Quotes and the places in the article where they stand."""

from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.types import Document, Instant
from app.models.base import Base, Resource, one_of, resource_checks

QuoteKind = Literal["direct", "partial", "indirect"]
QuoteStatus = Literal["proposed", "confirmed", "retracted"]
AnchorState = Literal["anchored", "moved", "ambiguous", "drifted", "orphaned"]

# The states in which a quote stands in its article word for word.
PLACED: tuple[AnchorState, ...] = ("anchored", "moved")


class Quote(Resource, Base):
    """`reviewed` tells whether a person has vouched for the quote; one that extraction found is
    not, and has its `rule` and `confidence`.

    A quote that has lost its place keeps its words, and its spans in the text of the article's
    revision `anchored_revision`, the last in which it stood; `proposals` are where it may stand
    now. Both are null while it has a place, and once a person has detached it.
    """

    __tablename__ = "quotes"
    __table_args__ = (
        *resource_checks(),
        one_of("kind", get_args(QuoteKind)),
        one_of("status", get_args(QuoteStatus)),
        one_of("anchor", get_args(AnchorState)),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
        CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
        CheckConstraint("status = 'retracted' OR retracted_at IS NULL", name="retracted_at"),
        Index("ix_quotes_article_key_position", "article_key", "position"),
        Index("ix_quotes_speaker_key_key", "speaker_key", "key"),
    )
    resource_name = "quote"

    article_key: Mapped[int] = mapped_column(ForeignKey("articles.key", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[QuoteKind] = mapped_column(String(16))
    status: Mapped[QuoteStatus] = mapped_column(String(16))
    anchor: Mapped[AnchorState] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    # The words of the text as they are compared; the database keeps an index of them.
    folded_text: Mapped[str] = mapped_column(Text, server_default="")
    prefix: Mapped[str] = mapped_column(String(64))
    suffix: Mapped[str] = mapped_column(String(64))
    speaker_key: Mapped[int | None] = mapped_column(ForeignKey("entities.key"))
    speaker_label: Mapped[str | None] = mapped_column(String(300))
    speaker_role: Mapped[str | None] = mapped_column(String(300))
    cue: Mapped[str | None] = mapped_column(String(300))
    said_at: Mapped[datetime | None] = mapped_column(Instant)
    context: Mapped[str | None] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(35))
    reviewed: Mapped[bool]
    rule: Mapped[str | None] = mapped_column(String(40))
    confidence: Mapped[float | None]
    anchored_revision: Mapped[int | None]
    # Any: documents of app/documents/quotes.py
    proposals: Mapped[list[dict[str, Any]] | None] = mapped_column(Document)
    retraction_note: Mapped[str | None] = mapped_column(Text)
    retracted_at: Mapped[datetime | None] = mapped_column(Instant)
    spans: Mapped[list["QuoteSpan"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="QuoteSpan.position",
        passive_deletes=True,
    )

    @property
    def is_placed(self) -> bool:
        return self.anchor in PLACED

    @property
    def is_settled(self) -> bool:
        """In SQL: models/visibility.py."""
        return self.status == "confirmed" and self.is_placed

    @property
    def is_detached(self) -> bool:
        """Whether a person has given up looking for its place."""
        return not self.is_placed and self.anchored_revision is None


class QuoteSpan(Base):
    """One run of the quote's words: `article.text[start:end] == exact`, in code points."""

    __tablename__ = "quote_spans"
    __table_args__ = (
        CheckConstraint('start >= 0 AND "end" > start', name="order"),
        CheckConstraint('length(exact) = "end" - start', name="exact_length"),
    )

    quote_key: Mapped[int] = mapped_column(
        ForeignKey("quotes.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[int]
    end: Mapped[int]
    exact: Mapped[str] = mapped_column(Text)


class QuoteForm(Base):
    """A quote as it was until an instant, when `ended_by` gave it other words, another speaker or
    another standing. `revision` is the last that it had in that form."""

    __tablename__ = "quote_forms"

    quote_key: Mapped[int] = mapped_column(
        ForeignKey("quotes.key", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[str] = mapped_column(String(40))
    document: Mapped[dict[str, Any]] = mapped_column(Document)  # Any: a QuoteWording, as JSON


class DismissedQuote(Base):
    """Words that extraction found in an article and a person deleted: not to be proposed again."""

    __tablename__ = "dismissed_quotes"

    article_key: Mapped[int] = mapped_column(
        ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
