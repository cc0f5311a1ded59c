"""Find a resource by a name in a path."""

from sqlalchemy import ColumnElement, Connection, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import Moved
from app.models import Article, Channel, Entity, FormerSlug, Publisher, Section
from app.models.base import is_id

Named = Article | Channel | Entity | Publisher | Section


def is_named(model: type[Named], name: str) -> ColumnElement[bool]:
    """The condition that a resource has this id or slug."""
    column: InstrumentedAttribute[str] = model.id if is_id(name) else model.slug
    return column == name


def raise_if_moved(
    connection: Connection | Session,
    model: type[Named],
    name: str,
    *,
    visible: ColumnElement[bool] | None = None,
) -> None:
    """Raise Moved when a resource that may be seen once had this slug."""
    current = connection.scalar(
        select(model.slug)
        .select_from(FormerSlug)
        .join(model, model.id == FormerSlug.resource_id)
        .where(
            FormerSlug.resource == model.resource_name,
            FormerSlug.slug == name,
            true() if visible is None else visible,
        )
    )
    if current is not None:
        raise Moved(name, current)
