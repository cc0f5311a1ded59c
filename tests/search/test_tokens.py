"""Words as search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.highlights import (
    beginning_of,
    find_among_tokens,
    find_highlights,
    find_in_each,
    make_snippet,
    wanted_by,
)
from app.search.query import parse_query
from app.search.stemming import stem, stem_tag
from app.search.tokens import tokenize, tokenize_any, tokens_of

TEXT = (
    "Crews return on Friday.\n\n“We will not sell,” union leader Ann Lee said. "
    "The ferries sail again; the ferry’s crews had struck for weeks."
)


@given(st.text(alphabet="aSs'’ éÉæß5.,-–“½²\n_", max_size=30))
def test_the_short_way_to_words_is_right(text: str) -> None:
    assert list(tokenize(text)) == list(tokenize_any(text))
    assert tokens_of(text) == [token.word for token in tokenize_any(text)]


@given(st.text(max_size=60))
def test_words_stand_where_they_are_said_to(text: str) -> None:
    for word, start, end in tokenize(text):
        assert 0 <= start < end <= len(text)
        assert word in tokens_of(text[start:end])
        assert " " not in word
        assert not word.startswith("_")


@pytest.mark.parametrize(
    ("query", "stretches"),
    [
        ("ferry", ["ferries", "ferry"]),
        ('"will not sell"', ["will not sell"]),
        ("cr* -sell", ["Crews", "crews"]),
        ("speaker:lee OR friday", ["Friday"]),
        ('"not sell" "will not"', ["will not sell"]),
        ("headline:ferry", []),
    ],
)
def test_highlights_are_stretches_of_the_text(query: str, stretches: list[str]) -> None:
    found = find_highlights(wanted_by(parse_query(query)), TEXT, "en")

    assert [TEXT[one.start : one.end] for one in found] == stretches


WORDS = """
    ferry ferries Ferrys ferried dying die dies died lying lie tying tie vying vie skis skies sky
    happy happily happiness possibility possible rationalization relational hopping hoping hope hops
    general generous generously news new knives knife universe university luxuriating agreed s S
    it's O'Brien 3.5 A as is café Éclair well-known cats cat
""".split()  # noqa: SIM905  # a list of so many is hard to read


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.sampled_from([" ", "\n\n", ", “", "’s ", "-"]),
    st.sampled_from(["en", "und", "fr"]),
)
def test_the_short_way_to_highlights_is_right(
    words: list[str], asked: list[str], between: str, language: str
) -> None:
    text = between.join(words)
    wanted = wanted_by(parse_query(" ".join(asked)))

    assert find_highlights(wanted, text, language) == find_among_tokens(
        wanted, text, stem_tag(language)
    )


@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=5), min_size=1, max_size=4),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.sampled_from([" ", ", “", "’s ", "’ "]),
)
def test_texts_looked_through_at_once_are_looked_through_alike(
    texts: list[list[str]], asked: list[str], between: str
) -> None:
    joined = [between.join(words) for words in texts]
    wanted = wanted_by(parse_query(" ".join(asked)))

    assert find_in_each(wanted, joined, "en") == [
        find_among_tokens(wanted, text, "en") for text in joined
    ]


@given(st.text(alphabet="abcdefghilmnorstuy", min_size=1, max_size=14))
def test_words_begin_as_their_stems_do(word: str) -> None:
    for ending in ("", "ing", "ies", "ed", "ization", "ibility", "fulness", "ly", "ational"):
        assert (word + ending).startswith(beginning_of("en", stem("en", word + ending)))


def test_a_snippet_is_a_stretch_of_the_text() -> None:
    found = find_highlights(wanted_by(parse_query("ferry")), TEXT, "en")

    snippet = make_snippet(TEXT, found, 160)

    assert snippet.text == TEXT[snippet.start : snippet.end]
    assert [TEXT[one.start : one.end] for one in snippet.highlights] == ["ferries", "ferry"]
