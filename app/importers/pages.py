"""Reads an article page as a person copies it out of a browser."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from app.importers.page_buttons import (
    is_banner,
    is_button,
    is_furniture_below,
    without_buttons,
)
from app.importers.page_details import (
    ends_a_sentence,
    is_date_line,
    names_in_breadcrumb,
    names_in_byline,
    printed_instant,
    section_path_of,
    split_credit,
)
from app.importers.page_notices import is_address_line, read_notices

MAX_PAGE_BYTES = 1024 * 1024
LONGEST_HEADLINE = 500
LONGEST_CAPTION = 160
LONGEST_DETAILS = 200


@dataclass(frozen=True)
class Page:
    """What the page says, in its own words. What it does not say is None or empty, never guessed.

    `section_path` is made of `section_names`. An address printed without a scheme has none here.
    """

    headline: str
    paragraphs: tuple[str, ...]
    section_path: str | None = None
    section_names: tuple[str, ...] = ()
    standfirst: str | None = None
    caption: str | None = None
    credit: str | None = None
    bylines: tuple[str, ...] = ()
    published_at: datetime | None = None
    source_url: str | None = None
    publisher_name: str | None = None
    addresses: tuple[str, ...] = ()
    address_notice: str | None = None
    apps: tuple[tuple[str, str], ...] = ()


class PageUnreadable(ValueError):
    """The text is not an article page; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class _Line(NamedTuple):
    number: int
    text: str


def read_page(text: str) -> Page:
    """Raises PageUnreadable where no headline with paragraphs under it can be found."""
    lines = _lines_of(text)
    stays = without_buttons([line.text for line in lines])
    lines = [line for line, kept in zip(lines, stays, strict=True) if kept]
    end = _end_of_article(lines)
    section_names, above, start = _read_above_headline(lines[:end])
    if start == end:
        raise PageUnreadable(lines[-1].number if lines else 1, "there is no headline")
    headline = lines[start]
    if len(headline.text) > LONGEST_HEADLINE:
        reason = f"there is no headline: this line has more than {LONGEST_HEADLINE} characters"
        raise PageUnreadable(headline.number, reason)
    top = _read_top([line.text for line in lines[start + 1 : end]])
    if not top.paragraphs:
        raise PageUnreadable(headline.number, "there are no paragraphs under the headline")
    below = [line.text for line in lines[end:]]
    notices = read_notices([*above, *top.furniture, *below])
    dates = [line for line in [*above, *top.dates, *below] if is_date_line(line)]
    return Page(
        headline=headline.text,
        paragraphs=top.paragraphs,
        section_path=section_path_of(section_names),
        section_names=section_names,
        standfirst=top.standfirst,
        caption=top.caption,
        credit=top.credit,
        bylines=tuple(dict.fromkeys(top.bylines)),
        published_at=next(filter(None, map(printed_instant, dates)), None),
        source_url=notices.source_url,
        publisher_name=notices.publisher_name,
        addresses=tuple(notices.addresses),
        address_notice=notices.address_notice,
        apps=tuple(notices.apps),
    )


_LINE_END = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_MARKUP = re.compile(r"\s*<(?:!doctype|html|\?xml)\b", re.IGNORECASE)
_INVISIBLE = "\u200b\u2060\ufeff"


def _lines_of(text: str) -> list[_Line]:
    text = _LINE_END.sub("\n", text.removeprefix("\ufeff"))
    found = _NOT_TEXT.search(text)
    if found:
        number = text.count("\n", 0, found.start()) + 1
        raise PageUnreadable(number, f"this is not text: it holds U+{ord(found[0]):04X}")
    encoded = text.encode()
    if len(encoded) > MAX_PAGE_BYTES:
        number = encoded.count(b"\n", 0, MAX_PAGE_BYTES) + 1
        raise PageUnreadable(number, f"the page is larger than {MAX_PAGE_BYTES} bytes")
    if _MARKUP.match(text):
        raise PageUnreadable(1, "this is the source of a page, not the text copied from it")
    lines: list[_Line] = []
    block: list[_Line] = []
    for number, raw in enumerate([*text.split("\n"), ""], start=1):
        line = " ".join(raw.split()).strip(_INVISIBLE + " ")
        if line:
            block.append(_Line(number, line))
        elif block:
            lines += _joined(block) if _is_wrapped(block) else block
            block = []
    return lines


