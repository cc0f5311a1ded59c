"""The names of codecs that RFC 6381 has, made of what ffprobe tells of a stream."""

from collections.abc import Sequence
from typing import Any

# Any: what ffprobe tells
Stream = dict[str, Any]

# Profile and constraints of H.264. ffprobe does not tell the constraints: these are the usual ones.
AVC = {
    "Constrained Baseline": "42E0",
    "Baseline": "4200",
    "Main": "4D40",
    "High": "6400",
    "High 10": "6E00",
    "High 4:2:2": "7A00",
    "High 4:4:4 Predictive": "F400",
}
HEVC = {"Main": "1.6", "Main 10": "2.4"}
AV1 = {"Main": 0, "High": 1, "Professional": 2}
AAC = {"LC": "mp4a.40.2", "HE-AAC": "mp4a.40.5", "HE-AACv2": "mp4a.40.29"}
PLAIN = {
    "ac3": "ac-3",
    "eac3": "ec-3",
    "flac": "fLaC",
    "mp3": "mp4a.40.34",
    "opus": "opus",
    "vorbis": "vorbis",
    "vp8": "vp8",
    "vp9": "vp9",
}


def codecs_of(streams: Sequence[Stream]) -> str | None:
    """All of them, or none: who reads the names takes them for all that has to be decoded."""
    names = [codec_of(stream) for stream in streams]
    known = [name for name in names if name is not None]
    return ",".join(known) if known and len(known) == len(names) else None


def codec_of(stream: Stream) -> str | None:
    told = stream.get("mime_codec_string")  # of newer versions
    if told:
        return str(told)
    name, profile = stream.get("codec_name"), stream.get("profile")
    level = stream.get("level")
    has_level = isinstance(level, int) and level > 0
    if name == "h264" and profile in AVC and has_level:
        return f"avc1.{AVC[profile]}{level:02X}"
    if name == "hevc" and profile in HEVC and has_level:
        tag = "hev1" if stream.get("codec_tag_string") == "hev1" else "hvc1"
        return f"{tag}.{HEVC[profile]}.L{level}.B0"
    if name == "av1" and profile in AV1 and isinstance(level, int) and level >= 0:
        return f"av01.{AV1[profile]}.{level:02d}M.{bits_of(stream):02d}"
    if name == "aac":
        return AAC.get(str(profile), AAC["LC"])
    return PLAIN.get(str(name))


def bits_of(stream: Stream) -> int:
    """Of one colour of a pixel."""
    pixel = str(stream.get("pix_fmt"))
    return next((bits for bits in (10, 12) if f"p{bits}" in pixel), 8)
