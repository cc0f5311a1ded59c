"""Quotes in languages whose verbs and names the rules do not know: what stands in marks, alone."""

import re

from app.extraction.paragraphs import Paragraph, paragraphs_of
from app.extraction.proposal import Quote, Span
from app.extraction.vocabulary import word_set

MOST_READ = 20_000
FEWEST_WORDS = 30
LEAST_SHARE = 0.05
CONFIDENCE = 0.3


def is_english(text: str, language: str) -> bool:
    """Whether the text is in English: it must be said to be, and if it is long enough to tell, be
    it. Of the words of English every fifth is one of COMMON, of other languages hardly any."""
    if language.lower().partition("-")[0] != "en":
        return False
    words = WORD.findall(text[:MOST_READ].lower())
    common = sum(word in COMMON for word in words)
    return len(words) < FEWEST_WORDS or common >= LEAST_SHARE * len(words)


def quotes_by_marks(text: str) -> tuple[Quote, ...]:
    """Every sentence in a pair of marks, in one paragraph; who says it stays open.

    A word or two in marks are a title or a name more often than they are a quote.
    """
    return tuple(
        Quote("direct", (Span(start, end),), None, None, None, "marks", CONFIDENCE)
        for paragraph in paragraphs_of(text)
        for start, end in marked(text, paragraph)
        if is_sentence(text[start:end])
    )


def marked(text: str, paragraph: Paragraph) -> list[tuple[int, int]]:
    """What stands inside the outermost pairs, without the space around it."""
    found = []
    for pair in PAIR.finditer(text, paragraph.start, paragraph.end):
        inside = next(inside for inside in pair.groups() if inside is not None)
        start = pair.start() + 1 + len(inside) - len(inside.lstrip())
        found.append((start, start + len(inside.strip())))
    return found


def is_sentence(words: str) -> bool:
    """Three words, or as many signs as make them where words are written without spaces."""
    return len(WORD.findall(words)) >= 3 or len(UNSPACED.findall(words)) >= 5


WORD = re.compile(r"[^\W\d_]+")
UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
# Straight marks stand within the words of Hebrew, too: outside of a quote they touch no letter.
PAIR = re.compile(
    "«([^«»\n]+)»|»([^«»\n]+)[«»]|„([^„“”\n]+)[“”]|“([^“”\n]+)[”“]|”([^”\n]+)”"
    '|「([^「」\n]+)」|『([^『』\n]+)』|(?<!\\w)"(?=\\S)([^"\n]*[^"\\s])"(?!\\w)'
)
COMMON = word_set(
    "the of to and that for with it by from have he she they not are this will said but which who "
    "his her their were been"
)
