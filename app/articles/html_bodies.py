"""From the HTML of an article to its blocks.

Three steps, each linear in the length of the markup:
1. `_flattened` turns tags into markers: void elements that say which element starts or ends there.
   A sanitiser builds a tree and repairs it as browsers do, and a few kilobytes of misnested tags
   can make that tree gigabytes large. Markers stand in one flat row, whatever they are in.
2. nh3 reads the markup as a browser would and lets through text, markers and pictures. Scripts,
   styles, comments, and addresses of other schemes go.
3. `_Builder` follows the row, keeps account of what is open, and builds the blocks.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3
from pydantic import TypeAdapter

from app.articles.blocks import PictureAddress
from app.articles.canonical import DraftBlock, ListDraft, NewMedia, normalise_text
from app.documents.blocks import Mark
from app.documents.texts import (
    CONTROLS,
    MAX_ADDRESS_LENGTH,
    is_blank,
    link_address,
    normalised,
    web_address,
)
from app.media.schemas import Caption


def blocks_of_html(html: str) -> list[DraftBlock]:
    """The blocks that a reader of the HTML would see, and nothing of its markup.

    Tables become a paragraph a row, inner lists items of the outer one. A picture never cuts a
    text in two: it follows the text or the list in which it stands.
    """
    builder = _Builder()
    builder.feed(_CLEANER.clean(_flattened(html)))
    builder.close()
    return builder.blocks


# Step 1 and 2: markers, and what passes

_RAW = {
    *("script", "style", "textarea", "title", "xmp"),
    *("noembed", "noframes", "noscript", "plaintext"),
}
_VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "image", "input"),
    *("link", "meta", "param", "source", "track", "wbr"),
}
_TAG = re.compile(r"<(/?)([A-Za-z][^\t\n\f\r />]*)")
_MARKER = re.compile(r"<wbr data-(on|off)=\S+ _")
_SIMPLE_NAME = re.compile("[a-z][a-z0-9-]{0,30}")
_SLOW_CHARACTERS = re.compile("[&\x80-\xbf]")
_LONG_TEXT = re.compile("[^<>]{1000}[^<>&\\s\x80-\xbf]*")

_CLEANER = nh3.Cleaner(
    tags={"wbr", "br", "hr", "img", "source"},
    clean_content_tags=_RAW,
    attributes={
        "wbr": {"data-on", "data-off", "href", "src", "title", "hidden", "style", "open"},
        "img": {"src", "data-src", "alt", "width", "height", "hidden", "style"},
        "source": {"src"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


def _flattened(html: str) -> str:
    """The markup with markers in the place of all tags but those of void elements, and of those
    whose content is not markup."""

    def marker(tag: re.Match[str]) -> str:
        slash, written = tag.groups()
        # Only ASCII letters have a lower case in HTML's names.
        name = written.lower() if written.isascii() else "x"
        if name in _RAW or name in _VOID:
            return tag[0]
        known = name if _SIMPLE_NAME.fullmatch(name) else "x"
        # The name as written stays: in a comment, it may hold the comment's end.
        return f"<wbr data-{'off' if slash else 'on'}={known} _{written}"

    flat = _TAG.sub(marker, html)
    # The sanitiser takes quadratic time for these characters inside one text.
    if len(_SLOW_CHARACTERS.findall(flat)) > 20_000:
        flat = _LONG_TEXT.sub(r"\g<0><wbr>", flat)
    return flat


def _restored(value: str) -> str:
    """The value of an attribute as it was before `_flattened`."""
    if "<wbr" not in value:
        return value
    value = _MARKER.sub(lambda found: "<" if found[1] == "on" else "</", value)
    return value.replace("<wbr>", "")


# Step 3: the blocks

_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"),
    *("dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "html", "legend"),
    *("li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table"),
    *("tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS = {"ul", "ol", "menu", "dir"}
_CELLS = {"td", "th"}
_MARKS = {"b": "strong", "strong": "strong", "i": "emphasis", "em": "emphasis", "a": "link"}
# What is not shown, or belongs to the page rather than to the text; `del` is struck from it.
_UNSEEN = {
    *("applet", "audio", "button", "canvas", "datalist", "del", "desc", "iframe", "object"),
    *("select", "template", "text", "video"),
}
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# Elements that end when another of theirs starts, up to the element in which they stand.
_SIBLINGS = {
    "li": ({"li"}, _LISTS),
    "dd": ({"dd", "dt"}, {"dl"}),
    "dt": ({"dd", "dt"}, {"dl"}),
    "td": (_CELLS, {"table"}),
    "th": (_CELLS, {"table"}),
    "tr": ({"tr"}, {"table"}),
}
_SPACE = re.compile(r"[ \t\n\f\r]+")
_BLANK_LINES = re.compile(r"(?:[ \t]*\n)+")
_PICTURE_ADDRESS: TypeAdapter[str] = TypeAdapter(PictureAddress)
_CAPTION: TypeAdapter[str] = TypeAdapter(Caption)
_Style = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Open:
    """An element that has started and not ended."""

    name: str
    hides: bool
    cuts: bool


@dataclass(slots=True)
class _Figure:
    """A figure that has started: its first picture, and the texts of its caption."""

    picture: NewMedia | None = None
    caption: list[tuple[str, list[Mark]]] = field(default_factory=list)


class _Builder(HTMLParser):
    """Builds blocks from the row of texts, markers and void elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[DraftBlock] = []
        self.run = _Run()
        self.open: list[_Open] = []
        # Where in `open` the elements of each name are, and the blocks: no end tag has to search.
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        self.block_places: list[int] = []
        self.hidden = 0
        # Marks need not nest, so they are not in `open`: name, then (href, hides) of each.
        self.marks: dict[str, list[tuple[str, bool]]] = {name: [] for name in _MARKS}
        self.style: _Style = ()
        self.list: ListDraft | None = None
        self.list_place = 0
        self.lines: list[tuple[str, list[Mark]]] = []
        self.figures: list[_Figure] = []
        self.shown: list[DraftBlock] = []  # in figures, until the outermost ends
        self.held: list[DraftBlock] = []  # pictures that wait for the end of the text around them
        self.video_title: str | None = None
        self.awaits_video = False
        self.pre_starts = False

    # What the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: _restored(value or "") for name, value in attrs}
        self.pre_starts = False
        if tag == "wbr":
            if "data-on" in values:
                self.start_element(values["data-on"], values)
            elif "data-off" in values:
                self.end_element(values["data-off"])
        elif tag == "source":
            if self.awaits_video:
                self.awaits_video = not self.embed(values.get("src", ""), self.video_title)
        elif self.hidden:
            return
        elif tag == "br":
            self.break_line()
        elif tag == "hr":
            self.end_text()
        elif tag == "img":
            self.show_picture(values)

    def handle_data(self, data: str) -> None:
        if self.pre_starts:
            data = data.removeprefix("\n")
            self.pre_starts = False
        if not self.hidden:
            self.run.add(CONTROLS.sub("", data), self.style, is_raw=bool(self.places["pre"]))

    def close(self) -> None:
        super().close()
        while self.open:
            self.leave()
        self.end_text()

    # Elements

    def start_element(self, name: str, values: dict[str, str]) -> None:
        hides = name in _UNSEEN or _is_hidden(values) or (name == "dialog" and "open" not in values)
        if name in _MARKS:
            if name == "a" and self.marks["a"]:
                self.end_mark("a")
            self.hidden += hides
            self.marks[name].append((_tidy_link(values.get("href", "")), hides))
            self.style = self.current_style()
            return
        cuts = name in _BLOCKS and name not in _CELLS
        if cuts:
            self.end_element("p")
            self.end_text()
        if name in _SIBLINGS:
            self.end_sibling(*_SIBLINGS[name])
        if name in _CELLS and not self.hidden:
            self.run.add(" ", (), is_raw=False)
        if name in ("iframe", "video") and not self.hidden:
            self.show_player(name, values)
        if name in _LISTS:
            self.start_list(is_ordered=name == "ol")
        elif name == "figure":
            self.figures.append(_Figure())
        elif name == "pre":
            self.pre_starts = True
        self.hidden += hides
        self.places[_kind(name)].append(len(self.open))
        if name in _BLOCKS:
            self.block_places.append(len(self.open))
        self.open.append(_Open(name, hides, cuts))

    def end_element(self, name: str) -> None:
        if name in _MARKS:
            self.end_mark(name)
            return
        places = self.places[_kind(name)]
        # An element inside a line does not end the blocks in it.
        ends_blocks = name in _BLOCKS or name in _UNSEEN
        if places and (ends_blocks or self.last_block() < places[-1]):
            self.leave_until(places[-1])

    def end_sibling(self, names: set[str], containers: set[str]) -> None:
        place = max((self.places[name][-1] for name in names if self.places[name]), default=-1)
        limit = max((self.places[name][-1] for name in containers if self.places[name]), default=-1)
        if place > limit:
            self.leave_until(place)

    def leave_until(self, place: int) -> None:
        while len(self.open) > place:
            self.leave()

    def leave(self) -> None:
        element = self.open[-1]
        if element.cuts:
            self.end_text()
        self.open.pop()
        self.places[_kind(element.name)].pop()
        if element.name in _BLOCKS:
            self.block_places.pop()
        self.hidden -= element.hides
        if element.name == "li" and self.list is not None:
            self.end_item()
        elif element.name in _LISTS:
            self.end_list()
        elif element.name == "figure":
            self.end_figure()
        elif element.name == "video":
            self.awaits_video = False

    def last_block(self) -> int:
        return self.block_places[-1] if self.block_places else -1

    def end_mark(self, name: str) -> None:
        if self.marks[name]:
            self.hidden -= self.marks[name].pop()[1]
            self.style = self.current_style()

    def current_style(self) -> _Style:
        style = {
            (_MARKS[name], opened[-1][0] if name == "a" else "")
            for name, opened in self.marks.items()
            if opened and (name != "a" or opened[-1][0])
        }
        return tuple(sorted(style))

    # Texts

    def break_line(self) -> None:
        is_raw = bool(self.places["pre"])
        if not self.run.break_line(self.style, is_raw=is_raw) and self.splits_at_breaks():
            self.end_text()

    def splits_at_breaks(self) -> bool:
        """Whether two line breaks end a paragraph here, rather than count as one."""
        return self.list is None and not self.places["heading"] and not self.places["figcaption"]

    def end_text(self) -> None:
        text, marks = self.run.take()
        if not is_blank(text):
            if self.figures and self.places["figcaption"]:
                self.figures[-1].caption.append((text, marks))
            else:
                self.put_text(text, marks)
        if self.list is None:
            self.blocks += self.held
            self.held = []

    def put_text(self, text: str, marks: list[Mark]) -> None:
        if self.list is not None:
            self.lines.append((text, marks))
        elif self.places["heading"]:
            level = int(self.open[self.places["heading"][-1]].name[1])
            self.blocks.append({"type": "heading", "level": level, "text": text, "marks": marks})
        elif self.places["blockquote"]:
            self.blocks.append({"type": "blockquote", "text": text, "marks": marks})
        else:
            self.blocks.append({"type": "paragraph", "text": text, "marks": marks})

    def start_list(self, *, is_ordered: bool) -> None:
        if self.list is not None:
            self.end_item()
            return
        self.list = {"type": "list", "ordered": is_ordered, "items": []}
        self.list_place = len(self.open)

    def end_item(self) -> None:
        if self.list is not None and self.lines:
            marks: list[Mark] = []
            start = 0
            for line, line_marks in self.lines:
                marks += (_shifted(mark, start) for mark in line_marks)
                start += len(line) + 1
            text = "\n".join(line for line, _ in self.lines)
            self.list["items"].append({"text": text, "marks": marks})
            self.lines = []

    def end_list(self) -> None:
        self.end_item()
        if self.list is not None and len(self.open) == self.list_place:
            if self.list["items"]:
                self.blocks.append(self.list)
            self.list = None
            self.blocks += self.held
            self.held = []

    # Pictures and embeds

    def show_picture(self, values: dict[str, str]) -> None:
        is_counting_pixel = {values.get("width"), values.get("height")} & {"0", "1", "0px", "1px"}
        # Pages that load pictures late have the real address in `data-src`.
        url = _tidy_picture(values.get("data-src", "")) or _tidy_picture(values.get("src", ""))
        if not url or is_counting_pixel or _is_hidden(values):
            return
        alt = _caption(_plain(values.get("alt", "")))
        picture = NewMedia(url=url, alt=alt, caption=None, credit=None)
        if self.figures and self.figures[-1].picture is None:
            self.figures[-1].picture = picture
        self.show({"type": "image", "media": picture})

    def show_player(self, name: str, values: dict[str, str]) -> None:
        self.video_title = _plain(values.get("title", ""))
        is_shown = self.embed(values.get("src", ""), self.video_title)
        self.awaits_video = name == "video" and not is_shown

    def embed(self, address: str, title: str | None) -> bool:
        url = _tidy_embed(address)
        if url:
            self.show({"type": "embed", "url": url, "title": title})
        return bool(url)

    def show(self, block: DraftBlock) -> None:
        if self.figures:
            self.shown.append(block)
        elif self.list is not None or not self.run.is_empty():
            self.held.append(block)
        else:
            self.blocks.append(block)

    def end_figure(self) -> None:
        figure = self.figures.pop()
        if not self.figures:
            shown, self.shown = self.shown, []
            for block in shown:
                self.show(block)
        lines = [text.replace("\n", " ") for text, _ in figure.caption]
        caption = _caption(" ".join(lines))
        if figure.picture is not None and caption:
            figure.picture["caption"] = caption
            return
        if figure.picture and self.figures and self.figures[-1].picture is None:
            # The caption of a figure around this one may be meant for its picture.
            self.figures[-1].picture = figure.picture
        for text, marks in figure.caption:
            self.put_text(text, marks)


