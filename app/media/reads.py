"""Media, read."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from app.access.viewer import Viewer
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.types import AnyRow
from app.documents.media import MediaRead, PosterRef, Rendition
from app.errors import MediaNotFound
from app.models import ArticleMedia, Media, MediaCaption, MediaRendition, MediaTrickPlay
from app.models.media import quality_of
from app.models.visibility import media_is_public
from app.slugs.lookups import AT, Lookup
from app.web.listing import ListRequest
from app.web.pages import PageStatement, fetch_page

MEDIA_COLUMNS = (
    Media.key,
    Media.id,
    Media.revision,
    Media.kind,
    Media.caption,
    Media.credit,
    Media.alt,
    Media.focal_x,
    Media.focal_y,
    Media.duration_seconds,
    Media.available_from,
    Media.available_until,
    Media.created_at,
    Media.updated_at,
)
RENDITION_COLUMNS = (
    MediaRendition.url,
    MediaRendition.type,
    MediaRendition.width,
    MediaRendition.height,
    MediaRendition.bitrate,
    MediaRendition.codecs,
    MediaRendition.size,
)
Poster = aliased(Media, name="poster")

EVERY_KEY = PageStatement(select(Media.key))
PUBLIC_KEYS = PageStatement(select(Media.key).where(media_is_public(AT)))
MEDIA_KEY = Lookup(Media, select(Media.key), MediaNotFound, public=media_is_public)
MEDIA_BY_KEY = Prepared(
    select(*MEDIA_COLUMNS, *RENDITION_COLUMNS)
    .outerjoin(MediaRendition, MediaRendition.media_key == Media.key)
    .where(Among(Media.key))
    .order_by(Media.key, MediaRendition.position)
)
MEDIA_OF_ARTICLES = Prepared(
    select(ArticleMedia.article_key, *MEDIA_COLUMNS, *RENDITION_COLUMNS)
    .join(Media, Media.key == ArticleMedia.media_key)
    .outerjoin(MediaRendition, MediaRendition.media_key == Media.key)
    .where(Among(ArticleMedia.article_key))
    .order_by(ArticleMedia.article_key, ArticleMedia.position, MediaRendition.position)
)
CAPTIONS = Prepared(
    select(
        MediaCaption.media_key,
        MediaCaption.url,
        MediaCaption.language,
        MediaCaption.kind,
        MediaCaption.type,
        MediaCaption.label,
    )
    .where(Among(MediaCaption.media_key))
    .order_by(MediaCaption.media_key, MediaCaption.position)
)
TRICK_PLAYS = Prepared(
    select(MediaTrickPlay.media_key, MediaTrickPlay.url, MediaTrickPlay.quality)
    .where(Among(MediaTrickPlay.media_key))
    .order_by(MediaTrickPlay.media_key, MediaTrickPlay.position)
)
POSTERS = Prepared(
    select(Media.key.label("media_key"), Poster.id, *RENDITION_COLUMNS)
    .join(Poster, Poster.key == Media.poster_key)
    .outerjoin(MediaRendition, MediaRendition.media_key == Poster.key)
    .where(Among(Media.key))
    .order_by(Media.key, MediaRendition.position)
)


def get_media(connection: Connection, media_id: str, viewer: Viewer) -> MediaRead:
    row = MEDIA_KEY.row(connection, media_id, viewer)
    return media_by_key(connection, [row.key])[row.key]


def list_media(connection: Connection, wanted: ListRequest, viewer: Viewer) -> dict[str, Any]:
    statement = EVERY_KEY if viewer.sees_all else PUBLIC_KEYS
    rows = fetch_page(connection, statement, wanted, {"at": viewer.at})
    media = media_by_key(connection, rows.keys)
    return rows.page([wanted.selection.trim(media[key]) for key in rows.keys])


def media_by_key(connection: Connection, keys: Iterable[int | None]) -> dict[int, MediaRead]:
    """The media with these keys; None among the keys is passed over. One statement, and three more
    where there are videos or recordings among them."""
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    found: dict[int, MediaRead] = {}
    for row in MEDIA_BY_KEY.all(connection, {"keys": list(wanted)}):
        add_media(found, row)
    add_tracks(connection, [found])
    return found


def media_of_articles(
    connection: Connection, article_keys: Iterable[int]
) -> dict[int, list[MediaRead]]:
    """The media of each article in their order, by the article's key."""
    found: dict[int, dict[int, MediaRead]] = {}
    for row in MEDIA_OF_ARTICLES.all(connection, {"keys": list(article_keys)}):
        add_media(found.setdefault(row.article_key, {}), row)
    add_tracks(connection, found.values())
    return {key: list(media.values()) for key, media in found.items()}


# Any: the columns of media and one of their renditions
def add_media(found: dict[int, MediaRead], row: AnyRow) -> None:
    """Put a row's media in their place, or its rendition on those that are there."""
    media = found.get(row.key)
    if media is None:
        media = found[row.key] = {
            "id": row.id,
            "revision": row.revision,
            "kind": row.kind,
            "caption": row.caption,
            "credit": row.credit,
            "alt": row.alt,
            "focal_point": (None if row.focal_x is None else {"x": row.focal_x, "y": row.focal_y}),
            "duration_seconds": row.duration_seconds,
            "poster": None,
            "available_from": row.available_from,
            "available_until": row.available_until,
            "renditions": [],
            "captions": [],
            "trick_plays": [],
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
    if row.url is not None:
        media["renditions"].append(rendition_read(row))


# Any: the columns of a rendition, among others
def rendition_read(row: AnyRow) -> Rendition:
    return {
        "url": row.url,
        "type": row.type,
        "width": row.width,
        "height": row.height,
        "bitrate": row.bitrate,
        "codecs": row.codecs,
        "size": row.size,
        "quality": quality_of(row.height),
    }


def add_tracks(connection: Connection, several: Iterable[Mapping[int, MediaRead]]) -> None:
    """Put captions, trick plays and posters on the media that can have them, each by its key: the
    same ones may be there several times. Nothing is asked where all are pictures."""
    moving: dict[int, list[MediaRead]] = {}
    for found in several:
        for key, media in found.items():
            if media["kind"] != "image":
                moving.setdefault(key, []).append(media)
    if not moving:
        return
    keys = {"keys": list(moving)}
    for row in CAPTIONS.all(connection, keys):
        for media in moving[row.media_key]:
            media["captions"].append(
                {
                    "url": row.url,
                    "language": row.language,
                    "kind": row.kind,
                    "type": row.type,
                    "label": row.label,
                }
            )
    for row in TRICK_PLAYS.all(connection, keys):
        for media in moving[row.media_key]:
            media["trick_plays"].append({"url": row.url, "quality": row.quality})
    for key, poster in posters_by_key(connection, keys).items():
        for media in moving[key]:
            media["poster"] = poster


def posters_by_key(connection: Connection, keys: Mapping[str, list[int]]) -> dict[int, PosterRef]:
    """The posters of media, by the media's keys."""
    posters: dict[int, PosterRef] = {}
    for row in POSTERS.all(connection, keys):
        poster = posters.setdefault(row.media_key, {"id": row.id, "renditions": []})
        if row.url is not None:
            poster["renditions"].append(rendition_read(row))
    return posters
