"""When what comes again is shown, and what fills the time between."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.channels.timetable import BLOCK, Slot, blocks, clips_of, gaps, occurrences

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Daily:
    starts: time = time(2, 30)
    duration_minutes: int = 30
    time_zone: str = "Europe/Berlin"
    days: list[int] = field(default_factory=lambda: list(range(7)))
    first_on: date = date(2024, 1, 1)
    last_on: date | None = None


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def starts(bulletin: Daily, since: str, until: str) -> list[str]:
    within = Slot(utc(since), utc(until))
    return [f"{slot.starts_at:%m-%d %H:%M}" for slot in occurrences(bulletin, within)]


def test_the_time_of_the_clock_stays_when_it_is_put_forward_and_back() -> None:
    spring = starts(Daily(), "2026-03-28T00:00", "2026-03-31T00:00")
    autumn = starts(Daily(), "2026-10-24T00:00", "2026-10-27T00:00")

    # There is no half past two on 29 March: it is shown when that time would have been.
    assert spring == ["03-28 01:30", "03-29 01:30", "03-30 00:30"]
    assert autumn == ["10-24 00:30", "10-25 00:30", "10-26 01:30"]


def test_the_leap_day_is_a_day_as_others_are() -> None:
    noon = Daily(starts=time(12), time_zone="UTC")

    assert starts(noon, "2028-02-28T00:00", "2028-03-02T00:00") == [
        "02-28 12:00",
        "02-29 12:00",
        "03-01 12:00",
    ]


def test_only_its_days_count_and_the_last_one_counts_in() -> None:
    fridays = Daily(starts=time(9), time_zone="UTC", days=[4], last_on=date(2026, 11, 20))

    assert starts(fridays, "2026-11-01T00:00", "2026-12-01T00:00") == [
        "11-06 09:00",
        "11-13 09:00",
        "11-20 09:00",
    ]


def test_one_that_runs_across_midnight_is_there_on_both_days() -> None:
    late = Daily(starts=time(23, 30), duration_minutes=60, time_zone="UTC")

    assert starts(late, "2026-11-20T00:00", "2026-11-20T00:10") == ["11-19 23:30"]


@given(
    st.lists(
        st.tuples(st.integers(0, 3_000), st.integers(1, 300)), max_size=12, unique_by=lambda x: x[0]
    )
)
def test_what_is_planned_and_what_fills_the_gaps_leave_nothing_and_overlap_nowhere(
    minutes: list[tuple[int, int]],
) -> None:
    within = Slot(NOON, NOON + 50 * HOUR)
    taken: list[Slot] = []
    for start, length in sorted(minutes):
        slot = Slot(NOON + timedelta(minutes=start), NOON + timedelta(minutes=start + length))
        if not taken or taken[-1].stops_at <= slot.starts_at:
            taken.append(slot)
    filled = [block for gap in gaps(taken, within) for block in blocks(gap)]
    together = sorted([slot for slot in taken if slot.overlaps(within)] + filled)

    assert together[0].starts_at <= within.starts_at
    assert together[-1].stops_at >= within.stops_at
    for one, next_one in pairwise(together):
        assert one.stops_at == next_one.starts_at
    for gap in gaps(taken, within):
        short = gap.stops_at - gap.starts_at < BLOCK
        assert all(block.stops_at - block.starts_at >= BLOCK or short for block in blocks(gap))


@given(st.lists(st.integers(1, 4_000), max_size=30), st.integers(0, 10_000))
def test_a_block_is_filled_by_as_many_clips_as_it_takes_and_always_by_the_same(
    seconds: list[int], number: int
) -> None:
    block = Slot(NOON + number * BLOCK, NOON + (number + 1) * BLOCK)

    chosen = clips_of(block, seconds)

    assert chosen == clips_of(block, seconds)
    assert len(set(chosen)) == len(chosen)
    assert bool(chosen) == bool(seconds)
    lengths = [seconds[place] for place in chosen]
    assert sum(lengths) >= block.seconds or len(chosen) == len(seconds)
    assert sum(lengths[:-1]) < block.seconds
