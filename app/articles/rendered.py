"""Articles as the public reads them, kept as bytes: one statement instead of five."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from sqlalchemy import BindParameter, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer, anonymous
from app.articles.reads import HEAVY, get_article
from app.database.prepared import Prepared
from app.errors import ResourceNotFound
from app.models import Article, RenderedArticle
from app.models.visibility import article_is_public
from app.web.conditional import digest_of
from app.web.json import dump
from app.web.negotiation import respond_page

AT: BindParameter[datetime] = bindparam("at", type_=Article.published_at.type)
# What `GET /v1/articles/{id}` answers to who has no key; no row where it has to be made.
RENDERED = Prepared(
    select(RenderedArticle.etag, RenderedArticle.shows, RenderedArticle.body)
    .join(Article, Article.key == RenderedArticle.article_key)
    .where(Article.id == bindparam("id"), article_is_public(AT))
)
IDS = re.compile(rb'"id":"([0-9a-z]{26})"')


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


def ids_in(body: bytes) -> set[bytes]:
    """The resources that an answer shows."""
    return set(IDS.findall(body))


# Any: the items of a page are documents, or the bytes of them
def respond_articles(request: Request, page: dict[str, Any], viewer: Viewer) -> Response:
    """A page of articles. Those that are not rendered are, by and by."""
    if not viewer.sees_all:
        ask_for_missing(request, page["items"])
    return respond_page(request, page)


# Any: documents of articles, or the bytes of them
def ask_for_missing(request: Request, articles: Iterable[Any]) -> None:
    missing = [one["id"] for one in articles if isinstance(one, dict) and "id" in one]
    if missing:
        ask_for: Callable[[Iterable[str]], None] = request.app.state.render_articles
        ask_for(missing)