def _is_wrapped(block: Sequence[_Line]) -> bool:
    """Whether the lines are one paragraph cut at a width, not paragraphs of a line each."""
    widths = [len(line.text) for line in block[:-1]]
    if not widths or min(widths) < 40 or max(widths) > 120 or max(widths) - min(widths) > 25:
        return False
    if len(block[-1].text) > max(widths) + 5:
        return False
    return any(
        not ends_a_sentence(line.text) and following.text[0].islower()
        for line, following in pairwise(block)
    )


def _joined(block: Sequence[_Line]) -> list[_Line]:
    return [_Line(block[0].number, " ".join(line.text for line in block))]


def _end_of_article(lines: Sequence[_Line]) -> int:
    end = len(lines)
    while end and (is_furniture_below(lines[end - 1].text) or is_date_line(lines[end - 1].text)):
        end -= 1
    return end


def _read_above_headline(lines: Sequence[_Line]) -> tuple[tuple[str, ...], list[str], int]:
    """The names of the breadcrumb, the furniture above the headline, and where the headline is."""
    names: tuple[str, ...] = ()
    furniture: list[str] = []
    for index, line in enumerate(lines):
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        crumbs = None if names else names_in_breadcrumb(line.text, following)
        if crumbs is not None:
            names = crumbs
        elif is_banner(line.text) or is_address_line(line.text) or is_date_line(line.text):
            furniture.append(line.text)
        else:
            return names, furniture, index
    return names, furniture, len(lines)


@dataclass
class _Top:
    """What stands between headline and first paragraph, and the paragraphs after it."""

    paragraphs: tuple[str, ...] = ()
    standfirst: str | None = None
    caption: str | None = None
    credit: str | None = None
    bylines: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)


def _read_top(lines: Sequence[str]) -> _Top:
    top = _Top()
    opening: tuple[str, ...] = ()  # a sentence: the standfirst, if a caption follows it
    body: Sequence[str] = ()
    for index, line in enumerate(lines):
        if _take_details(top, line):
            continue
        if top.caption is None and _is_caption(line):
            top.caption, credit = split_credit(line)
            top.credit = top.credit or credit
            top.standfirst, opening = (opening[0] if opening else None), ()
        elif opening or top.caption is not None:
            body = lines[index:]
            break
        else:
            opening = (line,)
    top.paragraphs = (*opening, *body)
    if top.standfirst and not top.paragraphs:
        top.paragraphs, top.standfirst = (top.standfirst,), None
    return top


def _take_details(top: _Top, line: str) -> bool:
    """Takes a line of names, dates and the like; several may share it, parted by bars or dots."""
    parts = [line] if _is_detail(line) else re.split(r"\s*[|·•]\s*", line[:LONGEST_DETAILS])
    if len(line) > LONGEST_DETAILS or not all(map(_is_detail, parts)):
        return False
    for part in parts:
        if is_date_line(part):
            top.dates.append(part)
        elif names := names_in_byline(part):
            top.bylines += names
        elif is_address_line(part):
            top.furniture.append(part)
        elif not is_button(part):
            top.credit = top.credit or split_credit(part)[1]
    return True


def _is_detail(part: str) -> bool:
    return bool(
        is_date_line(part)
        or names_in_byline(part)
        or is_address_line(part)
        or is_button(part)
        or split_credit(part)[0] is None
    )


def _is_caption(line: str) -> bool:
    has_credit = split_credit(line)[1] is not None
    return has_credit or (len(line) <= LONGEST_CAPTION and not ends_a_sentence(line))
