"""Revisions: the whole of an article as it stood after each save."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer, the_service
from app.articles.reads import get_article, get_article_key
from app.documents.articles import RevisionCard, RevisionRead
from app.errors import Forbidden, RevisionNotFound, Unauthenticated
from app.models import Article, Revision
from app.web.json import plain
from app.web.listing import Listing, ListRequest, Sort
from app.web.pages import PageStatement, fetch_page

# What the column can hold.
MAX_REVISION = 2**31 - 1

REVISIONS = Listing(
    name="revisions",
    key=Revision.revision,
    sorts={"revision": Sort(Revision.revision)},
    default_sort="-revision",
    filters={},
    document=RevisionCard,
)


def keep_revision(session: Session, article: Article, at: datetime) -> None:
    """Keep the article as it stands now, its quotes and mentions included."""
    session.flush()
    document = get_article(session.connection(), article.id, the_service(at))
    session.add(
        Revision(
            article_key=article.key,
            revision=article.revision,
            saved_at=at,
            headline=article.headline,
            document=plain(document),
        )
    )
    session.flush()


def list_revisions(
    connection: Connection, article_id: str, wanted: ListRequest, viewer: Viewer
) -> dict[str, Any]:
    key = article_of(connection, article_id, viewer)
    statement = select(Revision.revision.label("key"), Revision.saved_at, Revision.headline).where(
        Revision.article_key == key
    )
    rows = fetch_page(connection, PageStatement(statement), wanted)
    cards: list[RevisionCard] = [
        {"revision": row.key, "saved_at": row.saved_at, "headline": row.headline}
        for row in rows.rows
    ]
    return rows.page([wanted.selection.trim(card) for card in cards])


def get_revision(
    connection: Connection, article_id: str, number: int, viewer: Viewer
) -> RevisionRead:
    key = article_of(connection, article_id, viewer)
    if not 1 <= number <= MAX_REVISION:
        raise RevisionNotFound(str(number))
    row = connection.execute(
        select(Revision.revision, Revision.saved_at, Revision.headline, Revision.document).where(
            Revision.article_key == key, Revision.revision == number
        )
    ).one_or_none()
    if row is None:
        raise RevisionNotFound(str(number))
    return {
        "revision": row.revision,
        "saved_at": row.saved_at,
        "headline": row.headline,
        "article": row.document,
    }


def article_of(connection: Connection, article_id: str, viewer: Viewer) -> int:
    key = get_article_key(connection, article_id, viewer)
    if not viewer.sees_all:
        # What an article said before it was published, or before it was corrected, is not public.
        if not viewer.is_known:
            raise Unauthenticated("Revisions need an API key with the scope “preview”.")
        raise Forbidden("preview")
    return key
