"""What of a video is played: containers, the best rendition, and what is told of it."""

from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple, get_args
from urllib.parse import urlsplit

import regex

from app.documents.feeds import Container, FeedVideo, LiveStream, Quality
from app.documents.media import Rendition
from app.models.media import quality_of

# From the best to play on television to the last.
CONTAINERS: tuple[Container, ...] = get_args(Container)
ADAPTIVE: frozenset[Container] = frozenset({"hls", "dash", "smooth"})

TYPES: dict[str, Container] = {
    "application/vnd.apple.mpegurl": "hls",
    "application/x-mpegurl": "hls",
    "audio/mpegurl": "hls",
    "audio/x-mpegurl": "hls",
    "application/dash+xml": "dash",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/x-m4v": "m4v",
    "application/vnd.ms-sstr+xml": "smooth",
}
MEDIA_TYPES: dict[Container, str] = {
    "hls": "application/vnd.apple.mpegurl",
    "dash": "application/dash+xml",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "m4v": "video/x-m4v",
    "smooth": "application/vnd.ms-sstr+xml",
}
ENDINGS: dict[str, Container] = {
    ".m3u8": "hls", ".mpd": "dash", ".mp4": "mp4", ".mov": "mov", ".m4v": "m4v", ".ism": "smooth",
}  # fmt: skip

NOT_IN_ADDRESSES = regex.compile(r'[ "<>\\^`{|}]')

# Where a file's own is not known: what is usual, in kilobits a second.
USUAL_BITRATES: dict[Quality, int] = {"SD": 1_500, "HD": 3_500, "FHD": 6_000, "UHD": 16_000}


class Playable(NamedTuple):
    """A rendition that television can play."""

    container: Container
    rendition: Rendition

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.container]


def is_secure(url: str) -> bool:
    """Absolute, and https: nothing else is fetched by televisions. What is at the machine itself
    counts as secure, too, as it does in browsers (W3C Secure Contexts section 3.1)."""
    return has_scheme(url, "https") or (has_scheme(url, "http") and is_local(url))


def is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_absolute(url: str) -> bool:
    return has_scheme(url, "https", "http")


@lru_cache(maxsize=4_096)
def has_scheme(url: str, *schemes: str) -> bool:
    if not url.isprintable() or NOT_IN_ADDRESSES.search(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname)
    except ValueError:
        return False


def container_of(media_type: str | None, url: str) -> Container | None:
    """By the type, or where there is none by the ending of the address."""
    if media_type:
        return TYPES.get(media_type.partition(";")[0].strip().lower())
    path = url.partition("?")[0].partition("#")[0].lower().removesuffix("/manifest")
    return next((found for ending, found in ENDINGS.items() if path.endswith(ending)), None)


def playable_renditions(video: FeedVideo, *, secure: bool = True) -> list[Playable]:
    """The best first: by container, then by height, then by bitrate. With `secure` false also those
    that readers can follow by http."""
    accepts = is_secure if secure else is_absolute
    found = [
        Playable(container, rendition)
        for rendition in video["renditions"]
        if accepts(rendition["url"])
        and (container := container_of(rendition["type"], rendition["url"]))
    ]
    return sorted(
        found,
        key=lambda one: (
            CONTAINERS.index(one.container),
            -(one.rendition["height"] or 0),
            -(one.rendition["bitrate"] or 0),
        ),
    )


def best_stream(streams: list[LiveStream]) -> tuple[Container, LiveStream] | None:
    """The stream of a channel that television plays first."""
    found = [
        (container, stream)
        for stream in streams
        if is_secure(stream["url"]) and (container := container_of(stream["type"], stream["url"]))
    ]
    return min(
        found,
        key=lambda one: (CONTAINERS.index(one[0]), -(one[1]["height"] or 0)),
        default=None,
    )


def rendition_quality(rendition: Rendition) -> Quality | None:
    return rendition["quality"] or quality_of(rendition["height"])


def known_kilobits(rendition: Rendition, duration_seconds: int | None) -> int | None:
    """Kilobits a second: as they are given, or as size and duration make them."""
    if rendition["bitrate"]:
        return max(1, round(rendition["bitrate"] / 1000))
    if rendition["size"] and duration_seconds:
        return max(1, round(rendition["size"] * 8 / duration_seconds / 1000))
    return None
