"""Channels and their schedules as they are served."""

from datetime import date, datetime
from typing import Literal

from typing_extensions import TypedDict

from app.documents.feeds import LiveStream, Rating
from app.documents.media import MediaRead

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Carries(TypedDict):
    """Which articles: those that match each member that names any. `sections` are paths, and count
    what is below them; `entities` and `speakers` are slugs."""

    sections: list[str]
    entities: list[str]
    speakers: list[str]
    languages: list[str]
    has_video: bool


class ChannelRow(TypedDict):
    """A row of a channel's home screen: `pinned`, the articles that are named, in their order;
    `filter`, the newest that match; or `recent`, the newest that the channel carries. At most
    `limit` of them."""

    title: str
    kind: Literal["pinned", "filter", "recent"]
    articles: list[str]
    filter: Carries | None
    limit: int


class ChannelRead(TypedDict):
    """A streaming channel. What it carries is on its home screen and in its feeds, and fills the
    time when nothing is scheduled."""

    id: str
    slug: str
    revision: int
    name: str
    language: str
    description: str | None
    contact: str | None
    number: int | None
    artwork: MediaRead | None
    genres: list[str]
    rating: Rating | None
    streams: list[LiveStream]
    carries: Carries
    rows: list[ChannelRow]
    created_at: datetime
    updated_at: datetime


class Shown(TypedDict):
    """What is shown. `genres` and `rating` are the channel's where none are given."""

    title: str
    description: str | None
    is_live: bool
    has_captions: bool
    genres: list[str]
    rating: Rating | None


class ProgrammeRead(Shown):
    """What a channel shows from one instant up to another."""

    id: str
    revision: int
    starts_at: datetime
    stops_at: datetime
    created_at: datetime
    updated_at: datetime


class BulletinRead(Shown):
    """A programme that comes again, at the same time of the clock in its time zone (IANA).
    `last_on` counts in; null: for good."""

    id: str
    revision: int
    starts: str
    duration_minutes: int
    time_zone: str
    days: list[Day]
    first_on: date
    last_on: date | None
    created_at: datetime
    updated_at: datetime


class ScheduledRead(Shown):
    """One thing after another: `programme` and `bulletin` as they were planned, `clips` where
    nothing is, a block of what the channel carries. `id` is of this showing alone. `clips` are the
    articles whose videos the block is made of, as they are now."""

    id: str
    kind: Literal["programme", "bulletin", "clips"]
    starts_at: datetime
    stops_at: datetime
    clips: list[str]


class ScheduleRead(TypedDict):
    """What a channel shows, without a gap. What begins before `frozen_until` is changed by `force`
    alone."""

    since: datetime
    until: datetime
    frozen_until: datetime
    items: list[ScheduledRead]
