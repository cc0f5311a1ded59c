"""Why an output does not have an item, or tells it more weakly than it is. The formats follow the
same rules (television_rules); what is found here is what is done there."""

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from app.documents.conformance import Finding, Severity, Target
from app.documents.feeds import FeedChannel, FeedItem, FeedPicture, FeedProgramme, FeedSource
from app.models.media import quality_of
from app.representations.feed_rss import enclosed_file
from app.representations.genres import SEARCH_GENRES, known_genres
from app.representations.renditions import (
    ADAPTIVE,
    Playable,
    is_secure,
    known_kilobits,
    playable_renditions,
    rendition_quality,
)
from app.representations.roku_app import MAX_BYTES, item_tags, kept_items
from app.representations.television_rules import (
    BLOCK_SECONDS,
    LIMITS,
    PLAYED,
    SHORT_FORM_SECONDS,
    SITEMAP_ENTRIES,
    Reason,
    carries,
    description_for,
    description_text,
    in_time,
    item_genres,
    picture_faults,
    picture_for,
    reasons_against_programme,
    reasons_to_leave_out,
    shown_captions,
    stream_for,
    title_for,
    title_text,
)
from app.representations.television_text import clean_text, plain_text

TARGETS: tuple[Target, ...] = get_args(Target)
READERS: frozenset[Target] = frozenset({"rss", "atom", "json-feed", "news-sitemap"})
TAGGED: frozenset[Target] = frozenset({"roku-app", "roku-search"})


# Items


def check_item(target: Target, source: FeedSource, item: FeedItem) -> list[Finding]:
    """What the output makes of one item: why it is left out, or else what is weakened. A playlist
    has no items; a guide and a linear feed have those of which programmes are composed."""
    if target == "m3u":
        return []
    left_out = list(reasons_to_leave_out(target, source, item))
    title = title_text(item)
    if left_out:
        return findings(target, item["id"], title, "left_out", left_out)
    return findings(target, item["id"], title, "weakened", weaknesses(target, source, item))


def check_feed(
    target: Target,
    source: FeedSource,
    items: Sequence[FeedItem],
    *,
    channels: Sequence[FeedChannel] = (),
    max_bytes: int = MAX_BYTES,
) -> list[Finding]:
    """What the output makes of all of them: also which of them are too many for it."""
    found = [finding for item in items for finding in check_item(target, source, item)]
    too_many = {item["id"] for item in dropped_items(target, source, items, channels, max_bytes)}
    reason = Reason("over-size-cap", f"The feed ends before {max_bytes} bytes; this is older.")
    if target == "news-sitemap":
        reason = Reason("over-entry-cap", f"The sitemap has the first {SITEMAP_ENTRIES} articles.")
    kept = [finding for finding in found if finding["id"] not in too_many]
    for item in items:
        if item["id"] in too_many:
            kept += findings(target, item["id"], title_text(item), "left_out", [reason])
    return kept


def dropped_items(
    target: Target,
    source: FeedSource,
    items: Sequence[FeedItem],
    channels: Sequence[FeedChannel],
    max_bytes: int,
) -> list[FeedItem]:
    carried = [item for item in items if carries(target, source, item)]
    if target == "roku-app":
        kept = kept_items(source, items, channels=channels, max_bytes=max_bytes)
        fitting = {item["id"] for item in kept}
        return [item for item in carried if item["id"] not in fitting]
    return carried[SITEMAP_ENTRIES:] if target == "news-sitemap" else []


def weaknesses(target: Target, source: FeedSource, item: FeedItem) -> Iterator[Reason]:
    if target in READERS:
        yield from reader_weaknesses(target, item)
        return
    yield from text_weaknesses(target, item)
    yield from picture_weaknesses(target, item["picture"], source["picture"])
    yield from video_weaknesses(target, item)
    if target in TAGGED:
        whole = {plain_text(entity["slug"]) for entity in item["entities"]}
        if whole - set(item_tags(item)):
            yield Reason("tag-cut", "Tags of more than 20 characters are cut.")
    if LIMITS[target].genres and not item_genres(target, source, item):
        yield Reason("no-genre", "No genre is known; news is told.")
    if target in {"roku-search", "roku-linear"} and not source["rating"]:
        yield Reason("no-rating", "There is no advisory rating, and some countries hide it.")


