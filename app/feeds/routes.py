"""`/v1/feeds`: what readers of feeds poll, over all articles or some of them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from app.access.asking import Asking
from app.channels.filters import has_video
from app.feeds.answers import Rendered, respond_feed
from app.feeds.formats import FORMATS, Format
from app.feeds.links import links_of
from app.feeds.reads import find_items
from app.feeds.selection import MAX_ITEMS, parameters, parse_wanted
from app.feeds.sources import site_source
from app.feeds.streaming import Pieces, stream_feed
from app.models import Article
from app.representations.news_sitemap import news_sitemap
from app.web.dependencies import Connected
from app.web.routing import Route
from app.web.state import settings_of

router = APIRouter(prefix="/v1/feeds", tags=["feeds"], route_class=Route)

# Search engines take the articles of so long, and so many of them.
SITEMAP_AGE, SITEMAP_ENTRIES = timedelta(days=2), 1_000

# What FastAPI reads the parameters of.
Handler = Callable[..., Awaitable[Response]]


# Any: OpenAPI is open JSON
def described(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "The feed.", "content": {media_type: {}}}}


def handler_of(form: Format) -> Handler:
    async def get_feed(request: Request, database: Connected, viewer: Asking) -> Response:
        settings = settings_of(request)
        links = links_of(settings)
        wanted = await parse_wanted(request, form.most)
        among = [has_video()] if form.for_television else []
        if form.stream is not None and wanted.limit > MAX_ITEMS:
            source = site_source(request, settings, links, ())
            pieces = Pieces(form.stream, source, wanted, viewer.at, links, among)
            return stream_feed(request, database, pieces, form.media_type)

        def render(connection: Connection) -> Rendered:
            found = find_items(
                connection,
                wanted,
                viewer.at,
                links,
                among=among,
                with_body=not form.for_television,
            )
            cursor = wanted.cursor(found.behind)
            source = site_source(request, settings, links, found.items, cursor)
            body = form.render(source, found.items)
            return Rendered(body, source["updated_at"], found.until)

        return respond_feed(request, await database.read_long(render), form.media_type)

    return get_feed


for form in FORMATS:
    router.add_api_route(
        f"/{form.file}",
        handler_of(form),
        name=f"get_feed_{form.target.replace('-', '_')}",
        methods=["GET"],
        description=f"{form.summary}.",
        openapi_extra={"parameters": parameters(form.most)},
        responses=described(form.media_type),
    )


@router.get(
    "/news-sitemap.xml",
    openapi_extra={
        "parameters": [one for one in parameters() if one["name"] not in ("q", "limit")]
    },
    responses=described("application/xml"),
)
async def get_news_sitemap(request: Request, database: Connected, viewer: Asking) -> Response:
    """The articles of the last two days, for search engines."""
    settings = settings_of(request)
    links = links_of(settings)
    wanted = await parse_wanted(request)

    def render(connection: Connection) -> Rendered:
        found = find_items(
            connection,
            replace(wanted, limit=SITEMAP_ENTRIES),
            viewer.at,
            links,
            among=[Article.published_at > viewer.at - SITEMAP_AGE],
        )
        source = site_source(request, settings, links, found.items)
        oldest = min((item["published_at"] for item in found.items), default=None)
        until = None if oldest is None else oldest + SITEMAP_AGE
        return Rendered(news_sitemap(source, found.items), source["updated_at"], until)

    return respond_feed(request, await database.read_long(render), "application/xml")
