"""Drafts beside articles: what is to take the place of what is published."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Document, Instant
from app.models.base import Base, Resource, resource_checks


class Draft(Resource, Base):
    """`content` is what was sent, as an ArticleWrite; `base_revision` the article's revision that
    it goes out from. `publish_at` is when it takes the article's place by itself, `failure` why it
    could not. `author` is the id of the API key that saved it last, null for the service itself."""

    __tablename__ = "drafts"
    __table_args__ = (*resource_checks(), Index("ix_drafts_publish_at", "publish_at"))
    resource_name = "draft"

    article_key: Mapped[int] = mapped_column(
        ForeignKey("articles.key", ondelete="CASCADE"), unique=True
    )
    base_revision: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Document)  # Any: an ArticleWrite, as JSON
    author: Mapped[str | None] = mapped_column(String(26))
    publish_at: Mapped[datetime | None] = mapped_column(Instant)
    failure: Mapped[dict[str, Any] | None] = mapped_column(Document)  # Any: a DraftFailure, as JSON
