"""Quotes found by the embedded database's full-text index."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    column,
    func,
    literal,
    select,
    table,
    true,
)

from app.database.json import dumps
from app.models import Quote

_WORDS = table("search_quote_words", column("rowid", Integer), column("search_quote_words", Text))


def quotes_with(runs: Sequence[Sequence[str]]) -> Select[int]:
    """The keys of the quotes in which each of these runs of words stands."""
    return _matching(literal(_query(runs)))


def quotes_with_each(
    probes: Sequence[Sequence[Sequence[str]]], restrict: Callable[[Select[int]], Select[int]]
) -> Select[int, int]:
    """The number of each probe, and the keys of the quotes in which all its runs stand."""
    asked = func.json_each(dumps([_query(runs) for runs in probes])).table_valued(
        column("key", Integer), column("value", Text), name="asked"
    )
    # The embedded database knows no LATERAL, but a function's argument may refer to its neighbour.
    found = restrict(_matching(asked.c.value).correlate(asked)).subquery("found")
    listed = select(func.json_group_array(found.c.key)).correlate(asked).scalar_subquery()
    hits = func.json_each(listed).table_valued(column("value", Integer), name="hits")
    return select(asked.c.key.label("probe"), hits.c.value.label("key")).join_from(
        asked, hits, true()
    )


def _matching(query: ColumnElement[Any]) -> Select[int]:  # Any: text, bound or of a column
    return (
        select(Quote.key)
        .select_from(_WORDS)
        .join(Quote, Quote.key == _WORDS.c.rowid)
        .where(_WORDS.c.search_quote_words.op("MATCH")(query))
    )


def _query(runs: Sequence[Sequence[str]]) -> str:
    return " AND ".join(_phrase(run) for run in runs)


def _phrase(run: Sequence[str]) -> str:
    words = " ".join(run).replace('"', '""')
    return f'"{words}"'
