"""Where a quote or a name stands in a text, and what is said when it does not."""

import unicodedata
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.quotes.anchoring import (
    QuoteAmbiguous,
    QuoteNotVerbatim,
    Span,
    SpanInvalid,
    check_spans,
    context_of,
    find_quote,
    occurrences,
)
from app.quotes.choosing import MOST_CANDIDATES
from app.quotes.differences import nearest_passage, word_difference
from app.quotes.typography import INVISIBLE, WHITE_SPACE, fold, splits_grapheme

ARTICLE = (
    "Dockers at Varnholm went back to work on Friday.\n\n"
    "“We won’t sell the pilot boats — not now, not ever,” harbour chief Ina Roth said.\n\n"
    '"The boats are old," engineer Tom Adeyemi answered, "but they can\'t be replaced '
    'for 3.5 million." He added: "It is over."\n\n'
    "Asked again on Saturday, Roth said: “It is over.”"
)


def parts_of(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("went back to work", ["went back to work"], id="as written"),
        pytest.param("  went back to work\n", ["went back to work"], id="white space around"),
        pytest.param("We won't sell the pilot", ["We won’t sell the pilot"], id="apostrophe"),
        pytest.param('not ever," harbour', ["not ever,” harbour"], id="quotation marks"),
        pytest.param("pilot boats - not now", ["pilot boats — not now"], id="hyphen for a dash"),
        pytest.param("pilot boats -- not now", ["pilot boats — not now"], id="two hyphens"),
        pytest.param("pilot\u00a0boats", ["pilot boats"], id="no-break space"),
        pytest.param("work on Friday. “We", ["work on Friday.\n\n“We"], id="across paragraphs"),
        pytest.param("Ro\u00adth sa\u200bid.", ["Roth said."], id="invisible characters"),
        pytest.param("\ufeffwent back", ["went back"], id="byte order mark"),
        pytest.param(
            "The boats are old, … but they can't be replaced",
            ["The boats are old,", "but they can't be replaced"],
            id="interrupted, at the sign for it",
        ),
        pytest.param(
            "The boats are old […] they can’t be replaced",
            ["The boats are old", "they can't be replaced"],
            id="interrupted, in brackets and curly",
        ),
        pytest.param("... not now, not ever ...", ["not now, not ever"], id="dots around"),
        pytest.param(
            "The boats are old … It is over",
            ["The boats are old", "It is over"],
            id="interrupted, in the paragraph of both",
        ),
    ],
)
def test_words_are_found_but_for_their_typography(words: str, found: list[str]) -> None:
    assert parts_of(ARTICLE, find_quote(ARTICLE, words)) == found


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        pytest.param("It’s on. It's on.", "It's on", 9, id="the literal place comes first"),
        pytest.param("caf\u00e9 noir", "cafe\u0301", 0, id="words are composed"),
        pytest.param("sellers sell.", "sell", 8, id="not at the beginning of a word"),
        pytest.param("presell, sell", "sell", 9, id="not at the end of a word"),
        pytest.param("we can't, we can", "we can", 10, id="not before a contraction"),
        pytest.param("paid 3.5, paid 3", "paid 3", 10, id="not before decimals"),
        pytest.param("paid 3.5, not 5", "5", 14, id="not after a decimal point"),
        pytest.param("l’homme", "homme", 2, id="but after an elision"),
        pytest.param("他说港口关闭了", "港口", 2, id="Chinese writes no spaces"),
        pytest.param("ท่าเรือปิดแล้ว", "ปิด", 7, id="Thai neither"),
        pytest.param("हिन्दी में हिन्द", "हिन्द", 11, id="vowel signs belong to the word"),
        pytest.param("👩‍👩‍👧 and 👩", "👩", 10, id="not in an emoji of several"),
        pytest.param("wait… what", "wait... what", 0, id="an ellipsis"),
        pytest.param("no\u200bw and then", "now", 0, id="an invisible character in the article"),
        pytest.param("x\u00a0\u2009 y", "x y", 0, id="a run of spaces"),
    ],
)
def test_words_are_found_whole(text: str, words: str, found: int) -> None:
    spans = find_quote(text, words)

    assert [span.start for span in spans] == [found]
    check_spans(text, spans)


ADDED, ASKED = (
    (Span(start, start + 11),)
    for start in (ARTICLE.index("It is over."), ARTICLE.rindex("It is over."))
)


@pytest.mark.parametrize(
    ("prefix", "suffix", "place"),
    [
        pytest.param('He added: "', None, ADDED, id="prefix"),
        pytest.param("He added: “", None, ADDED, id="prefix in other marks"),
        pytest.param("Roth  said:\n“", None, ASKED, id="prefix with other white space"),
        pytest.param(None, '"\n\nAsked again', ADDED, id="suffix"),
        pytest.param(None, "” Asked again", ADDED, id="suffix in other marks"),
        pytest.param("“", '"\n\n', ADDED, id="both"),
        pytest.param("added: “", "", ADDED, id="an empty one says nothing"),
    ],
)
def test_context_tells_two_places_apart(
    prefix: str | None, suffix: str | None, place: tuple[Span, ...]
) -> None:
    assert find_quote(ARTICLE, "It is over.", prefix=prefix, suffix=suffix) == place


