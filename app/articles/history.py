"""Whether an article that is not public was public once, by its revisions and the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.models import Article, Change, Revision

# What tells of a document whether its article was public: kept of one that is purged, too.
TELLING = ("status", "published_at", "embargoed_until")


def was_published(connection: Connection, article_id: str, at: datetime) -> bool:
    """By an instant. Only an id names what may be gone."""
    key = connection.scalar(select(Article.key).where(Article.id == article_id))
    if key is not None:
        return was_public(connection, key, at)
    # What was deleted while it was known to the public was withdrawn from it.
    events = select(Change.event).where(
        Change.resource == Article.resource_name, Change.resource_id == article_id
    )
    return {"article.withdrawn", "article.deleted"} <= set(connection.scalars(events))


def was_public(connection: Connection, article_key: int, at: datetime) -> bool:
    rows = connection.execute(
        select(Revision.saved_at, Revision.document)
        .where(Revision.article_key == article_key)
        .order_by(Revision.revision)
    ).all()
    ends = [row.saved_at for row in rows[1:]] + [at]
    return any(
        began_before(row.document, row.saved_at, end) for row, end in zip(rows, ends, strict=True)
    )


# Any: an ArticleRead, as JSON
def began_before(document: Mapping[str, Any], saved_at: datetime, end: datetime) -> bool:
    """Whether an article that stood so from `saved_at` on became public before its next save."""
    # A save says what the article was to be: scheduled, it became public by itself.
    if document["status"] not in ("live", "scheduled") or document["published_at"] is None:
        return False
    begins = [saved_at, datetime.fromisoformat(document["published_at"])]
    if document["embargoed_until"] is not None:
        begins.append(datetime.fromisoformat(document["embargoed_until"]))
    # What is saved and taken back at the same instant was seen by nobody.
    return max(begins) < end
