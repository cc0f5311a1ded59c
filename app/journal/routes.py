"""`/v1/changes`: the journal, for whoever keeps a copy of the content."""

import time
from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.sse import EventSourceResponse

from app.database.session import Database
from app.documents.changes import ChangePage
from app.journal import reads
from app.journal.asking import LISTED, STREAMED, Asked, parse_asked, parse_streamed
from app.journal.stream import HEADERS, Following, LiveStream
from app.journal.watching import Watch
from app.web.dependencies import Connected
from app.web.negotiation import respond
from app.web.routing import Route
from app.web.state import settings_of

router = APIRouter(prefix="/v1/changes", tags=["changes"], route_class=Route)


@router.get("", response_model=ChangePage, openapi_extra={"parameters": LISTED})
async def list_changes(request: Request, database: Connected) -> Response:
    """What changed after a position, in the order in which it was written: nothing is left out, and
    nothing comes later that belongs before. Readers without `preview` are told of what is public,
    and of what was and is no more, as deleted."""
    asked = await database.read(parse_asked, request.query_params, request.state.viewer)
    found = await find(request, database, asked)
    return respond(request, found.page(), etag="changes", headers=NEVER_KEPT)


# Each write makes it another.
NEVER_KEPT = {"Cache-Control": "no-store"}


@router.get(
    "/stream",
    response_class=EventSourceResponse,
    responses={200: {"description": "The events.", "content": {"text/event-stream": {}}}},
    openapi_extra={"parameters": STREAMED},
)
async def stream_changes(request: Request, database: Connected) -> Response:
    """What changes from now on, or from a position on, as server-sent events: each has the
    position as its `id`, its event as `event`, and as `data` what `/v1/changes` answers."""
    after, wanted = await database.read(parse_streamed, request, request.state.viewer)
    heartbeat = settings_of(request).stream_heartbeat_seconds
    following = Following(request, database, watch_of(request), wanted, heartbeat)
    return LiveStream(following.events(after), headers=HEADERS)


async def find(request: Request, database: Database, asked: Asked) -> reads.Found:
    """What is asked for, as soon as there is some of it, or when it was waited for long enough."""
    viewer, watch = request.state.viewer, watch_of(request)
    is_short = asked.wanted.is_everything and viewer.sees_all
    read = database.read if is_short else database.read_long
    until, after = time.monotonic() + asked.wait_seconds, asked.after
    while True:
        version = watch.signal.version()
        found = await read(reads.list_changes, after, asked.limit, asked.wanted, viewer)
        left = until - time.monotonic()
        if found.changes or left <= 0 or watch.ended.is_set() or await request.is_disconnected():
            return found
        after = found.next_after
        if found.is_last:
            await watch.wait_beyond(version, left)


def watch_of(request: Request) -> Watch:
    return cast(Watch, request.app.state.watch)  # a Starlette state is untyped
