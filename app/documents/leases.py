"""Leases on articles as they are served."""

from datetime import datetime

from typing_extensions import TypedDict

from app.documents.revisions import Author


class LeaseRead(TypedDict):
    """Who is at work on an article, since when, until when, and what they say of it."""

    holder: Author
    taken_at: datetime
    until: datetime
    note: str | None
