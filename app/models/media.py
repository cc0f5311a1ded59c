"""Media: pictures, each in one or more renditions."""

from typing import Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Resource, one_of, resource_checks

MediaKind = Literal["image"]


class Media(Resource, Base):
    __tablename__ = "media"
    __table_args__ = (*resource_checks(), one_of("kind", get_args(MediaKind)))
    resource_name = "media"

    kind: Mapped[MediaKind] = mapped_column(String(16))
    caption: Mapped[str | None] = mapped_column(Text)
    credit: Mapped[str | None] = mapped_column(String(300))
    alt: Mapped[str | None] = mapped_column(Text)
    renditions: Mapped[list["MediaRendition"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="MediaRendition.position",
        passive_deletes=True,
    )


class MediaRendition(Base):
    """One file of a picture; `width` and `height` are pixels."""

    __tablename__ = "media_renditions"
    __table_args__ = (
        CheckConstraint("width > 0", name="width_positive"),
        CheckConstraint("height > 0", name="height_positive"),
    )

    media_key: Mapped[int] = mapped_column(
        ForeignKey("media.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2000), index=True)
    type: Mapped[str | None] = mapped_column(String(100))
    width: Mapped[int | None]
    height: Mapped[int | None]
