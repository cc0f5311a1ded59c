"""Which of two texts answers a query better: one formula, whatever the database.

BM25 over three parts of a text, each with its weight, as if a word in a headline stood in the body
that many times; what is newer counts a little more.
"""

from collections.abc import Callable, Sequence
from math import exp2, log
from typing import NamedTuple

from app.search.sketches import HEADER, sketch_name

SATURATION = 1.2
LENGTH_WEIGHT = 0.75
HEADLINE_WEIGHT = 3.0
STANDFIRST_WEIGHT = 1.5
# At most so much for what is new, half of it after so many days.
RECENCY_WEIGHT = 0.1
RECENCY_HALF_LIFE_DAYS = 30.0
# Scores are told in parts of so many to one.
FINENESS = 1_000_000


class Candidate(NamedTuple):
    position: int
    sketch: bytes


class Weighted(NamedTuple):
    """Terms of which a text has mostly one (the stems of one word), and what they are worth."""

    names: tuple[bytes, ...]
    worth: float


def weighted(terms: Sequence[tuple[str, ...]], texts: int, found: Sequence[int]) -> list[Weighted]:
    """`found` says how many of the `texts` hold each of the terms."""
    return [
        Weighted(
            tuple(map(sketch_name, alternatives)),
            round(log(1 + (max(texts, count) - count + 0.5) / (count + 0.5)), 4),
        )
        for alternatives, count in zip(terms, found, strict=True)
    ]


def _frequency(count: int) -> float:
    fields, body = divmod(count, 16)
    headline, standfirst = divmod(fields, 3)
    return headline * HEADLINE_WEIGHT + standfirst * STANDFIRST_WEIGHT + float(body)


FREQUENCIES = tuple(map(_frequency, range(192)))


def scoring(terms: Sequence[Weighted], mean_length: float) -> Callable[[bytes], float]:
    """How good a text is, by its sketch."""
    longest = LENGTH_WEIGHT / mean_length
    known = [(names, worth * (SATURATION + 1)) for names, worth in terms]

    def score(sketch: bytes) -> float:
        find = sketch.find
        # The number of words, spelled out: this runs for each candidate.
        length = sketch[0] << 12 | sketch[1] << 6 | sketch[2]
        beyond = SATURATION * (longest * length + (1 - LENGTH_WEIGHT))
        total = 0.0
        for names, worth in known:
            frequency = 0.0
            for name in names:
                at = find(name, HEADER)
                if at >= 0:
                    frequency += FREQUENCIES[sketch[at + 4]]
            if frequency:
                total += worth * frequency / (frequency + beyond)
        return total

    return score


def scored(
    found: Sequence[Candidate], terms: Sequence[Weighted], mean_length: float, *, now: int, day: int
) -> list[tuple[int, int]]:
    """Each candidate as it is sorted, the best first: how good it is and how new, both negated.
    Scores are in whole parts of `FINENESS`, so that what is as good is in the order of publication.
    `now` is a position, and a `day` is so many of them."""
    longest = SATURATION * LENGTH_WEIGHT / mean_length
    least = SATURATION * (1 - LENGTH_WEIGHT)
    known = [(names, worth * (SATURATION + 1)) for names, worth in terms]
    half_life = RECENCY_HALF_LIFE_DAYS * day
    orders = []
    # As `scoring` does, without a call for each of what may be thousands.
    for position, sketch in found:
        beyond = longest * (sketch[0] << 12 | sketch[1] << 6 | sketch[2]) + least
        score = 0.0
        for names, worth in known:
            frequency = 0.0
            for name in names:
                at = sketch.find(name, HEADER)
                if at >= 0:
                    frequency += FREQUENCIES[sketch[at + 4]]
            if frequency:
                score += worth * frequency / (frequency + beyond)
        age = (position - now) / half_life
        score *= 1 + RECENCY_WEIGHT * (exp2(age) if age < 0 else 1)
        orders.append((-int(score * FINENESS + 0.5), -position))
    return orders
