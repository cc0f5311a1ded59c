"""Which format an Accept header asks for."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import NotAcceptable
from app.web.negotiation import accepted

JSON, LD, TEXT = "application/json", "application/ld+json", "text/plain"
FORMATS = dict.fromkeys((JSON, LD, TEXT), lambda document: b"")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(None, JSON, id="no header"),
        pytest.param("", JSON, id="an empty header"),
        pytest.param("*/*", JSON, id="anything"),
        pytest.param("text/plain", TEXT, id="one type"),
        pytest.param("TEXT/Plain", TEXT, id="in capitals"),
        pytest.param("application/*", JSON, id="a range"),
        pytest.param("text/*", TEXT, id="a range of one"),
        pytest.param("text/html, */*;q=0.1", JSON, id="an unknown type, or anything"),
        pytest.param("application/json;q=0.5, application/ld+json", LD, id="the better one"),
        pytest.param("application/ld+json;q=0.5, text/plain;q=0.4", LD, id="both, less wanted"),
        pytest.param("application/ld+json, application/json", JSON, id="alike: the first here"),
        pytest.param("application/json;q=0, */*", LD, id="anything but one"),
        pytest.param("text/*;q=0.9, text/plain;q=0.1, */*;q=0.5", JSON, id="the closest range"),
        pytest.param("application/json;charset=utf-8", JSON, id="with a charset"),
        pytest.param("text/plain;q=nonsense, application/json;q=0.1", JSON, id="a broken quality"),
        pytest.param("text/plain;q=9, application/json", JSON, id="a quality over 1"),
        pytest.param(" , text/plain ,, ", TEXT, id="empty parts"),
        pytest.param(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON, id="a browser"
        ),
    ],
)
def test_the_best_format_that_both_sides_know_is_chosen(header: str | None, expected: str) -> None:
    assert accepted(header, FORMATS) == expected


@pytest.mark.parametrize(
    "header",
    ["image/png", "application/json;q=0", "*/*;q=0", "application", "*/json", "a/b;q=1;q=1"],
)
def test_what_is_not_served_is_refused_with_what_is(header: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        accepted(header, FORMATS)

    assert refused.value.members == {"supported": [JSON, LD, TEXT]}


@given(st.text(max_size=60) | st.text(st.sampled_from("*/;,q=01.jsontex "), max_size=40))
def test_no_header_breaks_the_choice(header: str) -> None:
    with suppress(NotAcceptable):
        assert accepted(header, FORMATS) in FORMATS


@pytest.mark.parametrize("quality", ["nan", "inf", "-1", "1e999", "0x1", "٣"])
def test_a_quality_that_is_no_number_from_0_to_1_wants_no_more_than_1(quality: str) -> None:
    assert accepted(f"text/plain;q={quality}, application/json", FORMATS) == JSON
