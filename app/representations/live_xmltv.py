"""A guide to live channels in XMLTV, whose elements have one order."""

from collections.abc import Iterator, Sequence

import regex

from app.documents.feeds import ChannelSchedule, FeedChannel, FeedPicture, FeedProgramme
from app.representations.instants import xmltv_instant
from app.representations.languages import known_tag
from app.representations.ratings import AMERICAN, hyphened_rating
from app.representations.television_rules import kept_programmes, picture_for
from app.representations.television_text import plain_text
from app.representations.xml_writing import Writer, iter_xml

DOCTYPE = '<!DOCTYPE tv SYSTEM "xmltv.dtd">'
GENERATOR = "Onrecord"


def live_xmltv(schedules: Sequence[ChannelSchedule], *, host: str) -> bytes:
    """`host` is the site's, without which a channel's id would not look like the name of a host."""
    return b"".join(iter_live_xmltv(schedules, host=host))


def iter_live_xmltv(schedules: Sequence[ChannelSchedule], *, host: str) -> Iterator[bytes]:
    return iter_xml(lambda writer: write_guide(writer, schedules, host), DOCTYPE)


def guide_id(channel: FeedChannel, host: str) -> str:
    """`01k….news.example`: the same in playlists."""
    labels = [channel["id"], *host.lower().partition(":")[0].split(".")]
    plain = [regex.sub(r"[^a-zA-Z0-9-]+", "-", label).strip("-") for label in labels]
    named = [label for label in plain if label]
    return ".".join(named if len(named) > 1 else [*named, "localhost"])


def write_guide(writer: Writer, schedules: Sequence[ChannelSchedule], host: str) -> Iterator[None]:
    with writer.element("tv", {"generator-info-name": GENERATOR}):
        for schedule in schedules:
            write_channel(writer, schedule["channel"], host)
            yield
        for schedule in schedules:
            channel = schedule["channel"]
            for programme in kept_programmes("xmltv", channel, schedule["programmes"]):
                write_programme(writer, channel, programme, guide_id(channel, host))
                yield


def write_channel(writer: Writer, channel: FeedChannel, host: str) -> None:
    language = {"lang": known_tag(channel["language"])}
    with writer.element("channel", {"id": guide_id(channel, host)}):
        name = plain_text(channel["name"]) or channel["slug"]
        writer.leaf("display-name", name, language)
        if channel["number"] is not None:
            writer.leaf("display-name", str(channel["number"]))
        icon(writer, picture_for("xmltv", channel["picture"]))


def write_programme(
    writer: Writer, channel: FeedChannel, programme: FeedProgramme, channel_id: str
) -> None:
    language = {"lang": known_tag(channel["language"])}
    times = {
        "start": xmltv_instant(programme["starts_at"]),
        "stop": xmltv_instant(programme["stops_at"]),
        "channel": channel_id,
    }
    with writer.element("programme", times):
        writer.leaf("title", plain_text(programme["title"]), language)
        writer.leaf("desc", plain_text(programme["description"] or ""), language)
        for genre in programme["genres"] or channel["genres"]:
            writer.leaf("category", plain_text(genre).capitalize(), language)
        writer.leaf("language", known_tag(channel["language"]))
        write_length(writer, programme)
        icon(writer, picture_for("xmltv", programme["picture"], channel["picture"]))
        writer.leaf("episode-num", programme["id"], {"system": "onrecord"})
        if programme["has_captions"]:
            writer.empty("subtitles", {"type": "teletext"})
        write_rating(writer, channel, programme)


def write_length(writer: Writer, programme: FeedProgramme) -> None:
    seconds = int((programme["stops_at"] - programme["starts_at"]).total_seconds())
    if seconds % 60:
        writer.leaf("length", str(seconds), {"units": "seconds"})
    else:
        writer.leaf("length", str(seconds // 60), {"units": "minutes"})


def icon(writer: Writer, picture: FeedPicture | None) -> None:
    if picture:
        writer.empty(
            "icon",
            {"src": picture["url"], "width": picture["width"], "height": picture["height"]},
        )


def write_rating(writer: Writer, channel: FeedChannel, programme: FeedProgramme) -> None:
    rating = programme["rating"] or channel["rating"]
    if rating:
        told = hyphened_rating(rating)
        system = "VCHIP" if told["source"] == AMERICAN else told["source"]
        with writer.element("rating", {"system": system}):
            writer.leaf("value", told["value"])
