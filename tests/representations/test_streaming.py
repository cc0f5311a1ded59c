"""Feeds in pieces: the same bytes, in memory that does not grow with them."""

import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat

import pytest

from app.documents.feeds import FeedItem, FeedSource
from app.representations.feed_atom import feed_atom, iter_feed_atom
from app.representations.feed_json import feed_json, iter_feed_json
from app.representations.feed_rss import feed_mrss, feed_rss, iter_feed_mrss, iter_feed_rss
from app.representations.roku_search import iter_roku_search, roku_search
from tests.representations.documents import a_source, an_item

Iterate = Callable[[FeedSource, Iterable[FeedItem]], Iterator[bytes]]
Make = Callable[[FeedSource, Iterable[FeedItem]], bytes]

FORMS: list[tuple[Iterate, Make]] = [
    (iter_feed_rss, feed_rss),
    (iter_feed_mrss, feed_mrss),
    (iter_feed_atom, feed_atom),
    (iter_feed_json, feed_json),
    (iter_roku_search, roku_search),
]
forms = pytest.mark.parametrize(
    ("iterate", "make"), FORMS, ids=[make.__name__ for _, make in FORMS]
)


def some_items(number: int) -> Iterator[FeedItem]:
    return map(an_item, range(number))


@forms
def test_the_pieces_are_the_whole(iterate: Iterate, make: Make) -> None:
    pieces = list(iterate(a_source(), some_items(300)))

    assert b"".join(pieces) == make(a_source(), some_items(300))
    assert len(pieces) > 5
    assert max(map(len, pieces)) < 64 * 1024


@forms
def test_items_are_read_as_they_are_told(iterate: Iterate, make: Make) -> None:
    read = 0

    def counted() -> Iterator[FeedItem]:
        nonlocal read
        for item in some_items(1_000):
            read += 1
            yield item

    pieces = iterate(a_source(), counted())
    next(pieces)

    assert 0 < read < 100


@forms
def test_whoever_stops_reading_leaves_nothing_behind(iterate: Iterate, make: Make) -> None:
    pieces = iterate(a_source(), some_items(1_000))
    next(pieces)

    pieces.close()  # type: ignore[attr-defined]  # a generator

    assert list(pieces) == []


@forms
def test_memory_stays_flat(iterate: Iterate, make: Make) -> None:
    item = an_item()

    def peak(number: int) -> int:
        tracemalloc.start()
        try:
            for _ in iterate(a_source(), repeat(item, number)):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)  # what is loaded and kept on first use

    few, many = peak(1_000), peak(4_000)

    assert many < few * 1.1 + 64 * 1024
    assert many < 1024 * 1024
