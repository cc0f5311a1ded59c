"""Which runs stand between quotation marks."""

import pytest

from app.extraction.marks import MOST_RUNS, segments_of
from app.extraction.paragraphs import paragraphs_of


def runs(text: str) -> list[str]:
    return [text[one.start : one.end] for one in segments_of(text, paragraphs_of(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('"We stay," he said.', ["We stay,"], id="straight"),
        pytest.param("“We stay,” he said.", ["We stay,"], id="curly"),
        pytest.param('“We stay," he said.', ["We stay,"], id="mixed, curly first"),
        pytest.param('"We stay,” he said.', ["We stay,"], id="mixed, straight first"),
        pytest.param("„We stay“, he said.", ["We stay"], id="low and high"),
        pytest.param("« We stay », he said.", ["We stay"], id="angle marks"),
        pytest.param("“She told me ‘no’ twice.”", ["She told me ‘no’ twice."], id="nested"),
        pytest.param("“It’s the firms’ fault.”", ["It’s the firms’ fault."], id="apostrophes"),
        pytest.param("He is 5'10\" tall and 6'2\" wide.", [], id="measures"),
        pytest.param('<x id="12" by="me">', [], id="markup"),
        pytest.param("‘We stay,’ he said, isn't it?", ["We stay,"], id="single marks alone"),
        pytest.param("It's the firms' fault.", [], id="apostrophes alone"),
        pytest.param('“” "" ”', [], id="nothing inside"),
    ],
)
def test_marks_pair(text: str, expected: list[str]) -> None:
    assert runs(text) == expected


def test_an_unclosed_quote_goes_on_in_the_next_paragraph() -> None:
    text = "“First part.\n\n“Second part,” he said.\n\n“Another.”"

    found = segments_of(text, paragraphs_of(text))

    assert [one.continues for one in found] == [False, True, False]
    assert found[0].shut_at is None


def test_a_text_of_marks_gives_a_bounded_number_of_runs() -> None:
    assert len(runs('"a" ' * 10_000)) == MOST_RUNS
