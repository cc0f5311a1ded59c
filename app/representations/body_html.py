"""An article's body as HTML for readers of feeds: what its blocks say, and no script or style."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import orjson
from lxml import etree

from app.documents.blocks import Block, Mark
from app.documents.media import MediaRead

TAGS = {"link": "a", "strong": "strong", "emphasis": "em"}
# The outer one first, where marks overlap.
ORDER = ("link", "strong", "emphasis")


class BodyPicture(NamedTuple):
    """What stands for media in a body, at an absolute address."""

    url: str
    alt: str
    caption: str


def body_picture(media: MediaRead) -> BodyPicture | None:
    """A video is shown by its poster: readers of feeds play what is enclosed."""
    shown = media["renditions"]
    if media["kind"] != "image":
        shown = [] if media["poster"] is None else media["poster"]["renditions"]
    if not shown:
        return None
    return BodyPicture(shown[0]["url"], media["alt"] or "", media["caption"] or "")


@lru_cache(maxsize=2_000)
def body_html(blocks: str, pictures: tuple[tuple[str, BodyPicture], ...]) -> str:
    """`blocks` are the body as JSON, `pictures` those of the article's media by their ids. A feed
    is asked for again and again, and most of its articles are those of the last time."""
    shown = dict(pictures)
    body = etree.Element("div")
    for block in orjson.loads(blocks):
        add_block(body, block, shown)
    # At once: to write each child alone takes twice as long.
    whole = etree.tostring(body, method="html", encoding="unicode")
    return whole.removeprefix("<div>").removesuffix("</div>")


def add_block(body: etree._Element, block: Block, shown: Mapping[str, BodyPicture]) -> None:
    match block["type"]:
        case "paragraph":
            add_text(etree.SubElement(body, "p"), block["text"], block["marks"])
        case "heading":
            add_text(etree.SubElement(body, f"h{block['level']}"), block["text"], block["marks"])
        case "blockquote":
            add_text(etree.SubElement(body, "blockquote"), block["text"], block["marks"])
        case "list":
            listed = etree.SubElement(body, "ol" if block["ordered"] else "ul")
            for item in block["items"]:
                add_text(etree.SubElement(listed, "li"), item["text"], item["marks"])
        case "image" | "video":
            add_picture(body, shown.get(block["media"]))
        case "embed":
            link = etree.SubElement(etree.SubElement(body, "p"), "a", href=block["url"])
            link.text = block["title"] or block["url"]


def add_picture(body: etree._Element, picture: BodyPicture | None) -> None:
    if picture is None:
        return
    figure = etree.SubElement(body, "figure")
    etree.SubElement(figure, "img", src=picture.url, alt=picture.alt)
    if picture.caption:
        etree.SubElement(figure, "figcaption").text = picture.caption


def add_text(element: etree._Element, text: str, marks: Sequence[Mark]) -> None:
    """The text, cut where marks begin and end, each stretch within those that cover it; an element
    goes on as long as its mark does, unless one that stands outside of it ends."""
    if not marks:
        add_lines(element, text)
        return
    cuts = sorted({0, len(text), *(mark["start"] for mark in marks), *(m["end"] for m in marks)})
    ordered = sorted(marks, key=lambda mark: ORDER.index(mark["type"]))
    within: list[tuple[Mark, etree._Element]] = []
    for start, end in pairwise(cuts):
        wanted = [mark for mark in ordered if mark["start"] <= start and end <= mark["end"]]
        kept = 0
        while kept < min(len(within), len(wanted)) and within[kept][0] is wanted[kept]:
            kept += 1
        del within[kept:]
        for mark in wanted[kept:]:
            outer = within[-1][1] if within else element
            inner = etree.SubElement(outer, TAGS[mark["type"]])
            if "href" in mark:
                inner.set("href", mark["href"])
            within.append((mark, inner))
        add_lines(within[-1][1] if within else element, text[start:end])


def add_lines(element: etree._Element, text: str) -> None:
    first, *others = text.split("\n")
    append(element, first)
    for line in others:
        etree.SubElement(element, "br").tail = line


def append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
