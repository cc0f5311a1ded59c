"""RSS 2.0 with Media RSS: for readers, and for televisions, which get what they can play."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from app.documents.feeds import FeedItem, FeedPicture, FeedSource, FeedVideo, Rating
from app.representations.correction_notes import html_with_notes
from app.representations.instants import rfc822, rfc3339
from app.representations.languages import known_tag
from app.representations.ratings import AMERICAN, hyphened_rating
from app.representations.renditions import (
    ADAPTIVE,
    Playable,
    is_absolute,
    is_secure,
    known_kilobits,
    playable_renditions,
)
from app.representations.television_rules import (
    carries,
    description_for,
    picture_for,
    picture_type,
    reader_picture,
    reader_title,
    source_name,
    title_for,
)
from app.representations.television_text import clean_text, plain_name, plain_text
from app.representations.xml_writing import ATOM, CONTENT, DC, DCTERMS, MEDIA, Writer, iter_xml

Kind = Literal["rss", "mrss"]

NAMESPACES: dict[str | None, str] = {
    "atom": ATOM, "content": CONTENT, "dc": DC, "dcterms": DCTERMS, "media": MEDIA,
}  # fmt: skip


def feed_rss(source: FeedSource, items: Iterable[FeedItem], *, hub: str | None = None) -> bytes:
    return b"".join(iter_feed_rss(source, items, hub=hub))


def feed_mrss(source: FeedSource, items: Iterable[FeedItem], *, hub: str | None = None) -> bytes:
    """For television: plain texts, and no item that can not be played."""
    return b"".join(iter_feed_mrss(source, items, hub=hub))


def iter_feed_rss(
    source: FeedSource, items: Iterable[FeedItem], *, hub: str | None = None
) -> Iterator[bytes]:
    return iter_xml(lambda writer: write_feed(writer, "rss", source, items, hub))


def iter_feed_mrss(
    source: FeedSource, items: Iterable[FeedItem], *, hub: str | None = None
) -> Iterator[bytes]:
    return iter_xml(lambda writer: write_feed(writer, "mrss", source, items, hub))


def write_feed(
    writer: Writer, kind: Kind, source: FeedSource, items: Iterable[FeedItem], hub: str | None
) -> Iterator[None]:
    with writer.element("rss", {"version": "2.0"}, NAMESPACES), writer.element("channel"):
        write_head(writer, source, hub)
        yield
        for item in items:
            if carries(kind, source, item):
                write_item(writer, kind, source, item)
                yield


def write_head(writer: Writer, source: FeedSource, hub: str | None) -> None:
    title = source_name(source["title"])
    writer.leaf("title", title)
    writer.leaf("link", source["home_url"])
    writer.leaf("description", plain_text(source["description"]) or title)
    writer.leaf("language", known_tag(source["language"]))
    if source["updated_at"]:
        writer.leaf("lastBuildDate", rfc822(source["updated_at"]))
    link(writer, "self", source["url"], "application/rss+xml")
    if source["next_url"]:
        link(writer, "next", source["next_url"], "application/rss+xml")
    if hub:
        link(writer, "hub", hub, None)
    if picture := reader_picture(source["picture"]):
        with writer.element("image"):
            writer.leaf("url", picture["url"])
            writer.leaf("title", title)
            writer.leaf("link", source["home_url"])


def link(writer: Writer, relation: str, url: str, media_type: str | None) -> None:
    writer.empty(f"{{{ATOM}}}link", {"rel": relation, "href": url, "type": media_type})


def write_item(writer: Writer, kind: Kind, source: FeedSource, item: FeedItem) -> None:
    with writer.element("item"):
        title = title_for(kind, item) if kind == "mrss" else reader_title(item)
        writer.leaf("title", title)
        writer.leaf("link", item["url"])
        writer.leaf("guid", item["id"], {"isPermaLink": "false"})
        writer.leaf("pubDate", rfc822(item["published_at"]))
        description = description_for(kind, item)
        writer.leaf("description", description)
        if kind == "rss" and (html := html_with_notes(item)):
            writer.html(f"{{{CONTENT}}}encoded", html)
        for name in item["bylines"]:
            writer.leaf(f"{{{DC}}}creator", plain_name(name))
        write_categories(writer, item)
        if item["video"]:
            write_enclosure(writer, item["video"], secure=kind == "mrss")
        write_media(writer, kind, source, item, title, description)


def write_categories(writer: Writer, item: FeedItem) -> None:
    if item["section"]:
        writer.leaf("category", plain_name(item["section"]["name"]), {"domain": "section"})
    for entity in item["entities"]:
        writer.leaf("category", plain_name(entity["name"]), {"domain": entity["type"]})


def write_enclosure(writer: Writer, video: FeedVideo, *, secure: bool) -> None:
    """A file, never a stream: an enclosure tells how many bytes it has."""
    file = enclosed_file(video, secure=secure)
    if file:
        writer.empty(
            "enclosure",
            {
                "url": file.rendition["url"],
                "length": file.rendition["size"],
                "type": file.media_type,
            },
        )


def enclosed_file(video: FeedVideo, *, secure: bool) -> Playable | None:
    return next(
        (
            one
            for one in playable_renditions(video, secure=secure)
            if one.container not in ADAPTIVE and one.rendition["size"]
        ),
        None,
    )


def write_media(
    writer: Writer, kind: Kind, source: FeedSource, item: FeedItem, title: str, description: str
) -> None:
    video, secure = item["video"], kind == "mrss"
    if secure:
        picture = picture_for(kind, item["picture"], source["picture"])
    else:
        picture = reader_picture(item["picture"])
    playable = playable_renditions(video, secure=secure) if video else []
    if video and playable:
        write_video(writer, playable[0], video, item, picture)
    elif picture:
        write_picture(writer, picture)
    else:
        return
    if picture:
        thumbnail(writer, picture)
    media(writer, "keywords", ", ".join(keywords(item)))
    if kind == "mrss":
        write_again(writer, item, title, description)
    write_rating(writer, source["rating"])
    if video and playable:
        write_tracks(writer, video, secure=secure)


def write_again(writer: Writer, item: FeedItem, title: str, description: str) -> None:
    """What the item says itself, for importers that look at Media RSS alone."""
    media(writer, "title", plain_text(title), {"type": "plain"})
    media(writer, "description", description, {"type": "plain"})
    if item["section"]:
        media(writer, "category", plain_name(item["section"]["path"]))
    for name in item["bylines"]:
        media(writer, "credit", plain_name(name), {"role": "author", "scheme": "urn:ebu"})


def media(
    writer: Writer, name: str, text: str, attributes: dict[str, str | int | None] | None = None
) -> None:
    writer.leaf(f"{{{MEDIA}}}{name}", text, attributes)


def write_video(
    writer: Writer, best: Playable, video: FeedVideo, item: FeedItem, picture: FeedPicture | None
) -> None:
    """Only the best rendition, and not in a group: televisions do not look into one."""
    rendition = best.rendition
    is_file = best.container not in ADAPTIVE
    with writer.element(
        f"{{{MEDIA}}}content",
        {
            "url": rendition["url"],
            "type": best.media_type,
            "medium": "video",
            "duration": video["duration_seconds"],
            "isDefault": "true",
            "bitrate": known_kilobits(rendition, video["duration_seconds"]) if is_file else None,
            "fileSize": rendition["size"] if is_file else None,
            "width": rendition["width"],
            "height": rendition["height"],
            "lang": known_tag(item["language"]),
        },
    ):
        # Here for Roku's template, and again beside it for Fire TV's.
        if picture:
            thumbnail(writer, picture)


def write_picture(writer: Writer, picture: FeedPicture) -> None:
    writer.empty(
        f"{{{MEDIA}}}content",
        {
            "url": picture["url"],
            "type": picture_type(picture),
            "medium": "image",
            "width": picture["width"],
            "height": picture["height"],
        },
    )


def thumbnail(writer: Writer, picture: FeedPicture) -> None:
    writer.empty(
        f"{{{MEDIA}}}thumbnail",
        {"url": picture["url"], "width": picture["width"], "height": picture["height"]},
    )


def keywords(item: FeedItem) -> Sequence[str]:
    """Who is quoted, then who and what is named."""
    names = [quote["speaker"] for quote in item["quotes"] if quote["speaker"]]
    names += [entity["name"] for entity in item["entities"]]
    plain = (plain_name(name.replace(",", " ")) for name in dict.fromkeys(names))
    return list(dict.fromkeys(filter(None, plain)))


def write_rating(writer: Writer, rating: Rating | None) -> None:
    if rating and rating["source"] == AMERICAN:
        value = hyphened_rating(rating)["value"].lower()
        media(writer, "rating", value, {"scheme": "urn:v-chip"})


def write_tracks(writer: Writer, video: FeedVideo, *, secure: bool) -> None:
    accepts = is_secure if secure else is_absolute
    for caption in video["captions"]:
        if accepts(caption["url"]):
            writer.empty(
                f"{{{MEDIA}}}subTitle",
                {
                    "type": clean_text(caption["type"]),
                    "lang": known_tag(caption["language"]),
                    "href": caption["url"],
                },
            )
    window = [
        f"{name}={rfc3339(at)}"
        for name, at in (("start", video["available_from"]), ("end", video["available_until"]))
        if at
    ]
    if window:
        writer.leaf(f"{{{DCTERMS}}}valid", "; ".join([*window, "scheme=W3C-DTF"]))
