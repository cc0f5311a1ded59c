"""Layers that answer what they can without FastAPI, and FastAPI behind them."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import TYPE_CHECKING, Any

from starlette.datastructures import State
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.deferred import Built, Deferred
from app.web.health import get_health

if TYPE_CHECKING:
    from fastapi import FastAPI


class Application:
    """FastAPI's own middleware stands behind its handling of errors, limits and telemetry, which
    costs an answer from memory as much as the answer: these layers stand before it.

    FastAPI and all that it serves take longer to load than everything else. They are built when
    they are first needed. `state` is FastAPI's, too.
    """

    def __init__(
        self,
        state: State,
        make: Callable[[], Built],
        # Any: what is taken from Starlette's own
        lifespan: Callable[[Any], AbstractAsyncContextManager[None]],
    ) -> None:
        self.state = state
        self.inner = Deferred(make, meanwhile={"/healthz": get_health})
        self.outermost: ASGIApp = self.inner
        self.router = Router(lifespan=lifespan)
        self.has_answered = asyncio.Event()
        self.answer: ASGIApp = self.answer_first

    # Any: the layer's own options
    def wrap(self, layer: Any, **options: Any) -> None:
        """Put a layer around all others; it is made as Starlette makes middleware."""
        self.outermost = layer(self.outermost, **options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        if scope["type"] == "lifespan":
            await self.router.lifespan(scope, receive, send)
        else:
            await self.answer(scope, receive, send)

    async def answer_first(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Once, and then no more."""
        self.answer = self.outermost
        try:
            await self.outermost(scope, receive, send)
        finally:
            self.has_answered.set()

    async def built_soon(self, seconds: float) -> "FastAPI":
        """FastAPI, built when the first answer was given, or when none was asked for so long."""
        if not self.inner.is_built:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.has_answered.wait()
        return (await self.inner.built()).api

    @property
    def api(self) -> "FastAPI":
        """FastAPI, built now if it was not yet."""
        return self.inner.build().api

    def openapi(self) -> dict[str, Any]:  # Any: OpenAPI is open JSON
        return self.api.openapi()
