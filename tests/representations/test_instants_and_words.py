"""Instants, languages, genres and ratings as the formats write them."""

from datetime import datetime, timedelta, timezone

import pytest

from app.documents.feeds import Rating
from app.documents.sections import SectionRef
from app.representations.genres import APP_GENRES, SEARCH_GENRES, known_genres
from app.representations.instants import day, rfc822, rfc3339, roku_instant, xmltv_instant
from app.representations.languages import known_tag, language_name, primary, three_letters
from app.representations.ratings import compact_rating, hyphened_rating


def test_instants_are_told_in_utc_and_whole_seconds() -> None:
    at = datetime(2026, 11, 20, 0, 30, 5, 999_999, tzinfo=timezone(timedelta(hours=1)))

    assert [form(at) for form in (rfc3339, rfc822, roku_instant, xmltv_instant, day)] == [
        "2026-11-19T23:30:05Z",
        "Thu, 19 Nov 2026 23:30:05 +0000",
        "2026-11-19T23:30:05+00:00",
        "20261119233005 +0000",
        "2026-11-19",
    ]


@pytest.mark.parametrize(
    ("tag", "letters", "language", "name"),
    [
        ("en-GB", "eng", "en", "English"),
        ("de", "ger", "de", "German"),
        ("zh-Hant", "chi", "zh", "Chinese"),
        ("tlh", "tlh", "tlh", "tlh"),
        (None, "und", "und", "Unknown"),
        ("", "und", "und", "Unknown"),
        ("not a language", "und", "und", "Unknown"),
        ("qq", "und", "qq", "qq"),
    ],
)
def test_languages_are_told_by_their_codes(
    tag: str | None, letters: str, language: str, name: str
) -> None:
    assert (three_letters(tag), primary(tag), language_name(tag)) == (letters, language, name)


def test_a_tag_is_told_in_its_usual_form() -> None:
    assert [known_tag(tag) for tag in ("EN-gb", "zh-hant", None, "?")] == [
        "en-GB", "zh-Hant", "und", "und",
    ]  # fmt: skip


def test_genres_are_those_of_the_section_and_of_the_channel() -> None:
    politics: SectionRef = {"path": "news/politics", "name": "Politics"}

    assert known_genres(SEARCH_GENRES, ["News", "shipping"], politics) == ["politics", "news"]
    assert known_genres(APP_GENRES, [], {"path": "sport/rowing", "name": "Rowing"}) == ["sports"]
    assert known_genres(APP_GENRES, ["shipping"], None) == []


@pytest.mark.parametrize(
    ("source", "value", "compact", "hyphened"),
    [
        ("USA_PR", "TV-PG", "TVPG", "TV-PG"),
        ("USA_PR", "TV14", "TV14", "TV-14"),
        ("MPAA", "PG-13", "PG-13", "PG-13"),
    ],
)
def test_ratings_have_a_hyphen_or_none(
    source: str, value: str, compact: str, hyphened: str
) -> None:
    rating: Rating = {"source": source, "value": value}

    assert compact_rating(rating)["value"] == compact
    assert hyphened_rating(rating)["value"] == hyphened
