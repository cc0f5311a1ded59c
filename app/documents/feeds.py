"""What feeds and television are made of: one document for each, from which every format is told.

None of these is served as it stands, but for what `home.json` takes over. Instants are UTC.
"""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from app.documents.articles import Correction
from app.documents.entities import EntityRef
from app.documents.media import Caption, Rendition, TrickPlay
from app.documents.sections import SectionRef

Quality = Literal["SD", "HD", "FHD", "UHD"]
Container = Literal["hls", "dash", "mp4", "mov", "m4v", "smooth"]


class Rating(TypedDict):
    """An advisory rating, such as USA_PR and TV-PG."""

    source: str
    value: str


class FeedPicture(TypedDict):
    """One file of a picture, at an absolute address. Pixels are null where they are not known."""

    url: str
    type: str | None
    width: int | None
    height: int | None
    alt: str | None


class FeedVideo(TypedDict):
    """What is played: the playable renditions at absolute addresses, the best first; none of them
    where there is nothing to play. `duration_seconds` is rounded to whole seconds."""

    id: str
    duration_seconds: int | None
    renditions: list[Rendition]
    captions: list[Caption]
    trick_plays: list[TrickPlay]
    available_from: datetime | None
    available_until: datetime | None


class FeedQuote(TypedDict):
    """A quote of the article that is public, word for word."""

    id: str
    text: str
    speaker: str | None
    speaker_id: str | None
    role: str | None


class FeedItem(TypedDict):
    """A public article, as feeds tell of it. `id` is the article's, the same in every output and in
    deep links. `url` is where people read it. `video` is its first video, if it has one."""

    id: str
    url: str
    headline: str
    standfirst: str | None
    text: str
    body_html: str
    language: str
    section: SectionRef | None
    bylines: list[str]
    entities: list[EntityRef]
    quotes: list[FeedQuote]
    corrections: list[Correction]
    picture: FeedPicture | None
    video: FeedVideo | None
    published_at: datetime
    updated_at: datetime


class FeedSource(TypedDict):
    """The feed that items are in. `updated_at` is the latest of its items' and its own, null for an
    empty one: nothing in a feed comes from the clock. `next_url` leads to older items."""

    title: str
    description: str
    language: str
    url: str
    home_url: str
    next_url: str | None
    picture: FeedPicture | None
    updated_at: datetime | None
    genres: list[str]
    rating: Rating | None


class LiveStream(TypedDict):
    """A stream of a channel that goes on for ever."""

    url: str
    type: str
    height: int | None
    label: str | None


class FeedChannel(TypedDict):
    """A streaming channel, as guides and playlists tell of it. `number` is its place in a list."""

    id: str
    slug: str
    name: str
    description: str | None
    language: str
    number: int | None
    picture: FeedPicture | None
    streams: list[LiveStream]
    genres: list[str]
    rating: Rating | None
    updated_at: datetime


class FeedProgramme(TypedDict):
    """What a channel shows from one instant to another."""

    id: str
    title: str
    description: str | None
    starts_at: datetime
    stops_at: datetime
    is_live: bool
    picture: FeedPicture | None
    genres: list[str]
    rating: Rating | None
    has_captions: bool


class ChannelSchedule(TypedDict):
    """What a channel shows, in the order of time."""

    channel: FeedChannel
    programmes: list[FeedProgramme]


class Row(TypedDict):
    """One row of a channel's home screen. `id` is the same as long as the row is."""

    id: str
    title: str
    items: list[FeedItem]
