"""What the attributes of HTML elements say: texts, addresses, pictures, and what is hidden."""

import re
from collections.abc import Callable

from pydantic import TypeAdapter

from app.articles.canonical import NewMedia
from app.articles.html_texts import SPACE
from app.documents.texts import (
    CONTROLS,
    MAX_ADDRESS_LENGTH,
    is_blank,
    link_address,
    normalised,
    web_address,
)
from app.media.schemas import Caption
from app.web.writing import MediaUrl

_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_CAPTION: TypeAdapter[str] = TypeAdapter(Caption)
_MEDIA_URL: TypeAdapter[str] = TypeAdapter(MediaUrl)


def is_hidden(values: dict[str, str]) -> bool:
    return "hidden" in values or bool(_HIDING_STYLE.search(values.get("style", "")))


def picture_of(values: dict[str, str]) -> NewMedia | None:
    """The picture of an `img`, if a reader would see it."""
    is_counting_pixel = {values.get("width"), values.get("height")} & {"0", "1", "0px", "1px"}
    # Pages that load pictures late have the real address in `data-src`.
    url = _tidy_picture(values.get("data-src", "")) or _tidy_picture(values.get("src", ""))
    if not url or is_counting_pixel or is_hidden(values):
        return None
    alt = tidy_caption(plain(values.get("alt", "")))
    return NewMedia(url=url, alt=alt, caption=None, credit=None)


def plain(value: str) -> str | None:
    """An attribute's text on one line, or None if it is blank."""
    text = normalised(SPACE.sub(" ", CONTROLS.sub("", value))).strip(" ")
    return None if is_blank(text) else text


def tidy_caption(text: str | None) -> str | None:
    """The text if a picture can have it as its caption; an over-long one is none."""
    try:
        return _CAPTION.validate_python(text)
    except ValueError:
        return None


def tidy_link(address: str) -> str:
    return _accepted(address, link_address)


def tidy_embed(address: str) -> str:
    url = _accepted(address, web_address)
    return url if url.lower().startswith("https:") else ""


def _tidy_picture(address: str) -> str:
    url = _accepted(address, _MEDIA_URL.validate_python)
    # Other paths are those of the site from which the HTML came.
    return url if not url.startswith("/") or url.startswith("/media/") else ""


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
