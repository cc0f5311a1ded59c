"""What pages of other origins may do (the Fetch standard's CORS protocol)."""

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

ANY = "*"
EXPOSED = (
    "Cache-Status",
    "ETag",
    "Link",
    "Location",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "Idempotency-Replayed",
    "Onrecord-Dry-Run",
    "Onrecord-Lease",
    "X-Request-Id",
)
# What every answer says where pages of all origins may read it: with and without an Origin the
# same, so that no cache has to keep one for each.
TO_ALL = (
    (b"access-control-allow-origin", ANY.encode()),
    (b"access-control-expose-headers", ", ".join(EXPOSED).encode()),
)


def options(origins: Sequence[str]) -> dict[str, Any]:  # Any: those of Starlette's middleware
    return {
        "allow_origins": list(origins),
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": [
            "Authorization",
            "Content-Type",
            "If-Match",
            "If-None-Match",
            "Idempotency-Key",
            "Last-Event-ID",
        ],
        "expose_headers": list(EXPOSED),
        "max_age": 86400,
    }


class Preflights(CORSMiddleware):
    """Answers what a browser asks before a request; a layer outside adds what `TO_ALL` says."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, **options([ANY]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        if "origin" in asked and "access-control-request-method" in asked:
            response = self.preflight_response(asked)
            del response.headers["Access-Control-Allow-Origin"]
            await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)
