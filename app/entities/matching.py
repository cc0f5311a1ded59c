"""Which known entity a reference means."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, select, union
from sqlalchemy.orm import Session, selectinload

from app.changes.journal import record_change
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.rows import add_object, add_rows, insertion_of, new_object, read_rows
from app.entities.schemas import EntityReference
from app.errors import EntityAmbiguous, ReferenceNotFound
from app.models import Entity, EntityAlias, ExternalId
from app.models.base import new_id
from app.models.entity import EntityType, fold_name
from app.slugs.writes import give_slug, meet_slugs

# Of several that a name may mean.
MOST_NAMED = 10
# What a write needs that changes an entity.
WHOLE = (selectinload(Entity.aliases), selectinload(Entity.external_ids))


@dataclass(frozen=True, slots=True)
class Known:
    """An entity as those see it who refer to it. `names` are its own, then its aliases; `folded`
    the same as they are compared."""

    key: int
    id: str
    slug: str
    type: EntityType
    names: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]


def known(condition: ColumnElement[bool]) -> Prepared:
    """The entities of a condition, with a row for each alias."""
    return Prepared(
        select(
            Entity.key,
            Entity.id,
            Entity.slug,
            Entity.type,
            Entity.name,
            Entity.folded_name,
            EntityAlias.name.label("alias"),
            EntityAlias.folded_name.label("folded_alias"),
        )
        .outerjoin(EntityAlias, EntityAlias.entity_key == Entity.key)
        .where(condition)
        .order_by(Entity.key, EntityAlias.position)
    )


ALIASED = select(EntityAlias.entity_key).where(Among(EntityAlias.folded_name, "names", of=Text))
OWN = select(Entity.key).where(Among(Entity.folded_name, "names", of=Text))
BY_NAMES = known(Entity.key.in_(union(OWN, ALIASED)))
BY_KEYS = known(Among(Entity.key))
BY_ID = known(Entity.id == bindparam("name"))
BY_SLUG = known(Entity.slug == bindparam("name"))
BY_EXTERNAL_ID = known(
    Entity.key.in_(
        select(ExternalId.entity_key).where(
            ExternalId.scheme == bindparam("scheme"), ExternalId.value == bindparam("value")
        )
    )
)

# By a folded name, the entities that have it as their own or as an alias.
Names = dict[str, list[Known]]
MET = "entities.met"


def meet_entities(session: Session, references: Iterable[EntityReference]) -> int:
    """Look up all names at once that a write is about to ask for one by one, and the slugs of
    those that nobody has. Returns how many these are."""
    names = {
        folded_name(one.name): one.name
        for one in references
        if one.name is not None and one.id is None and one.slug is None
    }
    met: Names = session.info.setdefault(MET, {})
    if not (missing := names.keys() - met.keys()):
        return 0
    met.update((name, []) for name in missing)
    for one in read_known(read_rows(session, BY_NAMES, {"names": missing})):
        for name in missing.intersection(one.folded):
            met[name].append(one)
    unknown = [names[name] for name in missing if not met[name]]
    meet_slugs(session, Entity, unknown)
    return len(unknown)


folded_name = lru_cache(maxsize=4096)(fold_name)


def forget_met(session: Session) -> None:
    """Called when entities have changed in the write that goes on."""
    session.info.pop(MET, None)


def find_or_add_entity(
    session: Session, reference: EntityReference, *, at: datetime, cause: str
) -> Known:
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
    return add_entity(session, reference, reference.name, at=at, cause=cause)


def add_entity(
    session: Session, reference: EntityReference, name: str, *, at: datetime, cause: str
) -> Known:
    entity = new_object(
        Entity,
        id=new_id(),
        revision=1,
        type=reference.type or "person",
        name=name,
        folded_name=folded_name(name),
        reviewed=False,
        created_at=at,
        updated_at=at,
    )
    give_slug(session, entity, None, source=name)
    add_object(session, entity)
    add_rows(
        session,
        INSERT_EXTERNAL_IDS,
        [
            {
                "entity_key": entity.key,
                "position": position,
                "scheme": one.scheme,
                "value": one.value,
            }
            for position, one in enumerate(reference.external_ids)
        ],
    )
    record_change(session, "entity.created", entity, at=at, cause=cause)
    folded = entity.folded_name
    added = Known(entity.key, entity.id, entity.slug, entity.type, (name,), (folded,))
    met: Names = session.info.get(MET, {})
    if folded in met:
        met[folded].append(added)
    return added


INSERT_EXTERNAL_IDS = insertion_of(ExternalId)


def named_entity(session: Session, reference: EntityReference) -> Known:
    statement = BY_SLUG if reference.id is None else BY_ID
    name = reference.id or reference.slug
    found = read_known(read_rows(session, statement, {"name": name}))
    if not found:
        detail = f"There is no entity {name}."
        member = "id" if reference.id is not None else "slug"
        raise ReferenceNotFound(detail, errors=[{"pointer": f"/{member}", "detail": detail}])
    return found[0]


def known_entities(session: Session, keys: Collection[int]) -> Mapping[int, Known]:
    rows = read_rows(session, BY_KEYS, {"keys": keys})
    return {one.key: one for one in read_known(rows)}


def by_external_id(session: Session, reference: EntityReference) -> Known | None:
    found = {
        one
        for external in reference.external_ids
        for one in read_known(
            read_rows(session, BY_EXTERNAL_ID, {"scheme": external.scheme, "value": external.value})
        )
    }
    return only_one(sorted(found, key=lambda one: one.key), reference)


def by_name(session: Session, reference: EntityReference) -> Known | None:
    """The one entity that has this name or alias, and the type where one is given."""
    if reference.name is None:
        return None
    folded = folded_name(reference.name)
    if folded not in session.info.get(MET, ()):
        meet_entities(session, [reference])
    met: Names = session.info[MET]
    found = [one for one in met[folded] if reference.type in (None, one.type)][:MOST_NAMED]
    # A name of its own goes before somebody's alias.
    own = [one for one in found if one.folded[0] == folded]
    return only_one(own or found, reference)


# Any: rows of `known`
def read_known(rows: Sequence[Any]) -> list[Known]:
    found: dict[int, Known] = {}
    for row in rows:
        earlier = found.get(row.key)
        names = (row.name,) if earlier is None else earlier.names
        folded = (row.folded_name,) if earlier is None else earlier.folded
        if row.alias is not None:
            names, folded = (*names, row.alias), (*folded, row.folded_alias)
        found[row.key] = Known(row.key, row.id, row.slug, row.type, names, folded)
    return list(found.values())


def only_one(found: Sequence[Known], reference: EntityReference) -> Known | None:
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
