"""Where a quote that has lost its place may stand now: for a person to decide, never taken unasked.

The score is that of fuzzy anchoring in web annotation: the quote's own likeness counts most, then
what stands around it, and least how near it is to where it stood.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.documents.quotes import AnchorProposal
from app.quotes.anchoring import Place, Span, is_whole
from app.quotes.differences import likeness, nearest_passage, word_difference
from app.quotes.placing import Placed, placed

# Below this a place is no help to anyone.
LEAST_SCORE = 0.6
MOST_PROPOSALS = 5
# The parts of the score, as the most they can add to its 92.
_QUOTE, _SIDE, _NEARNESS = 50, 20, 2
# How much text may be searched for the quotes of one edit, in code points, and what the shortest
# search counts. An edit that takes the place of so many quotes is another text: the rest of them
# are orphaned.
MOST_SEARCHED = 8_000_000
LEAST_SEARCHED = 40_000
# How much of what stands around a quote marks its edges, and how like it what is between must be.
_EDGE = 12
_LEAST_LIKENESS = 0.5
# How far around the place where a quote would have moved to it is looked for first.
_NEAR = 200


@dataclass(frozen=True, slots=True)
class Lost:
    """A quote without a place, as it stood last. `near` is where it is expected."""

    exacts: Sequence[str]
    prefix: str
    suffix: str
    near: int


def proposals_among(text: str, quote: Lost, places: Sequence[Place]) -> list[AnchorProposal]:
    """Places at which all its words stand, the likeliest first."""
    found = [proposal(text, quote, place) for place in places]
    return sorted(found, key=lambda one: -one["score"])[:MOST_PROPOSALS]


def changed_proposals(text: str, quote: Lost) -> list[AnchorProposal]:
    """The place of words like its own, if there is one."""
    found = [proposal(text, quote, place) for place in like_places(text, quote)]
    best = max(found, key=lambda one: one["score"], default=None)
    return [best] if best is not None and best["score"] >= LEAST_SCORE else []


def like_places(text: str, quote: Lost) -> Iterator[Place]:
    """Each part at the passage most like it: near where it is expected, and anywhere."""
    length = sum(map(len, quote.exacts))
    start = max(0, quote.near - _NEAR)
    window = Span(start, min(len(text), quote.near + 2 * length + _NEAR))
    for low, high in {window, Span(0, len(text))}:
        part = text[low:high]
        spans = [nearest_passage(part, exact)[0] for exact in quote.exacts]
        place = tuple(Span(low + span.start, low + span.end) for span in spans if span)
        if len(place) == len(spans) and all(a.end <= b.start for a, b in pairwise(place)):
            yield place
    between = place_between(text, quote)
    if between is not None:
        yield (between,)


def place_between(text: str, quote: Lost) -> Span | None:
    """What stands now between the words before and after a quote of one part, if it is like it."""
    if len(quote.exacts) > 1 or not quote.prefix or not quote.suffix:
        return None
    head, tail = quote.prefix[-_EDGE:], quote.suffix[:_EDGE]
    at = text.find(head, max(0, quote.near - len(head) - _NEAR))
    start = at + len(head)
    end = text.find(tail, start, start + 2 * len(quote.exacts[0]) + _NEAR)
    if at < 0 or end <= start:
        return None
    is_like = likeness(quote.exacts[0], text[start:end]) >= _LEAST_LIKENESS
    return Span(start, end) if is_like and is_whole(text, Span(start, end)) else None


def proposal(text: str, quote: Lost, place: Place) -> AnchorProposal:
    there = placed(text, place)
    words = Placed(place, tuple(quote.exacts), quote.prefix, quote.suffix).text
    return {
        "spans": [
            {"start": start, "end": end, "exact": exact}
            for (start, end), exact in zip(place, there.exacts, strict=True)
        ],
        "text": there.text,
        "prefix": there.prefix,
        "suffix": there.suffix,
        "score": round(score(text, quote, there), 3),
        "difference": [] if there.text == words else word_difference(words, there.text),
    }


def score(text: str, quote: Lost, there: Placed) -> float:
    """How surely it is the same utterance, from 0 to 1; missing context counts as like."""
    lengths = [len(exact) for exact in quote.exacts]
    likenesses = map(likeness, quote.exacts, there.exacts)
    own = sum(map(float.__mul__, likenesses, map(float, lengths))) / sum(lengths)
    before = likeness(quote.prefix, there.prefix) if quote.prefix else 1.0
    after = likeness(quote.suffix, there.suffix) if quote.suffix else 1.0
    nearness = 1 - abs(there.spans[0].start - quote.near) / max(len(text), 1)
    total = _QUOTE * own + _SIDE * before + _SIDE * after + _NEARNESS * max(nearness, 0)
    return total / (_QUOTE + 2 * _SIDE + _NEARNESS)
