"""Where the quotes of an article stand after an edit of its text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Literal, NamedTuple

import regex

from app.quotes.anchoring import (
    MOST_CANDIDATES,
    Place,
    context_of,
    is_whole,
    places_of,
    without_overlap,
)
from app.quotes.typography import TOKEN, Span

_LINE = regex.compile(r"[^\n]+")
# So many tokens in a row that stand once on either side are no coincidence.
_SHINGLE = 4
# How often a token may be looked at on average; beyond that, less is recognised.
_MOST_LOOKS = 6
# Words that stand more often than this, or as many pairs of places to compare, tell nothing.
_MOST_PLACES = 1_000
_MOST_PAIRS = 2_000

# A range of the old text and one of the new.
_Gap = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Anchored:
    """A quote as it stood in the old text."""

    spans: Sequence[Span]
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a quote stands in the new text: nowhere (no spans) when it is ambiguous or lost.

    "moved" says that an offset changed. Candidates of an ambiguous one start with the likeliest.
    """

    state: Literal["anchored", "moved", "ambiguous", "lost"]
    spans: Place = ()
    candidates: tuple[Place, ...] = ()


class Run(NamedTuple):
    """A stretch that both texts have, at two places."""

    old_start: int
    new_start: int
    length: int


def reanchor(old_text: str, new_text: str, quotes: Sequence[Anchored]) -> list[Placement]:
    """Each quote at the same utterance as before, word for word, or nowhere."""
    edit = _Edit(old_text, new_text)
    return [edit.placement(quote) for quote in quotes]


def moved_spans(runs: Sequence[Run], spans: Iterable[Span]) -> list[Span | None]:
    """Where the runs carry each span; None for one that no run holds whole."""
    starts = [run.old_start for run in runs]
    return [_moved(runs, starts, span) for span in spans]


def unchanged_runs(old: str, new: str) -> list[Run]:
    """What an edit left alone, in the order of both texts: whole lines, then words between them.

    Both are known by what stands once on either side, and grown from there, never from the ends
    inwards: when the first of two paragraphs that begin alike goes, the second is what stayed.
    """
    if old == new:
        return [Run(0, 0, len(old))] if old else []
    lines = _runs_between(old, new, (0, len(old), 0, len(new)), _LINE, 1)
    runs = [Run(0, 0, 0), *lines, Run(len(old), len(new), 0)]
    for gap in _gaps(runs):
        runs += _runs_between(old, new, gap, TOKEN, _SHINGLE)
    return _joined(old, new, sorted(runs))


class _Claim(NamedTuple):
    """Where an utterance may have gone."""

    places: list[Span]
    # Those among them that are as much like another utterance that has gone somewhere.
    tied: frozenset[Span] = frozenset()
    has_rivals: bool = False


