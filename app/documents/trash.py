"""What is in the trash, as it is served."""

from datetime import datetime

from typing_extensions import TypedDict

from app.documents.articles import ArticleRead
from app.documents.revisions import Author


class TrashedCard(TypedDict):
    """An article that was deleted; `section` is the path that it was filed under. It is deleted for
    good at `purge_at`."""

    id: str
    revision: int
    slug: str
    headline: str
    section: str | None
    deleted_at: datetime
    deleted_by: Author | None
    note: str | None
    purge_at: datetime


class TrashedRead(TrashedCard):
    """One of them, with the article as it stood last: null where that revision was purged."""

    article: ArticleRead | None
