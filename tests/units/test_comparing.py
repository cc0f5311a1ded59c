"""How a quote holds some words."""

import pytest

from app.quotes.candidates import probes_of, rarest_runs
from app.quotes.comparing import (
    given_wording,
    in_article,
    nearest,
    quote_wording,
    relation_of,
    standing,
)
from app.quotes.typography import Span

WHOLE = "We will not sell the port to anyone in this town, not this year and not next."
INTERRUPTED = ["We will not sell", "the port, not ever."]

STANDS = {
    "all, in another form": ("WILL NOT SELL … the port - not", ["will not sell … the port, not"]),
    "the first part": ("we will not sell", ["We will not sell"]),
    "a piece of a part": ("“will not”", ["will not"]),
    "across the gap, with an ellipsis": ("sell ... the port", ["sell … the port"]),
    "across the gap, without one": ("sell the port", []),
    "an ellipsis where nothing is left out": ("will … not", ["will not"]),
    "several times": ("not", ["not", "not"]),
    "a part of a word": ("por", []),
    "another word": ("will never", []),
}  # fmt: skip


@pytest.mark.parametrize(("words", "found"), STANDS.values(), ids=STANDS)
def test_words_stand_in_a_quote_as_a_run(words: str, found: list[str]) -> None:
    quote = quote_wording(INTERRUPTED)

    places = standing(given_wording(words), quote)

    assert [quote.text[start:end] for start, end in places] == found


def test_a_part_of_a_quote_is_told_in_the_offsets_of_its_article() -> None:
    spans = [(100, INTERRUPTED[0]), (140, INTERRUPTED[1])]

    found = in_article(
        [{"start": start, "end": start + len(words), "exact": words} for start, words in spans],
        Span(12, 27),
    )

    assert found == [
        {"start": 112, "end": 116, "exact": "sell"},
        {"start": 140, "end": 148, "exact": "the port"},
    ]


def test_the_nearest_passage_is_a_part_of_the_quote() -> None:
    place = nearest(given_wording("“We will never sell the port to anyone,”"), WHOLE)

    assert place is not None
    span, score = place
    assert WHOLE[span.start : span.end] == "We will not sell the port to anyone"
    assert 0.8 < score < 1
    assert nearest(given_wording("Crews return on Friday morning"), WHOLE) is None


RELATIONS = {
    "the same in another form": (WHOLE.upper().replace(", ", " — "), "same"),
    "a fragment of four words": ("not sell the port", "shortened"),
    "a fragment of three words": ("sell the port", None),
    "parts of it, in order": ("We will not sell … not this year", "shortened"),
    "more than it": (f"Listen: {WHOLE} Never.", "extended"),
    "a changed word": (WHOLE.replace("anyone", "anybody"), "changed"),
    "a fragment with a changed word": ("We will never sell the port to anybody", "changed"),
    "another utterance": ("We will sell the ferries to a company in another town next year.", None),
    "words in another order": ("not next and not this year, in this town, to anyone", None),
}  # fmt: skip


@pytest.mark.parametrize(("other", "expected"), RELATIONS.values(), ids=RELATIONS)
def test_forms_of_an_utterance(other: str, expected: str | None) -> None:
    first, second = quote_wording([WHOLE]), quote_wording(other.split(" … "))
    mirrored = {"shortened": "extended", "extended": "shortened"}

    relation, back = relation_of(first, second), relation_of(second, first)

    assert (relation and relation[0]) == expected
    assert (back and back[0]) == mirrored.get(str(expected), expected)


def test_what_is_asked_of_the_index_is_bounded() -> None:
    for words in (["ja"] * 5_000, [f"word{number}" for number in range(5_000)], ["ja"], []):
        assert len(probes_of(words)) <= 40
        assert sum(len(run) for run in rarest_runs(words)) <= 20
