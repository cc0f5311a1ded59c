"""The words of a text as search compares them, and where they stand.

They are made of the words that quotes are checked by, and are smaller: O'Brien is two words here,
3.5 is two numbers, and signs are none.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import regex

from app.search.words import APOSTROPHES, MAX_WORD, WORD, fold_word

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
# Texts of these signs alone, as most news in Latin letters, are cut four times as fast.
_SIMPLE_TEXT = re.compile(
    "[\x00-\xa9\xab\xac\xae-\xb1\xb4\xb6-\xb8\xbb\xbf-\u024f\u2010-\u2027\u2030-\u205e\u20ac]*"
)
# Of letters, those of ASCII alone: which are folded one by one.
_PLAIN_TEXT = re.compile("[\x00-\x7f\xa0-\xa9\xab\xb7\xbb\u2010-\u2027\u2030-\u205e\u20ac]*")
# Those of its other signs that most texts have: to replace them takes a third of a look at each.
_COMMON_SIGNS = "\u201c\u201d\u2019\u2018\u2013\u2014\u2026\xa0"
# Its letters in lower case and its digits; all else parts words.
_PLAIN_BYTES = bytes(
    ord(chr(byte).lower()) if chr(byte).isascii() and chr(byte).isalnum() else 32
    for byte in range(256)
)
_SIMPLE_WORD = re.compile("[A-Za-z0-9\xc0-\xd6\xd8-\xf6\xf8-\u024f]+")
# An s that may end the word before its apostrophe.
_LONE_S = re.compile(f"[{re.escape(APOSTROPHES)}][sS](?![A-Za-z0-9\xc0-\xd6\xd8-\xf6\xf8-\u024f])")
_POSSESSIVE = re.compile(r"'s$")


class Token(NamedTuple):
    """A word as it is compared, and its stretch of the text: code points, end exclusive."""

    word: str
    start: int
    end: int


def tokenize(text: str) -> Iterator[Token]:
    """Words in their order. An apostrophe or a hyphen parts words; `'s` at the end is none."""
    if _SIMPLE_TEXT.fullmatch(text):
        for match in _SIMPLE_WORD.finditer(text):
            raw, start = match[0], match.start()
            if raw in ("s", "S") and is_possessive(text, start):
                continue
            for part in search_parts(raw):
                yield Token(part, start, match.end())
        return
    yield from tokenize_any(text)


def tokenize_any(text: str) -> Iterator[Token]:
    """The same for every text."""
    for match in WORD.finditer(text):
        raw = match[0]
        parts = search_parts(raw)
        if len(parts) == 1 and raw.isalnum():
            yield Token(parts[0], *match.span())
        elif parts:
            yield from _placed(parts, raw, match.start())


def is_plain(text: str) -> bool:
    """Whether the words of a text are its runs of ASCII's letters and digits, in lower case."""
    return text.isascii() or _PLAIN_TEXT.fullmatch(text) is not None


def plain_form(text: str) -> str | None:
    """A plain text in lower case, with another sign for each that is not of ASCII; else None."""
    plain = text
    for sign in _COMMON_SIGNS:
        if plain.isascii():
            return plain.lower()
        plain = plain.replace(sign, " ")
    if not is_plain(plain):
        return None
    return plain.encode("ascii", "replace").decode().lower()


def tokens_of(text: str) -> list[str]:
    """The words alone."""
    if not _SIMPLE_TEXT.fullmatch(text) or _LONE_S.search(text):
        return [token.word for token in tokenize(text)]
    if not is_plain(text):
        return list(chain.from_iterable(map(search_parts, _SIMPLE_WORD.findall(text))))
    # A sign of two or three bytes parts words as one of ASCII does.
    words = text.encode().translate(_PLAIN_BYTES).decode().split()
    if max(map(len, words), default=0) > MAX_WORD:
        return [word[:MAX_WORD] for word in words]
    return words


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


def is_possessive(text: str, start: int) -> bool:
    """Whether an s ends the word before its apostrophe, and nothing follows it."""
    before, after = text[max(start - 2, 0) : start], text[start + 1 : start + 3]
    ends = len(before) == 2 and before[0].isalpha() and before[1] in APOSTROPHES
    goes_on = len(after) == 2 and after[0] in APOSTROPHES and after[1].isalpha()
    return ends and not goes_on
