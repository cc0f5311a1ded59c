"""Identifiers that the service gives."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from app.models.base import DIGITS, is_id, new_id


def test_ids_are_ordered_by_time_and_never_the_same() -> None:
    ids = [new_id() for _ in range(5_000)]

    assert ids == sorted(set(ids))
    assert all(map(is_id, ids))


def test_threads_are_given_different_ids() -> None:
    with ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(lambda _: new_id(), range(5_000)))

    assert len(set(ids)) == len(ids)


def test_an_id_begins_with_its_time() -> None:
    number = 0
    for digit in new_id()[:10]:
        number = number * 32 + DIGITS.index(digit)

    made = datetime.fromtimestamp(number / 1000, UTC)
    assert abs(made - datetime.now(UTC)) < timedelta(minutes=1)
