"""`offsets=utf16`: offsets as JavaScript and BrightScript count them.

Offsets count the code points of the article's text, and those of marks the code points of their
block. On request both are converted to UTF-16 code units, in what is served and in what is sent.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from starlette.datastructures import QueryParams

from app.errors import InvalidParameter
from app.web.nearest import unknown

OFFSETS = {
    "name": "offsets",
    "in": "query",
    "required": False,
    "description": "What offsets count: code points, or UTF-16 units as JavaScript does.",
    "schema": {"type": "string", "enum": ["codepoints", "utf16"], "default": "codepoints"},
}


def parse_offsets(query: QueryParams) -> bool:
    """Whether offsets are counted in UTF-16 code units."""
    given = query.get("offsets", "codepoints")
    detail = None
    if len(query.getlist("offsets")) > 1:
        detail = "offsets is given more than once."
    elif given not in ("codepoints", "utf16"):
        detail = unknown("value", given, ("codepoints", "utf16"))
    if detail is not None:
        raise InvalidParameter(detail, errors=[{"parameter": "offsets", "detail": detail}])
    return given == "utf16"


class Units:
    """Converts offsets in one text between code points and UTF-16 code units."""

    def __init__(self, text: str) -> None:
        self.length = len(text)
        # Where the characters stand that take two units.
        self.wide = (
            []
            if text.isascii()
            else [index for index, character in enumerate(text) if character > "\uffff"]
        )

    def to_utf16(self, offset: int) -> int:
        return offset + bisect_left(self.wide, offset)

    def to_code_points(self, offset: int) -> int:
        """Raises ValueError for an offset inside a surrogate pair. One beyond the text stays
        beyond it."""
        low, high = 0, len(self.wide)
        while low < high:
            middle = (low + high) // 2
            # The units before the wide character `middle`, itself included.
            if self.wide[middle] + middle + 2 <= offset:
                low = middle + 1
            else:
                high = middle
        if low < len(self.wide) and offset == self.wide[low] + low + 1:
            raise ValueError(f"The offset {offset} is inside a surrogate pair.")
        return offset - low


# Any: an article or a quote as a document
def to_utf16(document: dict[str, Any], text: str) -> dict[str, Any]:
    """The document with its offsets, all of them, in UTF-16 code units."""
    units = Units(text)
    converted = dict(document)
    for name in ("quotes", "entities"):
        if name in converted:
            converted[name] = [spans_in_utf16(item, units) for item in converted[name]]
    if "spans" in converted:
        converted = spans_in_utf16(converted, units)
    if "body" in converted:
        converted["body"] = [block_in_utf16(block) for block in converted["body"]]
    return converted


def spans_in_utf16(item: dict[str, Any], units: Units) -> dict[str, Any]:
    """The spans of a quote or mention, and those where a quote may stand."""
    converted = {**item, "spans": [convert(span, units) for span in item["spans"]]}
    if item.get("proposals"):
        converted["proposals"] = [spans_in_utf16(one, units) for one in item["proposals"]]
    return converted


def convert(span: dict[str, Any], units: Units) -> dict[str, Any]:
    return {**span, "start": units.to_utf16(span["start"]), "end": units.to_utf16(span["end"])}


def block_in_utf16(block: dict[str, Any]) -> dict[str, Any]:
    if block.get("marks"):
        units = Units(block["text"])
        return {**block, "marks": [convert(mark, units) for mark in block["marks"]]}
    if "items" in block:
        items: Iterable[dict[str, Any]] = block["items"]
        return {**block, "items": [block_in_utf16(item) for item in items]}
    return block


# Any: whatever JSON holds
def with_spans_in_utf16(value: Any, units: Units) -> Any:
    """The value with all that has a `start` and an `end`, however deep in it, in UTF-16 units."""
    if isinstance(value, list):
        return [with_spans_in_utf16(one, units) for one in value]
    if isinstance(value, dict):
        inner = {name: with_spans_in_utf16(one, units) for name, one in value.items()}
        return convert(inner, units) if {"start", "end"} <= inner.keys() else inner
    return value
