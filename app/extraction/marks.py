"""Quotation marks: which runs of a text stand between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.extraction.paragraphs import Paragraph

# An article may hold 500 quotes; a text with more runs than this is none.
MOST_RUNS = 2000


@dataclass(slots=True)
class Segment:
    """What stands inside one pair of marks, in one paragraph."""

    start: int
    end: int
    # Where the marks stand; `shut_at` is None when the paragraph ends before the mark is closed.
    opened_at: int
    shut_at: int | None
    paragraph: Paragraph
    # The quote of the paragraph before was left open, and goes on here.
    continues: bool = False

    @property
    def after(self) -> int:
        """The first code point behind the closing mark."""
        return self.end if self.shut_at is None else self.shut_at + 1


def segments_of(text: str, paragraphs: Sequence[Paragraph]) -> list[Segment]:
    """Every marked run, in order. Single marks count only where the text has no double ones."""
    double = DOUBLE.search(text) is not None or "''" in text
    find = marked_runs if double else single_runs
    found: list[Segment] = []
    for paragraph in paragraphs:
        if len(found) >= MOST_RUNS:
            break
        was_open = bool(found) and found[-1].shut_at is None
        was_open = was_open and found[-1].paragraph.index == paragraph.index - 1
        for opened_at, shut_at in find(text, paragraph.start, paragraph.end):
            start, end = opened_at + 1, paragraph.end if shut_at is None else shut_at
            while start < end and text[start].isspace():
                start += 1
            while end > start and text[end - 1].isspace():
                end -= 1
            if start < end and WORD.search(text, start, end):
                continues = was_open and opened_at == paragraph.start
                found.append(Segment(start, end, opened_at, shut_at, paragraph, continues))
            was_open = False
    return found[:MOST_RUNS]


def marked_runs(text: str, start: int, end: int) -> list[tuple[int, int | None]]:
    """Pairs of double marks. A pair may be mixed, “..." or "...”, as real texts have it."""
    runs: list[tuple[int, int | None]] = []
    opened_at, closer = -1, ""
    for mark in DOUBLE.finditer(text, start, end):
        at, sign = mark.start(), mark[0]
        before = text[at - 1] if at > start else " "
        if opened_at < 0:
            if sign == '"':
                after = text[at + 1] if at + 1 < end else " "
                # 5'10" is a measure and x="y" is markup; neither opens a quote.
                if (after.isspace() and not before.isspace()) or before.isdigit() or before == "=":
                    continue
            elif sign == "”":
                continue
            opened_at, closer = at, CLOSERS[sign]
        elif sign in closer:
            runs.append((opened_at, at))
            opened_at = -1
    if opened_at >= 0:
        runs.append((opened_at, None))
    return runs


def single_runs(text: str, start: int, end: int) -> list[tuple[int, int | None]]:
    """Pairs of single marks that cannot be apostrophes: one before a word, one after its end."""
    runs: list[tuple[int, int | None]] = []
    opened_at = -1
    for mark in SINGLE.finditer(text, start, end):
        at = mark.start()
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        if opened_at < 0:
            if (before.isspace() or before in "([—") and after.isalnum() and mark[0] != "’":
                opened_at = at
        elif before in ",.?!…" and (after.isspace() or after in ",.;)"):
            runs.append((opened_at, at))
            opened_at = -1
    return runs


DOUBLE = re.compile(r"[\"“”„«»]")
SINGLE = re.compile(r"['‘’]")
WORD = re.compile(r"\w")
CLOSERS = {'"': '"”', "“": '"”', "„": '“”"', "«": "»", "»": "«", "”": "”"}
