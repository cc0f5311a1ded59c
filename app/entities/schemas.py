"""What may be sent of an entity, and of an article's mention of one."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from app.documents.texts import Line, Text
from app.entities.external_ids import normal_value
from app.media.schemas import MediaReference
from app.models.base import is_id
from app.models.entity import EntityType
from app.models.mention import MentionRole
from app.web.writing import Id, Slug, WriteModel

Name = Annotated[Line, Field(max_length=300)]


class ExternalIdWrite(WriteModel):
    """A name in another register, such as `wikidata` `Q42`; Wikidata's addresses are taken too."""

    scheme: Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,39}$")]
    value: Annotated[Line, Field(max_length=200)]

    @model_validator(mode="after")
    def normalise(self) -> "ExternalIdWrite":
        self.value = normal_value(self.scheme, self.value)
        return self


class EntityWrite(WriteModel):
    """`reviewed` says that a person vouches for the entity, as for all that are sent so."""

    name: Name
    type: EntityType
    slug: Slug | None = None
    aliases: Annotated[list[Name], Field(max_length=200)] = []
    description: Annotated[Text, Field(max_length=10_000)] | None = None
    external_ids: Annotated[list[ExternalIdWrite], Field(max_length=50)] = []
    image: MediaReference | None = None
    reviewed: bool = True

    @model_validator(mode="after")
    def different(self) -> "EntityWrite":
        pairs = [(one.scheme, one.value) for one in self.external_ids]
        if len(set(pairs)) < len(pairs):
            raise ValueError("An external id stands twice in external_ids.")
        if len(set(self.aliases)) < len(self.aliases):
            raise ValueError("A name stands twice in aliases.")
        return self


class EntityReference(WriteModel):
    """An entity that a quote or mention names: by id, slug, external id or name. A name that is
    new is added, and is of type `person` where no type is given. In short, one string: the id or
    the slug. With an id, the other members are passed over."""

    id: Id | None = None
    slug: Slug | None = None
    name: Name | None = None
    type: EntityType | None = None
    external_ids: Annotated[list[ExternalIdWrite], Field(max_length=20)] = []

    @model_validator(mode="before")
    @classmethod
    def from_string(cls, content: Any) -> Any:  # Any: what JSON holds
        if isinstance(content, str):
            return {"id": content} if is_id(content) else {"slug": content}
        return content

    @model_validator(mode="after")
    def name_one(self) -> "EntityReference":
        if not (self.id or self.slug or self.name or self.external_ids):
            raise ValueError("Name the entity by its id, slug, external id or name.")
        return self


class MentionSpanWrite(WriteModel):
    """Where the article's text names the entity, from 0, end exclusive."""

    start: Annotated[int, Field(ge=0, le=10_000_000)]
    end: Annotated[int, Field(ge=0, le=10_000_000)]


class MentionWrite(EntityReference):
    """An entity that an article speaks of. Without `spans`, they are found by its names."""

    role: MentionRole = "mentions"
    salience: Annotated[float, Field(ge=0, le=1)] | None = None
    spans: Annotated[list[MentionSpanWrite], Field(max_length=1000)] | None = None
