"""Where the quotes of an article stand after an edit of its text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import sub
from typing import Literal, NamedTuple

import regex
from rapidfuzz import fuzz

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
# How often a token may be looked at on average, and how many at all, where lines have changed:
# beyond that, less is recognised.
_MOST_LOOKS = 6
_MOST_TOKENS = 500_000
# Words that stand more often than this, or as many choices and comparisons of their places, tell
# nothing.
_MOST_PLACES = 1_000
_MOST_CHOICES = 2_000
_MOST_PAIRS = 500

# How much of its own line must have stayed with a quote for its place to be beyond doubt: three
# words or so. Less than that may be no more than what the place had before, not the utterance.
_SURROUNDINGS = 16
# How much liker, out of 1, a context is that no change of a word or two accounts for.
_CLEARLY = 0.2

# From where to where in its text. A range of old ones and one of new. Equal ones: from where in
# both, and how many.
_Token = tuple[int, int]
_Gap = tuple[int, int, int, int]
_Block = tuple[int, int, int]
_Context = tuple[str, str]


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
    """What an edit left alone or moved as a whole line, in the order of the old text.

    Lines first, then the words of those that have changed. Both are known by what stands once on
    either side, and grown from there, never from the ends inwards: when the first of two lines that
    begin alike goes, the second is what stayed.
    """
    if old == new:
        return [Run(0, 0, len(old))] if old else []
    ours, theirs = _tokens(old, _LINE), _tokens(new, _LINE)
    blocks = sorted(_blocks(_keys(old, ours), _keys(new, theirs), 1))
    # The ends of the text, so that a beginning or an end that did not change joins what is next.
    runs = [Run(0, 0, 0), Run(len(old), len(new), 0)]
    runs += _runs_of(old, new, ours, theirs, blocks)
    gaps = _gaps(blocks, len(ours), len(theirs))
    moved = _moved_lines(_keys(old, ours), _keys(new, theirs), gaps)
    runs += _runs_of(old, new, ours, theirs, [(i, j, 1) for i, j in moved.items()])
    arrived = set(moved.values())
    for i, i_end, j, j_end in gaps:
        left = [line for k, line in enumerate(ours[i:i_end], i) if k not in moved]
        right = [line for k, line in enumerate(theirs[j:j_end], j) if k not in arrived]
        mine = [token for line in left for token in _tokens(old, TOKEN, line)]
        others = [token for line in right for token in _tokens(new, TOKEN, line)]
        blocks = sorted(_blocks(_keys(old, mine), _keys(new, others), _SHINGLE))
        runs += _runs_of(old, new, mine, others, blocks)
    return _joined(old, new, sorted(runs))


class _Utterance(NamedTuple):
    """A place of some words in the old text."""

    place: Span
    # Where the comparison of the texts puts it.
    image: Span | None
    # Whether that is beyond doubt: what is around it has not changed either.
    is_sure: bool


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
        self._utterances: dict[str, list[_Utterance]] = {}
        self._places: dict[str, list[Span]] = {}

    @cached_property
    def runs(self) -> list[Run]:
        return unchanged_runs(self.old, self.new)

    @cached_property
    def run_starts(self) -> list[int]:
        return [run.old_start for run in self.runs]

    @cached_property
    def arrivals(self) -> list[Run]:
        return sorted(self.runs, key=lambda run: run.new_start)

    def placement(self, quote: Anchored) -> Placement:
        if self._is_untouched(quote):
            return _placed(quote, tuple(quote.spans))
        claims = [self._claim(self._utterance(span)) for span in quote.spans]
        choices = without_overlap([claim.places for claim in claims])
        places = list(islice(choices, _MOST_CHOICES))
        if not places:
            return Placement("lost")
        if len(places) == 1 and not any(claim.has_rivals for claim in claims):
            return _placed(quote, places[0])
        context = (quote.prefix, quote.suffix)
        tied = {span for claim in claims for span in claim.tied}
        exact = [
            place
            for place in places
            if context_of(self.new, place) == context and tied.isdisjoint(place)
        ]
        if len(exact) == 1 and len(places) < _MOST_CHOICES:
            return _placed(quote, exact[0])
        start = quote.spans[0].start

        def rank(place: Place) -> tuple[float, int]:
            affinity = sum(_affinity(context, context_of(self.new, place)))
            return -affinity, abs(place[0].start - start)

        return Placement("ambiguous", (), tuple(sorted(places, key=rank)[:MOST_CANDIDATES]))

    def _is_untouched(self, quote: Anchored) -> bool:
        if self.old == self.new:
            return True
        if any(self.new[start:end] != self.old[start:end] for start, end in quote.spans):
            return False
        if context_of(self.new, quote.spans) != (quote.prefix, quote.suffix):
            return False
        return not any(self._came_from_elsewhere(span) for span in quote.spans)

    def _came_from_elsewhere(self, place: Span) -> bool:
        index = bisect_right(self.arrivals, place.start, key=lambda run: run.new_start) - 1
        if index < 0:
            return False
        old_start, new_start, length = self.arrivals[index]
        return old_start != new_start and place.end <= new_start + length

    def _utterance(self, span: Span) -> _Utterance:
        image = _moved(self.runs, self.run_starts, span)
        # Words did not stay if they are now the beginning of longer ones ("can", of "can't").
        if not image or (is_whole(self.old, span) and not is_whole(self.new, image)):
            return _Utterance(span, None, False)
        return _Utterance(span, image, self._has_kept_its_surroundings(span))

    def _has_kept_its_surroundings(self, span: Span) -> bool:
        run = self.runs[bisect_right(self.run_starts, span.start) - 1]
        before, after = (len(side) for side in _line_of(self.old, [span]))
        kept_before = min(before, span.start - run.old_start)
        kept_after = min(after, run.old_start + run.length - span.end)
        return kept_before + kept_after >= min(_SURROUNDINGS, before + after)

    def _claim(self, utterance: _Utterance) -> _Claim:
        """Where the comparison puts it, if nothing speaks against that; else where its words are.

        Not among those: a place that is surely another utterance, or is more like one.
        """
        span, image, is_sure = utterance
        if image and is_sure:
            return _Claim([image])
        words = self.old[span.start : span.end]
        free = self._places_of(words)
        if max(len(free), len(self._utterances_of(words))) > _MOST_PLACES:
            return _undecided(sorted(free, key=lambda place: abs(place.start - span.start)))
        others = [other for other in self._utterances_of(words) if other.place != span]
        unsure = [other.place for other in others if not other.is_sure]
        if len(unsure) * len(free) > _MOST_PAIRS:
            return _undecided(free)
        if image and all(self._stands_out(span, rival, image) for rival in unsure):
            return _Claim([image])
        own = context_of(self.old, [span])
        rivals = [context_of(self.old, [rival]) for rival in unsure]
        taken = {other.image for other in others if other.is_sure}
        free = [place for place in free if place not in taken]
        places, tied = [], []
        for place in free:
            context = context_of(self.new, [place])
            likeness = sum(_affinity(own, context))
            strongest = max((sum(_affinity(rival, context)) for rival in rivals), default=-1.0)
            if likeness >= strongest:
                places.append(place)
            if likeness == strongest:
                tied.append(place)
        return _Claim(places, frozenset(tied), bool(rivals))

    def _stands_out(self, span: Span, rival: Span, image: Span) -> bool:
        """Whether the new place is more like ours than the rival's, and clearly less on no side.

        Both in its line and beyond: what takes the place of a deleted line has got its neighbours.
        """
        for around in (context_of, _line_of):
            context = around(self.new, [image])
            mine = _affinity(around(self.old, [span]), context)
            theirs = _affinity(around(self.old, [rival]), context)
            if sum(theirs) >= sum(mine) or max(map(sub, theirs, mine)) > _CLEARLY:
                return False
        return True

    def _utterances_of(self, words: str) -> list[_Utterance]:
        if words not in self._utterances:
            places = places_of(self.old, words, most=_MOST_PLACES + 1)
            self._utterances[words] = [self._utterance(place) for place in places]
        return self._utterances[words]

    def _places_of(self, words: str) -> list[Span]:
        if words not in self._places:
            self._places[words] = places_of(self.new, words, most=_MOST_PLACES + 1)
        return self._places[words]


def _undecided(places: list[Span]) -> _Claim:
    few = sorted(places[:MOST_CANDIDATES])
    return _Claim(few, frozenset(few), True)


def _placed(quote: Anchored, place: Place) -> Placement:
    return Placement("anchored" if place == tuple(quote.spans) else "moved", place)


def _line_of(text: str, spans: Sequence[Span]) -> _Context:
    before, after = context_of(text, spans)
    return before.rpartition("\n")[2], after.partition("\n")[0]


def _affinity(context: _Context, other: _Context) -> tuple[float, float]:
    """How like each other they are, from 0 to 1: before the quote, after it."""
    before, after = (fuzz.ratio(*sides) / 100 for sides in zip(context, other, strict=True))
    return before, after


def _moved(runs: Sequence[Run], starts: Sequence[int], span: Span) -> Span | None:
    index = bisect_right(starts, span.start) - 1
    if index < 0 or span.end > runs[index].old_start + runs[index].length:
        return None
    shift = runs[index].new_start - runs[index].old_start
    return Span(span.start + shift, span.end + shift)


def _tokens(text: str, pattern: regex.Pattern[str], within: _Token | None = None) -> list[_Token]:
    start, end = within or (0, len(text))
    return [match.span() for match in pattern.finditer(text, start, end)]


def _keys(text: str, tokens: Iterable[_Token]) -> list[str]:
    return [text[start:end] for start, end in tokens]


def _runs_of(
    old: str, new: str, ours: Sequence[_Token], theirs: Sequence[_Token], blocks: Iterable[_Block]
) -> list[Run]:
    runs = []
    for i, j, count in blocks:
        start, end, new_start = ours[i][0], ours[i + count - 1][1], theirs[j][0]
        if old[start:end] == new[new_start : new_start + end - start]:
            runs.append(Run(start, new_start, end - start))
        else:
            # What is between the tokens is not the same.
            pairs = zip(ours[i : i + count], theirs[j : j + count], strict=True)
            runs += [Run(mine[0], other[0], mine[1] - mine[0]) for mine, other in pairs]
    return runs


def _moved_lines(old: Sequence[str], new: Sequence[str], gaps: Iterable[_Gap]) -> dict[int, int]:
    """Lines that stand once on either side, but in another order than those around them."""
    ours = _standing_once(old, 0, len(old), 1)
    theirs = _standing_once(new, 0, len(new), 1)
    left = [ours.get((old[k],)) for i, i_end, _, _ in gaps for k in range(i, i_end)]
    return {i: theirs[(old[i],)] for i in left if i is not None and (old[i],) in theirs}


def _blocks(old: Sequence[str], new: Sequence[str], width: int) -> Iterator[_Block]:
    """Equal stretches (start, start, length), each grown from `width` items that stand once."""
    if max(len(old), len(new)) > _MOST_TOKENS:
        return
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


def _gaps(blocks: Sequence[_Block], old_length: int, new_length: int) -> list[_Gap]:
    """What lies between the blocks on either side."""
    ends = [(0, 0), *((i + count, j + count) for i, j, count in blocks)]
    starts = [*((i, j) for i, j, _ in blocks), (old_length, new_length)]
    return [(i, i_end, j, j_end) for (i, j), (i_end, j_end) in zip(ends, starts, strict=True)]


def _joined(old: str, new: str, runs: Sequence[Run]) -> list[Run]:
    """Runs with the same text between them are one."""
    joined = [runs[0]]
    for run in runs[1:]:
        last = joined[-1]
        old_end, new_end = last.old_start + last.length, last.new_start + last.length
        gap = run.old_start - old_end
        if (
            gap == run.new_start - new_end
            and old[old_end : old_end + gap] == new[new_end : run.new_start]
        ):
            length = run.old_start + run.length - last.old_start
            joined[-1] = Run(last.old_start, last.new_start, length)
        else:
            joined.append(run)
    return [run for run in joined if run.length]
