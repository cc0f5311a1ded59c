"""Each query finds the same articles on both databases: the table in articles.py."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from app.search.hits import newest_hits, prepare_search, ranked_hits
from app.search.query import MalformedQuery, parse_query
from app.search.tables import FOUND
from tests.search.articles import MALFORMED, MATCHES, NOW


def test_each_query_finds_its_articles(newsroom: Connection) -> None:
    found = FOUND["articles"].c
    keys = {row.position: row.key for row in newsroom.execute(select(found.position, found.key))}
    wrong = {}
    for query, wanted in MATCHES.items():
        search = prepare_search(newsroom, "articles", parse_query(query), at=NOW)
        newest = [keys[one] for one in newest_hits(newsroom, search, 100)]
        ranked, more = ranked_hits(newsroom, search, 100)
        if newest != sorted(wanted):
            wrong[query] = newest
        if {keys[hit.position] for hit in ranked} != wanted or more is not None:
            wrong[f"{query}, ranked"] = [keys[hit.position] for hit in ranked]

    assert wrong == {}


def test_the_documentation_lists_each_case() -> None:
    """As the table of queries has them: what is found, and what is refused."""
    lines = set(Path("docs/search.md").read_text().splitlines())
    missing = [
        query
        for query, found in MATCHES.items()
        if f"| {shown(query)} | {', '.join(map(str, sorted(found))) or 'nothing'} |" not in lines
    ]
    missing += [
        query
        for query, (position, reason) in MALFORMED.items()
        if f"| {shown(query)} | {position} | {reason} |" not in lines
    ]
    assert missing == []


def shown(query: str) -> str:
    short = query if len(query) <= 40 else query[:24] + "…"
    plain = short.replace("\x00", "\\0").replace("|", "\\|")
    return f"`` {plain} ``" if plain.strip() else "`` (empty) ``"


@pytest.mark.parametrize("query", MALFORMED, ids=lambda query: repr(query)[:30])
def test_a_malformed_query_says_where(query: str) -> None:
    with pytest.raises(MalformedQuery) as caught:
        parse_query(query)

    position, reason = MALFORMED[query]
    assert reason in caught.value.reason
    if reason != "no word":
        assert caught.value.position == position
