"""Words as they are compared and indexed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.quotes.typography import WHITE_SPACE
from app.search.words import APOSTROPHES, INVISIBLE, MAX_FOLDED, folded_text, words_of

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
MARKS = DASHES + '"“”„«»(),;:!?…' + WHITE_SPACE

letters = st.sampled_from("aeiknstzäéßøžйжяωאבدم")
words = st.text(letters, min_size=1, max_size=8)
sentences = st.lists(words, min_size=1, max_size=12)
between = st.text(st.sampled_from(MARKS), min_size=1, max_size=3)

SAME = {
    "case": ("The PORT stays", "the port Stays"),
    "accents": ("a café in São Paulo", "A cafe in Sao Paulo"),
    "accents of their own": ("cafe\u0301", "café"),
    "apostrophes": ("We don’t", "we don't"),
    "an apostrophe among letters": ("L\u02bchomme", "l`homme"),
    "quotation marks": ("“so-called” aid", '"so called" aid'),
    "a dash without spaces": ("now—or never", "Now – or never"),
    "full width": ("ＡＢＣ１２", "abc12"),
    "half width": ("ﾊﾞｽ", "バス"),
    "ligatures": ("ﬁnal oﬀer", "final offer"),
    "points of Arabic": ("كَتَبَ", "كتب"),
    "a soft hyphen": ("har\u00adbour", "harbour"),
    "no spaces in Chinese": ("我们不会 出售", "我们不会出售"),
    "the sign of percent": ("50％ more", "50% more"),
}
DIFFERENT = {
    "a contraction": ("we'll sell", "well sell"),
    "a decimal": ("3.5 tons", "35 tons"),
    "its whole figure": ("3.5 tons", "3 tons"),
    "percent": ("5% more", "5 more"),
    "a currency": ("$5", "€5"),
    "a half": ("½", "12"),
    "Cyrillic letters": ("мой", "мои"),
    "Japanese voicing": ("は", "ば"),
    "vowels of Hindi": ("की", "का"),
    "two words": ("re sign", "resign"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_typography_makes_no_difference(one: str, other: str) -> None:
    assert folded_text(one) == folded_text(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_is_said_otherwise_is_different(one: str, other: str) -> None:
    assert folded_text(one) != folded_text(other)


@settings(max_examples=40)
@given(sentences, st.data())
def test_the_words_are_the_same_however_they_are_set(said: list[str], data: st.DataObject) -> None:
    plain = " ".join(said)
    drawn = [data.draw(st.tuples(st.booleans(), between)) for _ in said]

    printed = "".join(
        (word.upper() if is_capital else word) + marks
        for word, (is_capital, marks) in zip(said, drawn, strict=True)
    )

    assert folded_text(printed) == folded_text(plain)


@settings(max_examples=40)
@given(st.text(max_size=30) | st.text("aеم" + MARKS + APOSTROPHES + INVISIBLE, max_size=30))
def test_the_offsets_point_at_the_words(text: str) -> None:
    found = words_of(text)

    reached = 0
    for key, start, end in found:
        assert reached <= start < end <= len(text)
        assert [word.key for word in words_of(text[start:end])] == [key]
        reached = end
    assert folded_text(text) == " ".join(word.key for word in found)


@settings(max_examples=40)
@given(st.text(max_size=30))
def test_folded_words_are_apart_by_single_spaces_alone(text: str) -> None:
    folded = folded_text(text)

    assert folded.split() == folded.split(" ") or folded == ""
    assert not set(folded) & set('"\0\n()*:^')


def test_a_long_text_is_indexed_from_its_beginning_in_whole_words() -> None:
    folded = folded_text("harbour " * 20_000 + "x" * 100_000)

    assert MAX_FOLDED - 10 < len(folded) <= MAX_FOLDED
    assert set(folded.split(" ")) == {"harbour"}
