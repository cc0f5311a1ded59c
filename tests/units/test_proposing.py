"""Where a quote that has lost its place may stand."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.quotes.anchoring import Span
from app.quotes.proposing import Lost, changed_proposals, proposals_among

QUOTE = "the harbour is not for sale, and it never was"
BEFORE, AFTER = "Asked twice on Monday she said “", "” to applause from the gallery."
LOST = Lost([QUOTE], BEFORE[-32:], AFTER[:32], 32)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(BEFORE + QUOTE.replace("not", "never") + AFTER,
                     "the harbour is never for sale, and it never was", id="a word changed"),
        pytest.param(BEFORE + QUOTE.replace(", and it never was", "") + AFTER,
                     "the harbour is not for sale", id="shortened"),
        pytest.param(BEFORE + QUOTE.replace("sale", "sale or rent") + AFTER,
                     "the harbour is not for sale or rent, and it never was", id="lengthened"),
        pytest.param("Later.\n\nShe told us: “" + QUOTE.replace("not", "never") + "”.",
                     "the harbour is never for sale, and it never was", id="changed and moved"),
        pytest.param(BEFORE[:-1] + AFTER[1:], None, id="cut out"),
        pytest.param("The harbour opens at nine. Tickets are for sale at the gate.", None,
                     id="another text with some of its words"),
        pytest.param("", None, id="no text"),
    ],
)  # fmt: skip
def test_words_like_its_own_are_proposed(text: str, words: str | None) -> None:
    found = [one["text"] for one in changed_proposals(text, LOST)]

    assert found == ([] if words is None else [words])


def test_what_stands_around_it_tells_two_versions_apart() -> None:
    changed = QUOTE.replace("not", "never")
    text = f"{changed}\n\nAn hour later.\n\n{BEFORE}{changed}{AFTER}"

    (first,) = changed_proposals(text, LOST)

    assert first["spans"][0]["start"] == text.rindex(changed)
    assert first["score"] > 0.9


def test_of_equal_words_the_place_most_like_the_former_comes_first() -> None:
    text = f"No: {QUOTE}! {BEFORE}{QUOTE}{AFTER}"
    places = [(Span(at, at + len(QUOTE)),) for at in (4, text.rindex(QUOTE))]

    ranked = proposals_among(text, LOST, places)

    assert [one["spans"][0]["start"] for one in ranked] == [text.rindex(QUOTE), 4]
    assert [one["difference"] for one in ranked] == [[], []]
    assert ranked[0]["score"] == pytest.approx(1, abs=0.02)


words = st.text("abcdefg “”.é🚢", min_size=1, max_size=60)


@hypothesis_settings(max_examples=60)
@given(words, words, words, words)
def test_a_proposal_is_verbatim_the_articles(
    quote: str, changed: str, before: str, after: str
) -> None:
    text = before + changed + after
    lost = Lost([quote], before[-32:], after[:32], len(before))

    for one in changed_proposals(text, lost):
        (span,) = one["spans"]
        assert text[span["start"] : span["end"]] == span["exact"] == one["text"]
        assert "".join(step["given"] for step in one["difference"]) in ("", quote)
        assert 0.6 <= one["score"] <= 1
