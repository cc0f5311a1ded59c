"""Who is at work on an article."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Instant
from app.models.base import Base


class Lease(Base):
    """A lease on an article, which holds until `until`; one that is over may still have its row.
    `holder` is the id of an API key, `note` what is said to others."""

    __tablename__ = "leases"

    article_key: Mapped[int] = mapped_column(
        ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    holder: Mapped[str] = mapped_column(String(26))
    taken_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant, index=True)
    note: Mapped[str | None] = mapped_column(String(500))
