"""What the journal tells those who follow it."""

from datetime import datetime

from typing_extensions import TypedDict


class ChangeRead(TypedDict):
    """One thing that happened to a resource. `position` is where to go on after it; `sequence` its
    number in this database. `slugs` are the names under which copies of the resource may be kept,
    `fields` the members of its document that changed, none of what is new or gone; `cause` is the
    event that it followed from, `clock` where it happened by itself.

    What is `deleted` is to be forgotten: to readers, what was withdrawn is deleted, too. `url` is
    the address of the resource, null where its id alone does not make one."""

    sequence: int
    position: str
    at: datetime
    event: str
    resource: str
    id: str
    slugs: list[str]
    revision: int
    fields: list[str]
    cause: str | None
    deleted: bool
    url: str | None


class ChangePage(TypedDict):
    """What changed after a position, the first first. `next_after` is the position to go on after,
    also when nothing has come; `has_more` tells whether there is more to look at already."""

    items: list[ChangeRead]
    next_after: str
    has_more: bool
