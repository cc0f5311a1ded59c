"""Which media types are of which kind, and what the ending of an address tells."""

from mimetypes import MimeTypes

from app.models.media import MediaKind

HLS = "application/vnd.apple.mpegurl"
# What plays in parts: each is the list of its streams.
HLS_TYPES = (HLS, "application/x-mpegURL")
STREAM_TYPES = (*HLS_TYPES, "application/dash+xml", "application/vnd.ms-sstr+xml")
# Names of types mean the same in capitals; these have their usual form.
USUAL = {name.lower(): name for name in STREAM_TYPES}

CAPTION_TYPES = ("text/vtt", "application/ttml+xml", "application/x-subrip")

A_KIND: dict[MediaKind, str] = {"image": "a picture", "video": "a video", "audio": "a recording"}

# Python's own list and no machine's, so that the same address means the same everywhere.
ENDINGS = MimeTypes()
for ending, name in {
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".m3u8": HLS,
    ".m4a": "audio/mp4",
    ".m4v": "video/x-m4v",
    ".mkv": "video/x-matroska",
    ".mpd": "application/dash+xml",
    ".srt": "application/x-subrip",
    ".ts": "video/mp2t",
    ".ttml": "application/ttml+xml",
    ".vtt": "text/vtt",
    ".webp": "image/webp",
}.items():
    ENDINGS.add_type(name, ending)


def usual_type(name: str) -> str:
    return USUAL.get(name.lower(), name.lower())


def type_of(url: str) -> str | None:
    """What the ending of an address tells; None where it tells nothing."""
    address = url.partition("#")[0].partition("?")[0]
    # The ending of a host is none.
    _, _, path = (address.partition("://")[2] or address).partition("/")
    return ENDINGS.guess_type(path.rpartition("/")[2])[0]


def kind_of(name: str | None) -> MediaKind | None:
    """The kind that a type is of; a stream is taken for a video's."""
    if name in STREAM_TYPES:
        return "video"
    family = (name or "").partition("/")[0]
    return next((kind for kind in A_KIND if kind == family), None)


def fits(name: str, kind: MediaKind) -> bool:
    return kind_of(name) == kind or (kind == "audio" and name in HLS_TYPES)
