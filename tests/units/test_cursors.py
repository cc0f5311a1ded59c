"""Cursors: what is signed comes back, and nothing else is taken."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidCursor
from app.web.cursors import CursorSigner, list_digest

SIGNER = CursorSigner(b"a secret of the tests")
LIST = list_digest("articles", "-published_at")

values = st.lists(
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.datetimes(timezones=st.just(UTC)),
    max_size=4,
)


@given(values)
def test_a_cursor_gives_back_the_values_that_were_signed(
    signed: list[str | int | float | datetime | None],
) -> None:
    assert SIGNER.values(LIST, SIGNER.sign(LIST, signed)) == signed


def test_a_cursor_can_stand_in_an_address() -> None:
    cursor = SIGNER.sign(LIST, ["“Ferry”, & more?", datetime(2026, 11, 20, tzinfo=UTC), 7])

    assert cursor.replace(".", "").replace("-", "").replace("_", "").isalnum()
    assert cursor.isascii()


@given(st.text(max_size=100))
def test_no_text_is_taken_for_a_cursor(text: str) -> None:
    with pytest.raises(InvalidCursor):
        SIGNER.values(LIST, text)


def test_every_changed_letter_is_noticed() -> None:
    cursor = SIGNER.sign(LIST, ["Ferry strike ends", 7])

    for index, letter in enumerate(cursor[:-1]):
        changed = cursor[:index] + ("A" if letter != "A" else "B") + cursor[index + 1 :]
        with pytest.raises(InvalidCursor):
            SIGNER.values(LIST, changed)


def test_a_cursor_is_refused_by_another_list_and_another_database() -> None:
    cursor = SIGNER.sign(LIST, [7])

    with pytest.raises(InvalidCursor) as other_list:
        SIGNER.values(list_digest("articles", "published_at"), cursor)
    with pytest.raises(InvalidCursor):
        CursorSigner(b"another secret").values(LIST, cursor)
    assert other_list.value.errors == [
        {
            "parameter": "cursor",
            "detail": "The cursor was made for another list, filter or sort.",
        }
    ]


def test_the_digest_of_a_list_depends_on_each_part() -> None:
    digests = {list_digest("a", "b"), list_digest("b", "a"), list_digest("ab"), list_digest("a")}

    assert len(digests) == 4
