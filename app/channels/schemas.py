"""What may be sent of a channel and its schedule."""

from datetime import date, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from app.channels.timetable import FIRST, LAST
from app.documents.channels import Day
from app.documents.texts import Line, Text
from app.media.schemas import MediaReference
from app.media.types import HLS, kind_of, type_of
from app.web.writing import Id, LanguageTag, MediaUrl, Moment, Slug, WriteModel

DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_ROWS = 50
MAX_PINNED = 50
LONGEST = timedelta(hours=24)

Name = Annotated[str, Field(min_length=1, max_length=300)]
Names = Annotated[list[Name], Field(max_length=100)]
Title = Annotated[Line, Field(max_length=200)]
Description = Annotated[Text, Field(max_length=5_000)]
Genre = Annotated[str, Field(pattern=r"^[a-z][a-z0-9 ./&'-]{1,39}$")]
Genres = Annotated[list[Genre], Field(max_length=10)]


class RatingWrite(WriteModel):
    """An advisory rating, such as `USA_PR` and `TV-PG`."""

    source: Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]{1,29}$")]
    value: Annotated[str, Field(pattern="^[A-Za-z0-9+ -]{1,20}$")]


class StreamWrite(WriteModel):
    """A stream that goes on for ever. Its `type` is told by the end of its address where it is not
    given; `height` is the highest, in pixels."""

    url: MediaUrl
    type: Literal["application/vnd.apple.mpegurl", "application/dash+xml", "video/mp4"] | None = (
        None
    )
    height: Annotated[int, Field(ge=1, le=20_000)] | None = None
    label: Annotated[Line, Field(max_length=80)] | None = None

    @property
    def media_type(self) -> str:
        guessed = type_of(self.url)
        return self.type or (guessed if guessed and kind_of(guessed) == "video" else HLS)


class CarriesWrite(WriteModel):
    """Which articles: those that match each member that names any."""

    sections: Names = []
    entities: Names = []
    speakers: Names = []
    languages: Annotated[list[LanguageTag], Field(max_length=20)] = []
    has_video: bool = False


class ChannelRowWrite(WriteModel):
    """A row of the home screen."""

    title: Annotated[Line, Field(max_length=80)]
    kind: Literal["pinned", "filter", "recent"]
    articles: Annotated[list[Id], Field(max_length=MAX_PINNED)] = []
    filter: CarriesWrite | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20

    @model_validator(mode="after")
    def of_its_kind(self) -> "ChannelRowWrite":
        if self.articles and self.kind != "pinned":
            raise ValueError("Only a pinned row names articles.")
        if (self.filter is not None) != (self.kind == "filter"):
            raise ValueError("A row of the kind filter has a filter, and no other has one.")
        if len(set(self.articles)) < len(self.articles):
            raise ValueError("An article stands twice in the row.")
        return self


class ChannelWrite(WriteModel):
    """A streaming channel. `number` is its place on a remote control."""

    name: Annotated[Line, Field(max_length=200)]
    slug: Slug | None = None
    language: LanguageTag
    description: Description | None = None
    contact: Annotated[Line, Field(max_length=300)] | None = None
    number: Annotated[int, Field(ge=1, le=99_999)] | None = None
    artwork: MediaReference | None = None
    genres: Genres = ["news"]
    rating: RatingWrite | None = None
    streams: Annotated[list[StreamWrite], Field(max_length=10)] = []
    carries: CarriesWrite = CarriesWrite()
    rows: Annotated[list[ChannelRowWrite], Field(max_length=MAX_ROWS)] = []


class ShownWrite(WriteModel):
    title: Title
    description: Description | None = None
    is_live: bool = False
    has_captions: bool = False
    genres: Genres = []
    rating: RatingWrite | None = None


class ProgrammeWrite(ShownWrite):
    """What is shown from one instant up to another, of whole seconds: a day at most."""

    starts_at: Moment
    stops_at: Moment

    @model_validator(mode="after")
    def in_order(self) -> "ProgrammeWrite":
        if self.starts_at.microsecond or self.stops_at.microsecond:
            raise ValueError("A programme starts and stops at whole seconds.")
        if not timedelta(0) < self.stops_at - self.starts_at <= LONGEST:
            raise ValueError("A programme stops after it starts, a day later at most.")
        if not FIRST <= self.starts_at <= LAST:
            raise ValueError(f"A programme starts between {FIRST:%Y} and {LAST:%Y}.")
        return self


def known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise ValueError(f"“{value[:40]}” is no time zone, such as Europe/Berlin.") from None
    return value


def known_time(value: str) -> str:
    time.fromisoformat(value)
    return value


class BulletinWrite(ShownWrite):
    """A programme that comes again, at the same time of the clock in a time zone (IANA). `last_on`
    counts in; null: for good."""

    starts: Annotated[str, Field(pattern="^[0-2][0-9]:[0-5][0-9]$"), AfterValidator(known_time)]
    duration_minutes: Annotated[int, Field(ge=1, le=24 * 60)]
    time_zone: Annotated[str, Field(max_length=60), AfterValidator(known_zone)] = "UTC"
    days: Annotated[list[Day], Field(min_length=1, max_length=7)] = list(DAYS)
    first_on: date
    last_on: date | None = None

    @model_validator(mode="after")
    def in_order(self) -> "BulletinWrite":
        if self.last_on is not None and self.last_on < self.first_on:
            raise ValueError("A bulletin's last day is not before its first.")
        if len(set(self.days)) < len(self.days):
            raise ValueError("A day stands twice in days.")
        return self

    @property
    def time_of_day(self) -> time:
        return time.fromisoformat(self.starts)

    @property
    def weekdays(self) -> list[int]:
        return sorted(DAYS.index(day) for day in self.days)


def day_names(weekdays: list[int]) -> list[Day]:
    return [DAYS[day] for day in weekdays]
