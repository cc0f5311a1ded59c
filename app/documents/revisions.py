"""The revisions of an article as they are served, and what is different between two."""

from datetime import datetime

from typing_extensions import TypedDict

from app.documents.articles import ArticleRead


class Author(TypedDict):
    """The API key by which something was saved; `name` is null for one that is no more."""

    id: str
    name: str | None


class RevisionCard(TypedDict):
    """One save of an article. `author` is null for the service itself; `note` is what was said of
    the save, `cause` the event that it was. The `headline` of one that was purged is null."""

    revision: int
    saved_at: datetime
    headline: str | None
    author: Author | None
    note: str | None
    cause: str | None
    purged_at: datetime | None
    purged_by: Author | None


class RevisionRead(RevisionCard):
    """An article as it stood after one save."""

    article: ArticleRead
