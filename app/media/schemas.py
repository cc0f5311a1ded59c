"""What may be sent of media."""

from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.documents.texts import Line, Text
from app.models.base import is_id
from app.models.media import MediaKind
from app.web.writing import Id, MediaUrl, WriteModel

Caption = Annotated[Text, Field(max_length=5000)]
Credit = Annotated[Line, Field(max_length=300)]


class RenditionWrite(WriteModel):
    """One file of a picture; `width` and `height` are pixels. A `url` that begins with `/` is
    relative to the address of this service."""

    url: MediaUrl
    type: Annotated[str, Field(pattern="^image/[a-z0-9.+-]{1,60}$")] | None = None
    width: Annotated[int, Field(ge=1, le=100_000)] | None = None
    height: Annotated[int, Field(ge=1, le=100_000)] | None = None


class MediaWrite(WriteModel):
    """A picture. One that is known by its caption alone has no renditions."""

    kind: MediaKind = "image"
    caption: Caption | None = None
    credit: Credit | None = None
    alt: Caption | None = None
    renditions: Annotated[list[RenditionWrite], Field(max_length=30)] = []


class MediaReference(WriteModel):
    """The picture of an article or entity: by id, or by its address (added when it is new), or
    by its caption alone when the file is not known. In short, one string: the id."""

    read_only = frozenset({"revision", "kind", "renditions", "created_at", "updated_at"})

    id: Id | None = None
    url: MediaUrl | None = None
    caption: Caption | None = None
    credit: Credit | None = None
    alt: Caption | None = None

    @model_validator(mode="before")
    @classmethod
    def from_string(cls, content: Any) -> Any:  # Any: what JSON holds
        if isinstance(content, str) and not is_id(content):
            # The model would point to a member `id`, where only a string was sent.
            raise PydanticCustomError("media_id", "A media id has 26 characters of 0-9 and a-z")
        return {"id": content} if isinstance(content, str) else content

    @model_validator(mode="after")
    def name_one(self) -> "MediaReference":
        if self.id is None and self.url is None and self.caption is None:
            raise ValueError("Name the picture by its id, address or caption.")
        return self
