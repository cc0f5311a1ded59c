"""Answers to who polls: with validators, and with how long they stay true."""

from datetime import datetime
from email.utils import format_datetime

from fastapi import Request, Response

from app.web.negotiation import respond

# Whoever polls need not ask more often, and shows what it has while it asks.
CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=300"
PRIVATE = "private, max-age=60"


def respond_feed(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    updated_at: datetime | None,
    until: datetime | None = None,
) -> Response:
    """`updated_at` is of the content; `until` is when the clock alone changes the answer."""
    if until is not None:
        request.state.valid_until = until
    is_private = request.state.viewer.is_known
    headers = {"Cache-Control": PRIVATE if is_private else CACHE_CONTROL}
    if updated_at is not None:
        headers["Last-Modified"] = format_datetime(updated_at.replace(microsecond=0), usegmt=True)
    return respond(
        request,
        body,
        etag="feed",
        formats={media_type: bytes},
        media_type=media_type,
        headers=headers,
    )
