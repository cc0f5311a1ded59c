"""What may be sent as an article's body."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.documents.texts import (
    CountedText,
    Line,
    LinkAddress,
    WebAddress,
    checked,
)
from app.media.schemas import MediaReference
from app.models.article import MAX_BLOCKS, MAX_BODY_BYTES
from app.web.nearest import unknown
from app.web.writing import WriteModel

_MEDIA_ID = re.compile("[0-9a-z]{26}")

_BlockId = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]{0,31}$")] | None
_Offset = Annotated[int, Field(strict=True, ge=0)]


class MarkWrite(WriteModel):
    """A link, or strong or emphasised words; offsets count code points of the text as sent."""

    type: Literal["link", "strong", "emphasis"]
    start: _Offset
    end: _Offset
    href: LinkAddress | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.start >= self.end:
            raise PydanticCustomError("mark_empty", "A mark ends after its start")
        if self.type == "link" and self.href is None:
            raise PydanticCustomError("mark_href", "A link needs an href")
        if self.type != "link" and self.href is not None:
            raise PydanticCustomError("mark_href", "Only a link has an href")
        return self


class MarkedTextWrite(WriteModel):
    """Words and their marks."""

    text: CountedText
    marks: list[MarkWrite] = Field(default=[])

    @field_validator("marks")
    @classmethod
    def _are_in_the_text(cls, marks: list[MarkWrite], info: ValidationInfo) -> list[MarkWrite]:
        length = len(info.data.get("text", ""))
        for index, mark in enumerate(marks):
            if "text" in info.data and mark.end > length:
                raise PydanticCustomError(
                    "mark_outside",
                    "Mark {index} ends at {end}, but the text has {length} code points",
                    {"index": index, "end": mark.end, "length": length},
                )
        return marks


class ListItemWrite(MarkedTextWrite):
    """One item of a list."""


class ShownMedia(MediaReference):
    """The media of a block: by `id`, or what is found at `url`, which is added when it is new."""

    @model_validator(mode="after")
    def name_one(self) -> Self:
        # There has to be something to see: a caption alone is not enough.
        if (self.id is None) == (self.url is None):
            raise PydanticCustomError("media", "Media are named by either an id or a url")
        if self.id is not None and (self.alt or self.caption or self.credit):
            raise PydanticCustomError(
                "media", "Media named by an id have texts of their own; change them there"
            )
        return self


class ParagraphWrite(MarkedTextWrite):
    """A paragraph of text."""

    type: Literal["paragraph"]
    id: _BlockId = None


class HeadingWrite(MarkedTextWrite):
    """A heading; level 1 is the highest."""

    type: Literal["heading"]
    id: _BlockId = None
    level: Annotated[int, Field(strict=True, ge=1, le=6)]


class ListWrite(WriteModel):
    """A list of texts."""

    type: Literal["list"]
    id: _BlockId = None
    ordered: Annotated[bool, Field(strict=True)] = False
    items: Annotated[list[ListItemWrite], Field(min_length=1)]


class BlockquoteWrite(MarkedTextWrite):
    """A paragraph that is set apart as quoted."""

    type: Literal["blockquote"]
    id: _BlockId = None


class ImageWrite(WriteModel):
    """A picture between the texts."""

    type: Literal["image"]
    id: _BlockId = None
    media: ShownMedia


class VideoWrite(WriteModel):
    """A video between the texts."""

    type: Literal["video"]
    id: _BlockId = None
    media: ShownMedia


class EmbedWrite(WriteModel):
    """Something of another site."""

    type: Literal["embed"]
    id: _BlockId = None
    url: WebAddress
    title: Line | None = None


_BLOCKS: dict[str, type[WriteModel]] = {
    "paragraph": ParagraphWrite,
    "heading": HeadingWrite,
    "list": ListWrite,
    "blockquote": BlockquoteWrite,
    "image": ImageWrite,
    "video": VideoWrite,
    "embed": EmbedWrite,
}


def _known_block(value: Any) -> Any:  # Any: whatever JSON was sent
    if isinstance(value, WriteModel):
        return value
    if not isinstance(value, dict):
        raise PydanticCustomError("block", "A block is an object with a type")
    block_type = value.get("type")
    if not isinstance(block_type, str):
        raise PydanticCustomError("block_type", "The block has no type")
    if block_type not in _BLOCKS:
        sentence = unknown("block type", block_type, _BLOCKS)
        raise PydanticCustomError("block_type", "{sentence}", {"sentence": sentence})
    return value


def _block_branch(value: Any) -> str:  # Any: a known block, as JSON or validated
    return f".{value['type'] if isinstance(value, dict) else value.type}"


def _with_discriminator(schema: dict[str, Any]) -> None:
    # Pydantic documents `type` by itself only when it names the branches too.
    references = [branch["$ref"] for branch in schema["oneOf"]]
    mapping = dict(zip(_BLOCKS, references, strict=True))
    schema["discriminator"] = {"propertyName": "type", "mapping": mapping}


# A leading dot marks the names of branches, so that they can be left out of an error's place.
BlockWrite = Annotated[
    Annotated[ParagraphWrite, Tag(".paragraph")]
    | Annotated[HeadingWrite, Tag(".heading")]
    | Annotated[ListWrite, Tag(".list")]
    | Annotated[BlockquoteWrite, Tag(".blockquote")]
    | Annotated[ImageWrite, Tag(".image")]
    | Annotated[VideoWrite, Tag(".video")]
    | Annotated[EmbedWrite, Tag(".embed")],
    Discriminator(_block_branch),
    BeforeValidator(_known_block),
    Field(json_schema_extra=_with_discriminator),
]


def _within_the_limit(content: str) -> str:
    if len(content) > MAX_BODY_BYTES or len(content.encode()) > MAX_BODY_BYTES:
        raise PydanticCustomError(
            "body_too_large", "The limit of a body is {limit} bytes", {"limit": MAX_BODY_BYTES}
        )
    return content


class FormattedBody(WriteModel):
    """A body to be taken apart into blocks; what has no block of its own keeps its text."""

    format: Literal["text", "html", "markdown"]
    content: Annotated[str, AfterValidator(_within_the_limit), AfterValidator(checked)]


def _not_too_many(value: object) -> object:
    # Before the blocks are looked at: a million wrong ones would be a million errors.
    if isinstance(value, list) and len(value) > MAX_BLOCKS:
        raise PydanticCustomError(
            "too_many_blocks",
            "The limit of a body is {limit} blocks; this one has {count}",
            {"limit": MAX_BLOCKS, "count": len(value)},
        )
    return value


def _not_too_long(blocks: list[BlockWrite]) -> list[BlockWrite]:
    texts = [block.text for block in blocks if isinstance(block, MarkedTextWrite)]
    items = [item.text for block in blocks if isinstance(block, ListWrite) for item in block.items]
    _within_the_limit("".join(texts + items))
    return blocks


def _body_branch(value: Any) -> str | None:  # Any: whatever JSON was sent
    if isinstance(value, list):
        return ".blocks"
    return ".formatted" if isinstance(value, dict | FormattedBody) else None


BodyWrite = Annotated[
    Annotated[
        list[BlockWrite],
        Field(max_length=MAX_BLOCKS),
        BeforeValidator(_not_too_many),
        AfterValidator(_not_too_long),
        Tag(".blocks"),
    ]
    | Annotated[FormattedBody, Tag(".formatted")],
    Discriminator(
        _body_branch,
        custom_error_type="body",
        custom_error_message="A body is a list of blocks, or an object of a format and a content",
    ),
]
