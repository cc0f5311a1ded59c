"""Text as television takes it."""

import pytest

from app.representations.television_text import (
    clean_text,
    cut_tag,
    cut_text,
    different_text,
    first_paragraph,
    plain_text,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param(" Ferry\t strike\n\nends ", "Ferry strike ends", id="white space"),
        pytest.param("Ferry\u2028strike\u00a0ends", "Ferry strike ends", id="other spaces"),
        pytest.param("a\x00b\x7fc\x9bd", "abcd", id="controls"),
        pytest.param("a\ud800b\ufffec", "abc", id="surrogates and noncharacters"),
        pytest.param("Ferry ⛴️, and crew 😀!", "Ferry, and crew!", id="emoji before punctuation"),
        pytest.param("All 👩‍👩‍👧👍🏽 aboard 🇫🇮", "All aboard", id="families, skins and flags"),
        pytest.param("1️⃣ of © 2026 ™ → quay", "1 of © 2026 ™ → quay", id="signs of text stay"),
        pytest.param("\u202eevil\u202c \u2066x\u2069", "evil x", id="overrides of direction"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="joiners of scripts stay"),
        pytest.param("so\u00adft zero\u200bwidth\ufeff", "soft zerowidth", id="unseen"),
        pytest.param("<b>x</b> & y ]]>", "<b>x</b> & y ]]>", id="what is no markup stays"),
        pytest.param("😀", "", id="nothing left"),
    ],
)
def test_text_is_one_plain_line(text: str, plain: str) -> None:
    assert plain_text(text) == plain
    assert plain_text(plain) == plain


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        pytest.param("Ferry strike ends", 17, "Ferry strike ends", id="fits"),
        pytest.param("Ferry strike ends", None, "Ferry strike ends", id="no limit"),
        pytest.param("Ferry strike ends", 16, "Ferry strike…", id="between words"),
        pytest.param("Ferry strike ends", 13, "Ferry strike…", id="right after a word"),
        pytest.param("Crews return, says Lee", 15, "Crews return…", id="no comma is left over"),
        pytest.param("港の組合は金曜日に仕事に戻る", 8, "港の組合は金曜…", id="no spaces"),
        pytest.param("e\u0301" * 9, 10, "e\u0301" * 4 + "…", id="accents stay with their letters"),
        pytest.param("-" * 9, 5, "----…", id="nothing but loose ends"),
    ],
)
def test_text_is_cut_between_words_within_the_limit(text: str, limit: int | None, cut: str) -> None:
    assert cut_text(text, limit) == cut
    assert limit is None or len(cut) <= limit


@pytest.mark.parametrize(
    ("text", "shorter", "different"),
    [
        pytest.param("Crews return. A deal.", "Crews return.", "Crews return. A deal.", id="more"),
        pytest.param("Crews return.", "Crews return.", None, id="the same"),
        pytest.param("Crews Return", "crews return.", None, id="the same but for its form"),
        pytest.param("Crews", "Crews return.", None, id="less"),
        pytest.param("", "Crews return.", None, id="nothing"),
    ],
)
def test_a_long_description_says_more(text: str, shorter: str, different: str | None) -> None:
    assert different_text(text, shorter, 500) == different


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("harbour", "harbour"),
        ("mayor-of-great-harbourtown", "mayor-of-great"),
        ("Mayor of Great Harbourtown", "Mayor of Great"),
        ("Harbour, union of", "Harbour union of"),
        ("x" * 30, "x" * 20),
        ("twenty-letters-exact", "twenty-letters-exact"),
        ("twenty-letters-exact-", "twenty-letters-exact"),
    ],
)
def test_a_tag_has_whole_parts_and_at_most_20_characters(text: str, tag: str) -> None:
    assert cut_tag(text) == tag


def test_a_text_is_cleaned_of_what_xml_can_not_hold_and_of_nothing_else() -> None:
    text = "".join(map(chr, range(0x11000)))

    cleaned = clean_text(text)

    assert set(text) - set(cleaned) == {
        *map(chr, set(range(0x20)) - {9, 10, 13}),
        *map(chr, range(0xD800, 0xE000)),
        "\ufffe",
        "\uffff",
    }


def test_the_first_paragraph_is_the_first_with_words() -> None:
    assert first_paragraph("\n😀\n\n Crews  return.\n\nMore.") == "Crews return."
    assert first_paragraph("\n\n") == ""
