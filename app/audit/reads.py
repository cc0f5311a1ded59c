"""The audit, read."""

from typing import Any

from sqlalchemy import Connection, select

from app.database.types import AnyRow
from app.documents.audit import AuditAuthor, AuditEntry
from app.models import ApiKey, Change
from app.web.listing import ListRequest
from app.web.pages import PageStatement, fetch_page

ENTRY = select(
    Change.sequence.label("key"),
    Change.at,
    Change.event,
    Change.resource,
    Change.resource_id,
    Change.revision,
    Change.cause,
    Change.note,
    Change.actor,
    ApiKey.name,
    ApiKey.prefix,
).outerjoin(ApiKey, ApiKey.id == Change.actor)
ENTRIES = PageStatement(ENTRY)


def list_audit(connection: Connection, wanted: ListRequest) -> dict[str, Any]:
    rows = fetch_page(connection, ENTRIES, wanted)
    return rows.page([wanted.selection.trim(audit_entry(row)) for row in rows.rows])


# Any: the columns of ENTRY
def audit_entry(row: AnyRow) -> AuditEntry:
    author: AuditAuthor | None = None
    if row.actor is not None:
        author = {"id": row.actor, "name": row.name, "prefix": row.prefix}
    return {
        "sequence": row.key,
        "at": row.at,
        "event": row.event,
        "resource": row.resource,
        "id": row.resource_id,
        "revision": row.revision,
        "cause": row.cause,
        "note": row.note,
        "author": author,
    }
