"""A playlist of live channels, as IPTV players read it."""

from collections.abc import Sequence

from app.documents.feeds import FeedChannel
from app.representations.live_xmltv import guide_id
from app.representations.television_rules import picture_for, stream_for
from app.representations.television_text import plain_text


def live_m3u(channels: Sequence[FeedChannel], *, host: str, guide_url: str | None = None) -> bytes:
    """Each channel with its best stream, under the id that it has in the guide of the same host;
    those without a stream are left out."""
    # Kodi reads the second name, others the first.
    guide = attributes({"url-tvg": guide_url, "x-tvg-url": guide_url})
    lines = [f"#EXTM3U{guide}"]
    for channel in channels:
        lines += channel_lines(channel, host)
    return "".join(f"{line}\n" for line in lines).encode()


def channel_lines(channel: FeedChannel, host: str) -> list[str]:
    played = stream_for(channel)
    if not played:
        return []
    name = plain_text(channel["name"]) or channel["slug"]
    logo = picture_for("m3u", channel["picture"])
    told = attributes(
        {
            "tvg-id": guide_id(channel, host),
            "tvg-name": name,
            "tvg-logo": logo["url"] if logo else None,
            "tvg-chno": None if channel["number"] is None else str(channel["number"]),
            "group-title": ";".join(genre.title() for genre in channel["genres"]),
        }
    )
    return [f"#EXTINF:-1{told},{name}", played[1]["url"]]


def attributes(told: dict[str, str | None]) -> str:
    """No value has a line break or a double quote, since nothing would escape them."""
    return "".join(
        f' {name}="{plain_text(value.replace(chr(34), chr(39)))}"'
        for name, value in told.items()
        if value
    )
