"""The application: the only module that knows all others."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute, APIRouter
from sqlalchemy import Connection, select
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.staticfiles import StaticFiles

from app.access.admission import admit
from app.articles import by_entity
from app.articles.revisions import keep_revision
from app.articles.routes import router as articles
from app.caching.documents import RenderedArticles
from app.caching.following import CacheFollower
from app.caching.middleware import ResponseCache
from app.caching.store import Store
from app.database.engine import open_database
from app.database.session import Database
from app.discovery import relating, suggesting
from app.discovery.routes import router as discovery
from app.entities.routes import router as entities
from app.extraction.following import Following
from app.extraction.routes import router as extractions
from app.extraction.workers import Extractor
from app.media.routes import router as media
from app.models import Secret
from app.models.base import Clock, utc_now
from app.publishers.routes import router as publishers
from app.quotes.routes import router as quotes
from app.sections.routes import router as sections
from app.settings import Settings, read_settings
from app.web.application import Application
from app.web.cross_origin import ANY, TO_ALL, Preflights, options
from app.web.documentation import install_documentation
from app.web.json import dump
from app.web.openapi import build_openapi
from app.web.problems import install_handlers
from app.web.requests import RequestMiddleware
from app.web.routing import Reads
from app.web.state import database_of

VERSION = "0.1.0"

ROUTERS: Sequence[APIRouter] = (
    articles,
    quotes,
    entities,
    by_entity.router,
    sections,
    publishers,
    media,
    discovery,
    suggesting.router,
    relating.router,
    extractions,
)

TAGS = [
    {"name": "articles", "description": "The articles of the newsroom."},
    {"name": "quotes", "description": "What was said, word for word the article's."},
    {"name": "entities", "description": "The persons, organizations and places spoken of."},
    {"name": "sections", "description": "The tree that articles are filed in."},
    {"name": "publishers", "description": "Whose articles they are."},
    {"name": "media", "description": "Pictures."},
    {"name": "search", "description": "Articles, quotes and entities by their words."},
    {"name": "extractions", "description": "What a text says, and who says it."},
]


def create_app(
    settings: Settings, *, clock: Clock = utc_now, database: Database | None = None
) -> FastAPI:
    """The ASGI application. `database` is opened by the settings unless one is given."""
    opened = database or open_database(settings)
    extractor = Extractor(settings)
    signal = opened.signal()
    rendered = RenderedArticles(opened, clock, anonymous_reads=settings.anonymous_reads)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if settings.cache_megabytes:
            await signal.start()
        following = None
        if settings.extraction != "off":
            follower = Following(
                opened,
                extractor,
                mode=settings.extraction,
                confidence=settings.extraction_confidence,
                clock=clock,
            )
            following = asyncio.create_task(follower.run())
        yield
        if following is not None:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
        extractor.close()
        await rendered.close()
        await signal.close()
        await opened.close()

    app = Application(
        title="Onrecord",
        version=VERSION,
        summary="The open news content API.",
        description="Articles, the quotes in them and the entities they speak of.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_tags=TAGS,
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
    )
    app.state.settings = settings
    app.state.database = opened
    app.state.extractor = extractor
    app.state.clock = clock
    app.state.admit = admit
    app.state.keep_revision = keep_revision
    app.state.render_articles = rendered.ask_for
    install_handlers(app)
    # The routes themselves, not the routers: a route of the application is matched directly.
    app.state.routes = [cast(APIRoute, route) for router in ROUTERS for route in router.routes]
    app.router.routes.extend(app.state.routes)
    install_documentation(app)
    app.add_route("/healthz", get_health, include_in_schema=False)
    app.add_route("/readyz", get_readiness, include_in_schema=False)
    if settings.media_folder is not None:
        app.mount("/media", StaticFiles(directory=settings.media_folder))
    app.wrap(Reads, routes=app.state.routes)
    expected = {k: v for k, v in app.exception_handlers.items() if k is not Exception}
    app.wrap(ExceptionMiddleware, handlers=expected)
    to_all = TO_ALL if ANY in settings.cors_origins else ()
    if to_all:
        app.wrap(Preflights)
    if settings.cache_megabytes:
        store = Store(settings.cache_megabytes * 1024 * 1024)
        follower = CacheFollower(store, opened, signal, clock)
        app.wrap(ResponseCache, store=store, follower=follower, rendered=rendered)
    if settings.cors_origins and not to_all:
        app.wrap(CORSMiddleware, **options(settings.cors_origins))
    app.wrap(RequestMiddleware, always=to_all)
    app.openapi = lambda: openapi_of(app)  # type: ignore[method-assign]  # FastAPI's own hook
    return app


def operation_id(route: APIRoute) -> str:
    return route.name


def openapi_of(app: FastAPI) -> dict[str, Any]:  # Any: OpenAPI is open JSON
    """The OpenAPI document, built when it is first asked for."""
    if app.openapi_schema is None:
        app.openapi_schema = build_openapi(app)
    return app.openapi_schema


async def get_health(request: Request) -> Response:
    """Whether the process answers."""
    return Response(dump({"status": "ok"}), media_type="application/json")


async def get_readiness(request: Request) -> Response:
    """Whether the database answers and has its schema."""
    await database_of(request).read(ask_schema)
    return Response(dump({"status": "ok"}), media_type="application/json")


def ask_schema(connection: Connection) -> None:
    connection.execute(select(Secret.name).limit(1)).all()


def create_app_from_environment() -> FastAPI:
    """What each server process runs."""
    settings = read_settings()
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    return create_app(settings)