class _Run:
    """The text of one block while it grows, white space collapsed as on a page."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, _Style]] = []

    def is_empty(self) -> bool:
        return not self.pieces

    def add(self, text: str, style: _Style, *, is_raw: bool) -> None:
        if not is_raw:
            text = _SPACE.sub(" ", text)
            if text.startswith(" ") and (not self.pieces or self.pieces[-1][0][-1] in " \n"):
                text = text[1:]
        if text:
            self.pieces.append((text, style))

    def break_line(self, style: _Style, *, is_raw: bool) -> bool:
        """Ends the line; False if it was ended, or not begun."""
        if is_raw:
            self.pieces.append(("\n", style))
            return True
        if self.pieces and self.pieces[-1][0].endswith(" "):
            text, its_style = self.pieces.pop()
            if len(text) > 1:
                self.pieces.append((text[:-1], its_style))
        if not self.pieces or self.pieces[-1][0].endswith("\n"):
            return False
        self.pieces.append(("\n", style))
        return True

    def take(self) -> tuple[str, list[Mark]]:
        """The text and its marks, in their canonical form; the run is empty afterwards."""
        pieces, self.pieces = self.pieces, []
        whole = "".join(text for text, _ in pieces)
        text = whole.rstrip(" \t\n")
        leading = found.end() if (found := _BLANK_LINES.match(text)) else 0
        text = text[leading:]
        marks = [
            trimmed
            for mark in _marks_of(pieces)
            if (trimmed := _trimmed(_shifted(mark, -leading), text)) is not None
        ]
        marks.sort(key=lambda mark: (mark["start"], -mark["end"], mark["type"]))
        return normalise_text(text, marks)


def _marks_of(pieces: list[tuple[str, _Style]]) -> list[Mark]:
    """One mark for each stretch of neighbouring pieces that share a style."""
    marks: list[Mark] = []
    running: dict[tuple[str, str], Mark] = {}
    start = 0
    for text, style in pieces:
        end = start + len(text)
        running = {key: running.get(key) or _new_mark(key, start, marks) for key in style}
        for mark in running.values():
            mark["end"] = end
        start = end
    return marks


def _new_mark(key: tuple[str, str], start: int, marks: list[Mark]) -> Mark:
    kind, href = key
    if kind == "link":
        mark = Mark(type="link", start=start, end=start, href=href)
    else:
        mark = Mark(type="strong" if kind == "strong" else "emphasis", start=start, end=start)
    marks.append(mark)
    return mark


def _trimmed(mark: Mark, text: str) -> Mark | None:
    """The mark without white space at its ends; None if nothing is left."""
    start = max(mark["start"], 0)
    words = text[start : mark["end"]]
    if is_blank(words):
        return None
    start += len(words) - len(words.lstrip(" \t\n"))
    return mark | Mark(type=mark["type"], start=start, end=start + len(words.strip(" \t\n")))


def _shifted(mark: Mark, distance: int) -> Mark:
    start, end = mark["start"] + distance, mark["end"] + distance
    return mark | Mark(type=mark["type"], start=start, end=end)


def _kind(name: str) -> str:
    """Under which name an element is counted: any heading's end tag ends any heading."""
    return "heading" if name in _HEADINGS else name


