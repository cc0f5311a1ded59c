"""The live stream: server-sent events, from a position on, as long as the client listens."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import Request
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from starlette.types import Message, Receive, Scope, Send

from app.access.admission import find_out
from app.access.viewer import Viewer
from app.database.session import Database
from app.errors import PositionTooOld, PositionUnknown, Problem
from app.journal.filters import Wanted
from app.journal.listeners import Listener, event_of
from app.journal.positions import Position, parse_position
from app.journal.reads import BATCH, list_changes
from app.journal.watching import Watch
from app.web.json import dump
from app.web.requests import IS_HEAD

RETRY_MILLISECONDS = 3_000
# How often it is looked whether the client may still read.
RECHECK_SECONDS = 30.0
# A client that takes nothing for so long has gone, or is too slow.
STALLED_SECONDS = 30.0

# Nobody is to keep it, nor to hold it back until there is more.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class LiveStream(EventSourceResponse):
    """Ends when a client does not take what it is sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(STALLED_SECONDS):
                await send(message)
            if scope.get(IS_HEAD) and message["type"] == "http.response.start":
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                raise NobodyThere

        try:
            await super().__call__(scope, receive, send_in_time)
        except (TimeoutError, NobodyThere):
            return


class NobodyThere(Exception):
    """The client wants no body."""


@dataclass(frozen=True, slots=True)
class Following:
    """What a stream is made of: who asks for what, and where it comes from."""

    request: Request
    database: Database
    watch: Watch
    wanted: Wanted
    heartbeat_seconds: float

    async def events(self, after: Position) -> AsyncIterator[bytes]:
        """Until the client may read no more, is too slow, or the process is asked to end."""
        viewer: Viewer = self.request.state.viewer
        listener = Listener(self.wanted, sees_all=viewer.sees_all)
        checked_at = time.monotonic()
        # A client that connects again before it was told anything goes on from here.
        yield format_sse_event(retry=RETRY_MILLISECONDS, id=str(after))
        with self.watch.listening(listener):
            async for events in self.catch_up(after, listener, viewer):
                yield events
            while not listener.has_ended:
                events = await listener.take(self.heartbeat_seconds)
                if time.monotonic() - checked_at >= min(RECHECK_SECONDS, self.heartbeat_seconds):
                    checked_at = time.monotonic()
                    if not await self.may_go_on(listener):
                        return
                if not listener.has_ended:
                    yield events or KEEPALIVE_COMMENT

    async def catch_up(
        self, after: Position, listener: Listener, viewer: Viewer
    ) -> AsyncIterator[bytes]:
        """What was written before, until the listener can be told together with the others."""
        while not self.watch.ended.is_set():
            try:
                found = await self.database.read_long(
                    list_changes, after, BATCH, self.wanted, viewer
                )
            except (PositionTooOld, PositionUnknown) as problem:
                again: str = problem.members["start_again"]
                told = {"code": problem.code, "detail": problem.detail, "start_again": again}
                yield format_sse_event(data_str=dump(told).decode(), event="reset", id=again)
                after = parse_position(again)
                continue
            after = found.next_after
            if found.changes:
                yield b"".join(map(event_of, found.changes))
            if found.is_last and self.watch.join(listener, after.sequence):
                return

    async def may_go_on(self, listener: Listener) -> bool:
        """Whether the key that the client sent still reads, and what it sees by now."""
        try:
            viewer = await find_out(self.request, "read")
        except Problem:
            # The key is not valid any more, or that cannot be found out.
            return False
        listener.sees_all = viewer.sees_all
        return "read" in viewer.scopes
