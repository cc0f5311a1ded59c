"""Media as they are served."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict


class Rendition(TypedDict):
    """One file of a picture; `width` and `height` are pixels. A `url` that begins with `/` is
    relative to the address of this service."""

    url: str
    type: str | None
    width: int | None
    height: int | None


class MediaRead(TypedDict):
    """A picture with its renditions; a picture that is known by its caption alone has none."""

    id: str
    revision: int
    kind: Literal["image"]
    caption: str | None
    credit: str | None
    alt: str | None
    renditions: list[Rendition]
    created_at: datetime
    updated_at: datetime
