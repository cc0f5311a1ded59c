"""The videos that a channel's blocks of clips are made of."""

from collections.abc import Sequence

from sqlalchemy import Connection, exists, or_, select

from app.access.viewer import Viewer
from app.channels.filters import carried, has_video
from app.channels.schedules import Clip
from app.database.types import AnyRow
from app.models import Article, ArticleMedia, Media, MediaRendition
from app.models.visibility import article_is_public

# As many of the newest as are shown before they come again.
NEWEST = 200


# Any: the columns of CHANNEL
def channel_clips(connection: Connection, channel: AnyRow, viewer: Viewer) -> Sequence[Clip]:
    """The first video of each of the newest public articles that are carried; those alone that can
    be played now."""
    has_rendition = exists().where(MediaRendition.media_key == Media.key)
    statement = (
        select(Article.id, Media.duration_seconds)
        .join(ArticleMedia, ArticleMedia.article_key == Article.key)
        .join(Media, Media.key == ArticleMedia.media_key)
        .where(
            *carried(channel.carries),
            article_is_public(viewer.at),
            has_video(),
            Media.kind == "video",
            Media.duration_seconds >= 1,
            or_(Media.available_from.is_(None), Media.available_from <= viewer.at),
            or_(Media.available_until.is_(None), Media.available_until > viewer.at),
            has_rendition,
        )
        .order_by(Article.published_at.desc(), Article.key.desc(), ArticleMedia.position)
        .limit(NEWEST)
    )
    found: dict[str, int] = {}
    for article_id, seconds in connection.execute(statement):
        if seconds is not None:  # as the statement says
            found.setdefault(article_id, round(seconds))
    return [Clip(article_id, seconds) for article_id, seconds in found.items()]
