"""The journal is written with each change, in the same transaction; what follows from it, too."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.changes import rendered
from app.models import Change
from app.models.base import Resource
from app.search.keeping import note_change


def record_change(
    session: Session, event: str, resource: Resource, *, at: datetime, cause: str | None = None
) -> None:
    """Write one row for what happened to a resource at its present revision."""
    note_change(session, resource)
    rendered.note_change(session, resource)
    session.add(
        Change(
            at=at,
            resource=resource.resource_name,
            resource_id=resource.id,
            revision=resource.revision,
            event=event,
            cause=cause,
        )
    )


def was_used(session: Session, resource_id: str) -> bool:
    """Whether something had this id once: ids are never used again."""
    return bool(session.scalar(select(exists().where(Change.resource_id == resource_id))))
