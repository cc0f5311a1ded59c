"""Channels, written."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.changes.limits import refuse_held
from app.channels.reads import get_channel
from app.channels.schemas import CarriesWrite, ChannelRowWrite, ChannelWrite
from app.documents.channels import ChannelRead
from app.errors import ChannelNotFound, Problem, ReferenceNotFound
from app.media.writes import find_or_add_media
from app.models import Article, Channel, Entity, Section
from app.models.base import is_id, new_id
from app.slugs.writes import find_to_change, find_to_put, forget_slugs, give_slug
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

READ_ONLY = ("id", "revision", "created_at", "updated_at")


def post_channel(session: Session, content: ChannelWrite, viewer: Viewer) -> ChannelRead:
    channel = new_channel(new_id(), viewer)
    return save_channel(session, channel, content, viewer, event="channel.created")


def put_channel(
    session: Session, name: str, content: ChannelWrite, precondition: Precondition, viewer: Viewer
) -> tuple[ChannelRead, bool]:
    """The channel, and whether it was created."""
    channel = find_to_put(session, Channel, name, precondition, ChannelNotFound)
    if channel is None:
        channel = new_channel(name, viewer)
        return save_channel(session, channel, content, viewer, event="channel.created"), True
    channel.revision += 1
    return save_channel(session, channel, content, viewer, event="channel.updated"), False


def patch_channel(
    session: Session, name: str, patch: Patch, precondition: Precondition, viewer: Viewer
) -> ChannelRead:
    channel = find_to_change(session, Channel, name, precondition, ChannelNotFound)
    current = get_channel(session.connection(), channel.id, viewer)
    content = patched(current, patch, ChannelWrite, read_only=READ_ONLY, references=("artwork",))
    channel.revision += 1
    return save_channel(session, channel, content, viewer, event="channel.updated")


def delete_channel(session: Session, name: str, precondition: Precondition, viewer: Viewer) -> None:
    """With all that is scheduled on it."""
    channel = find_to_change(session, Channel, name, precondition, ChannelNotFound)
    refuse_held(session, channel)
    record_change(session, "channel.deleted", channel, at=viewer.at)
    forget_slugs(session, channel)
    session.delete(channel)


def new_channel(channel_id: str, viewer: Viewer) -> Channel:
    return Channel(id=channel_id, revision=1, created_at=viewer.at)


def save_channel(
    session: Session, channel: Channel, content: ChannelWrite, viewer: Viewer, *, event: str
) -> ChannelRead:
    give_slug(session, channel, content.slug, source=content.name)
    channel.name = content.name
    channel.language = content.language
    channel.description = content.description
    channel.contact = content.contact
    channel.number = content.number
    channel.artwork_key = None
    if content.artwork is not None:
        try:
            channel.artwork_key = find_or_add_media(
                session, content.artwork, kind="image", at=viewer.at, cause=event
            ).key
        except Problem as problem:
            raise problem.within("/artwork") from None
    channel.genres = list(content.genres)
    channel.rating = None if content.rating is None else content.rating.model_dump()
    channel.streams = [
        {"url": one.url, "type": one.media_type, "height": one.height, "label": one.label}
        for one in content.streams
    ]
    channel.carries = carries_of(session, content.carries, "/carries")
    channel.rows = [
        row_of(session, one, f"/rows/{place}") for place, one in enumerate(content.rows)
    ]
    channel.updated_at = viewer.at
    session.add(channel)
    session.flush()
    record_change(session, event, channel, at=viewer.at)
    return get_channel(session.connection(), channel.id, viewer)


# Any: JSON
def row_of(session: Session, row: ChannelRowWrite, pointer: str) -> dict[str, Any]:
    found = set(session.scalars(select(Article.id).where(Article.id.in_(row.articles))))
    for place, one in enumerate(row.articles):
        if one not in found:
            raise missing("article", one, f"{pointer}/articles/{place}")
    kept = None if row.filter is None else carries_of(session, row.filter, f"{pointer}/filter")
    return {
        "title": row.title,
        "kind": row.kind,
        "articles": list(row.articles),
        "filter": kept,
        "limit": row.limit,
    }


# Any: JSON
def carries_of(session: Session, carries: CarriesWrite, pointer: str) -> dict[str, Any]:
    def entities(names: Sequence[str], member: str) -> list[str]:
        return ids_of(session, entity_id, "entity", names, f"{pointer}/{member}")

    return {
        "sections": ids_of(session, section_id, "section", carries.sections, f"{pointer}/sections"),
        "entities": entities(carries.entities, "entities"),
        "speakers": entities(carries.speakers, "speakers"),
        "languages": list(dict.fromkeys(carries.languages)),
        "has_video": carries.has_video,
    }


def ids_of(
    session: Session,
    find: Callable[[Session, str], str | None],
    kind: str,
    names: Sequence[str],
    pointer: str,
) -> list[str]:
    """Raises ReferenceNotFound at the first name that nothing has."""
    found: dict[str, None] = {}
    for place, name in enumerate(names):
        one = find(session, name)
        if one is None:
            raise missing(kind, name, f"{pointer}/{place}")
        found[one] = None
    return list(found)


def section_id(session: Session, name: str) -> str | None:
    column = Section.id if is_id(name) else Section.path
    return session.scalar(select(Section.id).where(column == name))


def entity_id(session: Session, name: str) -> str | None:
    column = Entity.id if is_id(name) else Entity.slug
    return session.scalar(select(Entity.id).where(column == name))


def missing(kind: str, name: str, pointer: str) -> ReferenceNotFound:
    detail = f"There is no {kind} {name}."
    return ReferenceNotFound(detail, errors=[{"pointer": pointer, "detail": detail}])
