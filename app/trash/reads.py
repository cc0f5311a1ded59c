"""The trash, read."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from app.articles.archiving import unpacked
from app.articles.revisions import author
from app.database.types import AnyRow
from app.documents.articles import ArticleRead
from app.documents.trash import TrashedCard, TrashedRead
from app.errors import TrashedArticleNotFound
from app.models import ApiKey, Revision, TrashedArticle
from app.web.listing import ListRequest
from app.web.pages import PageStatement, fetch_page

CARD = select(
    TrashedArticle.key,
    TrashedArticle.id,
    TrashedArticle.revision,
    TrashedArticle.slug,
    TrashedArticle.headline,
    TrashedArticle.section,
    TrashedArticle.deleted_at,
    TrashedArticle.deleted_by,
    TrashedArticle.note,
    ApiKey.name.label("deleter"),
).outerjoin(ApiKey, ApiKey.id == TrashedArticle.deleted_by)
CARDS = PageStatement(CARD)


def list_trash(connection: Connection, wanted: ListRequest, *, days: int) -> dict[str, Any]:
    rows = fetch_page(connection, CARDS, wanted)
    return rows.page([wanted.selection.trim(trashed_card(row, days)) for row in rows.rows])


def get_trashed(connection: Connection, trashed_id: str, *, days: int) -> TrashedRead:
    """Raises TrashedArticleNotFound."""
    one = CARD.add_columns(TrashedArticle.content).where(TrashedArticle.id == trashed_id)
    row = connection.execute(one).one_or_none()
    if row is None:
        raise TrashedArticleNotFound(trashed_id)
    last = unpacked(row.content)["below"][Revision.__tablename__][-1]["row"]
    article: ArticleRead | None = None if last["purged_at"] else last["document"]
    return {**trashed_card(row, days), "article": article}


# Any: the columns of CARD
def trashed_card(row: AnyRow, days: int) -> TrashedCard:
    return {
        "id": row.id,
        "revision": row.revision,
        "slug": row.slug,
        "headline": row.headline,
        "section": row.section,
        "deleted_at": row.deleted_at,
        "deleted_by": author(row.deleted_by, row.deleter),
        "note": row.note,
        "purge_at": row.deleted_at + timedelta(days=days),
    }
