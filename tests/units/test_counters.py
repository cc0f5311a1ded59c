"""Counters of requests, in memory."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from app.access.counters import Counters
from tests.conftest import Clock

STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40)), max_size=60)


@given(STEPS)
def test_each_window_counts_from_its_first_request_until_it_ends(
    steps: list[tuple[str, int]],
) -> None:
    clock = Clock()
    counters = Counters(clock)
    began: dict[str, tuple[float, int]] = {}
    for key, seconds in steps:
        clock.advance(seconds=seconds)
        now = clock().timestamp()
        start, count = began.get(key, (now, 0))
        if now >= start + 60:
            start, count = now, 0
        began[key] = (start, count + 1)

        assert asyncio.run(counters.incr(key, 60)) == count + 1
        assert asyncio.run(counters.get_expiry(key)) == start + 60


def test_no_more_are_kept_than_there_is_room_for() -> None:
    counters = Counters(Clock(), most=3)
    for key in "abcde":
        asyncio.run(counters.incr(key, 60))

    assert sorted(counters.counts) == ["c", "d", "e"]
    assert len(counters.queue) == len(counters.ends) == 3
