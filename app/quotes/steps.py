"""From one text to another, word by word."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from app.quotes.typography import TOKEN, fold

# Beyond these an explanation is cut short: nobody waits for it, and nobody reads it to the end.
_MOST_CELLS = 16_000_000


class Step(NamedTuple):
    """A stretch of both texts, the same in both or not; never two of a kind in a row."""

    is_equal: bool
    old: str
    new: str

    @property
    def op(self) -> Literal["equal", "replace", "insert", "delete"]:
        if self.is_equal:
            return "equal"
        if not self.new:
            return "delete"
        return "replace" if self.old else "insert"


def word_steps(old: str, new: str, *, exact: bool = True) -> Iterator[Step]:
    """The old parts add up to the old text, the new ones to the new. Unless it is to be `exact`,
    what differs by typography alone counts as equal."""
    ours, theirs = _words_of(old, exact=exact), _words_of(new, exact=exact)
    i = k = 0
    for start, other, length in _blocks(ours.keys, theirs.keys):
        if start > i or other > k:
            yield Step(False, "".join(ours.written[i:start]), "".join(theirs.written[k:other]))
        i, k = start + length, other + length
        if length:
            yield Step(True, "".join(ours.written[start:i]), "".join(theirs.written[other:k]))


class _Words(NamedTuple):
    keys: Sequence[str]
    # As they stand, each with the white space behind it.
    written: Sequence[str]


def _words_of(text: str, *, exact: bool) -> _Words:
    if not text:
        return _Words([], [])
    if exact:
        written = _cut(text, [token.start() for token in TOKEN.finditer(text)][1:])
        return _Words(written, written)
    folded = fold(text)
    tokens = list(TOKEN.finditer(folded.text))
    written = _cut(text, [folded.original(token.start()) for token in tokens[1:]])
    return _Words([token[0] for token in tokens] or [""], written)


def _cut(text: str, places: Sequence[int]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *places, len(text)])]


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    if len(old) * len(new) <= _MOST_CELLS:
        for block in Levenshtein.editops(old, new).as_matching_blocks():
            yield block.a, block.b, block.size
        return
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    yield 0, 0, head
    yield len(old) - tail, len(new) - tail, tail
    yield len(old), len(new), 0
