"""The journal is written with each change, in the same transaction; what follows from it, too."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal, select
from sqlalchemy.orm import Session

from app.changes import findings, publicity, rendered
from app.changes.limits import require_within_limits
from app.database.acts import act_of
from app.database.prepared import Prepared, insertion
from app.database.session import before_commit, connection_of
from app.database.types import table_of
from app.models import Change
from app.models.base import Resource
from app.search.keeping import note_change

ROWS = "changes.rows"
GIVEN_UP = "changes.given_up"
INSERT = insertion(table_of(Change), "sequence")
USED = Prepared(
    select(literal(1).label("one")).where(Change.resource_id == bindparam("resource_id")).limit(1)
)


def record_change(
    session: Session,
    event: str,
    resource: Resource,
    *,
    at: datetime,
    cause: str | None = None,
    was_settled: bool | None = None,
    former_article: int | None = None,
) -> None:
    """Write one row for what happened to a resource at its present revision. The rows of a write
    are written together, in the order in which things happened, and each with the slugs that the
    resource gave up in it. Of a quote, what it was before, where it was something else: whether it
    could be shown, and the key of the article that it was of. Raises OutsideLimits."""
    require_within_limits(session, resource)
    note_change(session, resource)
    rendered.note_change(session, resource)
    act = act_of(session)
    # Any: the columns of a row
    rows: list[dict[str, Any]] = session.info.setdefault(ROWS, [])
    row: dict[str, Any] = {
        "at": at,
        "resource": resource.resource_name,
        "resource_id": resource.id,
        "revision": resource.revision,
        "event": event,
        "cause": cause,
        "actor": act.actor,
        "note": act.note,
        "slugs": [slug] if (slug := getattr(resource, "slug", None)) is not None else [],
        "publicity": "hidden",
        "fields": [],
        "sections": [],
        "entities": [],
    }
    findings.note_row(session, row, resource)
    publicity.note_row(
        session, row, resource, was_settled=was_settled, former_article=former_article
    )
    rows.append(row)
    before_commit(session, write_journal)


def note_given_up(session: Session, resource_id: str, slugs: Iterable[str]) -> None:
    """Have the journal tell of the slugs that a resource gives up in the write that goes on: under
    each of them, somebody may keep a copy of it."""
    given_up: dict[str, list[str]] = session.info.setdefault(GIVEN_UP, {})
    given_up.setdefault(resource_id, []).extend(slugs)


def write_journal(session: Session) -> None:
    # Once it is known what they mean, and what they are about.
    session.flush()
    rows: list[dict[str, Any]] = session.info.pop(ROWS, [])
    publicity.decide(session)
    findings.fill(session, rows)
    given_up: dict[str, list[str]] = session.info.get(GIVEN_UP, {})
    if given_up:
        for row in rows:
            slugs = [*row["slugs"], *given_up.get(row["resource_id"], ())]
            row["slugs"] = list(dict.fromkeys(slugs))
    INSERT.run(connection_of(session), rows)


def was_used(session: Session, resource_id: str) -> bool:
    """Whether something had this id once: ids are never used again."""
    rows: list[dict[str, Any]] = session.info.get(ROWS, [])
    if any(row["resource_id"] == resource_id for row in rows):
        return True
    return bool(USED.all(connection_of(session), {"resource_id": resource_id}))
