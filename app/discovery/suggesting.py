"""`/v1/suggest`: entities and headlines while somebody writes."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, select

from app.access.asking import Asking
from app.access.viewer import Viewer, anonymous
from app.discovery.parameters import SUGGESTED, words_of
from app.documents.entities import EntityRef
from app.documents.suggestions import ArticleSuggestion, EntitySuggestion, Suggestions
from app.entities import reads as entities
from app.models import Article, Entity
from app.models.visibility import article_is_public
from app.search.asking import asking
from app.search.suggestions import suggest
from app.search.titles import headlines_with
from app.web.dependencies import Connected
from app.web.listing import only_once, parameter, parse_limit, refused
from app.web.negotiation import respond
from app.web.routing import Route
from app.web.state import settings_of

router = APIRouter(prefix="/v1", tags=["search"], route_class=Route)

MAX_LENGTH = 200
DEFAULT_LIMIT = "10"

DESCRIBED: dict[str, Any] = {  # Any: OpenAPI is open JSON
    "parameters": [
        {
            **parameter(
                "q",
                "The beginning of a name, or of a headline's words; a space at the end says that "
                "the last word is complete.",
                maxLength=MAX_LENGTH,
                examples=["ann l"],
            ),
            "required": True,
        },
        parameter(
            "type",
            "Only these types, separated by commas.",
            pattern="^(entity|article)(,(entity|article))*$",
        ),
        parameter("limit", "Suggestions.", type="integer", minimum=1, maximum=100, default=10),
    ]
}


@router.get("/suggest", response_model=Suggestions, openapi_extra=DESCRIBED)
async def suggest_names(request: Request, database: Connected, viewer: Asking) -> Response:
    """Entities and headlines that begin as written, or with one letter otherwise."""
    query = request.query_params
    only_once(query, {"q", "type", "limit"})
    if "q" not in query:
        raise refused("q", "q is the beginning of a name or of a headline.")
    text = query["q"]
    if len(text) > MAX_LENGTH:
        raise refused("q", f"q has at most {MAX_LENGTH} characters.")
    types = words_of(query, "type", SUGGESTED) or SUGGESTED
    limit = parse_limit(query.get("limit", DEFAULT_LIMIT))
    seconds = settings_of(request).search_timeout_seconds
    found = await database.read_long(suggestions, text, types, limit, viewer, seconds=seconds)
    return respond(request, {"items": found}, etag="list")


def suggestions(
    connection: Connection,
    text: str,
    types: Sequence[str],
    limit: int,
    viewer: Viewer,
    *,
    seconds: float,
) -> list[EntitySuggestion | ArticleSuggestion]:
    """Where both types have as many, each has half of the places."""
    public = anonymous(viewer.at)
    with asking(connection, seconds):
        named = suggested_entities(connection, text, limit, public) if "entity" in types else []
        titled = suggested_articles(connection, text, limit, public) if "article" in types else []
    kept = max(limit - len(titled), (limit + 1) // 2)
    together: list[EntitySuggestion | ArticleSuggestion] = [*named[:kept], *titled]
    return together[:limit]


def suggested_entities(
    connection: Connection, text: str, limit: int, viewer: Viewer
) -> list[EntitySuggestion]:
    found = suggest(connection, text, 2 * limit)
    statement = select(Entity.key, Entity.id, Entity.slug, Entity.type, Entity.name).where(
        Entity.key.in_([one.key for one in found])
    )
    rows = {row.key: row for row in connection.execute(entities.visible(statement, viewer))}
    shown: list[EntitySuggestion] = []
    for one in found:
        if one.key in rows:
            row = rows[one.key]
            entity: EntityRef = {
                "id": row.id,
                "slug": row.slug,
                "type": row.type,
                "name": row.name,
            }
            shown.append({"type": "entity", "mended": one.mistyped, "entity": entity})
    return shown[:limit]


def suggested_articles(
    connection: Connection, text: str, limit: int, viewer: Viewer
) -> list[ArticleSuggestion]:
    found = headlines_with(connection, text, limit, at=viewer.at)
    rows = {
        row.key: row
        for row in connection.execute(
            select(
                Article.key, Article.id, Article.slug, Article.headline, Article.published_at
            ).where(Article.key.in_([one.key for one in found]), article_is_public(viewer.at))
        )
    }
    shown: list[ArticleSuggestion] = []
    for one in found:
        if one.key in rows:
            row = rows[one.key]
            shown.append(
                {
                    "type": "article",
                    "mended": one.mistyped,
                    "article": {
                        "id": row.id,
                        "slug": row.slug,
                        "headline": row.headline,
                        "published_at": row.published_at,
                    },
                }
            )
    return shown
