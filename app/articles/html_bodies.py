"""From the HTML of an article to its blocks.

Three steps, each linear in the length of the markup:
1. `html_markers` turns tags into markers: void elements that say which element starts or ends
   there. A sanitiser builds a tree and repairs it as browsers do, and a few kilobytes of misnested
   tags can make that tree gigabytes large. Markers stand in one flat row, whatever they are in.
2. nh3 reads the markup as a browser would and lets through text, markers and pictures. Scripts,
   styles, comments, and addresses of other schemes go.
3. `_Builder` follows the row, keeps account of what is open, and builds the blocks.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from app.articles.canonical import DraftBlock, ListDraft, NewMedia
from app.articles.html_attributes import (
    is_hidden,
    picture_of,
    plain,
    tidy_caption,
    tidy_embed,
    tidy_link,
)
from app.articles.html_elements import BLOCKS, CELLS, LISTS, MARKS, UNSEEN, Element, OpenElements
from app.articles.html_markers import restored, sanitised
from app.articles.html_texts import Run, joined
from app.documents.blocks import Mark
from app.documents.texts import CONTROLS, is_blank
from app.media.types import kind_of, type_of


def blocks_of_html(html: str) -> list[DraftBlock]:
    """The blocks that a reader of the HTML would see, and nothing of its markup.

    Tables become a paragraph a row, inner lists items of the outer one. A picture never cuts a
    text in two: it follows the text or the list in which it stands.
    """
    builder = _Builder()
    builder.feed(sanitised(html))
    builder.close()
    return builder.blocks


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
        self.run = Run()
        self.open = OpenElements()
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
        values = {name: restored(value or "") for name, value in attrs}
        self.pre_starts = False
        if tag == "wbr":
            if "data-on" in values:
                self.start_element(values["data-on"], values)
            elif "data-off" in values:
                self.end_element(values["data-off"])
        elif tag == "source":
            if self.awaits_video:
                self.awaits_video = not self.embed(values.get("src", ""), self.video_title)
        elif self.open.is_hidden():
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
        if not self.open.is_hidden():
            text = CONTROLS.sub("", data)
            self.run.add(text, self.open.style, is_raw=self.open.has("pre"))

    def close(self) -> None:
        super().close()
        while self.open:
            self.leave()
        self.end_text()

    # Elements

    def start_element(self, name: str, values: dict[str, str]) -> None:
        hides = name in UNSEEN or is_hidden(values) or (name == "dialog" and "open" not in values)
        if name in MARKS:
            self.open.start_mark(name, tidy_link(values.get("href", "")), hides=hides)
            return
        cuts = name in BLOCKS and name not in CELLS
        if cuts:
            self.end_element("p")
            self.end_text()
        self.leave_until(self.open.place_of_sibling(name))
        if name in CELLS and not self.open.is_hidden():
            self.run.add(" ", (), is_raw=False)
        if name in ("iframe", "video") and not self.open.is_hidden():
            self.show_player(name, values)
        if name in LISTS:
            self.start_list(is_ordered=name == "ol")
        elif name == "figure":
            self.figures.append(_Figure())
        elif name == "pre":
            self.pre_starts = True
        self.open.start(Element(name, hides, cuts))

    def end_element(self, name: str) -> None:
        if name in MARKS:
            self.open.end_mark(name)
        else:
            self.leave_until(self.open.place_ended_by(name))

    def leave_until(self, place: int | None) -> None:
        while place is not None and len(self.open) > place:
            self.leave()

    def leave(self) -> None:
        if self.open.elements[-1].cuts:
            self.end_text()
        name = self.open.end_innermost().name
        if name == "li" and self.list is not None:
            self.end_item()
        elif name in LISTS:
            self.end_list()
        elif name == "figure":
            self.end_figure()
        elif name == "video":
            self.awaits_video = False

    # Texts

    def break_line(self) -> None:
        is_raw = self.open.has("pre")
        if not self.run.break_line(self.open.style, is_raw=is_raw) and self.splits_at_breaks():
            self.end_text()

    def splits_at_breaks(self) -> bool:
        """Whether two line breaks end a paragraph here, rather than count as one."""
        return self.list is None and not self.open.has("heading", "figcaption")

    def end_text(self) -> None:
        text, marks = self.run.take()
        if not is_blank(text):
            if self.figures and self.open.has("figcaption"):
                self.figures[-1].caption.append((text, marks))
            else:
                self.put_text(text, marks)
        if self.list is None:
            self.blocks += self.held
            self.held = []

    def put_text(self, text: str, marks: list[Mark]) -> None:
        if self.list is not None:
            self.lines.append((text, marks))
        elif self.open.has("heading"):
            level = self.open.heading_level()
            self.blocks.append({"type": "heading", "level": level, "text": text, "marks": marks})
        elif self.open.has("blockquote"):
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
            text, marks = joined(self.lines)
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
        picture = picture_of(values)
        if picture is None:
            return
        if kind_of(type_of(picture["url"])) not in (None, "image"):
            # Some browsers play a video where a picture is expected.
            self.embed(picture["url"], picture["alt"])
            return
        if self.figures and self.figures[-1].picture is None:
            self.figures[-1].picture = picture
        self.show({"type": "image", "media": picture})

    def show_player(self, name: str, values: dict[str, str]) -> None:
        self.video_title = plain(values.get("title", ""))
        is_shown = self.embed(values.get("src", ""), self.video_title)
        self.awaits_video = name == "video" and not is_shown

    def embed(self, address: str, title: str | None) -> bool:
        url = tidy_embed(address)
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
        caption = tidy_caption(" ".join(lines))
        if figure.picture is not None and caption:
            figure.picture["caption"] = caption
            return
        if figure.picture and self.figures and self.figures[-1].picture is None:
            # The caption of a figure around this one may be meant for its picture.
            self.figures[-1].picture = figure.picture
        for text, marks in figure.caption:
            self.put_text(text, marks)
