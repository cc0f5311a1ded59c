"""What articles and quotes say of one entity: `/v1/entities/{id}/…`."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, String, cast, func, select, union

from app.access.asking import Asking
from app.access.viewer import Viewer
from app.articles.filters import ARTICLES, concerns
from app.articles.reads import list_articles
from app.articles.rendered import respond_articles
from app.documents.pages import ArticlePage, CooccurringEntities, QuotePage, Timeline
from app.entities.reads import entity_ref, get_entity_key
from app.models import Article, Entity, Mention, Quote
from app.models.visibility import article_is_public, quote_is_settled
from app.quotes.filters import QUOTES
from app.quotes.reads import list_quotes
from app.web.dependencies import Connected
from app.web.listing import ListRequest, list_parameters, parse_list
from app.web.negotiation import respond, respond_page
from app.web.pages import read_list
from app.web.routing import Route

router = APIRouter(prefix="/v1/entities", tags=["entities"], route_class=Route)

MOST_COOCCURRING = 50


@router.get("/{entity_id}/quotes", response_model=QuotePage, openapi_extra=list_parameters(QUOTES))
async def list_entity_quotes(
    entity_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """What an entity said, the latest first."""
    wanted = await parse_list(request, QUOTES)
    return respond_page(
        request, await read_list(database, wanted, quotes_by, entity_id, wanted, viewer)
    )


@router.get(
    "/{entity_id}/articles", response_model=ArticlePage, openapi_extra=list_parameters(ARTICLES)
)
async def list_entity_articles(
    entity_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The articles that mention or quote an entity, the latest first."""
    wanted = await parse_list(request, ARTICLES)
    page = await read_list(database, wanted, articles_on, entity_id, wanted, viewer)
    return respond_articles(request, page, viewer)


@router.get("/{entity_id}/cooccurring", response_model=CooccurringEntities)
async def list_cooccurring(
    entity_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The entities that public articles name most often together with this one."""
    found = await database.read_long(cooccurring_with, entity_id, viewer)
    return respond(request, found, etag="list")


@router.get("/{entity_id}/timeline", response_model=Timeline)
async def get_timeline(
    entity_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """How many public articles and quotes of each month concern an entity, the latest first."""
    found = await database.read_long(timeline_of, entity_id, viewer)
    return respond(request, found, etag="list")


def quotes_by(
    connection: Connection, name: str, wanted: ListRequest, viewer: Viewer
) -> dict[str, Any]:
    key = get_entity_key(connection, name, viewer)
    return list_quotes(connection, wanted, viewer, Quote.speaker_key == key)


def articles_on(
    connection: Connection, name: str, wanted: ListRequest, viewer: Viewer
) -> dict[str, Any]:
    key = get_entity_key(connection, name, viewer)
    return list_articles(connection, wanted, viewer, concerns(Entity.key == key))


def cooccurring_with(connection: Connection, name: str, viewer: Viewer) -> dict[str, Any]:
    key = get_entity_key(connection, name, viewer)
    articles = select(Article.key).where(article_is_public(viewer.at), concerns(Entity.key == key))
    # What is chosen of a union is chosen after all of it has been made.
    named = union(
        select(Mention.article_key, Mention.entity_key.label("entity_key")).where(
            Mention.article_key.in_(articles)
        ),
        select(Quote.article_key, Quote.speaker_key).where(
            Quote.article_key.in_(articles), Quote.speaker_key.is_not(None), quote_is_settled()
        ),
    ).subquery()
    statement = (
        select(Entity.id, Entity.slug, Entity.type, Entity.name, func.count().label("articles"))
        .join(named, named.c.entity_key == Entity.key)
        # Whom a public article names is public by that.
        .where(Entity.key != key)
        .group_by(Entity.id, Entity.slug, Entity.type, Entity.name)
        .order_by(func.count().desc(), Entity.name, Entity.id)
        .limit(MOST_COOCCURRING)
    )
    return {
        "items": [
            {**entity_ref(row), "articles": row.articles} for row in connection.execute(statement)
        ]
    }


def timeline_of(connection: Connection, name: str, viewer: Viewer) -> dict[str, Any]:
    key = get_entity_key(connection, name, viewer)
    # An instant as text begins with its year and month on every database.
    month = func.substr(cast(Article.published_at, String), 1, 7).label("month")
    articles = (
        select(month, func.count().label("articles"))
        .where(article_is_public(viewer.at), concerns(Entity.key == key))
        .group_by(month)
    )
    quotes = (
        select(month, func.count().label("quotes"))
        .join(Quote, Quote.article_key == Article.key)
        .where(article_is_public(viewer.at), Quote.speaker_key == key, quote_is_settled())
        .group_by(month)
    )
    said = {row.month: row.quotes for row in connection.execute(quotes)}
    months = sorted(connection.execute(articles), key=lambda row: str(row.month), reverse=True)
    return {
        "items": [
            {"month": row.month, "articles": row.articles, "quotes": said.get(row.month, 0)}
            for row in months
        ]
    }
