"""Quotes found by PostgreSQL's index of their words and pairs of words."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, column, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from app.models import Quote


def quotes_with(runs: Sequence[Sequence[str]]) -> Select[int]:
    """The keys of the quotes in which each of these runs of words stands.

    A run of more than two words is found by its pairs, which may stand apart.
    """
    return _matching(cast(literal(_query(runs), Text), TSQUERY))


def quotes_with_each(
    probes: Sequence[Sequence[Sequence[str]]], restrict: Callable[[Select[int]], Select[int]]
) -> Select[int, int]:
    """The number of each probe, and the keys of the quotes in which all its runs stand."""
    queries = literal([_query(runs) for runs in probes], ARRAY(Text))
    asked = func.unnest(cast(queries, ARRAY(TSQUERY))).table_valued(
        column("query", TSQUERY), with_ordinality="number", name="asked"
    )
    asked = asked.render_derived()
    found = restrict(_matching(asked.c.query).correlate(asked)).lateral("found")
    return select((asked.c.number - 1).label("probe"), found.c.key).join_from(asked, found, true())


def _matching(query: ColumnElement[Any]) -> Select[int]:  # Any: a query, bound or of a column
    indexed = func.search_quote_terms(Quote.folded_text)
    return select(Quote.key).where(indexed.op("@@")(query))


def _query(runs: Sequence[Sequence[str]]) -> str:
    terms = (term for run in runs for term in (map(" ".join, pairwise(run)) if run[1:] else run))
    return " & ".join(_quoted(term) for term in dict.fromkeys(terms))


def _quoted(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
