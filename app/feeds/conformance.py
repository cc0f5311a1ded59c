"""What each output leaves out of a channel or tells more weakly than it is, and why."""

from datetime import datetime

from fastapi import Request
from sqlalchemy import Connection

from app.channels.filters import carried
from app.documents.conformance import ConformanceReport, Finding, Target
from app.feeds.items import feed_channel
from app.feeds.links import Links
from app.feeds.reads import find_items
from app.feeds.screens import read_channel, read_guide
from app.feeds.selection import MAX_ITEMS, newest
from app.feeds.sources import source_of_channel
from app.representations.conformance import (
    TARGETS,
    check_channel,
    check_feed,
    check_schedule,
)
from app.web.listing import parameter, refused
from app.web.nearest import unknown

# Those that tell of the schedule, and those that tell of the channel's streams alone.
GUIDES: frozenset[Target] = frozenset({"roku-linear", "xmltv"})
PLAYLISTS: frozenset[Target] = frozenset({"m3u"})


def parse_target(request: Request) -> Target:
    given = request.query_params.getlist("target")
    if len(given) != 1:
        raise refused("target", f"target is one of {', '.join(TARGETS)}.")
    for target in TARGETS:
        if target == given[0]:
            return target
    raise refused("target", unknown("value", given[0], TARGETS))


def read_conformance(
    connection: Connection, name: str, target: Target, at: datetime, links: Links
) -> ConformanceReport:
    """Of the newest articles that the channel carries, with a video or not; or of its guide."""
    kept, channel = read_channel(connection, name, at)
    shown = feed_channel(channel, links)
    found: list[Finding] = []
    checked = 1
    if target in PLAYLISTS or target in GUIDES:
        found += check_channel(target, shown)
    if target in GUIDES:
        programmes = read_guide(connection, name, at, links).schedules[0]["programmes"]
        checked = len(programmes)
        found += check_schedule(target, shown, programmes)
    elif target not in PLAYLISTS:
        among = carried(kept.carries)
        items = find_items(connection, newest(MAX_ITEMS), at, links, among=among).items
        checked = len(items)
        # Its address is not looked at.
        source = source_of_channel(channel, links, links.public_url)
        found += check_feed(target, source, items)
    left_out = {one["id"] for one in found if one["severity"] == "left_out"}
    weakened = {one["id"] for one in found if one["severity"] == "weakened"}
    return {
        "target": target,
        "checked": checked,
        "left_out": len(left_out),
        "weakened": len(weakened),
        "findings": found,
    }


TARGET = {
    "parameters": [
        {
            **parameter("target", "The output that is looked at.", enum=list(TARGETS)),
            "required": True,
        }
    ]
}
