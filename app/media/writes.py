"""Media, written."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.documents.media import MediaRead
from app.errors import (
    MediaNotFound,
    Problem,
    ReferenceNotFound,
    ResourceInUse,
    ValidationError,
)
from app.media.reads import get_media
from app.media.schemas import MediaReference, MediaWrite, PosterReference, RenditionWrite
from app.media.types import A_KIND, kind_of, type_of
from app.models import (
    Article,
    ArticleMedia,
    Channel,
    Entity,
    Media,
    MediaCaption,
    MediaRendition,
    MediaTrickPlay,
)
from app.models.base import new_id
from app.models.media import MediaKind
from app.slugs.writes import find_to_change, find_to_put
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

READ_ONLY = ("id", "revision", "created_at", "updated_at")
WITH_RENDITIONS = (selectinload(Media.renditions),)
WHOLE = (
    *WITH_RENDITIONS,
    selectinload(Media.captions),
    selectinload(Media.trick_plays),
)


def post_media(session: Session, content: MediaWrite, viewer: Viewer) -> MediaRead:
    media = new_media(new_id(), viewer.at)
    return save_media(session, media, content, viewer, event="media.created")


def put_media(
    session: Session, media_id: str, content: MediaWrite, precondition: Precondition, viewer: Viewer
) -> tuple[MediaRead, bool]:
    """The media, and whether they were created."""
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
    content = patched(current, patch, MediaWrite, read_only=READ_ONLY, references=("poster",))
    media.revision += 1
    return save_media(session, media, content, viewer, event="media.updated")


def delete_media(
    session: Session, media_id: str, precondition: Precondition, viewer: Viewer
) -> None:
    media = find_to_change(session, Media, media_id, precondition, MediaNotFound, WHOLE)
    if is_used(session, media):
        raise ResourceInUse(
            f"The media {media.id} are shown by articles, entities, channels or videos."
        )
    record_change(session, "media.deleted", media, at=viewer.at)
    session.delete(media)


def is_used(session: Session, media: Media) -> bool:
    """Whether an article, entity or channel shows the media, or they are the poster of others."""
    shown = exists().where(ArticleMedia.media_key == media.key)
    leads = exists().where(Article.lead_media_key == media.key)
    pictures = exists().where(Entity.image_key == media.key)
    stands_for = exists().where(Channel.artwork_key == media.key)
    poses = exists().where(Media.poster_key == media.key)
    return bool(session.scalar(select(shown | leads | pictures | stands_for | poses)))


def find_or_add_media(
    session: Session,
    reference: MediaReference,
    *,
    kind: MediaKind | None = None,
    present: Sequence[Media] = (),
    at: datetime,
    cause: str,
) -> Media:
    """The media that a reference names. A new address is added; what is known by its caption alone
    is looked for among the `present` media of what refers to it.

    Raises ReferenceNotFound for an unknown id, ValidationError for what is not of the `kind`.
    """
    find = select(Media).options(*WITH_RENDITIONS)
    if reference.id is not None:
        media = session.scalars(find.where(Media.id == reference.id)).one_or_none()
        if media is None:
            detail = f"There is no media {reference.id}."
            raise ReferenceNotFound(detail, errors=[{"pointer": "", "detail": detail}])
    elif reference.url is not None:
        has_url = exists().where(
            MediaRendition.media_key == Media.key, MediaRendition.url == reference.url
        )
        media = session.scalars(find.where(has_url).order_by(Media.key).limit(1)).one_or_none()
    else:
        known = (one for one in present if one.caption == reference.caption and not one.renditions)
        media = next(known, None)
    found = media.kind if media is not None else kind_to_add(reference, kind)
    if kind is not None and found != kind:
        detail = f"Here stands {A_KIND[kind]}, and this is {A_KIND[found]}."
        raise ValidationError(detail, errors=[{"pointer": "", "detail": detail}])
    return media or create_media(session, reference, found, at=at, cause=cause)


def kind_to_add(reference: MediaReference, wanted: MediaKind | None) -> MediaKind:
    """What is said, or told by the address; else what is wanted, or a picture."""
    told = kind_of(type_of(reference.url)) if reference.url is not None else None
    return reference.kind or told or wanted or "image"


def create_media(
    session: Session, reference: MediaReference, kind: MediaKind, *, at: datetime, cause: str
) -> Media:
    content = MediaWrite(
        kind=kind,
        caption=reference.caption,
        credit=reference.credit,
        alt=reference.alt,
        renditions=[RenditionWrite(url=reference.url)] if reference.url else [],
    )
    media = new_media(new_id(), at)
    assign_media(session, media, content, poster=None, at=at)
    record_change(session, "media.created", media, at=at, cause=cause)
    return media


def new_media(media_id: str, at: datetime) -> Media:
    return Media(id=media_id, revision=1, created_at=at, renditions=[], captions=[], trick_plays=[])


def save_media(
    session: Session, media: Media, content: MediaWrite, viewer: Viewer, *, event: str
) -> MediaRead:
    refuse_other_kind(session, media, content.kind)
    poster = find_poster(session, media, content.poster, at=viewer.at, cause=event)
    assign_media(session, media, content, poster=poster, at=viewer.at)
    record_change(session, event, media, at=viewer.at)
    return get_media(session.connection(), media.id, viewer)


def refuse_other_kind(session: Session, media: Media, kind: MediaKind) -> None:
    """Where a picture is shown, a video cannot always be, nor the other way round."""
    if media.kind in (None, kind) or not is_used(session, media):
        return
    detail = f"The media {media.id} are shown as {A_KIND[media.kind]}: add others."
    raise ResourceInUse(detail, errors=[{"pointer": "/kind", "detail": detail}])


def find_poster(
    session: Session, media: Media, reference: PosterReference | None, *, at: datetime, cause: str
) -> Media | None:
    if reference is None:
        return None
    try:
        poster = find_or_add_media(session, reference, kind="image", at=at, cause=cause)
    except Problem as problem:
        raise problem.within("/poster") from None
    if poster is media:
        detail = "A video is not its own poster."
        raise ValidationError(detail, errors=[{"pointer": "/poster", "detail": detail}])
    return poster


def assign_media(
    session: Session, media: Media, content: MediaWrite, *, poster: Media | None, at: datetime
) -> None:
    focal_point = content.focal_point
    media.kind = content.kind
    media.caption = content.caption
    media.credit = content.credit
    media.alt = content.alt
    media.focal_x = focal_point.x if focal_point else None
    media.focal_y = focal_point.y if focal_point else None
    media.duration_seconds = content.duration_seconds
    media.poster_key = poster.key if poster else None
    media.available_from = content.available_from
    media.available_until = content.available_until
    media.renditions = [
        MediaRendition(
            position=position,
            url=rendition.url,
            type=rendition.type,
            width=rendition.width,
            height=rendition.height,
            bitrate=rendition.bitrate,
            codecs=rendition.codecs,
            size=rendition.size,
        )
        for position, rendition in enumerate(content.renditions)
    ]
    media.captions = [
        MediaCaption(
            position=position,
            url=caption.url,
            language=caption.language,
            kind=caption.kind,
            type=caption.type,
            label=caption.label,
        )
        for position, caption in enumerate(content.captions)
    ]
    media.trick_plays = [
        MediaTrickPlay(position=position, url=trick_play.url, quality=trick_play.quality)
        for position, trick_play in enumerate(content.trick_plays)
    ]
    media.updated_at = at
    session.add(media)
    session.flush()
