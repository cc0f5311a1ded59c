"""Offsets in UTF-16, against the encoding itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from app.errors import InvalidParameter
from app.web.offsets import Units, parse_offsets, to_utf16

# Letters of one unit and of two, so that both stand next to each other often.
texts = st.text(st.sampled_from("aé€\uffff😀𝔘\U00010000 \n"), max_size=40) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=40
)


def units_before(text: str, offset: int) -> int:
    return len(text[:offset].encode("utf-16-le")) // 2


@given(texts)
def test_offsets_are_those_of_the_encoding(text: str) -> None:
    units = Units(text)

    for offset in range(len(text) + 1):
        expected = units_before(text, offset)
        assert units.to_utf16(offset) == expected
        assert units.to_code_points(expected) == offset


@given(texts)
def test_an_offset_inside_a_surrogate_pair_is_refused(text: str) -> None:
    units = Units(text)
    whole = {units_before(text, offset) for offset in range(len(text) + 1)}

    for offset in set(range(units_before(text, len(text)) + 1)) - whole:
        with pytest.raises(ValueError, match="inside a surrogate pair"):
            units.to_code_points(offset)


@given(texts, st.integers(1, 10))
def test_an_offset_beyond_the_text_stays_beyond_it(text: str, beyond: int) -> None:
    total = units_before(text, len(text))

    assert Units(text).to_code_points(total + beyond) == len(text) + beyond


def test_a_document_is_converted_whole_and_left_as_it_was() -> None:
    text = "😀 “We sail,” Ann Lee said.\n\n𝔘 end"
    document = {
        "text": text,
        "quotes": [{"id": "q", "spans": [{"start": 3, "end": 11, "exact": "We sail,"}]}],
        "entities": [{"id": "e", "spans": [{"start": 13, "end": 20}]}],
        "body": [
            {"id": "b1", "text": text[:26], "marks": [{"type": "strong", "start": 3, "end": 5}]},
            {"id": "b2", "items": [{"text": "𝔘 end", "marks": [{"start": 2, "end": 5}]}]},
            {"id": "b3", "type": "image", "media": "m"},
        ],
    }
    before = repr(document)

    converted = to_utf16(document, text)

    assert converted == {
        "text": text,
        "quotes": [{"id": "q", "spans": [{"start": 4, "end": 12, "exact": "We sail,"}]}],
        "entities": [{"id": "e", "spans": [{"start": 14, "end": 21}]}],
        "body": [
            {"id": "b1", "text": text[:26], "marks": [{"type": "strong", "start": 4, "end": 6}]},
            {"id": "b2", "items": [{"text": "𝔘 end", "marks": [{"start": 3, "end": 6}]}]},
            {"id": "b3", "type": "image", "media": "m"},
        ],
    }
    assert repr(document) == before


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", False, id="by default"),
        pytest.param("offsets=codepoints", False, id="code points"),
        pytest.param("offsets=utf16", True, id="utf16"),
    ],
)
def test_the_parameter_chooses_the_unit(query: str, expected: bool) -> None:
    assert parse_offsets(QueryParams(query)) is expected


@pytest.mark.parametrize("query", ["offsets=utf-16", "offsets=", "offsets=UTF16"])
def test_another_unit_is_refused(query: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        parse_offsets(QueryParams(query))

    assert refused.value.errors[0]["parameter"] == "offsets"
