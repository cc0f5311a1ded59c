"""Which characters print alike, and where words and characters end."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from app.search.words import APOSTROPHES, UNSPACED
from app.search.words import INVISIBLE as INVISIBLE

WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_QUOTATION_MARKS = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2036\u02ba\u301d\u301e\u301f\uff02'
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"

_SPACED_LETTER = regex.compile(rf"(?V1)[[\p{{L}}\p{{N}}\p{{M}}]--[{UNSPACED}]]")
# A word with its contraction, a figure with its decimals, one letter of an unspaced script, or one
# mark; dots stay together, so that an ellipsis is one token however it is written.
TOKEN = regex.compile(
    rf"(?V1)[\w--[{UNSPACED}]]+(?:['\u2019]\p{{L}}+|(?<=\p{{N}})[.,]\p{{N}}+)*"
    r"|\w\p{M}*|\.+|[^\w\s]\p{M}*"
)
_GRAPHEME = regex.compile(r"\X")
# Below it, every character is a cluster of its own (but for CR LF).
_FIRST_COMBINING = "\u0300"
# A cluster is judged from this many code points before; flags in a row beyond it are not counted.
_WINDOW = 128


class Span(NamedTuple):
    """A stretch of a text: code points from 0, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with one form for what prints alike, and the way back to the original.

    The way back is kept as the places where the two fall out of step, not index by index:
    an article has few of them.
    """

    text: str
    source: str
    breaks: tuple[int, ...]
    starts: tuple[int, ...]

    def original(self, index: int) -> int:
        """The original index of the character that folded to the one at `index`."""
        step = bisect_right(self.breaks, index) - 1
        return self._within(step, self.starts[step] + index - self.breaks[step])

    def index_of(self, original: int) -> int:
        step = bisect_right(self.starts, original) - 1
        index = self.breaks[step] + original - self.starts[step]
        return min(index, self.breaks[step + 1]) if step + 1 < len(self.breaks) else index

    def span(self, start: int, end: int) -> Span | None:
        """The original's stretch, or None if an edge falls within one original character."""
        if self._is_torn(start) or self._is_torn(end):
            return None
        first, last = self.original(start), self.original(end)
        # Invisible characters after the last one stay outside, unless they belong to it.
        beyond = last
        while last > first and self.source[last - 1] in INVISIBLE:
            last -= 1
        while last < beyond and splits_grapheme(self.source, last):
            last += 1
        return Span(first, last)

    def _within(self, step: int, original: int) -> int:
        return min(original, self.starts[step + 1]) if step + 1 < len(self.starts) else original

    def _is_torn(self, index: int) -> bool:
        # Only "…" unfolds to more than it was: its second dot already points at what follows.
        step = bisect_right(self.breaks, index) - 1
        return step + 1 < len(self.starts) and (
            self.starts[step] + index - self.breaks[step] >= self.starts[step + 1]
        )


def _one_form() -> tuple[tuple[str, str], ...]:
    groups = (
        (APOSTROPHES, "'"),
        (_QUOTATION_MARKS, '"'),
        (_DASHES, "-"),
        (WHITE_SPACE, " "),
        (INVISIBLE, "\u200b"),
    )
    return tuple((each, form) for group, form in groups for each in group if each != form)


_ONE_FORM = _one_form()
_ASCII_FORM = str.maketrans({each: form for each, form in _ONE_FORM if each.isascii()})
_RUNS = re.compile("  +")
_RUNS_AND_SIGNS = re.compile("-[-\u200b]+|[ \u200b]{2,}|\u200b|\u2026")


@lru_cache(maxsize=8)
def fold(text: str) -> Folded:
    """Quotation marks, apostrophes, dashes, ellipses and white space in one form; case stays.

    The last few are kept: all the quotes of one article are looked for in the same text.
    """
    even = _even(text)
    has_signs = "--" in even or "\u2026" in even or "\u200b" in even
    runs = _RUNS_AND_SIGNS if has_signs else _RUNS
    pieces: list[str] = []
    breaks, starts = [0], [0]
    length = done = 0
    for run in runs.finditer(even):
        put = _folded_run(run[0])
        pieces += (even[done : run.start()], put)
        length += run.start() - done + len(put)
        done = run.end()
        breaks.append(length)
        starts.append(done)
    pieces.append(even[done:])
    return Folded("".join(pieces), text, tuple(breaks), tuple(starts))


def _even(text: str) -> str:
    if text.isascii():
        return text.translate(_ASCII_FORM)
    # Replacing what occurs is ten times faster than translating each character of a long text.
    for each, form in _ONE_FORM:
        if each in text:
            text = text.replace(each, form)
    return text


def _folded_run(run: str) -> str:
    if run == "\u2026":
        return "..."
    if run[0] == "-":
        return "-"
    return " " if " " in run else ""


def splits_word(text: str, at: int) -> bool:
    """Whether letters or digits stand on both sides, in a script that writes spaces."""
    before, after = at - 1, at
    while before >= 0 and text[before] in INVISIBLE:
        before -= 1
    while after < len(text) and text[after] in INVISIBLE:
        after += 1
    if before < 0 or after >= len(text):
        return False
    return _is_spaced_letter(text[before]) and _is_spaced_letter(text[after])


def splits_expression(text: str, at: int) -> bool:
    """Whether the words before go on behind a mark (can|'t) or a figure is cut (3|.5, 3.|5).

    A quote cut there says something else: "we can" is no quote from "we can't".
    """
    if not 0 < at < len(text):
        return False
    before, here, after = text[at - 1], text[at], text[at + 1 : at + 2]
    if here in APOSTROPHES:
        return before.isalpha() and after.isalpha()
    if here in ".,":
        return before.isdigit() and after.isdigit()
    return before in ".," and here.isdigit() and at > 1 and text[at - 2].isdigit()


def splits_grapheme(text: str, at: int) -> bool:
    """Whether a character as readers see it stands on both sides."""
    if not 0 < at < len(text):
        return False
    if _stands_alone(text[at]) and _stands_alone(text[at - 1]):
        return text[at] == "\n" and text[at - 1] == "\r"
    start = at - 1
    while start > 0 and at - start < _WINDOW and text[start] >= _FIRST_COMBINING:
        start -= 1
    clusters = _GRAPHEME.finditer(text, start, at + 1)
    return all(cluster.end() != at for cluster in clusters)


def _stands_alone(character: str) -> bool:
    """Whether a character is a cluster of its own (but for CR LF), as far as that is plain to see:
    Latin letters and signs, dashes and quotation marks."""
    return character < _FIRST_COMBINING or "\u2010" <= character <= "\u2027"


def _is_spaced_letter(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return _SPACED_LETTER.match(character) is not None
