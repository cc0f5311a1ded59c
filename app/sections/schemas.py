"""What may be sent of a section."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from app.documents.texts import Line, Text
from app.models.base import is_id
from app.web.writing import WriteModel, usable_slug

SectionPath = Annotated[
    str,
    Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$", max_length=300),
    AfterValidator(usable_slug),
]


class SectionWrite(WriteModel):
    """`path` is the section's place in the tree, as `news/russia`; the sections above it are
    added when they are missing."""

    path: SectionPath
    name: Annotated[Line, Field(max_length=200)]
    description: Annotated[Text, Field(max_length=10_000)] | None = None


class SectionReference(WriteModel):
    """The section of an article: by path (added when it is new) or by id. In short, one string."""

    read_only = frozenset({"revision", "description", "parent", "created_at", "updated_at"})

    id: Annotated[str, Field(pattern="^[0-9a-z]{26}$")] | None = None
    path: SectionPath | None = None
    name: Annotated[Line, Field(max_length=200)] | None = None

    @model_validator(mode="before")
    @classmethod
    def from_string(cls, content: Any) -> Any:  # Any: what JSON holds
        if isinstance(content, str):
            return {"id": content} if is_id(content) else {"path": content}
        return content

    @model_validator(mode="after")
    def name_one(self) -> "SectionReference":
        if self.id is None and self.path is None:
            raise ValueError("Name the section by its path or its id.")
        return self