def _is_hidden(values: dict[str, str]) -> bool:
    return "hidden" in values or bool(_HIDING_STYLE.search(values.get("style", "")))


def _plain(value: str) -> str | None:
    """An attribute's text on one line, or None if it is blank."""
    text = normalised(_SPACE.sub(" ", CONTROLS.sub("", value))).strip(" ")
    return None if is_blank(text) else text


def _caption(text: str | None) -> str | None:
    """The text if a picture can have it as its caption; an over-long one is none."""
    try:
        return _CAPTION.validate_python(text)
    except ValueError:
        return None


def _tidy_link(address: str) -> str:
    return _accepted(address, link_address)


def _tidy_picture(address: str) -> str:
    return _accepted(address, _PICTURE_ADDRESS.validate_python)


def _tidy_embed(address: str) -> str:
    url = _accepted(address, web_address)
    return url if url.lower().startswith("https:") else ""


def _accepted(address: str, check: Callable[[str], str]) -> str:
    """The address as a browser would read it from an attribute; empty if it is not acceptable."""
    address = re.sub("[\t\n\r]", "", address).strip(" \f")
    for character in ' "<>':
        address = address.replace(character, f"%{ord(character):02X}")
    if address.startswith("//"):
        address = "https:" + address
    try:
        return check(address) if len(address) <= MAX_ADDRESS_LENGTH else ""
    except ValueError:
        return ""
