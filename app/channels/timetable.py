"""When what comes again is shown, and what fills the time between: instants alone, no database."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

# Clips are put together in blocks of so long, which begin at the quarters of an hour.
BLOCK = timedelta(minutes=15)
# What is about to be shown is with the partners already.
FROZEN = timedelta(hours=48)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What is scheduled lies between: days can be added to it, and taken from it.
FIRST, LAST = datetime(1971, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class Slot(NamedTuple):
    """From one instant up to another, which is not part of it."""

    starts_at: datetime
    stops_at: datetime

    @property
    def seconds(self) -> int:
        return int((self.stops_at - self.starts_at).total_seconds())

    def overlaps(self, other: "Slot") -> bool:
        return self.starts_at < other.stops_at and other.starts_at < self.stops_at


class Recurring(Protocol):
    starts: time
    duration_minutes: int
    time_zone: str
    days: list[int]
    first_on: date
    last_on: date | None


def occurrences(bulletin: Recurring, within: Slot) -> Iterator[Slot]:
    """Those that touch the slot, in their order. Where the clock is put forward over the time, it
    is shown an hour later; where it is put back and the time comes twice, the first time."""
    zone = ZoneInfo(bulletin.time_zone)
    duration = timedelta(minutes=bulletin.duration_minutes)
    first = (within.starts_at - duration).astimezone(zone).date() - timedelta(days=1)
    last = within.stops_at.astimezone(zone).date() + timedelta(days=1)
    first = max(first, bulletin.first_on)
    last = last if bulletin.last_on is None else min(last, bulletin.last_on)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() in bulletin.days:
            starts_at = datetime.combine(day, bulletin.starts, zone).astimezone(UTC)
            slot = Slot(starts_at, starts_at + duration)
            if slot.overlaps(within):
                yield slot


def gaps(taken: Iterable[Slot], within: Slot) -> Iterator[Slot]:
    """What no slot takes; `taken` are in their order, and none overlaps another."""
    free_from = within.starts_at
    for slot in taken:
        if free_from < slot.starts_at:
            yield Slot(free_from, min(slot.starts_at, within.stops_at))
        free_from = max(free_from, slot.stops_at)
    if free_from < within.stops_at:
        yield Slot(free_from, within.stops_at)


def blocks(gap: Slot) -> Iterator[Slot]:
    """A gap in blocks that end at quarters of an hour. None is shorter than that, unless the gap
    is: what would be is part of its neighbour."""
    starts_at = gap.starts_at
    while starts_at < gap.stops_at:
        stops_at = quarter_after(starts_at + BLOCK)
        if gap.stops_at - stops_at < BLOCK:
            stops_at = gap.stops_at
        yield Slot(starts_at, stops_at)
        starts_at = stops_at


def quarter_after(instant: datetime) -> datetime:
    """The instant itself, where a quarter of an hour begins, or the next one at which one does."""
    return instant + (EPOCH - instant) % BLOCK


def clips_of(block: Slot, seconds: Sequence[int]) -> list[int]:
    """Which clips fill a block, by their places among all that there are, the newest first, by how
    long each lasts. Blocks that follow each other go on where the one before has ended, and begin
    again when all were shown; which clips they are depends on nothing but the block."""
    if not seconds:
        return []
    mean = max(1, sum(seconds) // len(seconds))
    step = max(1, int(BLOCK.total_seconds()) // mean)
    at = (block.starts_at - EPOCH) // BLOCK * step % len(seconds)
    chosen: list[int] = []
    filled = 0
    while filled < block.seconds and len(chosen) < len(seconds):
        chosen.append(at)
        filled += seconds[at]
        at = (at + 1) % len(seconds)
    return chosen


def day_of(instant: datetime) -> datetime:
    """When the day (UTC) of an instant began."""
    return datetime.combine(instant.astimezone(UTC).date(), time(), UTC)
