"""Streaming channels, what they carry, and what they show when."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Document, Instant
from app.models.base import Base, Resource, resource_checks


class Channel(Resource, Base):
    """`streams`, `carries` and `rows` are JSON, as app/channels writes it. They name sections,
    entities and articles by their ids, which no rename changes."""

    __tablename__ = "channels"
    __table_args__ = resource_checks()
    resource_name = "channel"

    slug: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(35))
    description: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(String(300))
    number: Mapped[int | None]
    artwork_key: Mapped[int | None] = mapped_column(ForeignKey("media.key"), index=True)
    genres: Mapped[list[str]] = mapped_column(Document)
    rating: Mapped[dict[str, str] | None] = mapped_column(Document)
    # Any: JSON
    streams: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    carries: Mapped[dict[str, Any]] = mapped_column(Document)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Document)


class Shown:
    """What a programme and a bulletin say of what is shown."""

    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    is_live: Mapped[bool]
    has_captions: Mapped[bool]
    genres: Mapped[list[str]] = mapped_column(Document)
    rating: Mapped[dict[str, str] | None] = mapped_column(Document)


class Programme(Shown, Resource, Base):
    """What a channel shows from one instant up to another."""

    __tablename__ = "programmes"
    __table_args__ = (
        *resource_checks(),
        CheckConstraint("starts_at < stops_at", name="starts_before_it_stops"),
        UniqueConstraint("channel_key", "starts_at"),
        Index("ix_programmes_channel_key_stops_at", "channel_key", "stops_at"),
    )
    resource_name = "programme"

    channel_key: Mapped[int] = mapped_column(ForeignKey("channels.key", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    stops_at: Mapped[datetime] = mapped_column(Instant)


class Bulletin(Shown, Resource, Base):
    """A programme that comes again: at the same time of the clock in `time_zone` (IANA), on these
    days of the week (0 is Monday), from the first day up to the last, which counts in."""

    __tablename__ = "bulletins"
    __table_args__ = (
        *resource_checks(),
        CheckConstraint("duration_minutes > 0", name="duration_positive"),
    )
    resource_name = "bulletin"

    channel_key: Mapped[int] = mapped_column(
        ForeignKey("channels.key", ondelete="CASCADE"), index=True
    )
    starts: Mapped[time] = mapped_column(Time)
    duration_minutes: Mapped[int] = mapped_column(Integer)
    time_zone: Mapped[str] = mapped_column(String(60))
    days: Mapped[list[int]] = mapped_column(Document)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date | None] = mapped_column(Date)
