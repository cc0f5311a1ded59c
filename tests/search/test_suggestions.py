"""Who is meant by the beginning of a name; and which articles are near one."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from app.search.engines import engine_of
from app.search.entries import Entry
from app.search.related import related_to
from app.search.suggestions import keep_names, keep_popularity, suggest
from app.search.tables import FOUND
from app.search.windows import SearchTooSlow
from tests.search.articles import ARTICLES, NOW

NAMES = {
    1: (["Ann Lee", "A. M. Lee"], 40),
    2: (["Leeds"], 3),
    3: (["José Ángel Núñez"], 9),
    4: (["Анна Орлова"], 5),
    5: (["Annika Lund"], 900),
    6: (["東京都"], 2),
}

SUGGESTED = {
    "ann": [5, 1],
    "ANN L": [1],
    "ann ": [1],
    "lee": [1, 2],
    "jose angel": [3],
    "nunez": [3],
    "орл": [4],
    "東京": [6],
    "a": [5, 1, 3],
    "le": [1, 2],
    "anikka": [],
    "anika": [5],
    "annkia": [5],
    "amnika": [5],
    "nunes": [3],
    "орлва": [4],
    "leeeds": [2],
    "zzzz": [],
    "…": [],
}


@pytest.fixture
def names(index: Connection) -> Connection:
    written = {key: names for key, (names, _) in NAMES.items()}
    keep_names(index, list(NAMES), written, {key: number for key, (_, number) in NAMES.items()})
    return index


def test_names_are_suggested_by_their_beginnings(names: Connection) -> None:
    assert {text: [one.key for one in suggest(names, text)] for text in SUGGESTED} == SUGGESTED


def test_popularity_decides_and_follows(names: Connection) -> None:
    keep_popularity(names, [(2, 3, 4_000)])
    keep_names(names, [5], {}, {})

    assert [one.key for one in suggest(names, "lee")] == [2, 1]
    assert [one.key for one in suggest(names, "ann")] == [1]


def test_related_articles_share_entities_and_words(newsroom: Connection) -> None:
    found = FOUND["articles"].c
    keys = {row.position: row.key for row in newsroom.execute(select(found.position, found.key))}
    strike = ARTICLES[0]

    hits = related_to(newsroom, strike, 3, at=NOW)
    alone = Entry(key=50, published_at=NOW, language="en", headline="Quite alone", text="Nothing.")

    assert keys[hits[0].position] == 2
    assert strike.key not in [keys[hit.position] for hit in hits]
    # What is not public yet is not near anything.
    assert {11, 12}.isdisjoint(keys[hit.position] for hit in hits)
    assert related_to(newsroom, alone, 3, at=NOW + timedelta(hours=0)) == []


def test_a_search_that_takes_too_long_is_ended(index: Connection) -> None:
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT count(*) FROM n",
        "postgresql": "SELECT pg_sleep(20)",
    }[index.dialect.name]

    def search() -> None:
        with index.begin_nested(), engine_of(index).time_limit(index, 0.05):
            index.exec_driver_sql(slow)

    with pytest.raises(SearchTooSlow):
        search()
