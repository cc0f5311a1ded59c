"""What a copy of the content elsewhere is made of, and compared by."""

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

Seen = Literal["public", "all"]


class Part(TypedDict):
    """What belongs to a resource and is copied with it."""

    key: int
    # Any: the documents of all resources
    document: dict[str, Any]
    kept: dict[str, Any]


class Copy(Part):
    """A resource as its own address serves it (`document`), and what a copy needs beside: `key`, by
    which lists order what is otherwise alike; `kept`, what is kept of it and not shown; the slugs
    from which it redirects; and its parts, an article's quotes or a channel's schedule."""

    former_slugs: list[str]
    parts: dict[str, list[Part]]


class Export(TypedDict):
    """Resources in the order of their ids; `next_after` is the last one's, null where there are no
    more. `sees` tells whether this is what is public or all, and `position` is the journal's at
    this read."""

    items: list[Copy]
    next_after: str | None
    sees: Seen
    position: str


class Digest(TypedDict):
    """Resources whose ids are above `after` and up to `until`; null: to the end."""

    after: str
    until: str | None
    count: int
    digest: str


class DigestItem(TypedDict):
    """A resource as it counts in a digest."""

    id: str
    revision: int
    updated_at: datetime


class Digests(Digest):
    """A range as a whole, and in `ranges` of about the same size; one of few resources has them as
    `items` instead."""

    resource: str
    ranges: list[Digest]
    items: list[DigestItem]
    sees: Seen
    position: str
