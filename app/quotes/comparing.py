"""How a quote holds some words: exactly, nearly, or as another form of the same utterance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import regex
from rapidfuzz.distance import LCSseq

from app.documents.quotes import QuoteSpan
from app.quotes.anchoring import JOINER
from app.quotes.differences import nearest_passage
from app.quotes.typography import Span
from app.search.words import Word, weight_of, words_of

Relation = Literal["same", "shortened", "extended", "changed"]

# Words come near a quote when it has half of them in their order, and the passage is so alike.
LEAST_SHARED = 0.5
LEAST_SCORE = 0.6
# A part of another quote is a form of it from so many words on: fewer are said by anyone, any day.
LEAST_WORDS = 4
# A form with other words in it has to be much more alike than a quote that is only misremembered.
LEAST_VARIANT_SCORE = 0.8
LEAST_VARIANT_SHARED = 0.6

_ELLIPSIS = regex.compile(r"\u2026|\.\s?\.\s?\.")


@dataclass(frozen=True)
class Wording:
    """A text and its words; `gaps` are the words behind which something is left out."""

    text: str
    words: Sequence[Word]
    gaps: frozenset[int]

    @cached_property
    def keys(self) -> list[str]:
        return [word.key for word in self.words]

    @cached_property
    def parts(self) -> list[list[str]]:
        """The runs of words between the gaps."""
        edges = [0, *(gap + 1 for gap in sorted(self.gaps)), len(self.keys)]
        return [self.keys[i:k] for i, k in pairwise(edges)]

    @cached_property
    def core(self) -> str:
        """The text without the marks around it."""
        return self.text[self.words[0].start : self.words[-1].end] if self.words else ""


def given_wording(text: str) -> Wording:
    """Of words that were sent, in which an ellipsis says that something is left out."""
    words = words_of(text)
    gaps = (
        number
        for number, (word, following) in enumerate(pairwise(words))
        if _ELLIPSIS.search(text, word.end, following.start)
    )
    return Wording(text, words, frozenset(gaps))


def quote_wording(exacts: Sequence[str]) -> Wording:
    """Of a quote, which leaves out what stands between its spans."""
    text = JOINER.join(exacts)
    words = words_of(text)
    gaps, reached, number = set(), 0, 0
    for exact in exacts[:-1]:
        reached += len(exact)
        while number < len(words) and words[number].start < reached:
            number += 1
        reached += len(JOINER)
        if 0 < number < len(words):
            gaps.add(number - 1)
    return Wording(text, words, frozenset(gaps))


def standing(given: Wording, quote: Wording) -> Iterator[Span]:
    """Where in the quote's text the words stand as a run. What the quote leaves out among them,
    the words have to leave out as well."""
    length = len(given.keys)
    for first in runs_of(given.keys, quote.keys):
        inside = range(first, first + length - 1)
        if all(gap - first in given.gaps for gap in quote.gaps if gap in inside):
            yield Span(quote.words[first].start, quote.words[first + length - 1].end)


def nearest(given: Wording, quote_text: str) -> tuple[Span, float] | None:
    """The passage of a quote that comes near the words, and how near, up to 1."""
    span, score = nearest_passage(quote_text, given.core)
    return (span, score) if span is not None and score >= LEAST_SCORE else None


def shared(keys: Sequence[str], others: Sequence[str]) -> float:
    """How much of some words others have in the same order; nothing, if it is only one."""
    count = LCSseq.similarity(keys, others)
    return count / len(keys) if count > 1 else 0.0


def relation_of(first: Wording, other: Wording) -> tuple[Relation, float] | None:
    """What another quote is to the first one, and how like they are in what they share; None if
    they are not the same utterance."""
    if not other.keys or not first.keys:
        return None
    if other.keys == first.keys:
        return "same", 1.0
    if weight_of(other.keys) >= LEAST_WORDS and holds_in_order(first.keys, other.parts):
        return "shortened", 1.0
    if weight_of(first.keys) >= LEAST_WORDS and holds_in_order(other.keys, first.parts):
        return "extended", 1.0
    # The same pair is alike from either side.
    shorter, longer = sorted((first, other), key=lambda one: (len(one.keys), one.keys))
    if weight_of(shorter.keys) < LEAST_WORDS:
        return None
    if shared(shorter.keys, longer.keys) < LEAST_VARIANT_SHARED:
        return None
    _, score = nearest_passage(longer.text, shorter.core)
    return ("changed", score) if score >= LEAST_VARIANT_SCORE else None


def holds_in_order(keys: Sequence[str], parts: Sequence[Sequence[str]]) -> bool:
    """Whether all parts stand among the words, each as a run, one after the other."""
    reached = 0
    for part in parts:
        start = next(runs_of(part, keys[reached:]), None)
        if start is None:
            return False
        reached += start + len(part)
    return True


def runs_of(keys: Sequence[str], others: Sequence[str]) -> Iterator[int]:
    """The numbers of the words at which some words begin, as a run, among others."""
    wanted, text = f" {' '.join(keys)} ", f" {' '.join(others)} "
    number = done = 0
    place = text.find(wanted)
    while place >= 0:
        number += text.count(" ", done, place)
        done = place
        yield number
        place = text.find(wanted, place + 1)


def in_article(spans: Sequence[QuoteSpan], part: Span) -> list[QuoteSpan]:
    """A part of a quote's text as stretches of the article in which its spans are."""
    found: list[QuoteSpan] = []
    offset = 0
    for span in spans:
        low = max(part.start - offset, 0)
        high = min(part.end - offset, len(span["exact"]))
        if low < high:
            start = span["start"]
            found.append(
                {"start": start + low, "end": start + high, "exact": span["exact"][low:high]}
            )
        offset += len(span["exact"]) + len(JOINER)
    return found