@pytest.mark.parametrize(
    ("prefix", "suffix"),
    [
        pytest.param(None, "”", id="fits both"),
        pytest.param("She wrote: “", None, id="fits neither"),
        pytest.param("added: “", "” Roth left", id="one half of it is wrong"),
    ],
)
def test_context_that_does_not_tell_leaves_them_ambiguous(
    prefix: str | None, suffix: str | None
) -> None:
    with pytest.raises(QuoteAmbiguous) as caught:
        find_quote(ARTICLE, "It is over.", prefix=prefix, suffix=suffix)

    assert caught.value.candidates == (ADDED, ASKED)


def test_context_chooses_a_place_of_other_typography_before_a_literal_one() -> None:
    text = "She: It's over. He: It’s over."

    assert find_quote(text, "It's over", prefix="He: ") == (Span(20, 29),)


def test_context_is_not_needed_where_there_is_one_place() -> None:
    assert find_quote(ARTICLE, "went back", prefix="elsewhere ") == (Span(20, 29),)


def test_places_that_overlap_are_ambiguous_too() -> None:
    with pytest.raises(QuoteAmbiguous):
        find_quote("ha ha ha", "ha ha")


def test_candidates_are_few() -> None:
    with pytest.raises(QuoteAmbiguous) as caught:
        find_quote("no " * 500, "no")

    assert len(caught.value.candidates) == MOST_CANDIDATES


@pytest.mark.parametrize(
    ("words", "passage", "changed"),
    [
        pytest.param(
            "We won't sell the ferry boats - not now",
            "We won’t sell the pilot boats — not now",
            [("replace", "ferry ", "pilot ")],
            id="a word replaced",
        ),
        pytest.param(
            "they can't easily be replaced",
            "they can't be replaced",
            [("delete", "easily ", "")],
            id="a word too many",
        ),
        pytest.param(
            "The boats old", "The boats are old", [("insert", "", "are ")], id="a word too few"
        ),
        pytest.param("they can", "they can't", [("replace", "can", "can't")], id="a word cut"),
        pytest.param("it IS over", "It is over", [("replace", "it IS ", "It is ")], id="case"),
        pytest.param(
            "The boats are old … but they can be replaced",
            "but they can't be replaced",
            [("replace", "can ", "can't ")],
            id="one part of an interrupted quote",
        ),
    ],
)
def test_words_that_do_not_stand_are_refused_with_the_nearest(
    words: str, passage: str, changed: list[tuple[str, str, str]]
) -> None:
    with pytest.raises(QuoteNotVerbatim) as caught:
        find_quote(ARTICLE, words)

    error = caught.value
    steps = [tuple(step.values()) for step in error.difference if step["op"] != "equal"]
    assert (error.passage, steps) == (passage, changed)
    assert error.nearest is not None
    assert ARTICLE[error.nearest.start : error.nearest.end] == passage
    assert 0.5 < error.score <= 1


@pytest.mark.parametrize("words", ["", "  ", "…", "\u200b", "[...]", "Zyzzyva quagga", "x" * 5000])
def test_words_like_nothing_have_no_nearest(words: str) -> None:
    with pytest.raises(QuoteNotVerbatim) as caught:
        find_quote(ARTICLE, words)

    assert (caught.value.nearest, caught.value.passage, caught.value.score) == (None, "", 0.0)


@pytest.mark.parametrize(
    ("spans", "index"),
    [
        pytest.param([(0, 3), (2, 5)], 1, id="overlapping"),
        pytest.param([(5, 6), (0, 3)], 1, id="out of order"),
        pytest.param([(4, 4)], 0, id="empty"),
        pytest.param([(6, 4)], 0, id="reversed"),
        pytest.param([(0, 100)], 0, id="beyond the end"),
        pytest.param([(-1, 4)], 0, id="before the beginning"),
        pytest.param([(0, 1), (4, 9)], 1, id="beginning in a flag"),
        pytest.param([(0, 4)], 0, id="ending in a flag"),
        pytest.param([(0, 9)], 0, id="ending before a combining mark"),
    ],
)
def test_a_span_that_cannot_be_is_refused(spans: list[tuple[int, int]], index: int) -> None:
    text = "ab \U0001f1eb\U0001f1f7 cdq\u0323\u0302 e"

    with pytest.raises(SpanInvalid) as caught:
        check_spans(text, [Span(*span) for span in spans])

    assert caught.value.index == index
    assert caught.value.reason


def test_spans_side_by_side_are_in_order() -> None:
    check_spans("ab \U0001f1eb\U0001f1f7 c", [Span(0, 3), Span(3, 5), Span(5, 7)])


