"""An article's corrections as notes behind its words, each marked as one in the article's language.

Their texts are plain: in HTML, what looks like markup is escaped.
"""

from html import escape

from app.documents.articles import Correction
from app.documents.feeds import FeedItem
from app.representations.instants import day, rfc3339
from app.representations.languages import primary
from app.representations.television_text import plain_text

# What newspapers call one; in other languages it is told in English.
CALLED = {
    "ar": "تصحيح", "bg": "Поправка", "cs": "Oprava", "da": "Rettelse", "de": "Korrektur",
    "el": "Διόρθωση", "en": "Correction", "es": "Corrección", "et": "Parandus", "fi": "Oikaisu",
    "fr": "Correction", "he": "תיקון", "hr": "Ispravak", "hu": "Helyesbítés", "it": "Correzione",
    "ja": "訂正", "ko": "정정", "lv": "Labojums", "nb": "Rettelse", "nl": "Correctie",
    "nn": "Retting", "no": "Rettelse", "pl": "Sprostowanie", "pt": "Correção",
    "ru": "Исправление", "sk": "Oprava", "sl": "Popravek", "sv": "Rättelse", "tr": "Düzeltme",
    "uk": "Виправлення", "zh": "更正",
}  # fmt: skip


def html_with_notes(item: FeedItem) -> str:
    """The body, and behind it a note on each correction."""
    if not item["corrections"]:
        return item["body_html"]
    word = called(item["language"])
    notes = "".join(html_note(word, correction) for correction in item["corrections"])
    return f"{item['body_html']}<aside>{notes}</aside>"


def html_note(word: str, correction: Correction) -> str:
    at = correction["at"]
    text = escape(correction["text"], quote=False).replace("\n", "<br>")
    time = f'<time datetime="{rfc3339(at)}">{day(at)}</time>'
    return f"<p><strong>{word}, {time}:</strong> {text}</p>"


def text_with_notes(item: FeedItem) -> str:
    """The same as plain text."""
    word = called(item["language"])
    notes = [text_note(word, correction) for correction in item["corrections"]]
    return "\n\n".join(filter(None, [item["text"], *notes]))


def latest_note(item: FeedItem) -> str:
    """What was corrected last, on one line; an empty string where nothing was."""
    if not item["corrections"]:
        return ""
    latest = max(item["corrections"], key=lambda correction: correction["at"])
    return plain_text(text_note(called(item["language"]), latest))


def text_note(word: str, correction: Correction) -> str:
    return f"{word}, {day(correction['at'])}: {correction['text']}"


def called(language: str) -> str:
    return CALLED.get(primary(language), CALLED["en"])
