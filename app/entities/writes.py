"""Entities, written."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.documents.entities import EntityRead
from app.entities.forms import end_form, form_of
from app.entities.matching import WHOLE, forget_met
from app.entities.reads import get_entity
from app.entities.schemas import EntityWrite, ExternalIdWrite
from app.errors import EntityNotFound, ExternalIdTaken, Problem, ResourceInUse
from app.media.writes import find_or_add_media
from app.models import Entity, EntityAlias, ExternalId, Mention, Quote
from app.models.base import new_id
from app.models.entity import fold_name
from app.slugs.writes import find_to_change, find_to_put, forget_slugs, give_slug
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

READ_ONLY = ("id", "revision", "created_at", "updated_at")


def post_entity(session: Session, content: EntityWrite, viewer: Viewer) -> EntityRead:
    entity = new_entity(new_id(), viewer)
    return save_entity(session, entity, content, viewer, event="entity.created")


def put_entity(
    session: Session, name: str, content: EntityWrite, precondition: Precondition, viewer: Viewer
) -> tuple[EntityRead, bool]:
    """The entity, and whether it was created."""
    entity = find_to_put(session, Entity, name, precondition, EntityNotFound, WHOLE)
    if entity is None:
        entity = new_entity(name, viewer)
        return save_entity(session, entity, content, viewer, event="entity.created"), True
    entity.revision += 1
    return save_entity(session, entity, content, viewer, event="entity.updated"), False


def patch_entity(
    session: Session, name: str, patch: Patch, precondition: Precondition, viewer: Viewer
) -> EntityRead:
    entity = find_to_change(session, Entity, name, precondition, EntityNotFound, WHOLE)
    current = get_entity(session.connection(), entity.id, viewer)
    content = patched(current, patch, EntityWrite, read_only=READ_ONLY, references=("image",))
    entity.revision += 1
    return save_entity(session, entity, content, viewer, event="entity.updated")


def delete_entity(session: Session, name: str, precondition: Precondition, viewer: Viewer) -> None:
    entity = find_to_change(session, Entity, name, precondition, EntityNotFound, WHOLE)
    mentioned = exists().where(Mention.entity_key == entity.key)
    speaks = exists().where(Quote.speaker_key == entity.key)
    if session.scalar(select(mentioned | speaks)):
        raise ResourceInUse(f"Articles mention or quote {entity.name}.")
    forget_met(session)
    end_form(session, entity, form_of(entity), revision=entity.revision, at=viewer.at)
    record_change(session, "entity.deleted", entity, at=viewer.at)
    forget_slugs(session, entity)
    session.delete(entity)


def new_entity(entity_id: str, viewer: Viewer) -> Entity:
    return Entity(id=entity_id, revision=1, created_at=viewer.at, aliases=[], external_ids=[])


def save_entity(
    session: Session, entity: Entity, content: EntityWrite, viewer: Viewer, *, event: str
) -> EntityRead:
    forget_met(session)
    refuse_taken_ids(session, entity, content.external_ids)
    former = None if entity.key is None else form_of(entity)
    give_slug(session, entity, content.slug, source=content.name)
    entity.type = content.type
    entity.name = content.name
    entity.folded_name = fold_name(content.name)
    entity.description = content.description
    entity.reviewed = content.reviewed
    entity.updated_at = viewer.at
    entity.aliases = [
        EntityAlias(position=position, name=name, folded_name=fold_name(name))
        for position, name in enumerate(content.aliases)
    ]
    entity.image_key = None
    if content.image is not None:
        try:
            entity.image_key = find_or_add_media(
                session, content.image, kind="image", at=viewer.at, cause=event
            ).key
        except Problem as problem:
            raise problem.within("/image") from None
    if former not in (None, form_of(entity)):
        end_form(session, entity, former, revision=entity.revision - 1, at=viewer.at)
    assign_external_ids(session, entity, content.external_ids)
    record_change(session, event, entity, at=viewer.at)
    return get_entity(session.connection(), entity.id, viewer)


def assign_external_ids(
    session: Session, entity: Entity, external_ids: list[ExternalIdWrite]
) -> None:
    pairs = [(one.scheme, one.value) for one in external_ids]
    session.add(entity)
    if [(one.scheme, one.value) for one in entity.external_ids] != pairs:
        # One that only moves would stand twice for a moment.
        entity.external_ids = []
        session.flush()
        entity.external_ids = [
            ExternalId(position=position, scheme=scheme, value=value)
            for position, (scheme, value) in enumerate(pairs)
        ]
    session.flush()


def refuse_taken_ids(session: Session, entity: Entity, external_ids: list[ExternalIdWrite]) -> None:
    for index, one in enumerate(external_ids):
        owner = session.scalar(
            select(Entity.id)
            .join(ExternalId, ExternalId.entity_key == Entity.key)
            .where(
                ExternalId.scheme == one.scheme,
                ExternalId.value == one.value,
                Entity.id != entity.id,
            )
        )
        if owner is not None:
            detail = f"{one.scheme} {one.value} is the entity {owner}."
            pointer = f"/external_ids/{index}"
            raise ExternalIdTaken(
                detail, errors=[{"pointer": pointer, "detail": detail}], conflicting_id=owner
            )
