"""XML in pieces, by lxml, so that a long feed never stands in memory as a whole."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from lxml import etree

from app.representations.television_text import clean_text

PIECE_BYTES = 32 * 1024

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
MEDIA = "http://search.yahoo.com/mrss/"
XML = "http://www.w3.org/XML/1998/namespace"

Attributes = Mapping[str, str | int | None]


class Pieces:
    """The file that lxml writes to; what has gathered is taken out."""

    def __init__(self) -> None:
        self.gathered: list[bytes] = []
        self.size = 0

    def write(self, piece: bytes) -> int:
        self.gathered.append(piece)
        self.size += len(piece)
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self.gathered)
        self.gathered.clear()
        self.size = 0
        return taken


class XmlFile(Protocol):
    """What is used of lxml's incremental file, whose class has no public name."""

    def element(
        self,
        tag: str,
        attrib: Mapping[str, str] | None,
        nsmap: Mapping[str | None, str] | None = None,
    ) -> AbstractContextManager[None]: ...

    def write(self, content: str | etree.CDATA | etree._Element) -> None: ...


class Writer:
    """Elements by name and attributes; those that are None are left out, and so is what XML can not
    hold."""

    def __init__(self, file: XmlFile) -> None:
        self.file = file

    def element(
        self,
        name: str,
        attributes: Attributes | None = None,
        namespaces: Mapping[str | None, str] | None = None,
    ) -> AbstractContextManager[None]:
        return self.file.element(name, known(attributes), namespaces)

    def leaf(self, name: str, text: str | None, attributes: Attributes | None = None) -> None:
        """An element with text alone; none at all where there is no text."""
        if text:
            with self.file.element(name, known(attributes)):
                self.file.write(clean_text(text))

    def empty(self, name: str, attributes: Attributes) -> None:
        """In one tag, where no namespace has to be known: some readers of XMLTV take no other."""
        if name.startswith("{"):
            with self.element(name, attributes):
                pass
        else:
            self.file.write(etree.Element(name, known(attributes)))

    def html(self, name: str, markup: str) -> None:
        """Markup as it is, in a CDATA section; in HTML, the sign that would end one can be written
        in another way."""
        with self.element(name):
            self.file.write(etree.CDATA(clean_text(markup).replace("]]>", "]]&gt;")))


def known(attributes: Attributes | None) -> dict[str, str] | None:
    if attributes is None:
        return None
    return {key: clean_text(str(value)) for key, value in attributes.items() if value is not None}


def iter_xml(
    write: Callable[[Writer], Iterator[None]], doctype: str | None = None
) -> Iterator[bytes]:
    """The document that `write` writes, in pieces: it gives back control where one may end."""
    pieces = Pieces()
    with etree.xmlfile(pieces, encoding="UTF-8") as file:
        file.write_declaration()
        if doctype:
            file.write_doctype(doctype)
        for _ in write(Writer(file)):
            if pieces.size >= PIECE_BYTES:
                yield pieces.take()
    yield pieces.take()
