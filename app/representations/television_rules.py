"""What each output takes of an item, and why not: the one home of the rules that the formats follow
and that the conformance report tells."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from app.documents.conformance import Target
from app.documents.feeds import (
    Container,
    FeedChannel,
    FeedItem,
    FeedPicture,
    FeedProgramme,
    FeedSource,
    LiveStream,
)
from app.documents.media import Caption
from app.representations.correction_notes import latest_note
from app.representations.genres import APP_GENRES, DEFAULT_GENRE, SEARCH_GENRES, known_genres
from app.representations.renditions import (
    best_stream,
    is_absolute,
    is_secure,
    playable_renditions,
)
from app.representations.television_text import (
    clean_text,
    cut_text,
    different_text,
    first_paragraph,
    plain_beginning,
    plain_text,
)


class Reason(NamedTuple):
    """Why something is left out or weakened: a code that never changes, and a sentence."""

    code: str
    detail: str


class Limits(NamedTuple):
    """Code points of texts and pixels of pictures; None where a format sets no limit."""

    title: int | None = None
    short: int | None = None
    long: int = 500
    picture_at_least: tuple[int, int] | None = None
    picture_at_most: tuple[int, int] | None = None
    pictures: tuple[str, ...] = ("image/jpeg", "image/png")
    genres: frozenset[str] | None = None


LIMITS: dict[Target, Limits] = {
    "roku-app": Limits(200, 200, picture_at_least=(800, 450), genres=APP_GENRES),
    "roku-search": Limits(
        200,
        200,
        picture_at_most=(1920, 1080),
        pictures=("image/jpeg", "image/png", "image/gif"),
        genres=SEARCH_GENRES,
    ),
    "roku-linear": Limits(35, 110, picture_at_least=(1920, 1080), genres=SEARCH_GENRES),
    "mrss": Limits(200, 500, picture_at_least=(800, 450)),
    "m3u": Limits(),
    "xmltv": Limits(),
    "rss": Limits(),
    "atom": Limits(),
    "json-feed": Limits(),
    "news-sitemap": Limits(),
}
# Outputs that play videos, and those of them that can not do without a picture and a duration.
PLAYED: frozenset[Target] = frozenset({"roku-app", "roku-search", "roku-linear", "mrss", "xmltv"})
STRICT: frozenset[Target] = frozenset({"roku-app", "roku-search", "roku-linear"})

ID_LENGTH = 50
SHORT_FORM_SECONDS = 15 * 60
BLOCK_SECONDS = (15 * 60, 4 * 60 * 60)
SITEMAP_ENTRIES = 1_000

PICTURE_ENDINGS = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
    ".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml",
}  # fmt: skip


# What is left out


def reasons_to_leave_out(target: Target, source: FeedSource, item: FeedItem) -> Iterator[Reason]:
    """Why the output does not have the item; nothing where it has."""
    if target == "news-sitemap" and not is_absolute(item["url"]):
        yield Reason("no-address", "The article has no absolute address.")
    if target in PLAYED | {"news-sitemap"} and not title_text(item):
        yield Reason("no-title", "Headline and text have no words.")
    if target in PLAYED:
        yield from reasons_not_to_play(item)
    if target in STRICT:
        yield from reasons_against_strict(target, source, item)


def carries(target: Target, source: FeedSource, item: FeedItem) -> bool:
    return next(reasons_to_leave_out(target, source, item), None) is None


def plays(item: FeedItem) -> bool:
    """Whether a television can play the item's video."""
    return next(reasons_not_to_play(item), None) is None


def reasons_not_to_play(item: FeedItem) -> Iterator[Reason]:
    video = item["video"]
    if video is None:
        yield Reason("no-video", "The article has no video.")
        return
    if not playable_renditions(video):
        insecure = playable_renditions(video, secure=False)
        detail = "only at http addresses" if insecure else "at no absolute https address"
        yield Reason("no-playable-rendition", f"The video can be played {detail}.")
    if video["duration_seconds"] is not None and video["duration_seconds"] <= 0:
        yield Reason("zero-duration", "The video lasts 0 seconds.")


def reasons_against_strict(target: Target, source: FeedSource, item: FeedItem) -> Iterator[Reason]:
    if len(item["id"]) > ID_LENGTH:
        yield Reason("id-too-long", f"The id has more than {ID_LENGTH} characters.")
    if item["video"] and item["video"]["duration_seconds"] is None:
        yield Reason("no-duration", "How long the video lasts is not known.")
    if not picture_for(target, item["picture"], source["picture"]):
        yield from picture_faults(target, item["picture"])


def keeps_programme(target: Target, channel: FeedChannel, programme: FeedProgramme) -> bool:
    return next(reasons_against_programme(target, channel, programme), None) is None


def reasons_against_programme(
    target: Target, channel: FeedChannel, programme: FeedProgramme
) -> Iterator[Reason]:
    """Why a guide does not have the programme, whatever is shown before it."""
    if programme["stops_at"] <= programme["starts_at"]:
        yield Reason("stops-before-start", "The programme stops before it starts.")
    if not plain_text(programme["title"]):
        yield Reason("no-title", "The title has no words.")
    if target == "roku-linear":
        if len(programme["id"]) > ID_LENGTH:
            yield Reason("id-too-long", f"The id has more than {ID_LENGTH} characters.")
        if not picture_for(target, programme["picture"], channel["picture"]):
            yield from picture_faults(target, programme["picture"])


