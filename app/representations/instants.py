"""Instants and days as each format writes them, in UTC and whole seconds."""

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

# What a feed that needs a date says when there is nothing in it yet.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def whole_second(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC).replace(microsecond=0)


def rfc3339(instant: datetime) -> str:
    """`2026-11-20T14:00:00Z`: televisions read no other offset than Z."""
    return whole_second(instant).replace(tzinfo=None).isoformat() + "Z"


@lru_cache(maxsize=4_096)
def rfc822(instant: datetime) -> str:
    """`Fri, 20 Nov 2026 14:00:00 +0000`"""
    return format_datetime(whole_second(instant))


def roku_instant(instant: datetime) -> str:
    """`2026-11-20T14:00:00+00:00`"""
    return whole_second(instant).isoformat()


def xmltv_instant(instant: datetime) -> str:
    """`20261120140000 +0000`"""
    return f"{whole_second(instant):%Y%m%d%H%M%S} +0000"


def day(instant: datetime) -> str:
    """`2026-11-20`"""
    return whole_second(instant).date().isoformat()


def time_of_day(instant: datetime) -> str:
    """`14:00:00`"""
    return whole_second(instant).time().isoformat()
