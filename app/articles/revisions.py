"""Revisions: the whole of an article as it stood after each save."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer, the_service
from app.articles.reads import articles_by_key, get_article_key
from app.database.acts import act_of
from app.database.prepared import insertion
from app.database.session import before_commit, connection_of
from app.database.types import table_of
from app.documents.articles import ArticleRead, RevisionCard, RevisionRead
from app.errors import Forbidden, RevisionNotFound, Unauthenticated
from app.models import Article, Revision
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


class Saved(NamedTuple):
    """An article's save, of which the whole document is still to be kept."""

    revision: int
    at: datetime
    cause: str


SAVED = "revisions.saved"
INSERT = insertion(table_of(Revision), "purged_at", "purged_by")


def keep_revision(session: Session, article: Article, at: datetime, *, cause: str) -> None:
    """Have the article kept as it stands now, its quotes and mentions included: at the end of the
    write, together with all others that it saves. Before one of them changes again in the same
    write, `keep_revisions` has to be called."""
    saved: dict[int, Saved] = session.info.setdefault(SAVED, {})
    assert article.key not in saved
    saved[article.key] = Saved(article.revision, at, cause)
    before_commit(session, keep_revisions)


def keep_revisions(session: Session) -> dict[int, ArticleRead]:
    """Returns the documents that were kept, by the keys of their articles."""
    saved: dict[int, Saved] = session.info.pop(SAVED, {})
    if not saved:
        return {}
    session.flush()
    act = act_of(session)
    at = max(one.at for one in saved.values())
    documents = articles_by_key(connection_of(session), saved, the_service(at))
    rows = [
        {
            "article_key": key,
            "revision": saved[key].revision,
            "saved_at": saved[key].at,
            "headline": document["headline"],
            "author": act.actor,
            "note": act.note,
            "cause": saved[key].cause,
            "document": document,
        }
        for key, document in documents.items()
    ]
    INSERT.run(connection_of(session), rows)
    return documents


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
