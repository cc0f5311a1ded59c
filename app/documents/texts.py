"""What a text or an address may hold, and the form in which it is kept."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, AnyHttpUrl, Field, TypeAdapter
from pydantic_core import PydanticCustomError

MAX_ADDRESS_LENGTH = 4_096

# A carriage return may be sent: it becomes a line feed.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_VISIBLE = re.compile(r"[^\s\u00ad\u200b-\u200f\u2060\ufeff]")
_LINE_BREAK = re.compile(r"[\n\u2028\u2029]")
_ADDRESS_WITH_HOST = re.compile("https?://[^/]", re.IGNORECASE)
_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x20\x7f-\x9f\\<>\"]")

_HTTP_URL = TypeAdapter(AnyHttpUrl)


def normalised(text: str) -> str:
    """`text` in Unicode's form NFC, its lines ended by LF; nothing else is folded."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: only white space and zero-width characters."""
    return _VISIBLE.search(text) is None


def checked(text: str) -> str:
    """`text` as it is, if it holds no control characters."""
    if found := CONTROLS.search(text):
        raise PydanticCustomError(
            "control_character",
            "The control character {code_point} at position {position} cannot be kept; "
            "of these, only line breaks and tabs can",
            {"code_point": f"U+{ord(found[0]):04X}", "position": found.start()},
        )
    return text


def not_blank(text: str) -> str:
    """`text` as it is, if a reader would see something of it."""
    if is_blank(text):
        raise PydanticCustomError("blank_text", "The text is blank")
    return text


def web_address(address: str) -> str:
    """`address` as it is, if it is absolute and begins with http or https."""
    if _has_host(address):
        return address
    raise PydanticCustomError(
        "web_address", "The address has to be absolute and begin with https:// or http://"
    )


def media_address(address: str) -> str:
    """`address` as it is, if it is on the web, or a path on this service."""
    if _is_path(address) or _has_host(address):
        return address
    raise PydanticCustomError(
        "media_address",
        "The address has to be absolute and begin with https:// or http://, "
        "or be a path that begins with /",
    )


def link_address(address: str) -> str:
    """`address` as it is, if a reader may be led there: by http, https, mailto or tel, or to a
    path of the site on which the article is shown."""
    if _is_path(address) or _has_host(address) or _has_receiver(address):
        return address
    raise PydanticCustomError(
        "link_address",
        "A link leads to an http, https, mailto or tel address, or to a path that begins with /",
    )


def _is_path(address: str) -> bool:
    # Two slashes would name a host.
    return address.startswith("/") and address[1:2] != "/" and _is_plain(address)


def _has_host(address: str) -> bool:
    # The validator would mend an address that has too few or too many slashes.
    if not _ADDRESS_WITH_HOST.match(address) or not _is_plain(address):
        return False
    try:
        return _HTTP_URL.validate_python(address).port != 0
    except ValueError:
        return False


def _has_receiver(address: str) -> bool:
    scheme, _, receiver = address.partition(":")
    return scheme.lower() in ("mailto", "tel") and bool(receiver) and _is_plain(address)


def _is_plain(address: str) -> bool:
    # A backslash is a slash to browsers, so that it could hide another host.
    return _NOT_IN_ADDRESSES.search(address) is None


def _line(text: str) -> str:
    if text.isascii() and text.isprintable() and (line := text.strip()):
        return line
    line = normalised(checked(text)).strip()
    if _LINE_BREAK.search(line):
        raise PydanticCustomError("line_break", "The text has to be a single line")
    return not_blank(line)


def _text(text: str) -> str:
    return not_blank(normalised(checked(text)))


# Constraints that a field adds, such as a length, are checked on the text as it is kept.
Line = Annotated[
    str,
    Field(min_length=1),
    AfterValidator(_line),
]
"""One line: normalised, without white space around it."""

Text = Annotated[
    str,
    Field(min_length=1),
    AfterValidator(_text),
]
"""A text of any number of lines: normalised, but with the white space that was sent."""

CountedText = Annotated[
    str, Field(min_length=1), AfterValidator(checked), AfterValidator(not_blank)
]
"""A text in which the client counted offsets: checked, but only normalised together with them."""

WebAddress = Annotated[str, Field(max_length=MAX_ADDRESS_LENGTH), AfterValidator(web_address)]
LinkAddress = Annotated[str, Field(max_length=MAX_ADDRESS_LENGTH), AfterValidator(link_address)]
