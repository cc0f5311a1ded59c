"""`/v1/articles/{id}/related`: what else speaks of the same."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, select

from app.access.asking import Asking
from app.access.viewer import Viewer, anonymous
from app.articles import reads as articles
from app.documents.articles import ArticleCard
from app.documents.suggestions import RelatedArticles
from app.models import Article
from app.search.asking import asking
from app.search.contents import article_entries
from app.search.related import related_to
from app.search.tables import FOUND
from app.web.dependencies import Connected
from app.web.fields import ALL
from app.web.listing import only_once, parameter, parse_limit
from app.web.negotiation import respond
from app.web.routing import Route
from app.web.state import settings_of

router = APIRouter(prefix="/v1/articles", tags=["articles"], route_class=Route)

DEFAULT_LIMIT = "10"
DESCRIBED: dict[str, Any] = {  # Any: OpenAPI is open JSON
    "parameters": [
        parameter("limit", "Articles.", type="integer", minimum=1, maximum=100, default=10)
    ]
}


@router.get("/{article_id}/related", response_model=RelatedArticles, openapi_extra=DESCRIBED)
async def list_related_articles(
    article_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """Articles that share entities and telling words with this one, the nearest first."""
    only_once(request.query_params, {"limit"})
    limit = parse_limit(request.query_params.get("limit", DEFAULT_LIMIT))
    seconds = settings_of(request).search_timeout_seconds
    found = await database.read_long(related, article_id, limit, viewer, seconds=seconds)
    return respond(request, {"items": found}, etag="list")


def related(
    connection: Connection, name: str, limit: int, viewer: Viewer, *, seconds: float
) -> list[ArticleCard]:
    """None where the article is not live."""
    key = articles.get_article_key(connection, name, viewer)
    entries = article_entries(connection, [key])
    if not entries:
        return []
    public = anonymous(viewer.at)
    with asking(connection, seconds):
        hits = related_to(connection, entries[0], limit, at=public.at)
    positions = [hit.position for hit in hits]
    found = FOUND["articles"].c
    keys = {
        row.key: positions.index(row.position)
        for row in connection.execute(
            select(found.key, found.position).where(found.position.in_(positions))
        )
    }
    statement = articles.visible(articles.CARD.where(Article.key.in_(keys)), public)
    rows = sorted(connection.execute(statement).all(), key=lambda row: keys[row.key])
    return articles.article_documents(connection, rows, public, (), ALL, utf16=False)
