"""Entities as they are served."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from app.documents.media import MediaRead

EntityTypeName = Literal["person", "organization", "place", "event", "work", "topic"]


class ExternalId(TypedDict):
    """A name in another register, such as `wikidata` `Q42`."""

    scheme: str
    value: str


class EntityRef(TypedDict):
    """An entity where another resource names it."""

    id: str
    slug: str
    type: EntityTypeName
    name: str


class EntityRead(EntityRef):
    """An entity. `reviewed` is false for one that was first named in an article's quotes or
    mentions and that no person has vouched for yet."""

    revision: int
    aliases: list[str]
    description: str | None
    external_ids: list[ExternalId]
    image: MediaRead | None
    reviewed: bool
    created_at: datetime
    updated_at: datetime


class CooccurringEntity(EntityRef):
    """An entity that public articles name together with another, and in how many of them."""

    articles: int


class TimelineMonth(TypedDict):
    """How many public articles and quotes of a month (`2026-11`) concern an entity."""

    month: str
    articles: int
    quotes: int
