"""Articles as the public reads them, kept as bytes: one statement instead of five."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from app.access.viewer import anonymous
from app.articles.reads import get_article
from app.errors import ResourceNotFound
from app.models import Article, RenderedArticle
from app.models.visibility import article_is_public
from app.web.conditional import digest_of
from app.web.json import dump

AT: BindParameter[datetime] = bindparam("at", type_=Article.published_at.type)
RENDERED = (
    select(RenderedArticle.etag, RenderedArticle.body)
    .join(Article, Article.key == RenderedArticle.article_key)
    .where(Article.id == bindparam("id"), article_is_public(AT))
)


class Rendered(NamedTuple):
    etag: str
    body: bytes


def find_rendered(connection: Connection, article_id: str, at: datetime) -> Rendered | None:
    """What `GET /v1/articles/{id}` answers to who has no key; None where it has to be made."""
    row = connection.execute(RENDERED, {"id": article_id, "at": at}).one_or_none()
    return None if row is None else Rendered(row.etag, row.body)


def keep_rendered(session: Session, ids: Sequence[str], at: datetime) -> None:
    """Render articles as they are: within a write, so that none changes meanwhile."""
    connection = session.connection()
    keys = {
        row.id: row.key
        for row in connection.execute(select(Article.id, Article.key).where(Article.id.in_(ids)))
    }
    rows = []
    for article_id, key in keys.items():
        try:
            article = get_article(connection, article_id, anonymous(at))
        except ResourceNotFound:
            continue  # It is public no more.
        body = dump(article)
        etag = f'"{article_id}.{article["revision"]}.{digest_of(body)}"'
        rows.append({"article_key": key, "etag": etag, "body": body})
    if rows:
        known = [row["article_key"] for row in rows]
        session.execute(delete(RenderedArticle).where(RenderedArticle.article_key.in_(known)))
        session.execute(insert(RenderedArticle), rows)
