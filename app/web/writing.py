"""What all that may be sent has in common: nothing unknown, instants with a zone, web addresses."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import langcodes
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic import ValidationError as PydanticError
from pydantic_core import InitErrorDetails, PydanticCustomError

from app.documents.texts import media_address, web_address
from app.web.nearest import unknown


class WriteModel(BaseModel):
    """A model of what may be sent. A field that it does not know is refused by name, with the
    nearest known one. `read_only` are the members of the served document that are passed over
    where it is sent back as a part of another."""

    model_config = ConfigDict(extra="forbid")

    read_only: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def refuse_unknown(cls, content: Any) -> Any:  # Any: what JSON holds
        if not isinstance(content, dict):
            return content
        known = cls.model_fields.keys()
        if content.keys() <= known:
            return content
        strange = [name for name in content if name not in known]
        refused = [name for name in strange if name not in cls.read_only]
        if refused:
            raise PydanticError.from_exception_data(
                cls.__name__,
                [
                    InitErrorDetails(
                        type=PydanticCustomError(
                            "unknown_field",
                            "{sentence}",
                            {"sentence": unknown("field", name, cls.model_fields)},
                        ),
                        loc=(name,),
                        input=None,
                    )
                    for name in map(str, refused)
                ],
            )
        return {name: value for name, value in content.items() if name not in cls.read_only}


def must_be_text(value: object) -> object:
    # Pydantic would read a number as seconds since 1970.
    if not isinstance(value, str | datetime):
        raise ValueError("An instant is text, such as 2026-11-20T14:00:00Z.")
    return value


def in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("The instant is out of range.") from None


Moment = Annotated[AwareDatetime, BeforeValidator(must_be_text), AfterValidator(in_utc)]


def language_tag(value: str) -> str:
    """A BCP 47 tag in its usual case, such as `en` or `pt-BR`."""
    if not value.isascii() or not langcodes.tag_is_valid(value):
        raise ValueError(f"“{value[:40]}” is not a BCP 47 language tag, such as en or pt-BR.")
    return langcodes.standardize_tag(value)


WebUrl = Annotated[str, Field(max_length=2000), AfterValidator(web_address)]
MediaUrl = Annotated[str, Field(max_length=2000), AfterValidator(media_address)]
LanguageTag = Annotated[str, Field(max_length=35), AfterValidator(language_tag)]
Id = Annotated[str, Field(pattern="^[0-9a-z]{26}$")]


def usable_slug(value: str) -> str:
    if len(value) == 26 and value.isalnum():
        raise ValueError("A slug of 26 letters and digits would be taken for an id.")
    return value


Slug = Annotated[
    str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120), AfterValidator(usable_slug)
]
