"""Atom 1.0."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from app.documents.feeds import FeedItem, FeedSource
from app.representations.correction_notes import html_with_notes
from app.representations.instants import NEVER, rfc3339
from app.representations.languages import known_tag
from app.representations.renditions import playable_renditions
from app.representations.television_rules import (
    description_text,
    picture_type,
    reader_picture,
    reader_title,
    source_name,
)
from app.representations.television_text import plain_name, plain_text
from app.representations.xml_writing import ATOM, MEDIA, XML, Writer, iter_xml

# A tag names a day on which the host was its owner's; it is the same for all articles, so that an
# entry keeps its id when the article's date is put right.
TAG_DATE = "2026"

NAMESPACES: dict[str | None, str] = {None: ATOM, "media": MEDIA, "xml": XML}


def feed_atom(source: FeedSource, items: Iterable[FeedItem], *, hub: str | None = None) -> bytes:
    return b"".join(iter_feed_atom(source, items, hub=hub))


def iter_feed_atom(
    source: FeedSource, items: Iterable[FeedItem], *, hub: str | None = None
) -> Iterator[bytes]:
    return iter_xml(lambda writer: write_feed(writer, source, items, hub))


def write_feed(
    writer: Writer, source: FeedSource, items: Iterable[FeedItem], hub: str | None
) -> Iterator[None]:
    language = {f"{{{XML}}}lang": known_tag(source["language"])}
    with writer.element(atom("feed"), language, NAMESPACES):
        write_head(writer, source, hub)
        yield
        host = host_of(source)
        for item in items:
            write_entry(writer, source, item, host)
            yield


def write_head(writer: Writer, source: FeedSource, hub: str | None) -> None:
    title = source_name(source["title"])
    writer.leaf(atom("id"), source["url"])
    writer.leaf(atom("title"), title)
    writer.leaf(atom("subtitle"), plain_text(source["description"]))
    writer.leaf(atom("updated"), rfc3339(source["updated_at"] or NEVER))
    with writer.element(atom("author")):
        writer.leaf(atom("name"), title)
    link(writer, "self", source["url"], "application/atom+xml")
    link(writer, "alternate", source["home_url"], "text/html")
    if source["next_url"]:
        link(writer, "next", source["next_url"], "application/atom+xml")
    if hub:
        link(writer, "hub", hub)
    if picture := reader_picture(source["picture"]):
        writer.leaf(atom("logo"), picture["url"])


def write_entry(writer: Writer, source: FeedSource, item: FeedItem, host: str) -> None:
    differs = item["language"] != source["language"]
    language = {f"{{{XML}}}lang": known_tag(item["language"])} if differs else {}
    with writer.element(atom("entry"), language):
        writer.leaf(atom("id"), f"tag:{host},{TAG_DATE}:{item['id']}")
        writer.leaf(atom("title"), reader_title(item))
        writer.leaf(atom("published"), rfc3339(item["published_at"]))
        writer.leaf(atom("updated"), rfc3339(item["updated_at"]))
        for name in item["bylines"]:
            if plain := plain_name(name):
                with writer.element(atom("author")):
                    writer.leaf(atom("name"), plain)
        link(writer, "alternate", item["url"], "text/html")
        write_media(writer, item)
        if item["section"]:
            category(writer, item["section"]["path"], item["section"]["name"])
        for entity in item["entities"]:
            category(writer, entity["slug"], entity["name"])
        writer.leaf(atom("summary"), description_text(item))
        writer.leaf(atom("content"), html_with_notes(item), {"type": "html"})


def write_media(writer: Writer, item: FeedItem) -> None:
    video = item["video"]
    for playable in playable_renditions(video, secure=False) if video else ():
        link(
            writer,
            "enclosure",
            playable.rendition["url"],
            playable.media_type,
            playable.rendition["size"],
        )
    if picture := reader_picture(item["picture"]):
        link(writer, "enclosure", picture["url"], picture_type(picture))
        writer.empty(
            f"{{{MEDIA}}}thumbnail",
            {"url": picture["url"], "width": picture["width"], "height": picture["height"]},
        )


def link(
    writer: Writer, relation: str, url: str, media_type: str | None = None, size: int | None = None
) -> None:
    writer.empty(
        atom("link"),
        {"rel": relation, "href": url, "type": media_type, "length": size},
    )


def category(writer: Writer, term: str, label: str) -> None:
    if term:
        writer.empty(atom("category"), {"term": term, "label": plain_name(label) or term})


def atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def host_of(source: FeedSource) -> str:
    """Whose ids they are."""
    for url in (source["home_url"], source["url"]):
        try:
            if host := urlsplit(url).hostname:
                return host
        except ValueError:
            continue
    return "localhost"
