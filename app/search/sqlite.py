"""Quotes found by the embedded database's full-text index."""

from collections.abc import Sequence

from sqlalchemy import Integer, Select, Text, column, select, table

_WORDS = table("search_quote_words", column("rowid", Integer), column("search_quote_words", Text))


def quotes_with(runs: Sequence[Sequence[str]]) -> Select[int]:
    """The keys of the quotes in which each of these runs of words stands."""
    query = " AND ".join(_phrase(run) for run in runs)
    condition = _WORDS.c.search_quote_words.op("MATCH")(query)
    return select(_WORDS.c.rowid.label("key")).where(condition)


def _phrase(run: Sequence[str]) -> str:
    words = " ".join(run).replace('"', '""')
    return f'"{words}"'
