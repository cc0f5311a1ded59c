"""Sections as they are served."""

from datetime import datetime

from typing_extensions import TypedDict


class SectionRef(TypedDict):
    """The section of an article."""

    path: str
    name: str


class SectionRead(SectionRef):
    """A section; `parent` is the path of the section above it."""

    id: str
    revision: int
    description: str | None
    parent: str | None
    created_at: datetime
    updated_at: datetime
