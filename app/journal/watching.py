"""What is written from now on: looked at once in a process, for all who wait for it."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.database.session import Database
from app.database.signals import CommitSignal
from app.documents.changes import ChangeRead
from app.journal.listeners import Listener, event_of
from app.journal.reads import Seen, list_seen

# How often it is asked whether something was committed; how often the journal itself is looked at
# while that cannot be known, and in any case: a pooler may swallow what the signal waits for.
PAUSE_SECONDS = 0.02
BLIND_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 5.0

# How many rows are told at once: fewer than a listener may leave waiting.
TOGETHER = 500

log = logging.getLogger("onrecord.journal")


class Watch:
    """Asks the signal of commits as long as somebody waits, and holds no connection meanwhile.

    Listeners are those who have read all up to `sequence`; from there on, it is read for all of
    them together."""

    def __init__(self, database: Database, signal: CommitSignal) -> None:
        self.database = database
        self.signal = signal
        self.has_begun = False
        self.ended = asyncio.Event()
        self.needed = asyncio.Event()
        self.waiting: dict[asyncio.Future[None], object | None] = {}
        self.listeners: set[Listener] = set()
        self.sequence = 0
        self.looked_at: object | None = None
        self.looked_anyway_at = 0.0

    async def run(self) -> None:
        """Until the process is asked to end."""
        self.has_begun = True
        ending = asyncio.create_task(self.ended.wait())
        try:
            while not self.ended.is_set():
                needed = asyncio.create_task(self.needed.wait())
                await asyncio.wait([needed, ending], return_when=asyncio.FIRST_COMPLETED)
                needed.cancel()
                await self.look()
                await self.pause()
        finally:
            ending.cancel()
            self.ended.set()
            for waiter in self.waiting:
                release(waiter)
            for listener in self.listeners:
                listener.end()

    async def pause(self) -> None:
        seconds = BLIND_PAUSE_SECONDS if self.signal.version() is None else PAUSE_SECONDS
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.ended.wait()

    async def look(self) -> None:
        version = self.signal.version()
        now = asyncio.get_running_loop().time()
        anyway = version is None or now - self.looked_anyway_at >= LONGEST_PAUSE_SECONDS
        if anyway:
            self.looked_anyway_at = now
        for waiter, known in list(self.waiting.items()):
            if anyway or known != version:
                release(waiter)
        if self.listeners and (anyway or version != self.looked_at):
            try:
                await self.tell_listeners()
                self.looked_at = version
            except Exception as error:  # whatever it is, it is tried again
                log.warning("the journal cannot be read: %s", error)
        if not self.listeners and not self.waiting:
            self.needed.clear()

    async def wait_beyond(self, version: object | None, seconds: float) -> None:
        """Until something was committed that the version does not know of, the process is asked to
        end, or so long."""
        if self.ended.is_set():
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting[waiter] = version
        self.needed.set()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await waiter
        finally:
            del self.waiting[waiter]

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        try:
            yield
        finally:
            self.listeners.discard(listener)

    def join(self, listener: Listener, after: int) -> bool:
        """Have a listener told of what comes after a number; False where the others are further
        already, and it has to read on by itself."""
        if not self.listeners:
            self.sequence = after
        elif after < self.sequence:
            return False
        listener.after = after
        self.listeners.add(listener)
        # What was committed right before may have been looked at by now.
        self.looked_at = None
        self.needed.set()
        if self.ended.is_set():
            listener.end()
        return True

    async def tell_listeners(self) -> None:
        while True:
            after = self.sequence
            rows = await self.database.read(list_seen, after, TOGETHER)
            if self.sequence < after:
                # The last listener has left meanwhile, and another begins further back.
                continue
            for seen in rows:
                self.tell(seen)
            if rows:
                self.sequence = max(self.sequence, rows[-1].row.sequence)
            if len(rows) < TOGETHER:
                return
            # They take what they were offered.
            await asyncio.sleep(0)

    def tell(self, seen: Seen) -> None:
        # What is told of it, to those who see all and to readers.
        told: dict[bool, tuple[ChangeRead, bytes] | None] = {}
        for listener in self.listeners:
            if listener.sees_all not in told:
                change = seen.told(sees_all=listener.sees_all)
                told[listener.sees_all] = (change, event_of(change)) if change else None
            if (one := told[listener.sees_all]) and seen.is_wanted(one[0], listener.wanted):
                listener.offer(seen.row.sequence, one[1])


def release(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