def reader_weaknesses(target: Target, item: FeedItem) -> Iterator[Reason]:
    video = item["video"]
    addresses = [item["url"]]
    if target != "news-sitemap":
        addresses += [item["picture"]["url"]] if item["picture"] else []
        addresses += [rendition["url"] for rendition in video["renditions"]] if video else []
    if not all(map(is_secure, addresses)):
        yield Reason("not-https", "An address is not an absolute one of https.")
    if target == "rss" and video and video["renditions"] and not enclosed_file(video, secure=False):
        yield Reason("no-enclosure", "There is no file of a known size; podcast players show none.")


def text_weaknesses(target: Target, item: FeedItem) -> Iterator[Reason]:
    limits = LIMITS[target]
    if title_for(target, item) != title_text(item):
        yield Reason("title-cut", f"The title is cut to {limits.title} characters.")
    # Behind it, there may be a note.
    if not description_for(target, item).startswith(description_text(item)):
        yield Reason("description-cut", f"The description is cut to {limits.short} characters.")
    told = (item["headline"], item["standfirst"] or "")
    if any(plain_text(text) != " ".join(clean_text(text).split()) for text in told):
        yield Reason("signs-dropped", "Emoji or unseen characters are dropped.")


def picture_weaknesses(
    target: Target, picture: FeedPicture | None, other: FeedPicture | None
) -> Iterator[Reason]:
    limits = LIMITS[target]
    shown = picture_for(target, picture, other)
    if shown is None or shown is not picture:
        for code, detail in picture_faults(target, picture):
            instead = "The feed's own is shown." if shown else "None is shown."
            yield Reason(code, f"{detail} {instead}")
    if shown is None or not (limits.picture_at_least or limits.picture_at_most):
        return
    width, height = shown["width"], shown["height"]
    if width is None or height is None:
        yield Reason("picture-size-unknown", "How large the picture is is not known.")
        return
    least, most = limits.picture_at_least, limits.picture_at_most
    if least and (width < least[0] or height < least[1]):
        detail = f"The picture has {width}x{height}, less than {least[0]}x{least[1]}."
        yield Reason("picture-too-small", detail)
    if most and (width > most[0] or height > most[1]):
        detail = f"The picture has {width}x{height}, more than {most[0]}x{most[1]}."
        yield Reason("picture-too-large", detail)


def video_weaknesses(target: Target, item: FeedItem) -> Iterator[Reason]:
    video = item["video"]
    if video is None or target not in PLAYED:
        return
    best = playable_renditions(video)[0]
    if any(not is_secure(rendition["url"]) for rendition in video["renditions"]):
        yield Reason("not-https", "Renditions without an absolute https address are left off.")
    if target in TAGGED:
        yield from rendition_weaknesses(target, best, video["duration_seconds"])
        if (video["duration_seconds"] or 0) > SHORT_FORM_SECONDS:
            yield Reason("longer-than-short-form", "Roku takes up to 15 minutes as a short film.")
    if target in {"roku-app", "mrss"}:
        shown = shown_captions(video["captions"])
        if len(shown) < len(video["captions"]):
            yield Reason("caption-not-https", "Captions without https are left off.")
        if any(caption["language"] is None for caption in shown):
            yield Reason("caption-language-missing", "Captions are told as of unknown language.")
    if target == "mrss" and video["duration_seconds"] is None:
        yield Reason("no-duration", "How long the video lasts is not known.")


def rendition_weaknesses(target: Target, best: Playable, seconds: int | None) -> Iterator[Reason]:
    if not rendition_quality(best.rendition):
        yield Reason("quality-unknown", "The best rendition's height is not known; HD is told.")
    if (
        target == "roku-app"
        and best.container not in ADAPTIVE
        and known_kilobits(best.rendition, seconds) is None
    ):
        yield Reason("bitrate-unknown", "The file's bitrate is not known; a usual one is told.")


