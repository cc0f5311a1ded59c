"""Quotes found by PostgreSQL's index of their words and pairs of words."""

from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import Select, cast, func, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import aliased

from app.models import Quote

_QUOTE = aliased(Quote, name="indexed")


def quotes_with(runs: Sequence[Sequence[str]]) -> Select[int]:
    """The keys of the quotes in which each of these runs of words stands.

    A run of more than two words is found by its pairs, which may stand apart.
    """
    terms = (term for run in runs for term in (map(" ".join, pairwise(run)) if run[1:] else run))
    query = " & ".join(_quoted(term) for term in dict.fromkeys(terms))
    indexed = func.search_quote_terms(_QUOTE.folded_text)
    return select(_QUOTE.key.label("key")).where(indexed.op("@@")(cast(query, TSQUERY)))


def _quoted(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
