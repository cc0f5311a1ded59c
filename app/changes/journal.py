"""The journal is written with each change, in the same transaction; what follows from it, too."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal, select
from sqlalchemy.orm import Session

from app.changes import rendered
from app.database.acts import act_of
from app.database.prepared import Prepared, insertion
from app.database.session import before_commit, connection_of
from app.database.types import table_of
from app.models import Change
from app.models.base import Resource
from app.search.keeping import note_change

ROWS = "changes.rows"
INSERT = insertion(table_of(Change), "sequence")
USED = Prepared(
    select(literal(1).label("one")).where(Change.resource_id == bindparam("resource_id")).limit(1)
)


def record_change(
    session: Session, event: str, resource: Resource, *, at: datetime, cause: str | None = None
) -> None:
    """Write one row for what happened to a resource at its present revision. The rows of a write
    are written together, in the order in which things happened."""
    note_change(session, resource)
    rendered.note_change(session, resource)
    act = act_of(session)
    # Any: the columns of a row
    rows: list[dict[str, Any]] = session.info.setdefault(ROWS, [])
    rows.append(
        {
            "at": at,
            "resource": resource.resource_name,
            "resource_id": resource.id,
            "revision": resource.revision,
            "event": event,
            "cause": cause,
            "actor": act.actor,
            "note": act.note,
        }
    )
    before_commit(session, write_journal)


def write_journal(session: Session) -> None:
    INSERT.run(connection_of(session), session.info.pop(ROWS, ()))


def was_used(session: Session, resource_id: str) -> bool:
    """Whether something had this id once: ids are never used again."""
    write_journal(session)
    return bool(USED.all(connection_of(session), {"resource_id": resource_id}))
