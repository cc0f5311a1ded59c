"""Where the quotes of an article stand after an edit of its text."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import sub
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from app.quotes.anchoring import Span, context_of, is_whole, places_of
from app.quotes.choosing import MOST_CANDIDATES, Place, without_overlap
from app.quotes.edits import Run, moved_span, unchanged_runs

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


def reanchor(old_text: str, new_text: str, quotes: Sequence[Anchored]) -> list[Placement]:
    """Each quote at the same utterance as before, word for word, or nowhere."""
    edit = _Edit(old_text, new_text)
    return [edit.placement(quote) for quote in quotes]


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
        image = moved_span(self.runs, self.run_starts, span)
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
