"""Media: pictures, videos and recordings, each in one or more renditions."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.types import Instant
from app.models.base import Base, Resource, one_of, resource_checks

MediaKind = Literal["image", "video", "audio"]
Quality = Literal["SD", "HD", "FHD", "UHD"]
CaptionKind = Literal["captions", "subtitles"]
TrickPlayQuality = Literal["SD", "HD", "FHD"]

# What television calls pictures of up to so many lines.
HEIGHTS: tuple[tuple[int, Quality], ...] = ((480, "SD"), (720, "HD"), (1080, "FHD"))


def quality_of(height: int | None) -> Quality | None:
    if height is None:
        return None
    for limit, quality in HEIGHTS:
        if height <= limit:
            return quality
    return "UHD"


class Media(Resource, Base):
    """`focal_x` and `focal_y` are parts of a picture's width and height. The poster of a video or
    recording is a picture."""

    __tablename__ = "media"
    __table_args__ = (
        *resource_checks(),
        one_of("kind", get_args(MediaKind)),
        CheckConstraint("(focal_x IS NULL) = (focal_y IS NULL)", name="focal_point_whole"),
        CheckConstraint("focal_x >= 0 AND focal_x <= 1", name="focal_x"),
        CheckConstraint("focal_y >= 0 AND focal_y <= 1", name="focal_y"),
        CheckConstraint("duration_seconds >= 0", name="duration_not_negative"),
        CheckConstraint("poster_key <> key", name="not_its_own_poster"),
        CheckConstraint("available_from < available_until", name="window_not_empty"),
        Index("ix_media_created_at_key", "created_at", "key"),
    )
    resource_name = "media"

    kind: Mapped[MediaKind] = mapped_column(String(16))
    caption: Mapped[str | None] = mapped_column(Text)
    credit: Mapped[str | None] = mapped_column(String(300))
    alt: Mapped[str | None] = mapped_column(Text)
    focal_x: Mapped[float | None] = mapped_column(Double)
    focal_y: Mapped[float | None] = mapped_column(Double)
    duration_seconds: Mapped[float | None] = mapped_column(Double)
    poster_key: Mapped[int | None] = mapped_column(ForeignKey("media.key"), index=True)
    available_from: Mapped[datetime | None] = mapped_column(Instant)
    available_until: Mapped[datetime | None] = mapped_column(Instant)
    renditions: Mapped[list["MediaRendition"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="MediaRendition.position",
        passive_deletes=True,
    )
    captions: Mapped[list["MediaCaption"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="MediaCaption.position",
        passive_deletes=True,
    )
    trick_plays: Mapped[list["MediaTrickPlay"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="MediaTrickPlay.position",
        passive_deletes=True,
    )


class MediaRendition(Base):
    """One file or stream; `width` and `height` are pixels, `bitrate` bits a second."""

    __tablename__ = "media_renditions"
    __table_args__ = (
        CheckConstraint("width > 0", name="width_positive"),
        CheckConstraint("height > 0", name="height_positive"),
        CheckConstraint("bitrate > 0", name="bitrate_positive"),
        CheckConstraint("size > 0", name="size_positive"),
    )

    media_key: Mapped[int] = mapped_column(
        ForeignKey("media.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2000), index=True)
    type: Mapped[str | None] = mapped_column(String(100))
    width: Mapped[int | None]
    height: Mapped[int | None]
    bitrate: Mapped[int | None] = mapped_column(BigInteger)
    codecs: Mapped[str | None] = mapped_column(String(200))
    size: Mapped[int | None] = mapped_column(BigInteger)


class MediaCaption(Base):
    """One track of the words of a video or recording."""

    __tablename__ = "media_captions"
    __table_args__ = (one_of("kind", get_args(CaptionKind)),)

    media_key: Mapped[int] = mapped_column(
        ForeignKey("media.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2000))
    language: Mapped[str | None] = mapped_column(String(35))
    kind: Mapped[CaptionKind] = mapped_column(String(16))
    type: Mapped[str] = mapped_column(String(100))
    label: Mapped[str | None] = mapped_column(String(300))


class MediaTrickPlay(Base):
    """One file of small pictures to wind a video by."""

    __tablename__ = "media_trick_plays"
    __table_args__ = (one_of("quality", get_args(TrickPlayQuality)),)

    media_key: Mapped[int] = mapped_column(
        ForeignKey("media.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2000))
    quality: Mapped[TrickPlayQuality] = mapped_column(String(8))
