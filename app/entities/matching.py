"""Which known entity a reference means."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from app.changes.journal import record_change
from app.entities.schemas import EntityReference
from app.errors import EntityAmbiguous, ReferenceNotFound
from app.models import Entity, EntityAlias, ExternalId
from app.models.base import new_id
from app.models.entity import fold_name
from app.slugs.writes import give_slug

WHOLE = (selectinload(Entity.aliases), selectinload(Entity.external_ids))


def find_or_add_entity(
    session: Session, reference: EntityReference, *, at: datetime, cause: str
) -> Entity:
    """The entity that a quote or mention names; a new name is added, not reviewed yet.

    Raises ReferenceNotFound for an unknown id or slug, EntityAmbiguous for a name of several.
    """
    if reference.id is not None or reference.slug is not None:
        return named_entity(session, reference)
    found = by_external_id(session, reference) or by_name(session, reference)
    if found is not None:
        return found
    if reference.name is None:
        detail = "No entity has this external id; give its name too, and it is added."
        raise ReferenceNotFound(detail, errors=[{"pointer": "/external_ids", "detail": detail}])
    entity = Entity(
        id=new_id(),
        revision=1,
        type=reference.type or "person",
        name=reference.name,
        folded_name=fold_name(reference.name),
        reviewed=False,
        aliases=[],
        external_ids=[
            ExternalId(position=position, scheme=one.scheme, value=one.value)
            for position, one in enumerate(reference.external_ids)
        ],
        created_at=at,
        updated_at=at,
    )
    give_slug(session, entity, None, source=entity.name)
    session.add(entity)
    session.flush()
    record_change(session, "entity.created", entity, at=at, cause=cause)
    return entity


def named_entity(session: Session, reference: EntityReference) -> Entity:
    condition = (
        Entity.id == reference.id if reference.id is not None else Entity.slug == reference.slug
    )
    entity = session.scalars(select(Entity).where(condition).options(*WHOLE)).one_or_none()
    if entity is None:
        name = reference.id or reference.slug
        detail = f"There is no entity {name}."
        member = "id" if reference.id is not None else "slug"
        raise ReferenceNotFound(detail, errors=[{"pointer": f"/{member}", "detail": detail}])
    return entity


def by_external_id(session: Session, reference: EntityReference) -> Entity | None:
    pairs = [(one.scheme, one.value) for one in reference.external_ids]
    if not pairs:
        return None
    keys = select(ExternalId.entity_key).where(
        tuple_(ExternalId.scheme, ExternalId.value).in_(pairs)
    )
    found = session.scalars(select(Entity).where(Entity.key.in_(keys)).options(*WHOLE)).all()
    return only_one(found, reference)


def by_name(session: Session, reference: EntityReference) -> Entity | None:
    """The one entity that has this name or alias, and the type where one is given."""
    if reference.name is None:
        return None
    folded = fold_name(reference.name)
    aliased = select(EntityAlias.entity_key).where(EntityAlias.folded_name == folded)
    statement = select(Entity).where(or_(Entity.folded_name == folded, Entity.key.in_(aliased)))
    if reference.type is not None:
        statement = statement.where(Entity.type == reference.type)
    found = session.scalars(statement.order_by(Entity.key).limit(10).options(*WHOLE)).all()
    # A name of its own goes before somebody's alias.
    own = [entity for entity in found if entity.folded_name == folded]
    return only_one(own or found, reference)


def only_one(found: Sequence[Entity], reference: EntityReference) -> Entity | None:
    if len(found) > 1:
        name = reference.name or "These external ids"
        detail = f"“{name}” may be {', '.join(one.slug for one in found)}: name one by its id."
        raise EntityAmbiguous(
            detail,
            errors=[{"pointer": "", "detail": detail}],
            candidates=[
                {"id": one.id, "slug": one.slug, "type": one.type, "name": one.name}
                for one in found
            ],
        )
    return found[0] if found else None
