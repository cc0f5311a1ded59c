"""Articles as the public reads them, kept as bytes: one statement instead of five."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from starlette.requests import Request
from starlette.responses import Response

from app.access.viewer import Viewer
from app.database.prepared import Prepared
from app.models import Article, RenderedArticle
from app.models.visibility import article_is_public
from app.web.negotiation import respond_page

AT: BindParameter[datetime] = bindparam("at", type_=Article.published_at.type)
# What `GET /v1/articles/{id}` answers to who has no key; no row where it has to be made.
RENDERED = Prepared(
    select(RenderedArticle.etag, RenderedArticle.shows, RenderedArticle.body)
    .join(Article, Article.key == RenderedArticle.article_key)
    .where(Article.id == bindparam("id"), article_is_public(AT))
)
IDS = re.compile(rb'"id":"([0-9a-z]{26})"')


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
