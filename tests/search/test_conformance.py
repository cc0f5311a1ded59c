"""Each query finds the same articles on both databases: the table in articles.py."""

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


@pytest.mark.parametrize("query", MALFORMED, ids=lambda query: repr(query)[:30])
def test_a_malformed_query_says_where(query: str) -> None:
    with pytest.raises(MalformedQuery) as caught:
        parse_query(query)

    position, reason = MALFORMED[query]
    assert reason in caught.value.reason
    if reason != "no word":
        assert caught.value.position == position
