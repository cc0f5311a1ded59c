"""Sections: the tree that a newsroom files its articles in."""

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, synonym

from app.models.base import Base, Resource, resource_checks


class Section(Resource, Base):
    """`path` is the section's slugs from the root, as in `news/russia`. `reviewed` is false for
    one that was first named by an article: it is public once a live article is in it."""

    __tablename__ = "sections"
    __table_args__ = (
        *resource_checks(),
        CheckConstraint("parent_key <> key", name="not_its_own_parent"),
    )
    resource_name = "section"

    path: Mapped[str] = mapped_column(String(300), unique=True)
    slug: Mapped[str] = synonym("path")
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    reviewed: Mapped[bool]
    parent_key: Mapped[int | None] = mapped_column(ForeignKey("sections.key"), index=True)
