"""Drafts beside articles, publications and preview links, as they are served."""

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from app.documents.revisions import Author

Version = Literal["present", "draft"]


class DraftFailure(TypedDict):
    """Why a draft could not take the article's place when its instant came: a problem's `code` and
    `detail`."""

    at: datetime
    code: str
    detail: str


class DraftRead(TypedDict):
    """A draft beside an article, whose id `article` is. `content` is what was sent of it.
    `base_revision` is the article's revision that it goes out from; `changed` are the members of
    the article that were changed since, which publishing the draft would take back."""

    id: str
    article: str
    revision: int
    base_revision: int
    changed: list[str]
    publish_at: datetime | None
    failure: DraftFailure | None
    author: Author | None
    content: dict[str, Any]  # an ArticleWrite
    created_at: datetime
    updated_at: datetime


class DraftCard(TypedDict):
    """A draft without what it says."""

    id: str
    revision: int
    publish_at: datetime | None
    updated_at: datetime


class PublicationStep(TypedDict):
    """What happened to a publication, who did it and why; null is the service itself."""

    at: datetime
    event: str
    author: Author | None
    note: str | None
    cause: str | None


class PublicationRead(TypedDict):
    """Whether and when an article is public, for the desk: what is planned, and what happened, the
    last first. `id` and `revision` are the article's."""

    id: str
    revision: int
    status: Literal["draft", "scheduled", "live", "withdrawn"]
    published_at: datetime | None
    published_until: datetime | None
    embargoed_until: datetime | None
    embargo_note: str | None
    public_note: str | None
    draft: DraftCard | None
    history: list[PublicationStep]


class PreviewLink(TypedDict):
    """An address at which anybody can read an article that is not public, or its draft, until
    `expires_at`."""

    url: str
    version: Version
    expires_at: datetime
