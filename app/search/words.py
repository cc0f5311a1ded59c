"""The words of a text, as they are compared and indexed: typography makes no difference.

Both databases index what is made here, so that both find the same. What this module makes is kept
in rows: when it changes, a migration has to make those anew.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import regex

INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
APOSTROPHES = "'\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u2035\u02b9\u02bb\u02bc\u00b4`\uff07"

# Scripts that run words together, and Hangul: each of their characters counts as a word.
UNSPACED = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Hangul}\p{Yi}\p{Thai}\p{Lao}\p{Khmer}"
    r"\p{Myanmar}\p{Tibetan}\p{Javanese}\p{Balinese}\p{Tai_Le}\p{New_Tai_Lue}\p{Tai_Tham}"
    r"\p{Tai_Viet}" + "\u30fc\uff70"
)
# The indexes refuse a longer word and a longer text; both are cut, not left out.
MAX_WORD = 64
MAX_FOLDED = 60_000

_LETTER = rf"[[\p{{L}}\p{{N}}\p{{M}}]--[{UNSPACED}{APOSTROPHES}]]"
# A word with its contraction, a figure with its decimals, one character of an unspaced script (its
# voicing marks may be characters of half width), or a sign that is read aloud.
WORD = regex.compile(
    rf"(?V1){_LETTER}+(?:[{INVISIBLE}]+{_LETTER}+"
    rf"|(?<=[\p{{L}}\p{{M}}])[{INVISIBLE}]*[{APOSTROPHES}][{INVISIBLE}]*(?=\p{{L}}){_LETTER}+"
    r"|(?<=\p{Nd})[.,\uff0e\uff0c\u066b\u066c]\p{Nd}+)*"
    rf"|[{UNSPACED}](?:[{INVISIBLE}]*[\p{{M}}\uff9e\uff9f])*"
    "|[\\p{Sc}%\uff05\u2030&\uff06+\uff0b=\uff1d@\uff20#\uff03\u00a7\u00b0]"
)
# The same in a text of ASCII alone, by an engine that is three times as fast.
_PLAIN_WORD = re.compile(
    "[A-Za-z0-9]+(?:(?<=[A-Za-z])['`](?=[A-Za-z])[A-Za-z0-9]+|(?<=[0-9])[.,][0-9]+)*|[$%&+=@#]"
)
_IS_UNSPACED = regex.compile(rf"(?V1)[{UNSPACED}]")
_ONE_FORM = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(INVISIBLE, ""))
# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, variation selectors. In other
# scripts such marks are vowels; and the short i of Cyrillic is a letter of its own.
_ACCENTS = re.compile(
    "(?<!\u0438)\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)
# What compatibility forms unfold to beside letters, such as the brackets of "⑴".
_STRAY = re.compile(r"[\s!\"()*/:;<>?\[\\\]^_`{|}~-]+")


class Word(NamedTuple):
    """A word as it is compared, and where it stands in its text."""

    key: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    pattern = _PLAIN_WORD if text.isascii() else WORD
    found = (Word(fold_word(match[0]), *match.span()) for match in pattern.finditer(text))
    return [word for word in found if word.key]


@lru_cache(maxsize=100_000)
def fold_word(word: str) -> str:
    """Without case, accents, width and compatibility forms; empty for a mark without a letter."""
    if word.isascii():
        return word.lower().replace("`", "'")[:MAX_WORD]
    letters = unicodedata.normalize("NFKD", word.translate(_ONE_FORM).casefold()).casefold()
    return _STRAY.sub("", unicodedata.normalize("NFC", _ACCENTS.sub("", letters)))[:MAX_WORD]


def folded_text(text: str) -> str:
    """The words of a text, joined by single spaces: what is indexed."""
    pattern = _PLAIN_WORD if text.isascii() else WORD
    folded = " ".join(filter(None, map(fold_word, pattern.findall(text))))
    if len(folded) < MAX_FOLDED:
        return folded
    kept: list[str] = []
    length = 0
    for word in words_of(text):
        length += len(word.key) + 1
        if length > MAX_FOLDED:
            break
        kept.append(word.key)
    return " ".join(kept)


def weight_of(keys: list[str]) -> float:
    """How many words these are; a character of an unspaced script is half of one."""
    return sum(0.5 if _IS_UNSPACED.match(key) else 1.0 for key in keys)
