"""Genres in the words that Roku knows, from sections and from what a channel says it is."""

from collections.abc import Iterable

from app.documents.sections import SectionRef

DEFAULT_GENRE = "news"

APP_GENRES = frozenset(
    {
        "action", "adventure", "animals", "animated", "anime", "children", "comedy", "crime",
        "documentary", "drama", "educational", "fantasy", "faith", "food", "fashion", "gaming",
        "health", "history", "horror", "miniseries", "mystery", "nature", "news", "reality",
        "romance", "science", "science fiction", "sitcom", "special", "sports", "thriller",
        "technology",
    }
)  # fmt: skip

# Those of search and of schedules that concern news; the whole list has some two hundred more.
SEARCH_GENRES = APP_GENRES | {
    "bus./financial", "community", "consumer", "debate", "entertainment", "environment", "event",
    "interview", "law", "newsmagazine", "politics", "public affairs", "talk", "travel", "weather",
}  # fmt: skip

# A word of a section's path, and what it is called there, the nearest first.
SECTION_GENRES = {
    "business": ("bus./financial",),
    "climate": ("environment", "nature"),
    "court": ("law", "crime"),
    "courts": ("law", "crime"),
    "culture": ("entertainment",),
    "economy": ("bus./financial",),
    "education": ("educational",),
    "elections": ("politics",),
    "finance": ("bus./financial",),
    "games": ("gaming",),
    "lifestyle": ("fashion",),
    "markets": ("bus./financial",),
    "money": ("bus./financial",),
    "opinion": ("debate",),
    "religion": ("faith",),
    "sport": ("sports",),
    "tech": ("technology",),
}


def known_genres(
    allowed: frozenset[str], genres: Iterable[str], section: SectionRef | None = None
) -> list[str]:
    """The genres of the section and of what it is shown in, of those that are allowed; none where
    no word is known."""
    named = [*section_genres(section), *(genre.strip().lower() for genre in genres)]
    return list(dict.fromkeys(genre for genre in named if genre in allowed))


def section_genres(section: SectionRef | None) -> list[str]:
    words = reversed(section["path"].lower().split("/")) if section else ()
    return [genre for word in words for genre in SECTION_GENRES.get(word, (word,))]
