"""HTML made flat and safe: markers in the place of tags, then a sanitiser."""

import re

import nh3

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


def sanitised(html: str) -> str:
    """The texts of the markup, its pictures, and a marker for each start and end of another
    element, all in one flat row: there are no elements in elements."""
    return _CLEANER.clean(_flattened(html))


def restored(value: str) -> str:
    """The value of an attribute as it was before the markers."""
    if "<wbr" not in value:
        return value
    value = _MARKER.sub(lambda found: "<" if found[1] == "on" else "</", value)
    return value.replace("<wbr>", "")


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