class _Edit:
    """One edit of one article; the texts are compared when a quote first needs it."""

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new
        self._images: dict[str, list[tuple[Span, Span | None]]] = {}
        self._places: dict[str, list[Span]] = {}

    @cached_property
    def runs(self) -> list[Run]:
        return unchanged_runs(self.old, self.new)

    @cached_property
    def run_starts(self) -> list[int]:
        return [run.old_start for run in self.runs]

    def placement(self, quote: Anchored) -> Placement:
        if self._is_untouched(quote):
            return _placed(quote, tuple(quote.spans))
        carried = [self._carried(span) for span in quote.spans]
        place = tuple(span for span in carried if span)
        if len(place) == len(carried):
            return _placed(quote, place)
        return self._searched(quote, carried)

    def _is_untouched(self, quote: Anchored) -> bool:
        if self.old == self.new:
            return True
        if any(self.new[start:end] != self.old[start:end] for start, end in quote.spans):
            return False
        if context_of(self.new, quote.spans) != (quote.prefix, quote.suffix):
            return False
        return not any(self._came_from_elsewhere(span) for span in quote.spans)

    def _came_from_elsewhere(self, place: Span) -> bool:
        index = bisect_right(self.runs, place.start, key=lambda run: run.new_start) - 1
        if index < 0:
            return False
        old_start, new_start, length = self.runs[index]
        return old_start != new_start and place.end <= new_start + length

    def _carried(self, span: Span) -> Span | None:
        moved = _moved(self.runs, self.run_starts, span)
        # Words did not stay if they are now the beginning of longer ones ("can", of "can't").
        if moved and (is_whole(self.new, moved) or not is_whole(self.old, span)):
            return moved
        return None

    def _searched(self, quote: Anchored, carried: Sequence[Span | None]) -> Placement:
        """By the words alone, wherever they are not another utterance of the same words."""
        claims = [
            _Claim([kept]) if kept else self._claim(span)
            for span, kept in zip(quote.spans, carried, strict=True)
        ]
        places = list(islice(without_overlap([claim.places for claim in claims]), _MOST_PAIRS))
        if not places:
            return Placement("lost")
        context = (quote.prefix, quote.suffix)
        tied = {span for claim in claims for span in claim.tied}
        exact = [
            place
            for place in places
            if context_of(self.new, place) == context and tied.isdisjoint(place)
        ]
        if len(exact) == 1:
            return _placed(quote, exact[0])
        if len(places) == 1 and not any(claim.has_rivals for claim in claims):
            return _placed(quote, places[0])
        start = quote.spans[0].start

        def rank(place: Place) -> tuple[int, int]:
            affinity = _affinity(context, context_of(self.new, place))
            return -affinity, abs(place[0].start - start)

        return Placement("ambiguous", (), tuple(sorted(places, key=rank)[:MOST_CANDIDATES]))

    def _claim(self, span: Span) -> _Claim:
        """What is not known to be another utterance, and not more like one than like this."""
        words = self.old[span.start : span.end]
        free = self._places_of(words)
        if max(len(free), len(self._images_of(words))) > _MOST_PLACES:
            nearest = sorted(free, key=lambda place: abs(place.start - span.start))
            return _undecided(sorted(nearest[:MOST_CANDIDATES]))
        others = [(place, image) for place, image in self._images_of(words) if place != span]
        taken = {image for _, image in others}
        free = [place for place in free if place not in taken]
        rivals = [context_of(self.old, [place]) for place, image in others if not image]
        if len(rivals) * len(free) > _MOST_PAIRS:
            return _undecided(free)
        own = context_of(self.old, [span])
        places, tied = [], []
        for place in free:
            context = context_of(self.new, [place])
            likeness = _affinity(own, context)
            strongest = max((_affinity(rival, context) for rival in rivals), default=-1)
            if likeness >= strongest:
                places.append(place)
            if likeness == strongest:
                tied.append(place)
        return _Claim(places, frozenset(tied), bool(rivals))

    def _images_of(self, words: str) -> list[tuple[Span, Span | None]]:
        """Each utterance of the words in the old text, and where it is known to be in the new."""
        if words not in self._images:
            old_places = places_of(self.old, words, most=_MOST_PLACES + 1)
            self._images[words] = [(place, self._carried(place)) for place in old_places]
        return self._images[words]

    def _places_of(self, words: str) -> list[Span]:
        if words not in self._places:
            self._places[words] = places_of(self.new, words, most=_MOST_PLACES + 1)
        return self._places[words]


def _undecided(places: list[Span]) -> _Claim:
    return _Claim(places, frozenset(places), True)


def _placed(quote: Anchored, place: Place) -> Placement:
    return Placement("anchored" if place == tuple(quote.spans) else "moved", place)


def _affinity(context: tuple[str, str], other: tuple[str, str]) -> int:
    """How many characters next to the quote are the same, before and after it."""
    return _shared(context[0][::-1], other[0][::-1]) + _shared(context[1], other[1])


