"""Which entity that may be seen a reference means, for reads."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, tuple_

from app.access.viewer import Viewer
from app.database.types import AnyRow
from app.entities.schemas import EntityReference
from app.errors import EntityAmbiguous, ReferenceNotFound
from app.models import Entity, EntityAlias, ExternalId
from app.models.entity import fold_name
from app.models.visibility import entity_is_public

MOST_CANDIDATES = 10


# Any: key, id, slug, type, name and folded_name
def find_named(connection: Connection, reference: EntityReference, viewer: Viewer) -> AnyRow:
    """The entity of an id, slug, external id, name or alias; nothing is added.

    Raises ReferenceNotFound or EntityAmbiguous, with pointers from the reference on.
    """
    member, value, condition = meant_by(reference)
    statement = select(
        Entity.key, Entity.id, Entity.slug, Entity.type, Entity.name, Entity.folded_name
    ).where(condition)
    if not viewer.sees_all:
        statement = statement.where(entity_is_public(viewer.at))
    found = connection.execute(statement.order_by(Entity.key).limit(MOST_CANDIDATES)).all()
    if member == "name":
        # A name of its own goes before somebody's alias.
        own = [row for row in found if row.folded_name == fold_name(value)]
        found = own or found
    if not found:
        detail = f"There is no entity {value}."
        raise ReferenceNotFound(detail, errors=[{"pointer": f"/{member}", "detail": detail}])
    if len(found) > 1:
        detail = f"“{value}” may be {', '.join(row.slug for row in found)}: name one by its id."
        raise EntityAmbiguous(
            detail,
            errors=[{"pointer": f"/{member}", "detail": detail}],
            candidates=[
                {"id": row.id, "slug": row.slug, "type": row.type, "name": row.name}
                for row in found
            ],
        )
    return found[0]


def meant_by(reference: EntityReference) -> tuple[str, str, ColumnElement[bool]]:
    """The member that says which entity is meant, what it says, and the condition for it."""
    if reference.id is not None:
        return "id", reference.id, Entity.id == reference.id
    if reference.slug is not None:
        return "slug", reference.slug, Entity.slug == reference.slug
    if reference.name is None:
        pairs: Any = [(one.scheme, one.value) for one in reference.external_ids]  # Any: of text
        named = select(ExternalId.entity_key).where(
            tuple_(ExternalId.scheme, ExternalId.value).in_(pairs)
        )
        told = ", ".join(f"{scheme}:{value}" for scheme, value in pairs)
        return "external_ids", told, Entity.key.in_(named)
    folded = fold_name(reference.name)
    aliased = select(EntityAlias.entity_key).where(EntityAlias.folded_name == folded)
    condition = or_(Entity.folded_name == folded, Entity.key.in_(aliased))
    if reference.type is not None:
        condition &= Entity.type == reference.type
    return "name", reference.name, condition
