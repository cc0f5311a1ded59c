"""Words as search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.highlights import find_highlights, make_snippet, wanted_by
from app.search.query import parse_query
from app.search.tokens import tokenize, tokenize_any, tokens_of

TEXT = (
    "Crews return on Friday.\n\n“We will not sell,” union leader Ann Lee said. "
    "The ferries sail again; the ferry’s crews had struck for weeks."
)


@given(st.text(alphabet="aSs'’ éÉæß5.,-–“½²\n_", max_size=30))
def test_the_short_way_to_words_is_right(text: str) -> None:
    assert list(tokenize(text)) == list(tokenize_any(text))


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


def test_a_snippet_is_a_stretch_of_the_text() -> None:
    found = find_highlights(wanted_by(parse_query("ferry")), TEXT, "en")

    snippet = make_snippet(TEXT, found, 160)

    assert snippet.text == TEXT[snippet.start : snippet.end]
    assert [TEXT[one.start : one.end] for one in snippet.highlights] == ["ferries", "ferry"]
