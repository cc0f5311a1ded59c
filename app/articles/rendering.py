"""Articles to the bytes that are kept of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.access.viewer import anonymous
from app.articles.reads import HEAVY, get_article
from app.articles.rendered import ids_in
from app.errors import ResourceNotFound
from app.models import Article, RenderedArticle
from app.web.conditional import digest_of
from app.web.json import dump


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
        card = {name: value for name, value in article.items() if name not in HEAVY}
        rows.append(
            {
                "article_key": key,
                "etag": f'"{article_id}.{article["revision"]}.{digest_of(body)}"',
                "shows": b" ".join(sorted(ids_in(body))).decode(),
                "card": dump(card),
                "body": body,
            }
        )
    if rows:
        known = [row["article_key"] for row in rows]
        session.execute(delete(RenderedArticle).where(RenderedArticle.article_key.in_(known)))
        session.execute(insert(RenderedArticle), rows)
