"""FastAPI and all that it serves: what takes longest to load."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from fastapi import FastAPI
from fastapi.routing import APIRoute, APIRouter
from starlette.datastructures import State
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.staticfiles import StaticFiles

from app.access.admission import admit
from app.access.usage import KeyUsage
from app.articles import by_entity, draft_routes, lease_routes, revision_routes
from app.articles.revisions import keep_revision
from app.articles.routes import router as articles
from app.audit.routes import router as audit
from app.bulk.routes import router as bulk
from app.channels.routes import router as channels
from app.database.session import Database
from app.discovery import relating, suggesting
from app.discovery.routes import router as discovery
from app.entities.routes import router as entities
from app.exports.routes import router as exports
from app.extraction.following import Following
from app.extraction.routes import router as extractions
from app.extraction.workers import Extractor
from app.feeds import channel_routes
from app.feeds.routes import router as feeds
from app.journal.pruning import keep_pruned
from app.journal.routes import router as changes
from app.journal.watching import Watch
from app.keys import routes as keys
from app.media.routes import router as media
from app.models.base import Clock
from app.publishers.routes import router as publishers
from app.quotes.routes import router as quotes
from app.sections.routes import router as sections
from app.settings import Settings
from app.trash.routes import router as trash
from app.web.deferred import Built
from app.web.documentation import install_documentation
from app.web.handlers import install_handlers
from app.web.health import get_health, get_readiness
from app.web.openapi import build_openapi
from app.web.routing import Reads
from app.web.stopping import noticing_the_end
from app.webhooks.delivering import Deliverer
from app.webhooks.routes import router as webhooks

if TYPE_CHECKING:
    from app.access.rates import Rates

VERSION = "0.1.0"

ROUTERS: Sequence[APIRouter] = (
    articles,
    revision_routes.router,
    draft_routes.router,
    draft_routes.previews,
    lease_routes.router,
    quotes,
    entities,
    by_entity.router,
    sections,
    publishers,
    media,
    channels,
    channel_routes.router,
    feeds,
    channel_routes.all_channels,
    discovery,
    suggesting.router,
    relating.router,
    trash,
    extractions,
    keys.router,
    keys.own,
    changes,
    webhooks,
    audit,
    bulk,
    exports,
)

TAGS = [
    {"name": "articles", "description": "The articles of the newsroom."},
    {"name": "trash", "description": "Articles that were deleted, until they are for good."},
    {"name": "quotes", "description": "What was said, word for word the article's."},
    {"name": "entities", "description": "The persons, organizations and places spoken of."},
    {"name": "sections", "description": "The tree that articles are filed in."},
    {"name": "publishers", "description": "Whose articles they are."},
    {"name": "media", "description": "Pictures, videos and recordings."},
    {"name": "channels", "description": "Streaming channels, and what they show when."},
    {"name": "feeds", "description": "What readers, televisions and playlists poll."},
    {"name": "search", "description": "Articles, quotes and entities by their words."},
    {"name": "copies", "description": "All content, to keep a copy of elsewhere."},
    {"name": "changes", "description": "What changed, in order: for whoever keeps a copy."},
    {"name": "webhooks", "description": "Who is told of changes, by signed requests."},
    {"name": "bulk", "description": "Many writes in one request."},
    {"name": "extractions", "description": "What a text says, and who says it."},
    {"name": "keys", "description": "Who may read and write what."},
    {"name": "audit", "description": "Who wrote what, and when."},
]


def build_api(state: State) -> Built:
    """What the state holds already: settings, database, its signal of commits, the clock, and
    `render_articles`."""
    settings: Settings = state.settings
    extractor = Extractor(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            following(settings, state.database, extractor, state.clock),
            watching(state),
            pruning(settings, state.database, state.clock),
            delivering(settings, state.deliverer),
        ):
            try:
                yield
            finally:
                await state.key_usage.close()
                if state.rates is not None:
                    await state.rates.close()

    api = FastAPI(
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
    api.state = state
    state.extractor = extractor
    state.admit = admit
    state.key_usage = KeyUsage(state.database)
    # It is asked for as soon as this is built, and begins a moment later.
    state.watch = Watch(state.database, state.signal)
    state.rates = rates_of(settings, state.clock)
    state.keep_revision = keep_revision
    state.deliverer = Deliverer(state.database, settings, state.clock)
    install_handlers(api)
    # The routes themselves, not the routers: a route of the application is matched directly.
    state.routes = [cast(APIRoute, route) for router in ROUTERS for route in router.routes]
    api.router.routes.extend(state.routes)
    install_documentation(api)
    api.add_route("/healthz", get_health, include_in_schema=False)
    api.add_route("/readyz", get_readiness, include_in_schema=False)
    if settings.media_folder is not None:
        api.mount("/media", StaticFiles(directory=settings.media_folder))
    api.openapi = lambda: openapi_of(api)  # type: ignore[method-assign]  # FastAPI's own hook
    expected = {k: v for k, v in api.exception_handlers.items() if k is not Exception}
    return Built(api, ExceptionMiddleware(Reads(api, routes=state.routes), handlers=expected))


def rates_of(settings: Settings, clock: Clock) -> "Rates | None":
    """What counts requests, where they are limited."""
    if not (
        settings.rate_limit_anonymous or settings.rate_limit_reads or settings.rate_limit_writes
    ):
        return None
    # Here: what counts them takes long to load.
    from app.access.rates import Rates

    return Rates(settings, clock)


@asynccontextmanager
async def following(
    settings: Settings, database: Database, extractor: Extractor, clock: Clock
) -> AsyncIterator[None]:
    """Find the quotes in what is written, where that is wanted."""
    follower = None
    if settings.extraction != "off" and not settings.read_only:
        follower = Following(
            database,
            extractor,
            mode=settings.extraction,
            confidence=settings.extraction_confidence,
            clock=clock,
        )
    async with running(None if follower is None else follower.run()):
        try:
            yield
        finally:
            extractor.close()


@asynccontextmanager
async def delivering(settings: Settings, deliverer: Deliverer) -> AsyncIterator[None]:
    """Send to webhooks, where no process of its own does."""
    is_wanted = settings.deliver and not settings.read_only
    async with running(deliverer.run() if is_wanted else None):
        yield


# Any: what is sent to a coroutine, and what it yields
@asynccontextmanager
async def running(work: Coroutine[Any, Any, None] | None) -> AsyncIterator[None]:
    """Have this done, if there is anything to do, until the block ends."""
    task = None if work is None else asyncio.create_task(work)
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def watching(state: State) -> AsyncIterator[None]:
    """Tell those who wait for changes of them, until the process is asked to end."""
    if state.watch.has_begun:
        # Another event loop runs it, or did.
        state.watch = Watch(state.database, state.signal)
    watch: Watch = state.watch
    with noticing_the_end(watch.ended):
        task = asyncio.create_task(watch.run())
        try:
            yield
        finally:
            watch.ended.set()
            await task


@asynccontextmanager
async def pruning(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[None]:
    """Have the journal forget what is old, where that is wanted."""
    days = settings.journal_days
    async with running(None if days is None else keep_pruned(database, clock, days)):
        yield


def operation_id(route: APIRoute) -> str:
    return route.name


def openapi_of(api: FastAPI) -> dict[str, Any]:  # Any: OpenAPI is open JSON
    """The OpenAPI document, built when it is first asked for."""
    if api.openapi_schema is None:
        api.openapi_schema = build_openapi(api)
    return api.openapi_schema
