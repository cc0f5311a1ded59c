"""Articles answered from their rendered bytes, ahead of routing."""

import asyncio
import logging
import re
from collections.abc import Iterable
from contextlib import suppress

from starlette.types import Scope

from app.articles.rendered import RENDERED
from app.caching.store import CacheKey, Entry
from app.caching.surrogates import surrogate_keys
from app.database.session import Database
from app.errors import Problem
from app.models.base import Clock
from app.web.negotiation import JSON, VARY

log = logging.getLogger("onrecord.caching")

ARTICLE = re.compile(r"/v1/articles/([0-9a-z]{26})")
CONTENT_TYPE = (b"content-type", JSON.encode())
VARIES = (b"vary", VARY.encode())
CONTROL = (b"cache-control", b"public, no-cache")
# What asks for JSON without a thought.
ANY_FORMAT = frozenset({b"", b"*/*", b"application/json"})
# How many are rendered in one write, and how long to wait for others to render with them.
TOGETHER = 50
PAUSE_SECONDS = 0.2
# More that wait are forgotten: they will be asked for again.
MOST_WAITING = 10_000


class RenderedArticles:
    """Finds what is rendered; what is not is rendered by and by."""

    def __init__(self, database: Database, clock: Clock, *, anonymous_reads: bool) -> None:
        self.database = database
        self.clock = clock
        self.anonymous_reads = anonymous_reads
        self.waiting: dict[str, None] = {}
        self.rendering: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self.rendering is not None:
            self.rendering.cancel()
            with suppress(asyncio.CancelledError):
                await self.rendering

    def article_of(self, scope: Scope, key: CacheKey) -> str | None:
        """The id of the article that a request is for, if its rendered bytes are the answer."""
        if key.query or key.access or key.accept not in ANY_FORMAT or not self.anonymous_reads:
            return None
        match = ARTICLE.fullmatch(scope["path"])
        return match[1] if match else None

    async def find(self, article_id: str) -> Entry | None:
        try:
            rows = await self.database.read_rows(RENDERED, {"id": article_id, "at": self.clock()})
        except Problem:
            return None  # The application will say what is wrong.
        if not rows:
            return None
        [(etag, shows, body)] = rows
        tag = etag.encode()
        headers = [
            (b"content-length", b"%d" % len(body)),
            CONTENT_TYPE,
            (b"etag", tag),
            VARIES,
            CONTROL,
            (b"surrogate-key", surrogate_keys("articles", shows.encode().split())),
        ]
        return Entry(headers, body, tag)

    def ask_for(self, ids: Iterable[str]) -> None:
        if len(self.waiting) < MOST_WAITING:
            self.waiting.update(dict.fromkeys(ids))
        if self.rendering is None or self.rendering.done():
            self.rendering = asyncio.create_task(self.render())

    async def render(self) -> None:
        """Until none waits."""
        # Here: whoever finds all articles rendered need not wait for what makes them.
        from app.articles.rendering import keep_rendered

        while self.waiting:
            await asyncio.sleep(PAUSE_SECONDS)
            ids = list(self.waiting)[:TOGETHER]
            for article_id in ids:
                del self.waiting[article_id]
            try:
                await self.database.write(keep_rendered, ids, self.clock())
            except Problem as problem:
                log.warning("%d articles were not rendered: %s", len(ids), problem.code)
            except Exception:
                log.exception("%d articles were not rendered", len(ids))
