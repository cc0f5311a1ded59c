"""Media, read."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.types import AnyRow
from app.documents.media import MediaRead, Rendition
from app.errors import MediaNotFound
from app.models import ArticleMedia, Media, MediaRendition
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
    Media.created_at,
    Media.updated_at,
)
RENDITION_COLUMNS = (
    MediaRendition.url,
    MediaRendition.type,
    MediaRendition.width,
    MediaRendition.height,
)

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


def get_media(connection: Connection, media_id: str, viewer: Viewer) -> MediaRead:
    row = MEDIA_KEY.row(connection, media_id, viewer)
    return media_by_key(connection, [row.key])[row.key]


def list_media(connection: Connection, wanted: ListRequest, viewer: Viewer) -> dict[str, Any]:
    statement = EVERY_KEY if viewer.sees_all else PUBLIC_KEYS
    rows = fetch_page(connection, statement, wanted, {"at": viewer.at})
    media = media_by_key(connection, rows.keys)
    return rows.page([wanted.selection.trim(media[key]) for key in rows.keys])


def media_by_key(connection: Connection, keys: Iterable[int | None]) -> dict[int, MediaRead]:
    """The media with these keys, in one statement; None among the keys is passed over."""
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    found: dict[int, MediaRead] = {}
    for row in MEDIA_BY_KEY.all(connection, {"keys": list(wanted)}):
        add_media(found, row)
    return found


def media_of_articles(
    connection: Connection, article_keys: Iterable[int]
) -> dict[int, list[MediaRead]]:
    """The pictures of each article in their order, by the article's key."""
    found: dict[int, dict[int, MediaRead]] = {}
    for row in MEDIA_OF_ARTICLES.all(connection, {"keys": list(article_keys)}):
        add_media(found.setdefault(row.article_key, {}), row)
    return {key: list(media.values()) for key, media in found.items()}


# Any: the columns of a picture and one of its renditions
def add_media(found: dict[int, MediaRead], row: AnyRow) -> None:
    """Put a row's picture in its place, or its rendition on the picture that is there."""
    media = found.get(row.key)
    if media is None:
        media = found[row.key] = {
            "id": row.id,
            "revision": row.revision,
            "kind": row.kind,
            "caption": row.caption,
            "credit": row.credit,
            "alt": row.alt,
            "renditions": [],
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
    if row.url is not None:
        rendition: Rendition = {
            "url": row.url,
            "type": row.type,
            "width": row.width,
            "height": row.height,
        }
        media["renditions"].append(rendition)
