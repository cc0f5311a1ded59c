"""Sections, read."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from app.access.viewer import Viewer
from app.database.types import AnyRow
from app.documents.sections import SectionRead
from app.errors import SectionNotFound
from app.models import Section
from app.models.visibility import section_is_public
from app.slugs.lookups import AT, Lookup
from app.web.listing import ListRequest
from app.web.pages import PageStatement, fetch_page

Parent = aliased(Section, name="parent")

SECTION = select(
    Section.key,
    Section.id,
    Section.path,
    Section.name,
    Section.revision,
    Section.description,
    Parent.path.label("parent"),
    Section.created_at,
    Section.updated_at,
).outerjoin(Parent, Parent.key == Section.parent_key)

SECTIONS = PageStatement(SECTION)
PUBLIC_SECTIONS = PageStatement(SECTION.where(section_is_public(AT)))
SECTION_BY_NAME = Lookup(Section, SECTION, SectionNotFound, public=section_is_public)


def get_section(connection: Connection, name: str, viewer: Viewer) -> SectionRead:
    row = SECTION_BY_NAME.row(connection, name, viewer)
    return section_read(row)


def list_sections(connection: Connection, wanted: ListRequest, viewer: Viewer) -> dict[str, Any]:
    statement = SECTIONS if viewer.sees_all else PUBLIC_SECTIONS
    rows = fetch_page(connection, statement, wanted, {"at": viewer.at})
    return rows.page([wanted.selection.trim(section_read(row)) for row in rows.rows])


# Any: the columns of SECTION
def section_read(row: AnyRow) -> SectionRead:
    return {
        "id": row.id,
        "path": row.path,
        "name": row.name,
        "revision": row.revision,
        "description": row.description,
        "parent": row.parent,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def sections_by_key(connection: Connection, keys: Iterable[int | None]) -> dict[int, SectionRead]:
    """The sections with these keys; None among the keys is passed over."""
    wanted = {key for key in keys if key is not None}
    rows = connection.execute(SECTION.where(Section.key.in_(wanted)))
    return {row.key: section_read(row) for row in rows}
