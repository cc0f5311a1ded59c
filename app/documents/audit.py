"""What the audit tells."""

from datetime import datetime

from typing_extensions import TypedDict


class AuditAuthor(TypedDict):
    """The API key that wrote."""

    id: str
    name: str
    prefix: str


class AuditEntry(TypedDict):
    """One thing that happened to a resource, which has its `id`, at the revision that it had then.
    `cause` is the event that it followed from; `author` is null for the service itself."""

    sequence: int
    at: datetime
    event: str
    resource: str
    id: str
    revision: int
    cause: str | None
    note: str | None
    author: AuditAuthor | None
