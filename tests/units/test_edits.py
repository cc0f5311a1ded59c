"""What an edit of a text left alone, and where that carries a part of it."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quotes.edits import Run, moved_spans, unchanged_runs
from app.quotes.typography import Span

# Few words, so that lines repeat them, and each other.
words = st.sampled_from(["port", "boats", "we", "will", "not", "sell", "No", ",", ".", "“", "”"])
lines = st.lists(words, min_size=1, max_size=12).map(" ".join)
texts = st.lists(lines, max_size=8).map("\n\n".join)


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        pytest.param("", "", [], id="nothing"),
        pytest.param("a b", "a b", [Run(0, 0, 3)], id="all"),
        pytest.param("a b", "", [], id="all deleted"),
        pytest.param("one\n\ntwo", "two", [Run(5, 0, 3)], id="the first paragraph deleted"),
        pytest.param("one", "one\n\ntwo", [Run(0, 0, 3)], id="a paragraph added"),
        pytest.param(
            "one two three four five six",
            "one two three four, five six",
            [Run(0, 0, 18)],
            id="words",
        ),
        pytest.param(
            "one\ntwo\nsix",
            "two\nsix\none",
            [Run(0, 8, 3), Run(4, 0, 7)],
            id="a line moved",
        ),
        pytest.param("the cat sat", "on the hill", [], id="too little to be no coincidence"),
    ],
)
def test_runs_are_what_an_edit_left_alone(old: str, new: str, runs: list[Run]) -> None:
    assert unchanged_runs(old, new) == runs


def test_spans_are_carried_along_by_the_runs_that_hold_them_whole() -> None:
    lede = "Dockers at Varnholm went back to work on Friday."
    roth = "“We will not sell the boats,” harbour chief Ina Roth said on Monday."
    adeyemi = "“We will not sell the boats,” engineer Tom Adeyemi told the board on Tuesday."
    old = "\n\n".join([lede, roth, adeyemi])
    new = "\n\n".join(["Update.", lede.replace("Friday", "Sunday"), roth])
    names = ["Varnholm", "Friday", "Ina Roth", "Tom Adeyemi"]
    spans = [Span(old.index(name), old.index(name) + len(name)) for name in names]

    moved = moved_spans(unchanged_runs(old, new), spans)

    assert [span and new[span.start : span.end] for span in moved] == [
        "Varnholm",
        None,
        "Ina Roth",
        None,
    ]


@given(texts, texts)
def test_runs_are_equal_and_apart(old: str, new: str) -> None:
    runs = unchanged_runs(old, new)

    for start, new_start, length in runs:
        assert length > 0
        assert old[start : start + length] == new[new_start : new_start + length]
    assert runs == sorted(runs)
    for run, after in pairwise(runs):
        assert run.old_start + run.length <= after.old_start
    for run, after in pairwise(sorted(runs, key=lambda run: run.new_start)):
        assert run.new_start + run.length <= after.new_start


def test_long_texts_are_compared_soon() -> None:
    def long_text(step: int) -> str:
        numbers = range(0, 2_000 * step, step)
        return "\n\n".join(
            " ".join(f"w{(n + k) * step % 5003} of" for k in range(66)) for n in numbers
        )

    old, new = long_text(7), long_text(11)
    began = process_time()
    runs = unchanged_runs(old, new)
    took = process_time() - began

    assert len(old) > 1_000_000
    assert moved_spans(runs, [Span(0, len(old))]) == [None]
    # Several times what it takes, so that a busy machine does not fail it.
    assert took < 6
