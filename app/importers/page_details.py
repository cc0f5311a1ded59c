"""The small print around a headline: the section, who wrote, who took the picture, and when."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

# A caption with its credit may be a sentence or two.
LONGEST_CAPTION_LINE = 300

_SENTENCE_END = re.compile(r"[.!?…:;。！？؟।۔][\"'”’“‘»«›‹)\]]*$")
_CRUMB_SEPARATOR = re.compile(r"\s+/\s+|\s*[›»>|→]\s*")
_HOME = {"home", "homepage", "home page", "front page", "startseite"}
LONGEST_CRUMB = 40

_BYLINE = re.compile(r"by:?\s+(?P<names>\S.{1,100})", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_](?:[\w'’-]|\.(?=\w|$))*")
_PARTICLES = {"al", "bin", "da", "de", "del", "den", "der", "di", "du", "la", "le", "van", "von"}
_ROLE = re.compile(
    r"\b(?:correspondent|desk|editor|intern|photographer|reporter|staff|writer)s?$", re.IGNORECASE
)

_PICTURE = r"(?:(?:file|image|photo|picture) )?(?:credit|image|photo|photograph|pic|picture)s?"
_CREDIT = re.compile(
    r"(?:"
    rf"(?:^|\s+)[(\[]?{_PICTURE}\s*[:©/]\s*"
    # "a picture by Ann Lee" may be what the picture shows
    rf"|(?:^|(?<=[.!?|])\s+|\s*[(\[]){_PICTURE}\s+(?:by|courtesy of|from|via)\s+"
    r"|(?:^|\s+)[(\[]?©\s*|\s+[(\[]via\s+|\s+\[(?=[^\]]+/[^\]]+\]$)"
    r")(?P<credit>[^()\[\]:]{2,80}?)[)\]]?\.?$",
    re.IGNORECASE,
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# A line made of these and of figures is a date, in whatever order and however incomplete.
_DATE_WORD = re.compile(
    rf"{_MONTH}|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?|(?:first|last)|published|posted|updated?|modified|on|at|and|[ap]|m"
    r"|[ap]m|st|nd|rd|th|t|z|utc|gmt|bst|cest|cet|eest|eet|msk|[ecmp][ds]t|[ij]st|local|time"
    r"|januar|februar|märz|mai|juni|juli|oktober|dezember|(?:mon|diens|donners|frei|sams|sonn)tag"
    r"|mittwoch|uhr|um|veröffentlicht|aktualisiert|stand"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LATER_EDIT = re.compile(r"\b(?:last )?(?:update|modified)", re.IGNORECASE)

_ISO_DAY = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?=T?\d\d:|\D|$)")
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NAME = rf"(?P<name>{_MONTH})\.?"
_YEAR_AFTER = r",? (?P<year>\d{4})(?!\d)"
_DAY_FIRST = re.compile(rf"(?<!\d){_DAY}\.? {_NAME}{_YEAR_AFTER}", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_NAME} {_DAY}{_YEAR_AFTER}", re.IGNORECASE)
_TIME = re.compile(
    r"(?<![\d:+-])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    r"(?P<zone>\s*\(?(?P<letters>UTC|GMT|Z)?\s*(?P<offset>[+−-]\d{1,2}(?::?\d\d)?)?\)?)",
    re.IGNORECASE,
)


def ends_a_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None


def names_in_breadcrumb(line: str, following: str) -> tuple[str, ...] | None:
    """The sections that a breadcrumb leads through, without the front page; None if it is none."""
    line = re.sub(r"^you are here:?\s*", "", line, flags=re.IGNORECASE)
    parts = _CRUMB_SEPARATOR.split(line)
    if len(parts) < 2 or not parts[0] or not following:
        return None
    names = [part for part in parts if part]
    if names[-1] == following:
        names.pop()  # some breadcrumbs end with the headline itself
    fit = all(len(name) <= LONGEST_CRUMB and len(name.split()) <= 4 for name in names)
    if not fit or any(map(ends_a_sentence, names)):
        return None
    return tuple(name for name in names if name.casefold() not in _HOME)


def section_path_of(names: Sequence[str]) -> str | None:
    slugs = [_slug(name) for name in names]
    # A name that leaves nothing for a path would make it another section's.
    return "/".join(slugs) if slugs and all(slugs) else None


def names_in_byline(line: str) -> tuple[str, ...]:
    """The names after "By"; none if what follows are no names. What their owners do is left out."""
    byline = _BYLINE.fullmatch(line)
    if byline is None:
        return ()
    parts = re.split(r"\s*(?:,|&|\band\b)\s*", byline["names"], flags=re.IGNORECASE)
    first, *others = [re.sub(r"\s+(?:at|for|in)\s.+$", "", part) for part in parts]
    if not _is_name(first) or _DATE_WORD.fullmatch(first.casefold().rstrip(".")):
        return ()
    return (first, *(name for name in others if _is_name(name) and not _ROLE.search(name)))


def split_credit(line: str) -> tuple[str | None, str | None]:
    """A caption and its credit, for forms such as "(Photo by X)", "Photo: X", "© X", "(via X)"."""
    found = _CREDIT.search(line) if len(line) <= LONGEST_CAPTION_LINE else None
    if found is None:
        return line, None
    return line[: found.start()].strip() or None, found["credit"].strip()


def is_date_line(line: str) -> bool:
    """Whether the line is a date and nothing else, also one that no instant can be read from."""
    # A month and a year alone may well be a headline.
    if len(line) > 120 or not _YEAR.search(line) or len(re.findall(r"\d+", line)) < 2:
        return False
    return all(map(_DATE_WORD.fullmatch, re.findall(r"[^\W\d_]+", line.casefold())))


def printed_instant(line: str) -> datetime | None:
    """The instant of a date line, if it gives day, time and offset, or is a plain ISO date.

    Names of zones other than UTC and GMT stand for several offsets and give none.
    """
    edit = _LATER_EDIT.search(line)
    if edit:
        line = line[: edit.start()]
    days = [*_ISO_DAY.finditer(line), *_DAY_FIRST.finditer(line), *_MONTH_FIRST.finditer(line)]
    times = list(_TIME.finditer(line))
    if len(days) != 1 or len(times) > 1:
        return None
    try:
        day = _midnight(days[0])
        if times:
            return _at_time(day, times[0])
    except ValueError:
        return None
    return day if days[0].re is _ISO_DAY and _says_no_more(line, days[0]) else None


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", plain)).strip("-")


def _is_name(text: str) -> bool:
    words = text.split()
    return 0 < len(words) <= 5 and all(
        _NAME_WORD.fullmatch(word) and (word[0].isupper() or word in _PARTICLES) for word in words
    )


def _midnight(day: re.Match[str]) -> datetime:
    if day.re is _ISO_DAY:
        month = int(day["month"])
    else:
        month = _MONTHS.index(day["name"][:3].casefold()) + 1
    return datetime(int(day["year"]), month, int(day["day"]), tzinfo=UTC)


def _at_time(day: datetime, time: re.Match[str]) -> datetime | None:
    if not (time["letters"] or time["offset"]):
        return None
    hour = int(time["hour"])
    if time["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if time["half"].casefold() == "p" else 0)
    zone = timezone(_offset(time["offset"] or "+0"))
    local = day.replace(
        hour=hour, minute=int(time["minute"]), second=int(time["second"] or 0), tzinfo=zone
    )
    return local.astimezone(UTC)


def _offset(printed: str) -> timedelta:
    hours, _, minutes = printed[1:].partition(":")
    if len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return offset if printed[0] == "+" else -offset


def _says_no_more(line: str, day: re.Match[str]) -> bool:
    return not re.search(r"\d", line[: day.start()] + line[day.end() :])
