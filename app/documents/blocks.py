"""The blocks of an article's body as they are served."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

BlockId = Annotated[
    str,
    Field(
        pattern="^[a-z0-9][a-z0-9-]{0,31}$",
        description="Names the block in its article, and stays when the block is edited.",
    ),
]
BlockMediaId = Annotated[
    str, Field(pattern="^[0-9a-z]{26}$", description="The id of the media that stands here.")
]
MarkedText = Annotated[
    str, Field(description="The words: plain text, in which line feeds are line breaks.")
]


class Mark(TypedDict):
    """A stretch of a block's text that is a link, strong or emphasised. Marks may overlap."""

    type: Literal["link", "strong", "emphasis"]
    start: Annotated[int, Field(ge=0, description="In code points of this text, from 0.")]
    end: Annotated[int, Field(ge=1, description="In code points of this text, exclusive.")]
    href: NotRequired[Annotated[str, Field(description="Where a link leads; on links alone.")]]


class ParagraphBlock(TypedDict):
    """A paragraph of text."""

    id: BlockId
    type: Literal["paragraph"]
    text: MarkedText
    marks: list[Mark]


class HeadingBlock(TypedDict):
    """A heading inside the article."""

    id: BlockId
    type: Literal["heading"]
    level: Annotated[int, Field(ge=1, le=6, description="1 is the highest.")]
    text: MarkedText
    marks: list[Mark]


class ListItem(TypedDict):
    """One item of a list."""

    text: MarkedText
    marks: list[Mark]


class ListBlock(TypedDict):
    """A list; one inside another is served as items of the outer one."""

    id: BlockId
    type: Literal["list"]
    ordered: Annotated[bool, Field(description="Whether the items are numbered.")]
    items: list[ListItem]


class BlockquoteBlock(TypedDict):
    """A paragraph that is set apart as quoted."""

    id: BlockId
    type: Literal["blockquote"]
    text: MarkedText
    marks: list[Mark]


class ImageBlock(TypedDict):
    """A picture between the texts."""

    id: BlockId
    type: Literal["image"]
    media: BlockMediaId


class VideoBlock(TypedDict):
    """A video between the texts."""

    id: BlockId
    type: Literal["video"]
    media: BlockMediaId


class EmbedBlock(TypedDict):
    """Something of another site, to be shown in a frame; clients without one show a link."""

    id: BlockId
    type: Literal["embed"]
    url: str
    title: str | None


Block = Annotated[
    ParagraphBlock
    | HeadingBlock
    | ListBlock
    | BlockquoteBlock
    | ImageBlock
    | VideoBlock
    | EmbedBlock,
    Field(discriminator="type"),
]
