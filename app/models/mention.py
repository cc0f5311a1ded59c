"""Mentions: which entities an article speaks of, and where."""

from typing import Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.types import Key
from app.models.base import Base, one_of

MentionRole = Literal["about", "mentions"]


class Mention(Base):
    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("article_key", "entity_key"),
        one_of("role", get_args(MentionRole)),
        CheckConstraint("salience >= 0 AND salience <= 1", name="salience"),
        Index("ix_mentions_entity_key_article_key", "entity_key", "article_key"),
    )

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    article_key: Mapped[int] = mapped_column(ForeignKey("articles.key", ondelete="CASCADE"))
    entity_key: Mapped[int] = mapped_column(ForeignKey("entities.key"))
    position: Mapped[int]
    role: Mapped[MentionRole] = mapped_column(String(16))
    salience: Mapped[float | None]
    spans: Mapped[list["MentionSpan"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="MentionSpan.start",
        passive_deletes=True,
    )


class MentionSpan(Base):
    """Where the article's text names the entity, in code points."""

    __tablename__ = "mention_spans"
    __table_args__ = (CheckConstraint('start >= 0 AND "end" > start', name="order"),)

    mention_key: Mapped[int] = mapped_column(
        ForeignKey("mentions.key", ondelete="CASCADE"), primary_key=True
    )
    start: Mapped[int] = mapped_column(primary_key=True)
    end: Mapped[int]
