"""The text of one block of HTML while it grows, and the marks on it."""

import re

from app.articles.canonical import normalise_text
from app.documents.blocks import Mark
from app.documents.texts import is_blank

SPACE = re.compile(r"[ \t\n\f\r]+")
_BLANK_LINES = re.compile(r"(?:[ \t]*\n)+")

Style = tuple[tuple[str, str], ...]
"""The marks that words have: the type and the address of each."""


class Run:
    """The text of one block while it grows, white space collapsed as on a page."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, Style]] = []

    def is_empty(self) -> bool:
        return not self.pieces

    def add(self, text: str, style: Style, *, is_raw: bool) -> None:
        if not is_raw:
            text = SPACE.sub(" ", text)
            if text.startswith(" ") and (not self.pieces or self.pieces[-1][0][-1] in " \n"):
                text = text[1:]
        if text:
            self.pieces.append((text, style))

    def break_line(self, style: Style, *, is_raw: bool) -> bool:
        """Ends the line; False if it was ended, or not begun."""
        if is_raw:
            self.pieces.append(("\n", style))
            return True
        if self.pieces and self.pieces[-1][0].endswith(" "):
            text, its_style = self.pieces.pop()
            if len(text) > 1:
                self.pieces.append((text[:-1], its_style))
        if not self.pieces or self.pieces[-1][0].endswith("\n"):
            return False
        self.pieces.append(("\n", style))
        return True

    def take(self) -> tuple[str, list[Mark]]:
        """The text and its marks, in their canonical form; the run is empty afterwards."""
        pieces, self.pieces = self.pieces, []
        whole = "".join(text for text, _ in pieces)
        text = whole.rstrip(" \t\n")
        leading = found.end() if (found := _BLANK_LINES.match(text)) else 0
        text = text[leading:]
        marks = [
            trimmed
            for mark in _marks_of(pieces)
            if (trimmed := _trimmed(_shifted(mark, -leading), text)) is not None
        ]
        marks.sort(key=lambda mark: (mark["start"], -mark["end"], mark["type"]))
        return normalise_text(text, marks)


def joined(lines: list[tuple[str, list[Mark]]]) -> tuple[str, list[Mark]]:
    """The lines as one text, their marks on the same words."""
    marks: list[Mark] = []
    start = 0
    for line, line_marks in lines:
        marks += (_shifted(mark, start) for mark in line_marks)
        start += len(line) + 1
    return "\n".join(line for line, _ in lines), marks


def _marks_of(pieces: list[tuple[str, Style]]) -> list[Mark]:
    """One mark for each stretch of neighbouring pieces that share a style."""
    marks: list[Mark] = []
    running: dict[tuple[str, str], Mark] = {}
    start = 0
    for text, style in pieces:
        end = start + len(text)
        running = {key: running.get(key) or _new_mark(key, start, marks) for key in style}
        for mark in running.values():
            mark["end"] = end
        start = end
    return marks


def _new_mark(key: tuple[str, str], start: int, marks: list[Mark]) -> Mark:
    kind, href = key
    if kind == "link":
        mark = Mark(type="link", start=start, end=start, href=href)
    else:
        mark = Mark(type="strong" if kind == "strong" else "emphasis", start=start, end=start)
    marks.append(mark)
    return mark


def _trimmed(mark: Mark, text: str) -> Mark | None:
    """The mark without white space at its ends; None if nothing is left."""
    start = max(mark["start"], 0)
    words = text[start : mark["end"]]
    if is_blank(words):
        return None
    start += len(words) - len(words.lstrip(" \t\n"))
    return mark | Mark(type=mark["type"], start=start, end=start + len(words.strip(" \t\n")))


def _shifted(mark: Mark, distance: int) -> Mark:
    start, end = mark["start"] + distance, mark["end"] + distance
    return mark | Mark(type=mark["type"], start=start, end=end)
