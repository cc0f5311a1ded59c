"""Where in the text of an article a quote or a name stands."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice

import regex

from app.documents.quotes import Difference
from app.quotes.choosing import MOST_CANDIDATES, Place, arranged, fitting
from app.quotes.differences import likeness, nearest_passage, word_difference
from app.quotes.typography import (
    INVISIBLE,
    WHITE_SPACE,
    Span,
    fold,
    splits_expression,
    splits_grapheme,
    splits_word,
)

__all__ = [
    "CONTEXT_LENGTH",
    "JOINER",
    "Place",
    "QuoteAmbiguous",
    "QuoteNotVerbatim",
    "Span",
    "SpanInvalid",
    "check_spans",
    "context_of",
    "find_quote",
    "is_whole",
    "occurrences",
    "places_of",
]

CONTEXT_LENGTH = 32
JOINER = " … "

_JOINERS = regex.compile(r"(?<!\S)(?:\u2026|\.{3})(?!\S)|\[(?:\u2026|\.{3})\]")
_MOST_PARTS = 20
_MOST_PLACES = 10_000
_MOST_PLACES_A_PART = 500
# What a search may cost in compared characters: only a text made to be slow comes near it.
_MOST_WORK = 1 << 22
_WORK_A_HIT = 64


class QuoteAmbiguous(Exception):
    """The words stand in several places, and nothing says which is meant."""

    def __init__(self, candidates: Sequence[Place]) -> None:
        super().__init__("The words stand in the article more than once.")
        self.candidates = tuple(candidates[:MOST_CANDIDATES])


class QuoteNotVerbatim(Exception):
    """The words stand nowhere in the article; `nearest` is what comes closest to them."""

    def __init__(
        self,
        words: str,
        nearest: Span | None,
        passage: str,
        score: float,
        difference: list[Difference],
    ) -> None:
        super().__init__("The words do not stand in the article.")
        self.words = words
        self.nearest = nearest
        self.passage = passage
        self.score = score
        self.difference = difference


class SpanInvalid(Exception):
    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index
        self.reason = reason


def find_quote(
    text: str, words: str, *, prefix: str | None = None, suffix: str | None = None
) -> Place:
    """Where the words stand, letter for letter if they do, else but for their typography.

    Words that are not found whole and hold a joiner are an interrupted quote: a span for each part.
    """
    wanted = _normal(words)
    fallback: list[Place] = []
    for parts in _readings(text, wanted):
        places = arranged(text, fitting(text, parts, prefix, suffix))
        if len(places) == 1:
            return places[0]
        if places:
            raise QuoteAmbiguous(places)
        fallback = fallback or arranged(text, parts)
    if len(fallback) == 1:
        return fallback[0]
    if fallback:
        raise QuoteAmbiguous(fallback)
    raise _not_verbatim(text, wanted)


def check_spans(
    text: str, spans: Sequence[Span], *, exacts: Sequence[str | None] | None = None
) -> None:
    """Raise SpanInvalid or QuoteNotVerbatim for the first span that cannot be a part of a quote."""
    reached = 0
    for index, (start, end) in enumerate(spans):
        if start < 0 or end > len(text):
            raise SpanInvalid(index, f"{start} to {end} is outside the text of 0 to {len(text)}.")
        if start >= end:
            raise SpanInvalid(index, f"{start} to {end} holds nothing: the end is exclusive.")
        if start < reached:
            raise SpanInvalid(index, f"It starts at {start}, before the last one ends ({reached}).")
        for edge in (start, end):
            if splits_grapheme(text, edge):
                raise SpanInvalid(index, f"{edge} is inside a character of several code points.")
        reached = end
    for (start, end), exact in zip(spans, exacts or (), strict=False):
        stands = text[start:end]
        if exact is not None and unicodedata.normalize("NFC", exact) != stands:
            raise QuoteNotVerbatim(
                exact,
                Span(start, end),
                stands,
                likeness(exact, stands),
                word_difference(exact, stands),
            )


def context_of(text: str, spans: Sequence[Span]) -> tuple[str, str]:
    """Prefix and suffix: what stands before the first span and after the last."""
    start, end = spans[0].start, spans[-1].end
    return text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH]


def occurrences(text: str, words: str) -> list[Span]:
    """Where a name stands as written; a possessive ending or a hyphen may follow it."""
    name = _normal(words)
    found: list[Span] = []
    for start in _hits(text, name):
        span = Span(start, start + len(name))
        if (not found or start >= found[-1].end) and _is_bounded(text, span):
            found.append(span)
    return found


def places_of(text: str, words: str, *, most: int = _MOST_PLACES) -> list[Span]:
    """The places of exactly these words that begin and end with whole ones; they may overlap."""
    spans = (Span(start, start + len(words)) for start in _hits(text, words))
    return list(islice((span for span in spans if is_whole(text, span)), most))


def is_whole(text: str, span: Span) -> bool:
    """Whether a quote may begin and end here: no word, contraction, figure or character is cut."""
    return _is_bounded(text, span) and not any(splits_expression(text, edge) for edge in span)


def _normal(words: str) -> str:
    return unicodedata.normalize("NFC", words).strip(WHITE_SPACE + INVISIBLE)


def _readings(text: str, wanted: str) -> Iterator[list[list[Span]]]:
    """The places of each part of the words, the most literal reading first."""
    if exact := places_of(text, wanted):
        yield [exact]
    if folded := _folded_places(text, wanted):
        yield [folded]
    if exact or folded:
        return
    parts = _parts(wanted)
    if parts == [wanted] or not 0 < len(parts) <= _MOST_PARTS:
        return
    most = _MOST_PLACES_A_PART
    literal = [places_of(text, part, most=most) for part in parts]
    alike = [_folded_places(text, part, most=most) for part in parts]
    either = [sorted({*exact, *folded}) for exact, folded in zip(literal, alike, strict=True)]
    if all(either):
        yield [exact or folded for exact, folded in zip(literal, alike, strict=True)]
        yield either


def _parts(wanted: str) -> list[str]:
    return [part for part in map(_normal, _JOINERS.split(wanted)) if part]


def _folded_places(text: str, words: str, *, most: int = _MOST_PLACES) -> list[Span]:
    folded, wanted = fold(text), fold(words).text
    spans = (folded.span(start, start + len(wanted)) for start in _hits(folded.text, wanted))
    return list(islice((span for span in spans if span and is_whole(text, span)), most))


def _hits(text: str, words: str) -> Iterator[int]:
    if not words:
        return
    start = text.find(words)
    for _ in range(_MOST_WORK // (len(words) + _WORK_A_HIT)):
        if start < 0:
            return
        yield start
        start = text.find(words, start + 1)


def _is_bounded(text: str, span: Span) -> bool:
    return not any(splits_word(text, edge) or splits_grapheme(text, edge) for edge in span)


def _not_verbatim(text: str, wanted: str) -> QuoteNotVerbatim:
    """Explained by the words themselves, or by the first part that an interrupted quote lacks."""
    parts = _parts(wanted)[:_MOST_PARTS]
    found = (places_of(text, part, most=1) or _folded_places(text, part, most=1) for part in parts)
    words = next((part for part, spans in zip(parts, found, strict=True) if not spans), wanted)
    nearest, score = nearest_passage(text, words)
    passage = text[nearest.start : nearest.end] if nearest else ""
    return QuoteNotVerbatim(words, nearest, passage, score, word_difference(words, passage))
