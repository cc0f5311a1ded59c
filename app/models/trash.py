"""The trash: articles that were deleted and can still be brought back."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Instant, Key
from app.models.base import Base


class TrashedArticle(Base):
    """An article with all that belonged to it (`content`: articles/archiving.py), out of the way of
    everything that reads articles. `section` is the path that it was filed under; `deleted_by` is
    the id of the API key that deleted it, null for the service itself."""

    __tablename__ = "trashed_articles"
    __table_args__ = (Index("ix_trashed_articles_deleted_at", "deleted_at"),)

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    revision: Mapped[int]
    slug: Mapped[str] = mapped_column(String(200))
    headline: Mapped[str] = mapped_column(String(500))
    section: Mapped[str | None] = mapped_column(String(300))
    deleted_at: Mapped[datetime] = mapped_column(Instant)
    deleted_by: Mapped[str | None] = mapped_column(String(26))
    note: Mapped[str | None] = mapped_column(String(500))
    content: Mapped[bytes] = mapped_column(LargeBinary)