# Channels and programmes


def check_channel(target: Target, channel: FeedChannel) -> list[Finding]:
    """What playlists, guides and Roku's feeds make of a channel."""
    name = plain_text(channel["name"])
    left_out = list(reasons_against_channel(target, channel))
    if left_out:
        return findings(target, channel["id"], name, "left_out", left_out)
    return findings(target, channel["id"], name, "weakened", channel_weaknesses(target, channel))


def reasons_against_channel(target: Target, channel: FeedChannel) -> Iterator[Reason]:
    if target in {"m3u", "roku-app"} and not stream_for(channel):
        yield Reason("no-stream", "The channel has no stream at an absolute https address.")
    if target in {"roku-app", "roku-linear"} and not picture_for(target, channel["picture"]):
        yield from picture_faults(target, channel["picture"])


def channel_weaknesses(target: Target, channel: FeedChannel) -> Iterator[Reason]:
    yield from picture_weaknesses(target, channel["picture"], None)
    played = stream_for(channel)
    if target == "roku-app" and played and not quality_of(played[1]["height"]):
        yield Reason("quality-unknown", "The stream's height is not known; HD is told.")
    if target in TAGGED | {"roku-linear"} and not known_genres(SEARCH_GENRES, channel["genres"]):
        yield Reason("no-genre", "No genre is known; news is told.")
    if target == "roku-linear" and not channel["rating"]:
        yield Reason("no-rating", "The channel has no advisory rating, which Roku asks for.")


def check_schedule(
    target: Target, channel: FeedChannel, programmes: Sequence[FeedProgramme]
) -> list[Finding]:
    """What a guide (`xmltv`, `roku-linear`) makes of a schedule."""
    found: list[Finding] = []
    before: FeedProgramme | None = None
    for programme in in_time(programmes):
        title = plain_text(programme["title"])
        against = list(reasons_against_programme(target, channel, programme))
        if not against and before and programme["starts_at"] < before["stops_at"]:
            against = [Reason("overlap", f"{before['id']} is still shown when it starts.")]
        if against:
            found += findings(target, programme["id"], title, "left_out", against)
            continue
        weak = list(programme_weaknesses(target, channel, programme))
        if before and programme["starts_at"] > before["stops_at"]:
            weak.append(Reason("gap", f"Nothing is shown between {before['id']} and this."))
        found += findings(target, programme["id"], title, "weakened", weak)
        before = programme
    return found


def programme_weaknesses(
    target: Target, channel: FeedChannel, programme: FeedProgramme
) -> Iterator[Reason]:
    # One without a picture is shown with its channel's, which is nothing weak.
    own = programme["picture"] or channel["picture"]
    yield from picture_weaknesses(target, own, channel["picture"])
    if target != "roku-linear":
        return
    limits = LIMITS[target]
    if len(plain_text(programme["title"])) > (limits.title or 0):
        yield Reason("title-cut", f"The title is cut to {limits.title} characters.")
    if len(plain_text(programme["description"] or "")) > (limits.short or 0):
        yield Reason("description-cut", f"The description is cut to {limits.short} characters.")
    seconds = (programme["stops_at"] - programme["starts_at"]).total_seconds()
    if not BLOCK_SECONDS[0] <= seconds <= BLOCK_SECONDS[1]:
        yield Reason("block-length", "Roku takes blocks of 15 minutes to 4 hours.")
    if not known_genres(SEARCH_GENRES, [*programme["genres"], *channel["genres"]]):
        yield Reason("no-genre", "No genre is known; news is told.")
    if not (programme["rating"] or channel["rating"]):
        yield Reason("no-rating", "There is no advisory rating, which Roku asks for.")


def findings(
    target: Target, subject_id: str, title: str, severity: Severity, reasons: Iterable[Reason]
) -> list[Finding]:
    return [
        {
            "id": subject_id,
            "title": title,
            "target": target,
            "severity": severity,
            "code": reason.code,
            "detail": reason.detail,
        }
        for reason in reasons
    ]
