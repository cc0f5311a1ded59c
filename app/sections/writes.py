"""Sections, written."""

from datetime import datetime

from sqlalchemy import String, bindparam, case, exists, or_, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.changes.limits import refuse_held
from app.database.prepared import Prepared
from app.database.rows import read_rows
from app.database.session import connection_of
from app.documents.sections import SectionRead
from app.errors import ReferenceNotFound, ResourceInUse, SectionNotFound, SlugTaken
from app.models import Article, FormerSlug, Section
from app.models.base import new_id
from app.sections.reads import get_section
from app.sections.schemas import SectionReference, SectionWrite
from app.slugs.writes import (
    find_to_change,
    find_to_put,
    forget_slugs,
    keep_former,
    owner_of,
)
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

READ_ONLY = ("id", "revision", "parent", "created_at", "updated_at")


def post_section(session: Session, content: SectionWrite, viewer: Viewer) -> SectionRead:
    section = new_section(new_id(), viewer.at)
    return save_section(session, section, content, viewer, event="section.created")


def put_section(
    session: Session, name: str, content: SectionWrite, precondition: Precondition, viewer: Viewer
) -> tuple[SectionRead, bool]:
    """The section, and whether it was created."""
    section = find_to_put(session, Section, name, precondition, SectionNotFound)
    if section is None:
        section = new_section(name, viewer.at)
        return save_section(session, section, content, viewer, event="section.created"), True
    section.revision += 1
    return save_section(session, section, content, viewer, event="section.updated"), False


def patch_section(
    session: Session, name: str, patch: Patch, precondition: Precondition, viewer: Viewer
) -> SectionRead:
    section = find_to_change(session, Section, name, precondition, SectionNotFound)
    current = get_section(connection_of(session), section.id, viewer)
    content = patched(current, patch, SectionWrite, read_only=READ_ONLY)
    section.revision += 1
    return save_section(session, section, content, viewer, event="section.updated")


def delete_section(session: Session, name: str, precondition: Precondition, viewer: Viewer) -> None:
    section = find_to_change(session, Section, name, precondition, SectionNotFound)
    used = exists().where(Article.section_key == section.key)
    above = exists().where(Section.parent_key == section.key)
    if session.scalar(select(used | above)):
        raise ResourceInUse(f"The section {section.path} holds articles or other sections.")
    refuse_held(session, section)
    session.info.pop(MET, None)
    record_change(session, "section.deleted", section, at=viewer.at)
    forget_slugs(session, section)
    session.delete(section)


def find_or_add_section(
    session: Session, reference: SectionReference, *, at: datetime, cause: str
) -> int:
    """The key of the section that an article names. A new path is added, and the sections above it.

    Raises ReferenceNotFound for an unknown id.
    """
    met: dict[Named, int] = session.info.setdefault(MET, {})
    named = reference.id, reference.path
    if named in met:
        return met[named]
    statement = BY_PATH if reference.id is None else BY_ID
    for row in read_rows(session, statement, {"name": reference.id or reference.path}):
        met[named] = row.key
        return met[named]
    if reference.id is not None:
        raise ReferenceNotFound(
            f"There is no section {reference.id}.",
            errors=[{"pointer": "", "detail": f"There is no section {reference.id}."}],
        )
    assert reference.path is not None
    return section_at(session, reference.path, reference.name, at=at, cause=cause).key


# The sections that a write has found, by what named them: an id, or else a path.
MET = "sections.met"
Named = tuple[str | None, str | None]
NAME = bindparam("name", type_=String())
BY_ID = Prepared(select(Section.key).where(Section.id == NAME))
# A path that redirects leads there, unless a section has come to stand at it again.
FORMER = select(FormerSlug.resource_id).where(
    FormerSlug.resource == Section.resource_name, FormerSlug.slug == NAME
)
BY_PATH = Prepared(
    select(Section.key)
    .where(or_(Section.path == NAME, Section.id == FORMER.scalar_subquery()))
    .order_by(case((Section.path == NAME, 0), else_=1))
)


def section_at(
    session: Session, path: str, name: str | None, *, at: datetime, cause: str
) -> Section:
    section = session.scalars(select(Section).where(Section.path == path)).one_or_none()
    if section is not None:
        return section
    section = new_section(new_id(), at)
    section.path = path
    section.name = name or name_of(path)
    section.parent_key = parent_key(session, path, at=at, cause=cause)
    section.updated_at = at
    session.add(section)
    session.flush()
    record_change(session, "section.created", section, at=at, cause=cause)
    return section


def new_section(section_id: str, at: datetime) -> Section:
    return Section(id=section_id, revision=1, created_at=at, reviewed=False)


def save_section(
    session: Session, section: Section, content: SectionWrite, viewer: Viewer, *, event: str
) -> SectionRead:
    session.info.pop(MET, None)
    former = section.path
    section.name = content.name
    section.description = content.description
    section.reviewed = True
    section.updated_at = viewer.at
    if former != content.path:
        move_section(session, section, content.path, viewer.at)
    session.add(section)
    session.flush()
    record_change(session, event, section, at=viewer.at)
    return get_section(connection_of(session), section.id, viewer)


def move_section(session: Session, section: Section, path: str, at: datetime) -> None:
    """Give a section its path; those below it move along, and the old paths redirect."""
    former = section.path
    owner = owner_of(session, Section, path)
    if owner not in (None, section.id):
        detail = f"The path {path} belongs to {owner}, or redirects to it."
        raise SlugTaken(
            detail, errors=[{"pointer": "/path", "detail": detail}], conflicting_id=owner
        )
    if former is not None and path.startswith(former + "/"):
        detail = "A section cannot move below itself."
        raise SlugTaken(detail, errors=[{"pointer": "/path", "detail": detail}])
    section.path = path
    section.parent_key = parent_key(session, path, at=at, cause="section.updated")
    if former is None:
        keep_former(session, section, former=None)
        return
    keep_former(session, section, former=former)
    below = session.scalars(
        select(Section).where(Section.path.startswith(former + "/", autoescape=True))
    ).all()
    for child in below:
        old = child.path
        child.path = path + old[len(former) :]
        child.revision += 1
        child.updated_at = at
        keep_former(session, child, former=old)
        record_change(session, "section.updated", child, at=at, cause="section.updated")


def parent_key(session: Session, path: str, *, at: datetime, cause: str) -> int | None:
    above, slash, _ = path.rpartition("/")
    if not slash:
        return None
    return section_at(session, above, None, at=at, cause=cause).key


def name_of(path: str) -> str:
    """A name for a section that is known by its path alone: `news/far-east` is “Far East”."""
    return path.rpartition("/")[2].replace("-", " ").title()
