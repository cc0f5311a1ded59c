"""Articles, what belongs to them, and their revisions."""

from datetime import datetime
from typing import Any, Literal, cast, get_args

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Document, Instant
from app.models.base import Base, Resource, one_of, resource_checks

ArticleStatus = Literal["draft", "live", "withdrawn"]
# What is shown of it: what will be live by itself is scheduled, and what is over withdrawn.
ShownStatus = Literal["draft", "scheduled", "live", "withdrawn"]

MAX_BODY_BYTES = 1024 * 1024
MAX_BLOCKS = 2_000
MAX_QUOTES = 500


class Article(Resource, Base):
    """`body` is a list of blocks; `text` is the canonical text that they give, in which every
    offset counts. `last_block` is the highest number that a block's id was made of.
    `mentions_reviewed` tells whether a person has written what the article speaks of, `has_video`
    whether there is a video among its media: what televisions ask of every article.

    `is_announced` tells whether the journal says that the article is public, `due_at` when the
    clock next makes it public or ends that."""

    __tablename__ = "articles"
    __table_args__ = (
        *resource_checks(),
        one_of("status", get_args(ArticleStatus)),
        CheckConstraint("status <> 'live' OR published_at IS NOT NULL", name="live_is_published"),
        Index("ix_articles_published_at_key", "published_at", "key"),
        # Only of those that have one, as the migration says. To say it here, in each database's own
        # words, loads all of both databases' types, and takes a tenth of the time until the server
        # answers.
        Index("ix_articles_embargoed_until", "embargoed_until"),
        Index("ix_articles_published_until", "published_until"),
        Index("ix_articles_due_at", "due_at"),
        Index("ix_articles_has_video", "published_at", "key"),
        Index("ix_articles_section_key_published_at", "section_key", "published_at", "key"),
        Index("ix_articles_publisher_key_published_at", "publisher_key", "published_at", "key"),
        Index("ix_articles_updated_at_key", "updated_at", "key"),
    )
    resource_name = "article"

    slug: Mapped[str] = mapped_column(String(200), unique=True)
    status: Mapped[ArticleStatus] = mapped_column(String(16))
    headline: Mapped[str] = mapped_column(String(500))
    standfirst: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(35))
    # Any: blocks, bylines and corrections are JSON; their shapes are in app/documents
    body: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    last_block: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    text_version: Mapped[int]
    bylines: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    section_key: Mapped[int | None] = mapped_column(ForeignKey("sections.key"))
    publisher_key: Mapped[int | None] = mapped_column(ForeignKey("publishers.key"))
    lead_media_key: Mapped[int | None] = mapped_column(ForeignKey("media.key"), index=True)
    source_url: Mapped[str | None] = mapped_column(Text)
    canonical_url: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_until: Mapped[datetime | None] = mapped_column(Instant)
    embargoed_until: Mapped[datetime | None] = mapped_column(Instant)
    # For the desk alone: why there is an embargo.
    embargo_note: Mapped[str | None] = mapped_column(Text)
    # Public: what is told at the article's address once it is withdrawn; null: nothing.
    withdrawal_note: Mapped[str | None] = mapped_column(Text)
    is_announced: Mapped[bool]
    # Not kept: whether it was announced before it was last settled; None while it was not.
    was_announced = cast("bool | None", None)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    mentions_reviewed: Mapped[bool]
    has_video: Mapped[bool]

    @property
    def public_since(self) -> datetime | None:
        """When both the publication and the end of the embargo have come."""
        if self.published_at is None or self.embargoed_until is None:
            return self.published_at
        return max(self.published_at, self.embargoed_until)


class ArticleMedia(Base):
    """The media of an article in their order; those that lead are among them."""

    __tablename__ = "article_media"

    article_key: Mapped[int] = mapped_column(
        ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    media_key: Mapped[int] = mapped_column(ForeignKey("media.key"), index=True)


class Revision(Base):
    """The whole document of an article as it stood after a save. `author` is the id of the API key
    that saved, null for the service itself; `note` is what its holder said of it, and `cause` the
    event that made it. Of a purged one, emptied at `purged_at` by the key `purged_by`, the document
    has no more than what tells whether the article was public."""

    __tablename__ = "revisions"

    article_key: Mapped[int] = mapped_column(
        ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    headline: Mapped[str] = mapped_column(String(500))
    author: Mapped[str | None] = mapped_column(String(26))
    note: Mapped[str | None] = mapped_column(String(500))
    cause: Mapped[str | None] = mapped_column(String(40))
    purged_at: Mapped[datetime | None] = mapped_column(Instant)
    purged_by: Mapped[str | None] = mapped_column(String(26))
    document: Mapped[dict[str, Any]] = mapped_column(Document)  # Any: an ArticleRead, as JSON
