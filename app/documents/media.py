"""Media as they are served."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict


class Rendition(TypedDict):
    """One file of a picture, or one stream or file of a video or recording. `width` and `height`
    are pixels, `bitrate` bits a second (of a stream with several, the highest), `size` bytes;
    `codecs` is as in RFC 6381. `quality` is what television calls the height. A `url` that begins
    with `/` is relative to the address of this service."""

    url: str
    type: str | None
    width: int | None
    height: int | None
    bitrate: int | None
    codecs: str | None
    size: int | None
    quality: Literal["SD", "HD", "FHD", "UHD"] | None


class Caption(TypedDict):
    """A track of captions, for who does not hear the sound, or of subtitles, for who does not
    understand it."""

    url: str
    language: str | None
    kind: Literal["captions", "subtitles"]
    type: str
    label: str | None


class TrickPlay(TypedDict):
    """A file of small pictures to wind by (BIF)."""

    url: str
    quality: Literal["SD", "HD", "FHD"]


class FocalPoint(TypedDict):
    """What must stay in sight when a picture is cropped: parts of its width and height from the
    upper left corner, 0 to 1."""

    x: float
    y: float


class PosterRef(TypedDict):
    """The picture that stands for a video until it plays."""

    id: str
    renditions: list[Rendition]


class MediaRead(TypedDict):
    """A picture, video or recording with its renditions; one that is known by its caption alone has
    none. A video may be shown from `available_from` up to `available_until`, its rights window."""

    id: str
    revision: int
    kind: Literal["image", "video", "audio"]
    caption: str | None
    credit: str | None
    alt: str | None
    focal_point: FocalPoint | None
    duration_seconds: float | None
    poster: PosterRef | None
    available_from: datetime | None
    available_until: datetime | None
    renditions: list[Rendition]
    captions: list[Caption]
    trick_plays: list[TrickPlay]
    created_at: datetime
    updated_at: datetime
