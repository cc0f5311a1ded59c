"""The elements of HTML that are open at a place, told by their starts and ends in a flat row."""

from collections import defaultdict
from dataclasses import dataclass

from app.articles.html_texts import Style

BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"),
    *("dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "html", "legend"),
    *("li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table"),
    *("tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
LISTS = {"ul", "ol", "menu", "dir"}
CELLS = {"td", "th"}
MARKS = {"b": "strong", "strong": "strong", "i": "emphasis", "em": "emphasis", "a": "link"}
# What is not shown, or belongs to the page rather than to the text; `del` is struck from it.
UNSEEN = {
    *("applet", "audio", "button", "canvas", "datalist", "del", "desc", "iframe", "object"),
    *("select", "template", "text", "video"),
}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# Elements that end when another of theirs starts, up to the element in which they stand.
_SIBLINGS = {
    "li": ({"li"}, LISTS),
    "dd": ({"dd", "dt"}, {"dl"}),
    "dt": ({"dd", "dt"}, {"dl"}),
    "td": (CELLS, {"table"}),
    "th": (CELLS, {"table"}),
    "tr": ({"tr"}, {"table"}),
}


@dataclass(slots=True)
class Element:
    """An element that has started and not ended."""

    name: str
    hides: bool
    cuts: bool


class OpenElements:
    """What is open, from the outermost element to the innermost, and the marks beside them."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        # Where the elements of each name are, and the blocks: no end tag has to search.
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        self.block_places: list[int] = []
        self.hiding = 0
        # Marks need not nest, so they are not elements here: name, then (href, hides) of each.
        self.marks: dict[str, list[tuple[str, bool]]] = {name: [] for name in MARKS}
        self.style: Style = ()

    def __len__(self) -> int:
        return len(self.elements)

    def has(self, *names: str) -> bool:
        """Whether an element of these names is open; `heading` is the name of any heading."""
        return any(self.places[name] for name in names)

    def is_hidden(self) -> bool:
        return self.hiding > 0

    def heading_level(self) -> int:
        return int(self.elements[self.places["heading"][-1]].name[1])

    def start(self, element: Element) -> None:
        self.hiding += element.hides
        self.places[_kind(element.name)].append(len(self.elements))
        if element.name in BLOCKS:
            self.block_places.append(len(self.elements))
        self.elements.append(element)

    def end_innermost(self) -> Element:
        element = self.elements.pop()
        self.places[_kind(element.name)].pop()
        if element.name in BLOCKS:
            self.block_places.pop()
        self.hiding -= element.hides
        return element

    def place_ended_by(self, name: str) -> int | None:
        """The place of the element that the end tag of this name ends, with all inside it."""
        places = self.places[_kind(name)]
        # An element inside a line does not end the blocks in it.
        ends_blocks = name in BLOCKS or name in UNSEEN
        last_block = self.block_places[-1] if self.block_places else -1
        return places[-1] if places and (ends_blocks or last_block < places[-1]) else None

    def place_of_sibling(self, name: str) -> int | None:
        """The place of the element that ends, with all inside it, since this one starts."""
        if name not in _SIBLINGS:
            return None
        siblings, containers = _SIBLINGS[name]
        place = self.last_place(siblings)
        return place if place > self.last_place(containers) else None

    def last_place(self, names: set[str]) -> int:
        return max((self.places[name][-1] for name in names if self.places[name]), default=-1)

    def start_mark(self, name: str, href: str, *, hides: bool) -> None:
        # A link ends where another starts.
        if name == "a":
            self.end_mark("a")
        self.hiding += hides
        self.marks[name].append((href, hides))
        self.style = self.current_style()

    def end_mark(self, name: str) -> None:
        if self.marks[name]:
            self.hiding -= self.marks[name].pop()[1]
            self.style = self.current_style()

    def current_style(self) -> Style:
        style = {
            (MARKS[name], opened[-1][0] if name == "a" else "")
            for name, opened in self.marks.items()
            if opened and (name != "a" or opened[-1][0])
        }
        return tuple(sorted(style))


def _kind(name: str) -> str:
    """Under which name an element is counted: any heading's end tag ends any heading."""
    return "heading" if name in _HEADINGS else name
