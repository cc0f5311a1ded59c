"""The publication of an article, for the desk: what is planned, and who did what."""

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.articles.reads import get_article_key
from app.articles.revisions import author
from app.articles.states import shown_status
from app.documents.drafts import DraftCard, PublicationRead, PublicationStep
from app.models import ApiKey, Article, Change, Draft

# What concerns it, in the journal.
EVENTS = (
    "article.created", "article.scheduled", "article.published", "article.unpublished",
    "article.withdrawn", "article.deleted", "article.restored",
)  # fmt: skip

PUBLICATION = select(
    Article.key,
    Article.id,
    Article.revision,
    Article.status,
    Article.published_at,
    Article.published_until,
    Article.embargoed_until,
    Article.embargo_note,
    Article.withdrawal_note,
)


def get_publication(connection: Connection, name: str, viewer: Viewer) -> PublicationRead:
    """Raises ArticleNotFound; to readers, Unauthenticated or Forbidden."""
    key = get_article_key(connection, name, viewer)
    viewer.require_desk("Publications")
    row = connection.execute(PUBLICATION.where(Article.key == key)).one()
    return {
        "id": row.id,
        "revision": row.revision,
        "status": shown_status(row, viewer.at),
        "published_at": row.published_at,
        "published_until": row.published_until,
        "embargoed_until": row.embargoed_until,
        "embargo_note": row.embargo_note,
        "public_note": row.withdrawal_note,
        "draft": draft_card(connection, key),
        "history": history_of(connection, row.id),
    }


def draft_card(connection: Connection, article_key: int) -> DraftCard | None:
    columns = (Draft.id, Draft.revision, Draft.publish_at, Draft.updated_at)
    row = connection.execute(select(*columns).where(Draft.article_key == article_key)).one_or_none()
    if row is None:
        return None
    return {
        "id": row.id,
        "revision": row.revision,
        "publish_at": row.publish_at,
        "updated_at": row.updated_at,
    }


def history_of(connection: Connection, article_id: str) -> list[PublicationStep]:
    rows = connection.execute(
        select(Change.at, Change.event, Change.actor, ApiKey.name, Change.note, Change.cause)
        .outerjoin(ApiKey, ApiKey.id == Change.actor)
        .where(Change.resource_id == article_id, Change.event.in_(EVENTS))
        .order_by(Change.sequence.desc())
    )
    return [
        {
            "at": row.at,
            "event": row.event,
            "author": author(row.actor, row.name),
            "note": row.note,
            "cause": row.cause,
        }
        for row in rows
    ]
