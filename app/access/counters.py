"""The counters of one process, in its memory.

The library's own looks through all of them at each request: with 10,000 clients that takes longer
than most answers. These are kept in the order in which their windows end, and know the service's
clock.
"""

from heapq import heappop, heappush

from limits.aio.storage import Storage

from app.models.base import Clock

# More than these, and those are forgotten whose windows end first.
MOST = 200_000


class Counters(Storage):
    STORAGE_SCHEME = None

    def __init__(self, clock: Clock, most: int = MOST) -> None:
        super().__init__()
        self.clock = clock
        self.most = most
        self.counts: dict[str, int] = {}
        self.ends: dict[str, float] = {}
        self.queue: list[tuple[float, str]] = []

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = self.clock().timestamp()
        while self.queue and self.queue[0][0] <= now:
            self.drop_first()
        if key not in self.counts:
            if len(self.counts) >= self.most:
                self.drop_first()
            self.counts[key] = 0
            self.ends[key] = now + expiry
            heappush(self.queue, (self.ends[key], key))
        self.counts[key] += amount
        return self.counts[key]

    async def get(self, key: str) -> int:
        return self.counts.get(key, 0)

    async def get_expiry(self, key: str) -> float:
        return self.ends.get(key, self.clock().timestamp())

    async def check(self) -> bool:
        return True

    async def reset(self) -> int:
        counted = len(self.counts)
        self.counts.clear()
        self.ends.clear()
        self.queue.clear()
        return counted

    async def clear(self, key: str) -> None:
        # Its window ends all the same, so that its place in the queue is right.
        if key in self.counts:
            self.counts[key] = 0

    def drop_first(self) -> None:
        _, key = heappop(self.queue)
        del self.counts[key], self.ends[key]