def kept_programmes(
    target: Target, channel: FeedChannel, programmes: Sequence[FeedProgramme]
) -> list[FeedProgramme]:
    """Those that a guide can have, in the order of time; of two that overlap, the first."""
    kept: list[FeedProgramme] = []
    for programme in in_time(programmes):
        if keeps_programme(target, channel, programme) and (
            not kept or programme["starts_at"] >= kept[-1]["stops_at"]
        ):
            kept.append(programme)
    return kept


def in_time(programmes: Sequence[FeedProgramme]) -> list[FeedProgramme]:
    return sorted(programmes, key=lambda one: (one["starts_at"], one["stops_at"], one["id"]))


def stream_for(channel: FeedChannel) -> tuple[Container, LiveStream] | None:
    """The stream that is played; without one, playlists and feeds leave the channel out."""
    return best_stream(channel["streams"])


# Texts


def source_name(name: str) -> str:
    """Who speaks, also where the name has no words: every feed needs one."""
    return plain_text(name) or "News"


def title_text(item: FeedItem) -> str:
    """The headline, or the first words of an article that has none to show."""
    return (
        plain_text(item["headline"])
        or plain_text(item["standfirst"] or "")
        or first_paragraph(item["text"])
    )


def title_for(target: Target, item: FeedItem) -> str:
    return cut_text(title_text(item), LIMITS[target].title)


def reader_title(item: FeedItem) -> str:
    """The headline for readers, who see every sign in it; never empty."""
    return " ".join(clean_text(item["headline"]).split()) or title_text(item) or item["id"]


def description_text(item: FeedItem) -> str:
    """The standfirst, or the first paragraph, or the title."""
    return plain_text(item["standfirst"] or "") or first_paragraph(item["text"]) or title_text(item)


def description_for(target: Target, item: FeedItem) -> str:
    # Roku's outputs have a longer one with the note, and readers have it behind the body.
    note = latest_note(item) if target == "mrss" else ""
    return cut_with_note(description_text(item), note, LIMITS[target].short)


def long_description_for(target: Target, item: FeedItem) -> str | None:
    """The beginning of the text, where it says more than the short description, and what was
    corrected last."""
    limit = LIMITS[target].long
    text = plain_beginning(item["text"], limit)
    long = different_text(text, description_for(target, item), limit)
    note = latest_note(item)
    return cut_with_note(long or description_text(item), note, limit) if note else long


def cut_with_note(text: str, note: str, limit: int | None) -> str:
    """The note stands at the end, and has up to half of the room."""
    if not note or limit is None:
        return cut_text(text, limit)
    told = cut_text(note, limit // 2)
    return f"{cut_text(text, limit - len(told) - 1)} {told}".strip()


# Pictures


def picture_for(target: Target, *pictures: FeedPicture | None) -> FeedPicture | None:
    """The first of them that the output may point at."""
    return next(
        (one for one in pictures if one and next(picture_faults(target, one), None) is None), None
    )


def picture_faults(target: Target, picture: FeedPicture | None) -> Iterator[Reason]:
    """Why the picture can not be shown."""
    if picture is None:
        yield Reason("picture-missing", "There is no picture.")
        return
    if not is_secure(picture["url"]):
        yield Reason("not-https", "The picture's address is not an absolute one of https.")
    media_type = picture_type(picture)
    if media_type and media_type not in LIMITS[target].pictures:
        yield Reason("picture-format", f"Television does not show {media_type}.")


def picture_type(picture: FeedPicture) -> str | None:
    if picture["type"]:
        return picture["type"].partition(";")[0].strip().lower()
    path = urlpath(picture["url"])
    return next((found for end, found in PICTURE_ENDINGS.items() if path.endswith(end)), None)


def urlpath(url: str) -> str:
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""


def reader_picture(*pictures: FeedPicture | None) -> FeedPicture | None:
    """The first of them that readers can fetch."""
    return next((one for one in pictures if one and is_absolute(one["url"])), None)


# Captions and genres


def shown_captions(captions: Sequence[Caption]) -> list[Caption]:
    return [caption for caption in captions if is_secure(caption["url"])]


def genres_for(target: Target, source: FeedSource, item: FeedItem) -> list[str]:
    """Never empty: Roku's own channel indexes the first one."""
    return item_genres(target, source, item) or [DEFAULT_GENRE]


def item_genres(target: Target, source: FeedSource, item: FeedItem) -> list[str]:
    """Those that are known of the item; none where it is shown under the default."""
    return known_genres(LIMITS[target].genres or APP_GENRES, source["genres"], item["section"])


def channel_genres(*genres: list[str]) -> list[str]:
    """The first of the lists that has a genre that schedules know."""
    return next(
        (known for named in genres if (known := known_genres(SEARCH_GENRES, named))),
        [DEFAULT_GENRE],
    )
