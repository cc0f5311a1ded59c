"""Answers to who polls: with validators, and with how long they stay true."""

from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple

from fastapi import Request, Response

from app.web.negotiation import respond

# Whoever polls need not ask more often, and shows what it has while it asks.
CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=300"
PRIVATE = "private, max-age=60"


class Rendered(NamedTuple):
    """`updated_at` is of the content; `until` is when the clock alone changes the bytes. They are
    made within the read, which holds up no other request."""

    body: bytes
    updated_at: datetime | None
    until: datetime | None = None


def respond_feed(request: Request, feed: Rendered, media_type: str) -> Response:
    if feed.until is not None:
        request.state.valid_until = feed.until
    headers = {"Cache-Control": cache_control(request)}
    if feed.updated_at is not None:
        updated_at = feed.updated_at.replace(microsecond=0)
        headers["Last-Modified"] = format_datetime(updated_at, usegmt=True)
    return respond(
        request,
        feed.body,
        etag="feed",
        formats={media_type: bytes},
        media_type=media_type,
        headers=headers,
    )


def cache_control(request: Request) -> str:
    return PRIVATE if request.state.viewer.is_known else CACHE_CONTROL
