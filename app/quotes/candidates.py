"""Which quotes of the whole archive may hold some words, or come near them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations, pairwise
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, literal, select, union_all

from app.access.viewer import Viewer
from app.database.types import AnySelect
from app.models import Article, Quote
from app.models.quote import PLACED
from app.models.visibility import quote_is_public
from app.quotes.comparing import shared
from app.search.hits import Run, quotes_with

Condition = ColumnElement[bool]

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
    pattern = f" {' '.join(keys)} "[:_LONGEST_PATTERN]
    padded = literal(" ").concat(Quote.folded_text).concat(" ")
    holds = padded.contains(pattern, autoescape=True)
    statement = hits(connection, rarest_runs(keys), viewer, holds, *among)
    rows = connection.execute(
        statement.add_columns(Article.published_at).limit(MOST_STANDING)
    ).all()
    return [row.key for row in sorted(rows, key=lambda row: in_time(row.published_at, row.key))]


def quotes_near(
    connection: Connection,
    probes: Sequence[Sequence[Run]],
    keys: Sequence[str],
    viewer: Viewer,
    *among: Condition,
    most: int = MOST_A_PROBE,
) -> list[Candidate]:
    """The quotes that have most of the words, among those that the probes find, best first."""
    if not probes:
        return []
    parts = []
    for number, probe in enumerate(probes):
        found = hits(connection, probe, viewer, *among).limit(most).subquery()
        parts.append(select(literal(number).label("probe"), found.c.key))
    by_probe: dict[int, list[int]] = {}
    for number, key in connection.execute(union_all(*parts)):
        by_probe.setdefault(number, []).append(key)
    # A probe that finds few says much of each.
    weights: dict[int, float] = {}
    for found_keys in by_probe.values():
        for key in found_keys:
            weights[key] = weights.get(key, 0.0) + 1 / len(found_keys)
    chosen = sorted(weights, key=lambda key: (-weights[key], key))[:MOST_COMPARED]
    statement = select(Quote.key, Quote.folded_text).where(Quote.key.in_(chosen))
    candidates = [
        Candidate(row.key, words, shared(keys, words))
        for row in connection.execute(statement)
        for words in [row.folded_text.split(" ")]
    ]
    return sorted(candidates, key=lambda one: (-one.share, -weights[one.key], one.key))


def hits(
    connection: Connection, runs: Sequence[Run], viewer: Viewer, *conditions: Condition
) -> AnySelect:
    """The keys of the quotes that hold these runs and can be spoken of: they stand in their
    articles, are not taken back, and the viewer may see them."""
    found = quotes_with(connection, runs).subquery()
    statement = (
        select(Quote.key)
        .select_from(found)
        .join(Quote, Quote.key == found.c.key)
        .join(Article, Article.key == Quote.article_key)
        .where(Quote.status != "retracted", Quote.anchor.in_(PLACED), *conditions)
    )
    return statement if viewer.sees_all else statement.where(quote_is_public(viewer.at))


def probes_of(keys: Sequence[str]) -> list[list[Run]]:
    """What quotes that have most of these words are likely to hold, however some were changed.

    Pairs of neighbours, the longest of each stretch; of few words, all but one; of many, three of
    the longest. Long words stand for rare ones.
    """
    probes = [[pair] for pair in spread_pairs(keys, _PAIRS)]
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


def in_time(published_at: datetime | None, key: int) -> tuple[bool, float, int]:
    """Sorts by publication; what is not published comes last."""
    return published_at is None, published_at.timestamp() if published_at else 0.0, key
