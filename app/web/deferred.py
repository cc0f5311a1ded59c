"""An application that is built when something first needs it, and not before the server listens."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TYPE_CHECKING, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from fastapi import FastAPI


class Built(NamedTuple):
    """FastAPI, and what is called in its place: the layers that stand right before it."""

    api: "FastAPI"
    layers: ASGIApp


class Deferred:
    """Builds once, in a thread, so that the event loop goes on answering. Requests that need what
    is built wait for it; those for the paths of `meanwhile` do not."""

    def __init__(
        self,
        make: Callable[[], Built],
        meanwhile: Mapping[str, Callable[[Request], Awaitable[Response]]],
    ) -> None:
        self.make = make
        self.meanwhile = meanwhile
        self.turn = Lock()
        self.building: Future[Built] | None = None
        # Replaced by what was built: from then on a request costs nothing here.
        self.app: ASGIApp = self.answer_when_built

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return self.app(scope, receive, send)

    async def answer_when_built(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in self.meanwhile:
            response = await self.meanwhile[scope["path"]](Request(scope, receive))
            await response(scope, receive, send)
            return
        await self.built()
        await self.app(scope, receive, send)

    @property
    def is_built(self) -> bool:
        return self.app != self.answer_when_built

    async def built(self) -> Built:
        """Raises what went wrong, to everyone who asks: it is not tried again."""
        return await asyncio.wrap_future(self.start())

    def build(self) -> Built:
        """The same for those who can wait."""
        return self.start().result()

    def start(self) -> Future[Built]:
        with self.turn:
            if self.building is None:
                self.building = Future()
                # From now on it cannot be cancelled, when one of those who wait for it gives up.
                self.building.set_running_or_notify_cancel()
                Thread(target=self.run, args=[self.building], name="build").start()
            return self.building

    def run(self, building: Future[Built]) -> None:
        try:
            built = self.make()
        except BaseException as error:
            building.set_exception(error)
        else:
            self.app = built.layers
            building.set_result(built)
