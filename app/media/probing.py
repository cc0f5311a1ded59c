"""What a file or stream is, as ffprobe finds out, in the form that `/v1/media` takes."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import orjson
from pydantic import ValidationError

from app.media.codecs import Stream, codecs_of
from app.media.schemas import MediaWrite
from app.media.types import HLS, fits, type_of
from app.models.media import MediaKind
from app.web.problems import invalid_content

# Lists of streams: their own size and bitrate say nothing of what they list.
PLAYLISTS = ("hls", "dash")
PICTURES = ("image2", "gif", "webp")
# What an address's ending does not tell, the container does.
CONTAINERS: dict[tuple[str, MediaKind], str] = {
    ("hls", "video"): HLS,
    ("hls", "audio"): HLS,
    ("dash", "video"): "application/dash+xml",
    ("mov,mp4,m4a,3gp,3g2,mj2", "video"): "video/mp4",
    ("mov,mp4,m4a,3gp,3g2,mj2", "audio"): "audio/mp4",
    ("mpegts", "video"): "video/mp2t",
    ("mp3", "audio"): "audio/mpeg",
}
# ffprobe takes any text for a picture of letters.
TEXT = "tty"
# A playlist names what is opened next: pipes and other protocols are not.
PROTOCOLS = "http,https,httpproxy,tls,tcp,crypto,data"


class ProbeFailed(Exception):
    """Why nothing is said of a source, and the exit code that tells it."""

    exit_code: ClassVar[int] = 1


class NotMedia(ProbeFailed):
    """There is nothing to see or hear, or nothing at all."""


class NotAccepted(ProbeFailed):
    """What was found would be refused, as with a wrong type."""

    exit_code = 2


class ProbeMissing(ProbeFailed):
    """ffprobe is not installed."""

    exit_code = 3


class ProbeTimedOut(ProbeFailed):
    """ffprobe took too long."""

    exit_code = 4


def probe(
    source: str,
    *,
    url: str | None,
    media_type: str | None,
    media_folder: Path | None,
    timeout_seconds: float,
) -> MediaWrite:
    """The media of one rendition, found at `url`, else at the address of the source; a file is
    taken to be in the media folder. Raises ProbeFailed."""
    found = run_ffprobe(source, timeout_seconds)
    document = media_of(source, found, url or address_of(source, media_folder), media_type)
    try:
        return MediaWrite.model_validate(document)
    except ValidationError as error:
        faults = invalid_content(error).errors
        told = "; ".join(f"{fault['pointer']}: {fault['detail']}" for fault in faults)
        raise NotAccepted(f"The API would refuse this. {told}") from None


def is_web_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def address_of(source: str, media_folder: Path | None) -> str:
    if is_web_address(source):
        return source
    path = Path(source).resolve()
    folder = media_folder.resolve() if media_folder is not None else path.parent
    inside = path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)
    return f"/media/{quote(inside.as_posix())}"


# Any: what ffprobe tells
def run_ffprobe(source: str, timeout_seconds: float) -> dict[str, Any]:
    is_file = not is_web_address(source)
    if is_file and not Path(source).is_file():
        raise NotMedia(f"There is no file {source}.")
    # So that no name of a file is taken for another protocol, or for an option.
    opened = f"file:{Path(source).resolve()}" if is_file else source
    command = [
        *("ffprobe", "-v", "error", "-print_format", "json"),
        *("-show_format", "-show_streams", "-show_programs"),
        *("-protocol_whitelist", f"file,{PROTOCOLS}" if is_file else PROTOCOLS),
        *("-i", opened),
    ]
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_seconds,
            check=False,
        )
    except FileNotFoundError:
        raise ProbeMissing("There is no ffprobe here: install FFmpeg.") from None
    except OSError as error:
        raise ProbeMissing(f"ffprobe cannot be run: {error.strerror}.") from None
    except subprocess.TimeoutExpired:
        detail = f"ffprobe did not end within {timeout_seconds:g} seconds."
        raise ProbeTimedOut(detail) from None
    if ended.returncode:
        lines = ended.stderr.decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"ffprobe ended with {ended.returncode}."
        raise NotMedia(f"ffprobe cannot read {source}: {reason}")
    try:
        found = orjson.loads(ended.stdout)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise NotMedia(f"ffprobe told nothing of {source}.")
    return found


# Any: what JSON holds
def media_of(
    source: str, found: dict[str, Any], url: str, media_type: str | None
) -> dict[str, Any]:
    """The document of what was found. Raises NotMedia."""
    container: dict[str, Any] = found.get("format") or {}
    name = str(container.get("format_name"))
    streams: list[Stream] = found.get("streams") or []
    seen = [one for one in streams if one.get("codec_type") == "video" and not is_cover(one)]
    heard = [one for one in streams if one.get("codec_type") == "audio"]
    if name == TEXT or not (seen or heard):
        raise NotMedia(f"There is nothing to see or hear in {source}.")
    if name in PICTURES or name.endswith("_pipe"):
        picture = rendition_of(url, media_type or told_type(url, name, "image"), seen[:1])
        return {"kind": "image", "renditions": [picture]}
    kind: MediaKind = "video" if seen else "audio"
    best = best_of(found, seen, heard)
    rendition = rendition_of(url, media_type or told_type(url, name, kind), best)
    rendition["codecs"] = codecs_of(best)
    if name in PLAYLISTS:
        rendition["bitrate"] = highest_bitrate([*streams, *(found.get("programs") or [])])
    else:
        rendition["bitrate"] = whole(container.get("bit_rate"))
        rendition["size"] = whole(container.get("size"))
    return {
        "kind": kind,
        "duration_seconds": seconds(container.get("duration")),
        "renditions": [{name: value for name, value in rendition.items() if value is not None}],
    }


def is_cover(stream: Stream) -> bool:
    """Whether it is the picture of a recording, as on a record's sleeve."""
    return bool((stream.get("disposition") or {}).get("attached_pic"))


