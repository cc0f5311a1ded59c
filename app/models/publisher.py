"""Publishers: whose articles they are, and at which addresses the same article is found."""

from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.types import Document
from app.models.base import Base, Resource, resource_checks


class Publisher(Resource, Base):
    """`apps` are the publisher's own channels and apps elsewhere, as its pages promote them;
    `address_notice` is the sentence with which they announce the alternate addresses. `reviewed`
    is false for one that was first named by an article: it is public once it has a live one."""

    __tablename__ = "publishers"
    __table_args__ = resource_checks()
    resource_name = "publisher"

    slug: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    folded_name: Mapped[str] = mapped_column(String(600), index=True)
    site: Mapped[str | None] = mapped_column(Text)
    reviewed: Mapped[bool]
    address_notice: Mapped[str | None] = mapped_column(Text)
    apps: Mapped[list[dict[str, Any]]] = mapped_column(Document)  # Any: PublisherApp, as JSON
    addresses: Mapped[list["PublisherAddress"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="PublisherAddress.position",
        passive_deletes=True,
    )


class PublisherAddress(Base):
    """A mirror: another address at which the publisher's pages are found."""

    __tablename__ = "publisher_addresses"

    publisher_key: Mapped[int] = mapped_column(
        ForeignKey("publishers.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2000), unique=True)
