"""What may be sent of a publisher."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from app.documents.texts import Line
from app.models.base import is_id
from app.web.writing import Id, Slug, WebUrl, WriteModel

Name = Annotated[Line, Field(max_length=300)]


class PublisherAppWrite(WriteModel):
    """A channel or app of the publisher's on another platform, such as `roku`."""

    platform: Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    name: Name


class PublisherWrite(WriteModel):
    """`addresses` are mirrors at which the same articles are found."""

    name: Name
    slug: Slug | None = None
    site: WebUrl | None = None
    addresses: Annotated[list[WebUrl], Field(max_length=50)] = []
    address_notice: Annotated[Line, Field(max_length=1000)] | None = None
    apps: Annotated[list[PublisherAppWrite], Field(max_length=50)] = []

    @model_validator(mode="after")
    def different_addresses(self) -> "PublisherWrite":
        if len(set(self.addresses)) < len(self.addresses):
            raise ValueError("An address stands twice in addresses.")
        return self


class PublisherReference(WriteModel):
    """The publisher of an article: by id, slug or name (added when it is new). In short, one
    string: the id or the slug."""

    id: Id | None = None
    slug: Slug | None = None
    name: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def from_string(cls, content: Any) -> Any:  # Any: what JSON holds
        if isinstance(content, str):
            return {"id": content} if is_id(content) else {"slug": content}
        return content

    @model_validator(mode="after")
    def name_one(self) -> "PublisherReference":
        if self.id is None and self.slug is None and self.name is None:
            raise ValueError("Name the publisher by its id, slug or name.")
        return self