def told_type(url: str, container: str, kind: MediaKind) -> str | None:
    told = type_of(url)
    if told is not None and fits(told, kind):
        return told
    return CONTAINERS.get((container, kind))


# Any: what ffprobe tells
def best_of(found: dict[str, Any], seen: list[Stream], heard: list[Stream]) -> list[Stream]:
    """The highest picture, and the sound that goes with it."""
    if not seen:
        return heard[:1]
    picture = max(seen, key=lambda one: (one.get("height") or 0, highest_bitrate([one]) or 0))
    together: set[object] = set()
    for program in found.get("programs") or []:
        indexes = {one.get("index") for one in program.get("streams") or []}
        if picture.get("index") in indexes:
            together = indexes
            break
    beside = [one for one in heard if one.get("index") in together]
    return [picture, *(beside or heard)[:1]]


# Any: members of a rendition
def rendition_of(url: str, media_type: str | None, streams: list[Stream]) -> dict[str, Any]:
    rendition: dict[str, Any] = {"url": url, "type": media_type}
    for stream in streams:
        if stream.get("codec_type") == "video":
            width, height = whole(stream.get("width")), whole(stream.get("height"))
            rendition |= {"width": width, "height": height}
            if is_turned(stream):
                rendition |= {"width": height, "height": width}
    return rendition


def is_turned(stream: Stream) -> bool:
    """Whether it is shown upright and was recorded lying, as by telephones, or the other way."""
    sides = stream.get("side_data_list") or []
    return any(abs(whole(side.get("rotation"), least=-360) or 0) % 180 == 90 for side in sides)


# Any: what ffprobe tells
def highest_bitrate(tagged: Iterable[dict[str, Any]]) -> int | None:
    told = [whole((one.get("tags") or {}).get("variant_bitrate")) for one in tagged]
    return max((bitrate for bitrate in told if bitrate is not None), default=None)


def whole(value: object, *, least: int = 1) -> int | None:
    """A number that ffprobe tells, as text or not; None for N/A."""
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if number >= least else None


def seconds(value: object) -> float | None:
    try:
        return max(round(float(str(value)), 3), 0.0)
    except ValueError:
        return None