def _shared(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((i for i in range(length) if one[i] != other[i]), length)


def _moved(runs: Sequence[Run], starts: Sequence[int], span: Span) -> Span | None:
    index = bisect_right(starts, span.start) - 1
    if index < 0 or span.end > runs[index].old_start + runs[index].length:
        return None
    shift = runs[index].new_start - runs[index].old_start
    return Span(span.start + shift, span.end + shift)


def _runs_between(
    old: str, new: str, gap: _Gap, token: regex.Pattern[str], width: int
) -> list[Run]:
    ours = [match.span() for match in token.finditer(old, gap[0], gap[1])]
    theirs = [match.span() for match in token.finditer(new, gap[2], gap[3])]
    old_keys = [old[start:end] for start, end in ours]
    new_keys = [new[start:end] for start, end in theirs]
    runs = []
    for i, j, count in _blocks(old_keys, new_keys, width):
        start, end, new_start = ours[i][0], ours[i + count - 1][1], theirs[j][0]
        if old[start:end] == new[new_start : new_start + end - start]:
            runs.append(Run(start, new_start, end - start))
        else:
            # The white space between the tokens is not the same.
            pairs = zip(ours[i : i + count], theirs[j : j + count], strict=True)
            runs += [Run(mine[0], other[0], mine[1] - mine[0]) for mine, other in pairs]
    return sorted(runs)


def _blocks(old: Sequence[str], new: Sequence[str], width: int) -> Iterator[tuple[int, int, int]]:
    """Equal stretches (start, start, length), each grown from `width` items that stand once."""
    looks = _MOST_LOOKS * (len(old) + len(new))
    ranges = [(0, len(old), 0, len(new))]
    while ranges and looks > 0:
        i, i_end, j, j_end = ranges.pop()
        looks -= i_end - i + j_end - j
        anchors = _anchors(old, new, (i, i_end, j, j_end), width)
        for first, second in anchors:
            if first < i or second < j:
                continue
            x, y, count = first, second, width
            while x > i and y > j and old[x - 1] == new[y - 1]:
                x, y, count = x - 1, y - 1, count + 1
            while x + count < i_end and y + count < j_end and old[x + count] == new[y + count]:
                count += 1
            yield x, y, count
            ranges.append((i, x, j, y))
            i, j = x + count, y + count
        if anchors:
            ranges.append((i, i_end, j, j_end))


def _anchors(
    old: Sequence[str], new: Sequence[str], gap: _Gap, width: int
) -> list[tuple[int, int]]:
    """The longest chain, rising on both sides, of what stands once in either range."""
    ours = _standing_once(old, gap[0], gap[1], width)
    theirs = _standing_once(new, gap[2], gap[3], width)
    pairs = [(i, theirs[item]) for item, i in ours.items() if item in theirs]
    lowest: list[int] = []
    last_of: list[int] = []
    previous: list[int] = []
    for index, (_, j) in enumerate(pairs):
        length = bisect_left(lowest, j)
        previous.append(last_of[length - 1] if length else -1)
        lowest[length : length + 1] = [j]
        last_of[length : length + 1] = [index]
    chain = []
    index = last_of[-1] if last_of else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]


def _standing_once(
    items: Sequence[str], start: int, end: int, width: int
) -> dict[tuple[str, ...], int]:
    if end - start < width:
        return {}
    seen: dict[tuple[str, ...], int] = {}
    shingles = zip(*(items[start + k : end] for k in range(width)), strict=False)
    for index, shingle in enumerate(shingles):
        seen[shingle] = -1 if shingle in seen else start + index
    return {shingle: index for shingle, index in seen.items() if index >= 0}


def _gaps(runs: Sequence[Run]) -> list[_Gap]:
    """What lies between the runs on both sides."""
    gaps = [
        (run.old_start + run.length, after.old_start, run.new_start + run.length, after.new_start)
        for run, after in pairwise(runs)
    ]
    return [gap for gap in gaps if gap[0] < gap[1] and gap[2] < gap[3]]


def _joined(old: str, new: str, runs: Sequence[Run]) -> list[Run]:
    """Runs with the same text between them are one."""
    joined = [runs[0]]
    for run in runs[1:]:
        last = joined[-1]
        old_end, new_end = last.old_start + last.length, last.new_start + last.length
        if old[old_end : run.old_start] == new[new_end : run.new_start]:
            length = run.old_start + run.length - last.old_start
            joined[-1] = Run(last.old_start, last.new_start, length)
        else:
            joined.append(run)
    return [run for run in joined if run.length]
