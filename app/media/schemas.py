"""What may be sent of media."""

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic import ValidationError as PydanticError
from pydantic_core import InitErrorDetails, PydanticCustomError

from app.documents.texts import Line, Text
from app.media.types import A_KIND, CAPTION_TYPES, fits, type_of, usual_type
from app.models.base import is_id
from app.models.media import CaptionKind, MediaKind, TrickPlayQuality
from app.web.writing import Id, LanguageTag, MediaUrl, Moment, WriteModel

Caption = Annotated[Text, Field(max_length=5000)]
Credit = Annotated[Line, Field(max_length=300)]
Pixels = Annotated[int, Field(ge=1, le=100_000)]
Bits = Annotated[int, Field(strict=True, ge=1, le=10**11)]
Bytes = Annotated[int, Field(strict=True, ge=1, le=10**15)]
Seconds = Annotated[float, Field(strict=True, ge=0, le=10**7, allow_inf_nan=False)]
Part = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
MediaType = Annotated[
    str,
    Field(pattern="^[A-Za-z]{1,20}/[A-Za-z0-9.+-]{1,60}$"),
    AfterValidator(usual_type),
]
# As in RFC 6381: names of codecs, separated by commas.
Codecs = Annotated[str, Field(pattern="^[A-Za-z0-9._-]+(, ?[A-Za-z0-9._-]+)*$", max_length=200)]


class RenditionWrite(WriteModel):
    """One file of a picture, or one stream or file of a video or recording. `width` and `height`
    are pixels, `bitrate` bits a second (of a stream with several, the highest), `size` bytes. A
    `type` that is left out is told by the ending of the address. A `url` that begins with `/` is
    relative to the address of this service."""

    read_only = frozenset({"quality"})

    url: MediaUrl
    type: MediaType | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    bitrate: Bits | None = None
    codecs: Codecs | None = None
    size: Bytes | None = None


class CaptionWrite(WriteModel):
    """A track of captions or subtitles: WebVTT, TTML or SubRip. A `type` that is left out is told
    by the ending of the address."""

    url: MediaUrl
    language: LanguageTag | None = None
    kind: CaptionKind = "captions"
    type: MediaType | None = None
    label: Annotated[Line, Field(max_length=300)] | None = None


class TrickPlayWrite(WriteModel):
    """A file of small pictures to wind by (BIF)."""

    url: MediaUrl
    quality: TrickPlayQuality


class FocalPointWrite(WriteModel):
    """What must stay in sight when a picture is cropped: parts of its width and height from the
    upper left corner, 0 to 1."""

    x: Part
    y: Part


class MediaReference(WriteModel):
    """The media of an article, or the picture of an entity: by id, or by its address (added when
    it is new), or by its caption alone when the file is not known. What is added is of the `kind`
    that is said, or else that the ending of the address tells. In short, one string: the id."""

    read_only = frozenset(
        {
            "revision",
            "focal_point",
            "duration_seconds",
            "poster",
            "available_from",
            "available_until",
            "renditions",
            "captions",
            "trick_plays",
            "created_at",
            "updated_at",
        }
    )

    id: Id | None = None
    url: MediaUrl | None = None
    kind: MediaKind | None = None
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
    def name_one(self) -> Self:
        if self.id is None and self.url is None and self.caption is None:
            raise ValueError("Name the media by id, address or caption.")
        return self


class PosterReference(MediaReference):
    """The poster of a video or recording: a picture, by `id` or by its address."""

    @model_validator(mode="after")
    def name_one(self) -> Self:
        # There has to be something to see: a caption alone is not enough.
        if self.id is None and self.url is None:
            raise PydanticCustomError("poster", "A poster is named by its id or its address")
        return self


# The members that media of each kind do not have.
STRANGE: dict[MediaKind, tuple[str, ...]] = {
    "image": ("duration_seconds", "poster", "captions", "trick_plays"),
    "video": ("focal_point",),
    "audio": ("focal_point", "trick_plays"),
}

# Where a fault is, as Pydantic says it, and the sentence that tells of it.
Fault = tuple[tuple[str | int, ...], str]


class MediaWrite(WriteModel):
    """A picture, video or recording. One that is known by its caption alone has no renditions. A
    focal point is a picture's; duration, poster and captions are a video's or recording's, trick
    plays a video's. It may be shown from `available_from` up to `available_until`."""

    kind: MediaKind = "image"
    caption: Caption | None = None
    credit: Credit | None = None
    alt: Caption | None = None
    focal_point: FocalPointWrite | None = None
    duration_seconds: Seconds | None = None
    poster: PosterReference | None = None
    available_from: Moment | None = None
    available_until: Moment | None = None
    renditions: Annotated[list[RenditionWrite], Field(max_length=30)] = []
    captions: Annotated[list[CaptionWrite], Field(max_length=100)] = []
    trick_plays: Annotated[list[TrickPlayWrite], Field(max_length=10)] = []

    @model_validator(mode="after")
    def fit_together(self) -> Self:
        self.take_types()
        faults = [*self.strange_members(), *self.strange_types(), *self.window_faults()]
        if faults:
            raise PydanticError.from_exception_data(
                type(self).__name__,
                [
                    InitErrorDetails(
                        type=PydanticCustomError("media", "{sentence}", {"sentence": sentence}),
                        loc=place,
                        input=None,
                    )
                    for place, sentence in faults
                ],
            )
        return self

    def take_types(self) -> None:
        """An ending may mislead: what it tells is taken where it can be true."""
        for rendition in self.renditions:
            told = type_of(rendition.url) if rendition.type is None else None
            if told is not None and fits(told, self.kind):
                rendition.type = told
        for caption in self.captions:
            if caption.type is None:
                caption.type = type_of(caption.url)

    def strange_members(self) -> Iterator[Fault]:
        """What was sent that media of this kind do not have."""
        for member in STRANGE[self.kind]:
            if getattr(self, member) not in (None, []):
                yield (member,), f"{A_KIND[self.kind].capitalize()} has no {member}."

    def strange_types(self) -> Iterator[Fault]:
        for index, rendition in enumerate(self.renditions):
            if rendition.type is not None and not fits(rendition.type, self.kind):
                sentence = f"{rendition.type} is not a type of {A_KIND[self.kind]}."
                yield ("renditions", index, "type"), sentence
        for index, caption in enumerate(self.captions):
            if caption.type not in CAPTION_TYPES:
                sentence = f"The type of captions is one of {', '.join(CAPTION_TYPES)}."
                yield ("captions", index, "type"), sentence

    def window_faults(self) -> Iterator[Fault]:
        first, last = self.available_from, self.available_until
        if first is not None and last is not None and first >= last:
            yield ("available_until",), "The window ends before it begins."
