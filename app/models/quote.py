"""Quotes and the places in the article where they stand."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.types import Instant
from app.models.base import Base, Resource, one_of, resource_checks

QuoteKind = Literal["direct", "partial", "indirect"]
QuoteStatus = Literal["proposed", "confirmed", "retracted"]
AnchorState = Literal["anchored", "moved", "ambiguous", "drifted", "orphaned"]

# The states in which a quote stands in its article word for word.
PLACED: tuple[AnchorState, ...] = ("anchored", "moved")


class Quote(Resource, Base):
    __tablename__ = "quotes"
    __table_args__ = (
        *resource_checks(),
        one_of("kind", get_args(QuoteKind)),
        one_of("status", get_args(QuoteStatus)),
        one_of("anchor", get_args(AnchorState)),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
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
    spans: Mapped[list["QuoteSpan"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="QuoteSpan.position",
        passive_deletes=True,
    )


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
