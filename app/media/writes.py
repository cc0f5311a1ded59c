"""Media, written."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.documents.media import MediaRead
from app.errors import MediaNotFound, ReferenceNotFound, ResourceInUse
from app.media.reads import get_media
from app.media.schemas import MediaReference, MediaWrite, RenditionWrite
from app.models import Article, ArticleMedia, Entity, Media, MediaRendition
from app.models.base import new_id
from app.slugs.writes import find_to_change, find_to_put
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

READ_ONLY = ("id", "revision", "created_at", "updated_at")
WHOLE = (selectinload(Media.renditions),)


def post_media(session: Session, content: MediaWrite, viewer: Viewer) -> MediaRead:
    media = new_media(new_id(), viewer.at)
    return save_media(session, media, content, viewer, event="media.created")


def put_media(
    session: Session, media_id: str, content: MediaWrite, precondition: Precondition, viewer: Viewer
) -> tuple[MediaRead, bool]:
    """The picture, and whether it was created."""
    media = find_to_put(session, Media, media_id, precondition, MediaNotFound, WHOLE)
    if media is None:
        media = new_media(media_id, viewer.at)
        return save_media(session, media, content, viewer, event="media.created"), True
    media.revision += 1
    return save_media(session, media, content, viewer, event="media.updated"), False


def patch_media(
    session: Session, media_id: str, patch: Patch, precondition: Precondition, viewer: Viewer
) -> MediaRead:
    media = find_to_change(session, Media, media_id, precondition, MediaNotFound, WHOLE)
    current = get_media(session.connection(), media.id, viewer)
    content = patched(current, patch, MediaWrite, read_only=READ_ONLY)
    media.revision += 1
    return save_media(session, media, content, viewer, event="media.updated")


def delete_media(
    session: Session, media_id: str, precondition: Precondition, viewer: Viewer
) -> None:
    media = find_to_change(session, Media, media_id, precondition, MediaNotFound, WHOLE)
    shown = exists().where(ArticleMedia.media_key == media.key)
    leads = exists().where(Article.lead_media_key == media.key)
    pictures = exists().where(Entity.image_key == media.key)
    if session.scalar(select(shown | leads | pictures)):
        raise ResourceInUse(f"The picture {media.id} is shown by articles or entities.")
    record_change(session, "media.deleted", media, at=viewer.at)
    session.delete(media)


def find_or_add_media(
    session: Session,
    reference: MediaReference,
    *,
    present: Sequence[Media] = (),
    at: datetime,
    cause: str,
) -> Media:
    """The picture that a reference names. A new address is added; one that is known by its
    caption alone is looked for among the `present` pictures of what refers to it.

    Raises ReferenceNotFound for an unknown id.
    """
    find = select(Media).options(*WHOLE)
    if reference.id is not None:
        media = session.scalars(find.where(Media.id == reference.id)).one_or_none()
        if media is None:
            detail = f"There is no media {reference.id}."
            raise ReferenceNotFound(detail, errors=[{"pointer": "", "detail": detail}])
        return media
    if reference.url is not None:
        has_url = exists().where(
            MediaRendition.media_key == Media.key, MediaRendition.url == reference.url
        )
        media = session.scalars(find.where(has_url).order_by(Media.key).limit(1)).one_or_none()
    else:
        known = (one for one in present if one.caption == reference.caption and not one.renditions)
        media = next(known, None)
    if media is None:
        content = MediaWrite(
            caption=reference.caption,
            credit=reference.credit,
            alt=reference.alt,
            renditions=[RenditionWrite(url=reference.url)] if reference.url else [],
        )
        media = new_media(new_id(), at)
        assign_media(session, media, content, at)
        record_change(session, "media.created", media, at=at, cause=cause)
    return media


def new_media(media_id: str, at: datetime) -> Media:
    return Media(id=media_id, revision=1, created_at=at, renditions=[])


def save_media(
    session: Session, media: Media, content: MediaWrite, viewer: Viewer, *, event: str
) -> MediaRead:
    assign_media(session, media, content, viewer.at)
    record_change(session, event, media, at=viewer.at)
    return get_media(session.connection(), media.id, viewer)


def assign_media(session: Session, media: Media, content: MediaWrite, at: datetime) -> None:
    media.kind = content.kind
    media.caption = content.caption
    media.credit = content.credit
    media.alt = content.alt
    media.renditions = [
        MediaRendition(
            position=position,
            url=rendition.url,
            type=rendition.type,
            width=rendition.width,
            height=rendition.height,
        )
        for position, rendition in enumerate(content.renditions)
    ]
    media.updated_at = at
    session.add(media)
    session.flush()
