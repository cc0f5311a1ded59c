"""One client of the live stream: what it wants, and what waits to be sent to it."""

import asyncio
from collections import deque
from contextlib import suppress

from fastapi.sse import format_sse_event

from app.documents.changes import ChangeRead
from app.journal.filters import Wanted
from app.web.json import dump

# Who has so many events waiting is too slow, and begins again where it was.
MOST_WAITING = 1_000


class Listener:
    """`after` is the number up to which it has read by itself."""

    def __init__(self, wanted: Wanted, *, sees_all: bool) -> None:
        self.wanted = wanted
        self.sees_all = sees_all
        self.after = 0
        self.has_ended = False
        self.waiting: deque[bytes] = deque()
        self.ready = asyncio.Event()

    def offer(self, sequence: int, event: bytes) -> None:
        if sequence <= self.after or self.has_ended:
            return
        if len(self.waiting) >= MOST_WAITING:
            self.end()
            return
        self.waiting.append(event)
        self.ready.set()

    def end(self) -> None:
        self.has_ended = True
        self.waiting.clear()
        self.ready.set()

    async def take(self, seconds: float) -> bytes:
        """All that waits, as soon as there is something; nothing when nothing came for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.ready.wait()
        self.ready.clear()
        taken = b"".join(self.waiting)
        self.waiting.clear()
        return taken


def event_of(change: ChangeRead) -> bytes:
    return format_sse_event(
        data_str=dump(change).decode(), event=change["event"], id=change["position"]
    )
