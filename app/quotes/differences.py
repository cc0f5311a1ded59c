"""How words that are not in the article differ from the passage nearest to them."""

import re

from rapidfuzz import fuzz

from app.documents.quotes import Difference
from app.quotes.steps import word_steps
from app.quotes.typography import TOKEN, Span, fold, splits_grapheme

# Beyond it an explanation is cut short: nobody waits for it, and nobody reads it to the end.
_LONGEST_NEEDLE = 4_000
# Below this likeness a passage explains nothing. A probe of a few letters must be surer: somewhere
# in a long text some others are always like them.
_LEAST_SCORE = 0.55
_LEAST_PROBE_SCORE = 70.0

_PROBE_LENGTH = 64
_END_LENGTH = 160
_CHUNK = re.compile(r"\w{1,8}")
_MOST_SEEDS = 32
_RAREST_SEEDS = 16
_PLACES_A_SEED = 50
_MOST_WINDOWS = 4
_MOST_STEPS = 24
# How many tokens an edge may move at once: enough to step over words that are in the way.
_SHORT_NEEDLE = 500
_REACH, _LONG_REACH = 8, 2


def word_difference(given: str, article: str) -> list[Difference]:
    """The steps in order; their `given` parts add up to `given`, their `article` parts likewise.

    What differs by typography alone counts as equal: it is no reason to refuse a quote.
    """
    return [
        {"op": step.op, "given": step.old, "article": step.new}
        for step in word_steps(given, article, exact=False)
    ]


def likeness(given: str, article: str) -> float:
    """How like each other two texts are, from 0 to 1; long ones by their beginnings."""
    return fuzz.ratio(given[:_LONGEST_NEEDLE], article[:_LONGEST_NEEDLE]) / 100


def nearest_passage(text: str, words: str) -> tuple[Span | None, float]:
    """The passage most like the words, in whole words, and how like it is (0 to 1, case apart).

    Only the first few thousand characters of long words are looked for.
    """
    folded = fold(text)
    haystack = _lower(folded.text)
    needle = _lower(fold(words[:_LONGEST_NEEDLE]).text).strip()
    if not needle or not haystack:
        return None, 0.0
    score, place = max(
        (_fitted(haystack, needle, window) for window in _windows(haystack, needle)),
        default=(0.0, Span(0, 0)),
    )
    if score < _LEAST_SCORE:
        # Too few words in common: a part of them, letter by letter, through the whole text.
        probe = needle[:_PROBE_LENGTH]
        found = fuzz.partial_ratio_alignment(probe, haystack, score_cutoff=_LEAST_PROBE_SCORE)
        if found is None:
            return None, 0.0
        window = Span(found.dest_start, found.dest_start + len(needle))
        score, place = _fitted(haystack, needle, window)
    span = folded.span(place.start, place.end)
    if span is None or score < _LEAST_SCORE:
        return None, 0.0
    return _in_whole_graphemes(text, span), score


def _lower(text: str) -> str:
    # The one letter whose small form is two code points would put the indexes out of step.
    return text.replace("\u0130", "I").lower()


def _windows(haystack: str, needle: str) -> list[Span]:
    """Where the needle's rarest pieces stand together, the best places first."""
    votes: list[tuple[int, float]] = []
    for count, offset, seed in _rarest_seeds(haystack, needle):
        place = haystack.find(seed)
        for _ in range(_PLACES_A_SEED):
            if place < 0:
                break
            votes.append((place - offset, len(seed) / count))
            place = haystack.find(seed, place + 1)
    votes.sort()
    width = len(needle) // 4 + 40
    sums = []
    total, right = 0.0, 0
    for shift, weight in votes:
        while right < len(votes) and votes[right][0] <= shift + width:
            total += votes[right][1]
            right += 1
        sums.append((total, shift))
        total -= weight
    chosen: list[int] = []
    for _, shift in sorted(sums, reverse=True):
        if all(abs(shift - other) > width for other in chosen):
            chosen.append(shift)
            if len(chosen) == _MOST_WINDOWS:
                break
    return [Span(shift, shift + width + len(needle)) for shift in chosen]


def _rarest_seeds(haystack: str, needle: str) -> list[tuple[int, int, str]]:
    """Single words and triples of them that the text has: how often, where in the needle, which."""
    chunks = [chunk.span() for chunk in _CHUNK.finditer(needle)]
    triples = [(a, d) for (a, _), (_, d) in zip(chunks, chunks[2:], strict=False)]
    longest = sorted(chunks, key=lambda chunk: chunk[0] - chunk[1])
    seeds: dict[str, int] = {}
    for start, end in (*triples[:: len(triples) // _MOST_SEEDS + 1], *longest[:_MOST_SEEDS]):
        seeds.setdefault(needle[start:end], start)
    counted = ((haystack.count(seed), start, seed) for seed, start in seeds.items())
    return sorted(each for each in counted if each[0])[:_RAREST_SEEDS]


def _fitted(haystack: str, needle: str, window: Span) -> tuple[float, Span]:
    """The whole words in and near the window that are most like the needle."""
    slack = len(needle) // 4 + 40
    low, high = max(0, window.start - slack), min(len(haystack), window.end + slack)
    part = haystack[low:high]
    head = fuzz.partial_ratio_alignment(needle[:_END_LENGTH], part)
    tail = fuzz.partial_ratio_alignment(needle[-_END_LENGTH:], part)
    tokens = [token.span() for token in TOKEN.finditer(part)]
    if head is None or tail is None or not tokens:
        return 0.0, Span(0, 0)

    def score(first: int, last: int) -> float:
        if not 0 <= first <= last < len(tokens):
            return -1.0
        return fuzz.ratio(needle, part[tokens[first][0] : tokens[last][1]]) / 100

    def token_at(index: int) -> int:
        return max(0, sum(start <= index for start, _ in tokens) - 1)

    starts = {token_at(head.dest_start), token_at(tail.dest_end - len(needle))}
    ends = {token_at(tail.dest_end - 1), token_at(head.dest_start + len(needle) - 1)}
    best, first, last = max((score(i, j), i, j) for i in starts for j in ends)
    reach = _REACH if len(needle) <= _SHORT_NEEDLE else _LONG_REACH
    moves = [move for move in range(-reach, reach + 1) if move]
    for _ in range(_MOST_STEPS):
        nearby = [(first + move, last) for move in moves]
        nearby += [(first, last + move) for move in moves]
        better, i, j = max((score(i, j), i, j) for i, j in nearby)
        if better <= best:
            break
        best, first, last = better, i, j
    return best, Span(low + tokens[first][0], low + tokens[last][1])


def _in_whole_graphemes(text: str, span: Span) -> Span:
    start, end = span
    while splits_grapheme(text, start):
        start -= 1
    while splits_grapheme(text, end):
        end += 1
    return Span(start, end)
