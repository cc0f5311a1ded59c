"""How many requests a key, or an address without one, may make: counted by `limits`.

Only what reaches the application is counted. A window begins with a client's first request in it,
so that the windows of many clients do not end together.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Literal, cast

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import RedisStorage, Storage
from limits.aio.storage.redis.valkey import ValkeyBridge
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import storage_from_string

from app.access.counters import Counters
from app.errors import RateLimited
from app.models.base import Clock
from app.settings import IN_MEMORY, Rate, Settings

log = logging.getLogger("onrecord.access")

Kind = Literal["anonymous", "reads", "writes"]

# How long a storage that does not answer is waited for, and then left alone.
TIMEOUT_SECONDS = 0.25
PAUSE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    quota: int
    window_seconds: int
    item: RateLimitItem

    def __str__(self) -> str:
        return f'"{self.name}";q={self.quota};w={self.window_seconds}'


class Rates:
    """Counts requests. While the storage cannot be reached, none are counted and all pass."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.policies: Mapping[Kind, Sequence[Policy]] = {
            "anonymous": policies("anonymous", settings.rate_limit_anonymous),
            "reads": policies("reads", settings.rate_limit_reads),
            "writes": policies("writes", settings.rate_limit_writes),
        }
        self.storage = open_storage(settings.rate_limit_storage, clock)
        self.limiter = FixedWindowRateLimiter(self.storage)
        self.clock = clock
        self.resumes_at: datetime | None = None

    async def count(self, kind: Kind, client: str) -> dict[str, str]:
        """Count a request; the headers that tell its client how it stands. Raises RateLimited."""
        counted = self.policies[kind]
        if not counted or self.is_paused():
            return {}
        standings: list[str] = []
        spent: dict[str, int] = {}
        try:
            for policy in counted:
                allowed = await self.limiter.hit(policy.item, kind, client)
                ends_at, remaining = await self.limiter.get_window_stats(policy.item, kind, client)
                seconds = self.seconds_until(ends_at, policy)
                standings.append(f'"{policy.name}";r={remaining};t={seconds}')
                if not allowed:
                    spent[policy.name] = seconds
        except Exception as error:  # each storage that cannot be reached has errors of its own
            self.pause(error)
            return {}
        self.resume()
        headers = {
            "RateLimit": ", ".join(standings),
            "RateLimit-Policy": ", ".join(map(str, counted)),
        }
        if spent:
            raise refusal(spent, headers)
        return headers

    async def close(self) -> None:
        if isinstance(self.storage, RedisStorage):
            # It has no way of its own to close its connections.
            await cast(ValkeyBridge, self.storage.bridge).storage.aclose()

    def seconds_until(self, timestamp: float, policy: Policy) -> int:
        seconds = ceil(timestamp - self.clock().timestamp())
        return min(max(seconds, 0), policy.window_seconds)

    def is_paused(self) -> bool:
        return self.resumes_at is not None and self.clock() < self.resumes_at

    def pause(self, error: Exception) -> None:
        if self.resumes_at is None:
            log.warning("requests are not counted: %s: %s", type(error).__name__, error)
        self.resumes_at = self.clock() + PAUSE

    def resume(self) -> None:
        if self.resumes_at is not None:
            log.warning("requests are counted again")
        self.resumes_at = None


def policies(kind: Kind, rates: Sequence[Rate] | None) -> list[Policy]:
    return [
        Policy(f"{kind}-{rate.seconds}", *rate, RateLimitItemPerSecond(*rate))
        for rate in rates or ()
    ]


def open_storage(url: str, clock: Clock) -> Storage:
    """The client of Valkey speaks to Redis as well."""
    if url == IN_MEMORY:
        return Counters(clock)
    opened = storage_from_string(
        f"async+{url}",
        implementation="valkey",
        key_prefix="onrecord",
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
    )
    return cast(Storage, opened)  # of an address that begins so


def refusal(spent: Mapping[str, int], headers: Mapping[str, str]) -> RateLimited:
    """`spent` are the seconds until there is more, by policy."""
    seconds = max(1, *spent.values())
    # Any: members of a problem document; this one has the name that the RateLimit draft gives it
    members: dict[str, Any] = {"violated-policies": list(spent)}
    return RateLimited(
        f"As many requests were sent as may be for now. There are more in {seconds} seconds.",
        headers={**headers, "Retry-After": str(seconds)},
        **members,
    )
