"""Which marked runs are quotes: scare quotes and titles of works are not."""

import re

from app.documents.extractions import QuoteKind
from app.extraction.attribution import Attribution
from app.extraction.cues import words_between
from app.extraction.vocabulary import NAMING_WORDS, WORK_NOUNS

FEW_WORDS = 4
BESIDE = ("cue-after", "cue-before")


def kind_of(text: str, one: Attribution) -> QuoteKind | None:
    """Direct, partial, or no quote at all."""
    segment = one.segment
    words = words_between(text, segment.start, segment.end)
    before = words_between(text, max(segment.paragraph.start, segment.opened_at - 40),
                           segment.opened_at)  # fmt: skip
    near = [word.lower for word in before[-2:]]
    whole = is_whole(text, one)
    if is_markup(text, one):
        return None
    if one.rule not in BESIDE or not whole:
        if near and near[-1] in NAMING_WORDS | WORK_NOUNS and len(words) < 2 * FEW_WORDS:
            return None
        if is_title(text, one, [word.text for word in words]):
            return None
    if one.rule in BESIDE:
        return "direct" if whole else "partial"
    if one.rule in ("governed", "clause-before"):
        if len(words) < FEW_WORDS and not one.is_said:
            return None
        return "direct" if whole and len(words) >= FEW_WORDS else "partial"
    if one.rule == "noun":
        return "partial"
    if len(words) < FEW_WORDS and not (whole and text[segment.end - 1] in ".?!,"):
        return None
    if one.words is None and len(words) < FEW_WORDS + 2:
        return None
    return "direct" if whole else "partial"


def is_whole(text: str, one: Attribution) -> bool:
    """Whether the words begin as a sentence does, and stand apart from the one around them."""
    segment = one.segment
    first = text[segment.start]
    before = text[max(segment.paragraph.start, segment.opened_at - 3) : segment.opened_at].strip()
    if segment.opened_at == segment.paragraph.start or segment.continues:
        return True
    if first.islower():
        return one.rule == "cue-after" and (not before or before[-1] in ",—–:.")
    return not before or before[-1] in ',:.?!—–-”")' or one.rule == "cue-before"


def is_title(text: str, one: Attribution, words: list[str]) -> bool:
    """Capital letters throughout: the title of a work, or a name."""
    if not words or len(words) > 9:
        return False
    if text[one.segment.end - 1] in "?!." and len(words) > 3:
        return False
    long = [word for word in words if len(word) > 3 or word[0].isupper()]
    capital = [word for word in long if word[0].isupper() or word[0].isdigit()]
    if len(words) == 1:
        return words[0][0].isupper()
    return len(capital) == len(long) and len(capital) >= 2


def is_markup(text: str, one: Attribution) -> bool:
    return bool(MARKUP.search(text, one.segment.start, one.segment.end))


MARKUP = re.compile(r"</?\w+[^<>]*=|/>|^\s*\w+=")
