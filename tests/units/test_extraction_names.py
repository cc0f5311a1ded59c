"""Full names, titles and surnames."""

import pytest

from app.extraction.names import names_of


@pytest.mark.parametrize(
    ("text", "name", "titles"),
    [
        ("House Speaker Ann Lee left.", ("Ann", "Lee"), ("house", "speaker")),
        ("Sen. Omar Diaz left.", ("Omar", "Diaz"), ("sen",)),
        ("On Monday Ann Lee left.", ("Ann", "Lee"), ()),
        ("Rosa van der Berg left.", ("Rosa", "van der Berg"), ()),
        ("Peter King left.", ("Peter", "King"), ()),
    ],
)
def test_a_title_is_no_part_of_a_name(
    text: str, name: tuple[str, ...], titles: tuple[str, ...]
) -> None:
    last = names_of(text).runs[-1]

    assert " ".join(last.words) == " ".join(name)
    assert last.titles[-len(titles) :] == titles or not titles


def test_a_surname_stands_for_the_nearest_earlier_full_name() -> None:
    text = "Ann Lee met Bo Lee. Then Lee spoke. Later Cy Lee came."

    names = names_of(text)

    assert names.full_name(("Lee",), text.index("Lee spoke")) == "Bo Lee"
    assert names.full_name(("Ann",), text.index("Lee spoke")) == "Ann Lee"
    assert names.full_name(("Nobody",), 5) == "Nobody"


def test_a_possessive_ends_a_name() -> None:
    assert [run.words for run in names_of("Ann Lee’s Harbour Union").runs] == [
        ("Ann", "Lee"),
        ("Harbour", "Union"),
    ]
