"""The words of a text as search compares them, and where they stand.

They are made of the words that quotes are checked by, and are smaller: O'Brien is two words here,
3.5 is two numbers, and signs are none.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from app.search.words import WORD, fold_word

# Letters that Unicode does not take apart, or that are written in another form as well.
_FORMS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "ı": "i",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
    }
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
)
_PART = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_PLAIN = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"'s$")


class Token(NamedTuple):
    """A word as it is compared, and its stretch of the text: code points, end exclusive."""

    word: str
    start: int
    end: int


def tokenize(text: str) -> Iterator[Token]:
    """Words in their order. An apostrophe or a hyphen parts words; `'s` at the end is none."""
    for match in WORD.finditer(text):
        raw = match[0]
        parts = search_parts(raw)
        if len(parts) == 1 and len(parts[0]) == len(raw):
            yield Token(parts[0], *match.span())
        elif parts:
            yield from _placed(parts, raw, match.start())


def tokens_of(text: str) -> list[str]:
    """The words alone."""
    return [part for raw in WORD.findall(text) for part in search_parts(raw)]


@lru_cache(maxsize=200_000)
def search_parts(raw: str) -> tuple[str, ...]:
    """What search compares of a word as it is written."""
    key = fold_word(raw)
    if _PLAIN.fullmatch(key):
        return (key,)
    return tuple(_PART.findall(_POSSESSIVE.sub("", key.translate(_FORMS))))


def _placed(parts: tuple[str, ...], source: str, start: int) -> Iterator[Token]:
    """The parts where they stand; the whole word's stretch for one that folding has changed."""
    pieces = list(_PART.finditer(source))
    found = 0
    for part in parts:
        at: tuple[int, int] | None = None
        for index in range(found, len(pieces)):
            if search_parts(pieces[index][0]) == (part,):
                at, found = pieces[index].span(), index + 1
                break
        first, last = at if at is not None else (0, len(source))
        yield Token(part, start + first, start + last)
