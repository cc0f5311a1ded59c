"""Which places of its parts a quote may have: in its context, in order, in one paragraph if any."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

import regex

from app.quotes.typography import Folded, Span, fold

MOST_CANDIDATES = 20

Place = tuple[Span, ...]


def fitting(
    text: str, parts: list[list[Span]], prefix: str | None, suffix: str | None
) -> list[list[Span]]:
    """The places of each part, without those of the first and last in another context."""
    kept = list(parts)
    if not prefix and not suffix:
        return kept
    folded = fold(text)
    if prefix:
        before = fold(unicodedata.normalize("NFC", prefix)).text.rstrip(" ")
        kept[0] = [span for span in kept[0] if _follows(folded, span, before)]
    if suffix:
        after = fold(unicodedata.normalize("NFC", suffix)).text.lstrip(" ")
        kept[-1] = [span for span in kept[-1] if _precedes(folded, span, after)]
    return kept


def arranged(text: str, parts: list[list[Span]]) -> list[Place]:
    """The places of a whole quote; those of an interrupted one in a single paragraph, if any."""
    if len(parts) > 1:
        within = [place for each in _by_paragraph(text, parts) for place in _some(each)]
        if within:
            return within
    return _some(parts)


def without_overlap(options: Sequence[Sequence[Span]]) -> Iterator[Place]:
    """Every choice of one span of each, in the order of the text; each in its own order sorted."""
    # What has no follower is dropped first, so that no choice begun ends in nothing.
    limit = max((span.end for option in options for span in option), default=0)
    kept: list[list[Span]] = []
    for option in reversed(options):
        possible = [span for span in option if span.end <= limit]
        if not possible:
            return
        limit = possible[-1].start
        kept.insert(0, possible)
    chosen: list[Span] = []
    untried = [iter(kept[0])] if kept else []
    while untried:
        span = next(untried[-1], None)
        if span is None:
            untried.pop()
            del chosen[-1:]
        elif len(untried) == len(kept):
            yield (*chosen, span)
        else:
            chosen.append(span)
            followers = kept[len(untried)]
            untried.append(iter(followers[bisect_left(followers, Span(span.end, 0)) :]))


def _follows(folded: Folded, span: Span, before: str) -> bool:
    # White space next to the quote is passed over: clients trim their strings.
    at = folded.index_of(span.start)
    return folded.text[max(0, at - len(before) - 1) : at].rstrip(" ").endswith(before)


def _precedes(folded: Folded, span: Span, after: str) -> bool:
    at = folded.index_of(span.end)
    return folded.text[at : at + len(after) + 1].lstrip(" ").startswith(after)


def _some(parts: list[list[Span]]) -> list[Place]:
    return list(islice(without_overlap(parts), MOST_CANDIDATES + 1))


def _by_paragraph(text: str, parts: list[list[Span]]) -> Iterator[list[list[Span]]]:
    ends = [match.start() for match in regex.finditer(r"\n\n|\Z", text)]
    grouped: dict[int, list[list[Span]]] = {}
    for index, spans in enumerate(parts):
        for span in spans:
            paragraph = bisect_left(ends, span.end)
            if paragraph == bisect_left(ends, span.start + 1):
                grouped.setdefault(paragraph, [[] for _ in parts])[index].append(span)
    return (grouped[paragraph] for paragraph in sorted(grouped))
