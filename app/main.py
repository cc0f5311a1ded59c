"""The application: what answers articles at once, and behind it all that is built by and by."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from starlette.datastructures import State
from starlette.middleware.cors import CORSMiddleware

from app.articles.clockwork import ClockGate, Clockwork
from app.caching.documents import RenderedArticles
from app.caching.following import CacheFollower
from app.caching.middleware import ResponseCache
from app.caching.store import Store
from app.database.engine import open_database
from app.database.session import Database
from app.models.base import Clock, utc_now
from app.settings import Settings, read_settings
from app.web.application import Application
from app.web.cross_origin import ANY, TO_ALL, Preflights, options
from app.web.deferred import Built
from app.web.requests import RequestMiddleware

# When FastAPI is built that nobody has asked for.
BUILD_AFTER_SECONDS = 0.5
# How long a process goes on that could not build it.
END_AFTER_SECONDS = 0.5

log = logging.getLogger("onrecord")


def create_app(
    settings: Settings, *, clock: Clock = utc_now, database: Database | None = None
) -> Application:
    """The ASGI application, all of it built. `database` is opened by the settings unless one is
    given."""
    app = prepare_app(settings, clock=clock, database=database)
    app.inner.build()
    return app


def prepare_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    database: Database | None = None,
    when_built: Callable[[], None] | None = None,
) -> Application:
    """The ASGI application, which builds FastAPI when it is first needed, or soon after the
    start."""
    opened = database or open_database(settings)
    signal = opened.signal()
    clockwork = Clockwork(opened, clock, trash_days=settings.trash_days)
    rendered = RenderedArticles(opened, clock, anonymous_reads=settings.anonymous_reads)
    state = State(
        {
            "settings": settings,
            "database": opened,
            "signal": signal,
            "clock": clock,
            "render_articles": rendered.ask_for,
        }
    )

    def make() -> Built:
        # Here: an article that is rendered is answered without it.
        from app.api import build_api

        return build_api(state)

    async def run_api() -> None:
        """Until cancelled. A process that cannot be built ends, as one that cannot start."""
        try:
            api = await app.built_soon(BUILD_AFTER_SECONDS)
        except Exception as error:
            log.critical("the service cannot be built", exc_info=error)
            # Those who wait for it are answered first.
            await asyncio.sleep(END_AFTER_SECONDS)
            raise SystemExit(1) from None
        async with api.router.lifespan_context(api), asyncio.TaskGroup() as tasks:
            tasks.create_task(clockwork.run())
            if when_built is not None:
                when_built()
            await asyncio.Event().wait()

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        await signal.start()
        running = asyncio.create_task(run_api())
        yield
        # A build that goes on is not waited for here: the process waits for its thread.
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await rendered.close()
        await signal.close()
        await opened.close()

    app = Application(state, make, lifespan)
    to_all = TO_ALL if ANY in settings.cors_origins else ()
    if to_all:
        app.wrap(Preflights)
    if settings.cache_megabytes:
        store = Store(settings.cache_megabytes * 1024 * 1024)
        follower = CacheFollower(store, opened, signal, clock)
        app.wrap(ResponseCache, store=store, follower=follower, rendered=rendered)
    app.wrap(ClockGate, clockwork=clockwork)
    if settings.cors_origins and not to_all:
        app.wrap(CORSMiddleware, **options(settings.cors_origins))
    app.wrap(RequestMiddleware, always=to_all)
    return app


def create_app_from_environment() -> Application:
    """What each server process runs."""
    settings = read_settings()
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    # What was built stays: to look through it for garbage would take a tenth of a second each time.
    return prepare_app(settings, when_built=gc.freeze)