def test_an_exact_must_be_what_stands_there() -> None:
    text = "Ren\u00e9 said: “It’s over.”"

    check_spans(text, [Span(0, 4), Span(12, 21)], exacts=["Rene\u0301", None])
    with pytest.raises(QuoteNotVerbatim) as caught:
        check_spans(text, [Span(0, 4), Span(12, 21)], exacts=[None, "It's over"])

    assert (caught.value.nearest, caught.value.passage) == (Span(12, 21), "It’s over")


def test_context_is_shorter_near_the_ends() -> None:
    text = "a" * 40 + "quote" + "b" * 3

    assert context_of(text, [Span(40, 45)]) == ("a" * 32, "bbb")
    assert context_of(text, [Span(0, 1), Span(42, 48)]) == ("", "")


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        pytest.param("Lee met Lee.", [0, 8], id="each"),
        pytest.param("Lee's boat, Lee-Roth", [0, 12], id="possessive and compound"),
        pytest.param("Leeds, McLee, Le\u0301e", [], id="not in other words"),
        pytest.param("lee LEE", [], id="as written only"),
    ],
)
def test_a_name_occurs_as_a_word(text: str, starts: list[int]) -> None:
    assert [span.start for span in occurrences(text, " Lee ")] == starts


def test_occurrences_do_not_overlap() -> None:
    assert occurrences("New New New New", "New New") == [Span(0, 7), Span(8, 15)]
    assert occurrences("anything", "") == []


WORDS = ["No", "we", "will", "it's", "l’eau", "3.5", "can't", "can", "港", "口", "é", "👩\u200d👧"]
SIGNS = ["–", "—", "…", '"', "“", "”", "'", ",", ".", "\u00a0", "\n\n", "\u200b"]
texts = st.lists(st.sampled_from([*WORDS, *SIGNS, " ", " ", " "]), max_size=40).map("".join)


@given(texts, st.data())
def test_folding_keeps_the_way_back(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    assert fold(folded.text).text == folded.text

    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    span = folded.span(start, end)

    if span is not None:
        stands = fold(text[span.start : span.end]).text
        assert stands == folded.text[start:end]
        if stands and stands[0] != " ":
            assert folded.index_of(span.start) == start


ALIKE = [
    "'\u2018\u2019\u201a\u201b\u2039\u203a`\u00b4",
    '"\u201c\u201d\u201e\u00ab\u00bb',
    "-\u2010\u2011\u2013\u2014\u2212",
    WHITE_SPACE,
]


@settings(max_examples=200, deadline=None)
@given(texts, st.data())
def test_any_typography_of_a_passage_finds_it(text: str, data: st.DataObject) -> None:
    text = unicodedata.normalize("NFC", text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    passage = text[start:end]
    if passage.strip(WHITE_SPACE + INVISIBLE) != passage or not passage:
        return
    varied = ""
    for character in passage:
        group = next((group for group in ALIKE if character in group), character)
        varied += data.draw(st.sampled_from(group))
        varied += data.draw(st.sampled_from(["", "", "", "\u200b"]))

    try:
        found = find_quote(text, varied)
    except QuoteAmbiguous as error:
        found = error.candidates[0]
    except QuoteNotVerbatim:
        # The passage was drawn from the middle of a word, a figure or a character.
        with pytest.raises(QuoteNotVerbatim):
            find_quote(text, passage)
        return
    check_spans(text, found)
    assert fold("".join(parts_of(text, found))).text == fold(passage).text


@given(texts, texts)
def test_a_difference_adds_up_to_both_sides(one: str, other: str) -> None:
    steps = word_difference(one, other)

    assert "".join(step["given"] for step in steps) == one
    assert "".join(step["article"] for step in steps) == other
    kinds = [step["op"] == "equal" for step in steps]
    assert all(kind != after for kind, after in pairwise(kinds))


@given(texts, texts)
def test_the_nearest_passage_never_fails(text: str, words: str) -> None:
    span, score = nearest_passage(text, words)

    assert 0 <= score <= 1
    if span is not None:
        assert 0 <= span.start < span.end <= len(text)
        assert not splits_grapheme(text, span.start)
        assert not splits_grapheme(text, span.end)


def test_the_nearest_passage_is_found_soon_in_a_long_text() -> None:
    sentence = "Pilot {} told the board that berth {} would stay shut until winter {}. "
    text = "".join(sentence.format(n, n * 7 % 997, n * 13 % 1009) for n in range(14_000))[: 1 << 20]
    passage = text[600_000:602_000]
    words = passage.replace("would stay", "might remain").replace("board", "council")

    began = process_time()
    span, score = nearest_passage(text, words)
    took = process_time() - began

    assert span is not None
    assert abs(span.start - 600_000) < 100
    assert score > 0.7
    # Ten times what it takes, so that a busy machine does not fail it.
    assert took < 1
