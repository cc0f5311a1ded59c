"""FastAPI, behind layers that answer what they can without it."""

from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send


class Application(FastAPI):
    """FastAPI's own middleware stands behind its handling of errors, limits and telemetry, which
    costs an answer from memory as much as the answer: these layers stand before it."""

    def __init__(self, **options: Any) -> None:  # Any: FastAPI's own options
        super().__init__(**options)
        self.outermost: ASGIApp = super().__call__

    # Any: the layer's own options
    def wrap(self, layer: Any, **options: Any) -> None:
        """Put a layer around all others; it is made as Starlette makes middleware."""
        self.outermost = layer(self.outermost, **options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        if scope["type"] == "lifespan":
            await super().__call__(scope, receive, send)
        else:
            await self.outermost(scope, receive, send)
