"""Whatever is asked of whatever articles: both databases answer alike."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from app.search.entries import Entry
from app.search.hits import count_facets, newest_hits, prepare_search, ranked_hits
from app.search.index import put_entry, remove_entry
from app.search.query import MalformedQuery, parse_query
from app.search.tables import FOUND, TERMS
from tests.search.articles import NOW, PEOPLE
from tests.search.conftest import connected, fill_newsroom

WORDS = [
    "ferry",
    "ferries",
    "Fähre",
    "strike",
    "striking",
    "l’île",
    "ile",
    "паром",
    "ночи",
    "東京",
]
word = st.sampled_from(WORDS)
texts = st.lists(word, max_size=6).map(" ".join)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    return [
        Entry(
            key=100 + number,
            published_at=NOW - timedelta(minutes=draw(st.integers(-1, 3))),
            language=draw(st.sampled_from(["en", "fr", "ru", "ja", "de"])),
            headline=draw(texts),
            standfirst=draw(st.just("") | texts),
            text=draw(texts),
            shown_until=draw(st.sampled_from([None, None, NOW, NOW + timedelta(hours=1)])),
            section_key=draw(st.sampled_from([None, 1, 2])),
            entities=draw(st.lists(st.sampled_from(list(PEOPLE)), unique=True, max_size=2)),
            speakers=draw(st.lists(st.sampled_from(list(PEOPLE)), unique=True, max_size=1)),
        )
        for number in range(draw(st.integers(1, 6)))
    ]


leaves = st.one_of(
    word,
    st.lists(word, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.sampled_from(["fer*", "st*", "il*", "ноч*", "東*", "l’il*", "headline:fer*"]),
    word.map(lambda one: f"headline:{one}"),
    word.map(lambda one: f'headline:"{one} ferry"'),
    st.sampled_from(["entity:lee", "speaker:lee", "section:news", "entity:nobody"]),
)
queries = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        inner.map(lambda one: f"-({one})"),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Connection]]:
    with (
        connected("sqlite", request, tmp_path_factory) as one,
        connected("postgresql", request, tmp_path_factory) as other,
    ):
        for connection in (one, other):
            fill_newsroom(connection)
        yield [one, other]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(entries(), st.lists(queries, min_size=6, max_size=6), st.integers(1, 3))
def test_both_databases_find_the_same(
    both: list[Connection], articles: list[Entry], asked: list[str], limit: int
) -> None:
    answers = []
    for connection in both:
        with connection.begin_nested() as step:
            for article in articles:
                put_entry(connection, "articles", article)
            answers.append([answer(connection, query, limit) for query in asked])
            step.rollback()

    assert answers[0] == answers[1]
    # All pages together hold each hit once.
    for newest, paged, *_ in answers[0]:
        assert sorted(newest) == sorted(paged)


def answer(connection: Connection, query: str, limit: int) -> tuple[list[int], list[int], object]:
    search = prepare_search(connection, "articles", parse_query(query), at=NOW)
    newest = newest_hits(connection, search, 100)
    paged = []
    hits, place = ranked_hits(connection, search, limit)
    paged += [hit.position for hit in hits]
    while place is not None:
        hits, place = ranked_hits(connection, search, limit, after=place)
        paged += [hit.position for hit in hits]
    return newest, paged, count_facets(connection, search)


def test_what_is_taken_out_leaves_nothing(index: Connection) -> None:
    fill_newsroom(index)
    for key in index.scalars(select(FOUND["articles"].c.key)).all():
        remove_entry(index, "articles", key)
    counted = TERMS.c.term != "_texts_entities", TERMS.c.term != "_words_entities"

    left = index.execute(select(TERMS).where(TERMS.c.articles != 0, *counted)).all()

    assert left == []
    search = prepare_search(index, "articles", parse_query("-nothing"), at=NOW)
    assert newest_hits(index, search, 10) == []


def test_a_changed_article_is_found_by_its_new_words_alone(newsroom: Connection) -> None:
    changed = Entry(key=1, published_at=NOW, language="en", headline="Ships leave", text="Gone.")
    put_entry(newsroom, "articles", changed)

    found = {
        query: len(
            newest_hits(
                newsroom,
                prepare_search(newsroom, "articles", parse_query(query), at=NOW),
                10,
            )
        )
        for query in ("strike", "ships", '"ships leave"', "speaker:lee", "section:news/harbour")
    }

    assert found == {
        "strike": 0,
        "ships": 1,
        '"ships leave"': 1,
        "speaker:lee": 0,
        "section:news/harbour": 0,
    }


@settings(max_examples=300)
@given(st.text(max_size=40) | st.text(alphabet='ab"*()-: OR', max_size=40))
def test_any_text_is_a_query_or_says_where_it_fails(text: str) -> None:
    position = 0
    with suppress(MalformedQuery):
        try:
            parse_query(text)
        except MalformedQuery as error:
            position = error.position
            raise

    assert 0 <= position <= len(text)
