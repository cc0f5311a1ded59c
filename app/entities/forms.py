"""What entities were called at an instant: the forms that they had before they were renamed."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Text, select
from sqlalchemy.orm import Session

from app.database.listed import Among
from app.database.prepared import Prepared
from app.documents.entities import EntityRef
from app.entities.reads import entity_ref
from app.models import Entity, EntityForm
from app.models.entity import EntityType


class Form(NamedTuple):
    """What other resources show of an entity."""

    slug: str
    type: EntityType
    name: str


FORMS_OF = Prepared(
    select(
        EntityForm.entity_id.label("id"),
        EntityForm.until,
        EntityForm.slug,
        EntityForm.type,
        EntityForm.name,
    )
    .where(Among(EntityForm.entity_id, "ids", of=Text))
    .order_by(EntityForm.entity_id, EntityForm.revision)
)
PRESENT = Prepared(
    select(Entity.id, Entity.slug, Entity.type, Entity.name).where(Among(Entity.id, "ids", of=Text))
)


def form_of(entity: Entity) -> Form:
    return Form(entity.slug, entity.type, entity.name)


def end_form(session: Session, entity: Entity, form: Form, *, revision: int, at: datetime) -> None:
    """Keep the form that an entity had up to this revision: it has another now, or is deleted."""
    session.add(EntityForm(entity_id=entity.id, revision=revision, until=at, **form._asdict()))


def entities_at(connection: Connection, ids: Collection[str], at: datetime) -> dict[str, EntityRef]:
    """The entities as they were called at an instant, by their ids; one that was deleted before it,
    as it was called last."""
    lasted: dict[str, EntityRef] = {}
    ended: dict[str, EntityRef] = {}
    for row in FORMS_OF.all(connection, {"ids": ids}):
        if row.until <= at:
            ended[row.id] = entity_ref(row)
        else:
            lasted.setdefault(row.id, entity_ref(row))
    present = {row.id: entity_ref(row) for row in PRESENT.all(connection, {"ids": ids})}
    return {**ended, **present, **lasted}
