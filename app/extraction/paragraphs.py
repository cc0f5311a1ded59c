"""Paragraphs and sentences of a text, by offset."""

import re
from dataclasses import dataclass
from typing import Final

from app.extraction.vocabulary import word_set

ENDING: Final = ".!?…:;,\"”’'»)]"
LONGEST_WORD: Final = 120
LONGEST_PARAGRAPH: Final = 6000


@dataclass(frozen=True, slots=True)
class Paragraph:
    index: int
    start: int
    end: int
    # A heading, caption, breadcrumb or link: a line without an end mark, which reports nobody.
    is_display: bool


def paragraphs_of(text: str) -> list[Paragraph]:
    """The lines that hold something, without the white space around them."""
    found: list[Paragraph] = []
    for line in LINE.finditer(text):
        start, end = line.span()
        is_display = text[end - 1] not in ENDING and end - start < 200
        found.append(Paragraph(len(found), start, end, is_display))
    return found


def is_readable(text: str, paragraph: Paragraph) -> bool:
    """Whether a parser may read it: one endless word or line would take it minutes."""
    if paragraph.end - paragraph.start > LONGEST_PARAGRAPH:
        return False
    return not ENDLESS_WORD.search(text, paragraph.start, paragraph.end)


def sentence_start(text: str, at: int, floor: int) -> int:
    """Where the sentence that holds `at` begins, not before `floor`."""
    start = floor
    # Two signs further, so that the pattern sees the mark or capital letter at `at`.
    for boundary in BOUNDARY.finditer(text, floor, at + 2):
        if boundary.end() <= at and not is_abbreviated(text, boundary.start(), floor):
            start = boundary.end()
    return start


def sentence_end(text: str, at: int, ceiling: int) -> int:
    """Where the sentence that holds `at` ends, not after `ceiling`."""
    for boundary in BOUNDARY.finditer(text, at, ceiling):
        if not is_abbreviated(text, boundary.start(), at):
            return boundary.start() + 1
    return ceiling


def is_abbreviated(text: str, stop: int, floor: int) -> bool:
    """Whether the full stop at `stop` belongs to the word before it."""
    if text[stop] != ".":
        return False
    word = LAST_WORD.search(text[max(floor, stop - 12) : stop])
    if not word:
        return False
    return len(word[0]) == 1 or "." in word[0] or word[0].lower() in ABBREVIATIONS


LINE = re.compile(r"\S(?:[^\n]*[^\s])?")
ENDLESS_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}")
BOUNDARY = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])")
LAST_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|\.)*$")
ABBREVIATIONS = word_set(
    "mr mrs ms dr sen sens rep reps gov govs gen col lt sgt capt maj adm rev hon st jr sr vs prof "
    "jan feb mar apr jun jul aug sep sept oct nov dec inc corp co ltd no calif conn fla ill mass "
    "mich minn miss pa tenn tex va vt wash wis ariz ark colo del ga ind kan ky la md mo mont neb "
    "nev okla ore"
)
