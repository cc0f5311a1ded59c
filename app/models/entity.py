"""Entities: the persons, organizations, places and things that articles speak of."""

import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.types import Instant
from app.models.base import Base, Resource, one_of, resource_checks

EntityType = Literal["person", "organization", "place", "event", "work", "topic"]


@lru_cache(maxsize=50_000)
def fold_name(name: str) -> str:
    """A name as it is compared: without case, accents, punctuation and surplus white space."""
    letters = "".join(
        character
        for character in unicodedata.normalize("NFKD", name.casefold())
        if not unicodedata.combining(character)
    )
    words = "".join(letter if letter.isalnum() else " " for letter in letters).split()
    # A name of signs alone is compared as it stands.
    return " ".join(words) or letters.strip()


class Entity(Resource, Base):
    """`reviewed` tells whether a person has vouched for the entity; one that was first named in
    an article's quotes or mentions is not, and is public only once a live article speaks of it."""

    __tablename__ = "entities"
    __table_args__ = (
        *resource_checks(),
        one_of("type", get_args(EntityType)),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
        Index("ix_entities_folded_name_type", "folded_name", "type"),
        Index("ix_entities_name_key", "name", "key"),
    )
    resource_name = "entity"

    slug: Mapped[str] = mapped_column(String(200), unique=True)
    type: Mapped[EntityType] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(300))
    folded_name: Mapped[str] = mapped_column(String(600))
    description: Mapped[str | None] = mapped_column(Text)
    image_key: Mapped[int | None] = mapped_column(ForeignKey("media.key"), index=True)
    reviewed: Mapped[bool]
    aliases: Mapped[list["EntityAlias"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="EntityAlias.position",
        passive_deletes=True,
    )
    external_ids: Mapped[list["ExternalId"]] = relationship(
        cascade="all, delete-orphan",
        lazy="raise",
        order_by="ExternalId.position",
        passive_deletes=True,
    )


class EntityAlias(Base):
    __tablename__ = "entity_aliases"

    entity_key: Mapped[int] = mapped_column(
        ForeignKey("entities.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    folded_name: Mapped[str] = mapped_column(String(600), index=True)


class ExternalId(Base):
    """A name in another register, such as `wikidata` `Q42`; it belongs to one entity."""

    __tablename__ = "entity_external_ids"
    __table_args__ = (UniqueConstraint("scheme", "value"),)

    entity_key: Mapped[int] = mapped_column(
        ForeignKey("entities.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(200))


class EntityForm(Base):
    """What an entity was called until an instant. `revision` is the last that it had in that form.
    It names the entity by its id, not its key: revisions of articles name what is deleted, too."""

    __tablename__ = "entity_forms"

    entity_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant)
    slug: Mapped[str] = mapped_column(String(200))
    type: Mapped[EntityType] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(300))
