"""Which quotes of the whole archive may hold some words, or come near them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations, pairwise
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, literal, select

from app.access.viewer import Viewer
from app.models import Article, Quote
from app.models.quote import PLACED
from app.models.visibility import quote_is_public
from app.quotes.comparing import shared
from app.search.quote_words.hits import Probe, Run, quotes_with, quotes_with_each

Condition = ColumnElement[bool]
K = TypeVar("K", int, str)

MOST_STANDING = 1_000
# Of a probe that more quotes hold than this, some are taken: it says little.
MOST_A_PROBE = 200
MOST_COMPARED = 300

_PAIRS = 24
_LONGEST_RUN = 6
_RUNS = 3
_FEW_WORDS = 8
_LONG_WORDS = 5
# A longer pattern is refused by one of the databases; what is behind it is compared later.
_LONGEST_PATTERN = 4_000


class Candidate(NamedTuple):
    """A quote that may come near, with its words and the share that it has of those wanted."""

    key: int
    keys: list[str]
    share: float


def quotes_holding(
    connection: Connection, keys: Sequence[str], viewer: Viewer, *among: Condition
) -> list[int]:
    """The quotes that hold the words as a run, the first published first, up to a limit."""
    found = quotes_with(connection, rarest_runs(keys))
    if len(keys) > 2:
        # Of one or two words the index is sure; and a planner takes a pattern for rare.
        pattern = f" {' '.join(keys)} "[:_LONGEST_PATTERN]
        padded = literal(" ").concat(Quote.folded_text).concat(" ")
        found = found.where(padded.contains(pattern, autoescape=True))
    statement = usable(found, viewer, *among).add_columns(Article.published_at)
    rows = connection.execute(statement.limit(MOST_STANDING)).all()
    return [row.key for row in sorted(rows, key=lambda row: in_time(row.published_at, row.key))]


def quotes_near(
    connection: Connection,
    probes: Sequence[Probe],
    keys: Sequence[str],
    viewer: Viewer,
    *among: Condition,
    most: int = MOST_A_PROBE,
) -> list[Candidate]:
    """The quotes that have most of the words, among those that the probes find, best first."""
    if not probes:
        return []
    statement = quotes_with_each(
        connection, probes, lambda found: usable(found, viewer, *among).limit(most)
    )
    by_probe: dict[int, list[int]] = {}
    for number, key in connection.execute(statement):
        by_probe.setdefault(number, []).append(key)
    # A probe that finds few says much of each.
    weights: dict[int, float] = {}
    for found_keys in by_probe.values():
        for key in found_keys:
            weights[key] = weights.get(key, 0.0) + 1 / len(found_keys)
    chosen = sorted(weights, key=lambda key: (-weights[key], key))[:MOST_COMPARED]
    texts = select(Quote.key, Quote.folded_text).where(Quote.key.in_(chosen))
    candidates = [
        Candidate(row.key, words, shared(keys, words))
        for row in connection.execute(texts)
        for words in [row.folded_text.split(" ")]
    ]
    return sorted(candidates, key=lambda one: (-one.share, -weights[one.key], one.key))


def usable(found: Select[int], viewer: Viewer, *conditions: Condition) -> Select[int]:
    """Of the quotes that were found, those that can be spoken of: they stand in their articles, are
    not taken back, and the viewer may see them."""
    statement = found.join(Article, Article.key == Quote.article_key).where(
        Quote.status != "retracted", Quote.anchor.in_(PLACED), *conditions
    )
    return statement if viewer.sees_all else statement.where(quote_is_public(viewer.at))


def probes_of(keys: Sequence[str]) -> list[Probe]:
    """What quotes that have most of these words are likely to hold, however some were changed.

    Pairs of neighbours, the longest of each stretch; of few words, all but one; of many, three of
    the longest. Long words stand for rare ones.
    """
    probes: list[Probe] = [[pair] for pair in spread_pairs(keys, _PAIRS)]
    distinct = list(dict.fromkeys(keys))
    if 2 < len(distinct) <= _FEW_WORDS:
        sets = combinations(distinct, len(distinct) - 1)
    else:
        sets = combinations(sorted(distinct, key=len, reverse=True)[:_LONG_WORDS], 3)
    probes += [[(word,) for word in words] for words in sets]
    return probes


def spread_pairs(keys: Sequence[str], most: int) -> list[Run]:
    """Pairs of neighbours: all, or the longest of each of so many stretches."""
    pairs = list(pairwise(keys))
    if len(pairs) > most:
        edges = [len(pairs) * number // most for number in range(most + 1)]
        pairs = [max(pairs[i:k], key=length_of) for i, k in pairwise(edges)]
    return list(dict.fromkeys(pairs))


def rarest_runs(keys: Sequence[str]) -> list[Run]:
    """A few runs by which a text that holds all of the words is found."""
    if len(keys) <= _LONGEST_RUN:
        return [tuple(keys)]
    starts = range(len(keys) - _LONGEST_RUN + 1)
    runs = [tuple(keys[start : start + _LONGEST_RUN]) for start in starts]
    edges = [len(runs) * number // _RUNS for number in range(_RUNS + 1)]
    return list(dict.fromkeys(max(runs[i:k], key=length_of) for i, k in pairwise(edges) if i < k))


def length_of(run: Sequence[str]) -> int:
    return sum(map(len, run))


def in_time(published_at: datetime | None, key: K) -> tuple[bool, float, K]:
    """Sorts by publication; what is not published comes last."""
    return published_at is None, published_at.timestamp() if published_at else 0.0, key
