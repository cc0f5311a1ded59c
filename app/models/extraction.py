"""Which articles extraction has read, and how far it has followed the journal."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Instant, Key
from app.models.base import Base


class Extraction(Base):
    """The last reading of an article: `digest` is of the text that was read, `revision` the
    article's afterwards. `problem` says why nothing was found in a text that could not be read."""

    __tablename__ = "extractions"

    article_key: Mapped[int] = mapped_column(
        ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    read_at: Mapped[datetime] = mapped_column(Instant)
    problem: Mapped[str | None] = mapped_column(Text)


class Follower(Base):
    """Something that follows the journal: it has dealt with all changes up to `sequence`. One
    process does so at a time: `holder`, until its lease ends."""

    __tablename__ = "followers"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    sequence: Mapped[int] = mapped_column(Key)
    holder: Mapped[str | None] = mapped_column(String(26))
    held_until: Mapped[datetime | None] = mapped_column(Instant)
