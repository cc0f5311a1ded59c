"""How often each term stands in a text: a few bytes a term, from which texts are ranked.

A sketch is the number of words (three bytes of six bits), then a record a term: four bytes that
name it and one that counts it. Only a record's first byte is 192 or more, so that a plain search
for four bytes finds a record or nothing, in Python and in a database alike.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from zlib import crc32

HEADER = 3
RECORD = 5
_BASE = 192
COUNT_BYTES = [bytes((number,)) for number in range(256)]


@lru_cache(maxsize=200_000)
def sketch_name(term: str) -> bytes:
    """The four bytes for a term; one of 450 million, so that two terms rarely share them."""
    number = crc32(term.encode())
    first, rest = number & 63, number >> 6
    return bytes((_BASE | first, rest % _BASE, rest // _BASE % _BASE, rest // _BASE**2 % _BASE))


def make_sketch(
    headline: Iterable[str],
    standfirst: Iterable[str],
    body: Iterable[str],
    *,
    marks: Iterable[str] = (),
) -> bytes:
    """Of the terms of each part: how often one stands in the headline (up to 3), standfirst (2) and
    body (15). `marks` are only named, not counted."""
    titles, introductions, words = Counter(headline), Counter(standfirst), Counter(body)
    length = min(titles.total() + introductions.total() + words.total(), 64**HEADER - 1)
    if words and max(words.values()) > 15:
        words = Counter({term: min(number, 15) for term, number in words.items()})
    before: dict[str, int] = {term: 48 * min(number, 3) for term, number in titles.items()}
    for term, number in introductions.items():
        before[term] = before.get(term, 0) + 16 * min(number, 2)
    # Nearly all terms stand in the body alone: these are gone through by the interpreter's own C.
    counts = {**before, **words}
    for term in before:
        counts[term] = before[term] + words[term]
    for term in marks:
        counts.setdefault(term, 0)
    header = bytes((length >> 12, length >> 6 & 63, length & 63))
    named = zip(
        map(sketch_name, counts), map(COUNT_BYTES.__getitem__, counts.values()), strict=True
    )
    return header + b"".join(chain.from_iterable(named))
