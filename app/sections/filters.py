"""The query parameters of a list of sections."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.documents.sections import SectionRead
from app.models import Section
from app.models.base import is_id
from app.search.asking import in_list
from app.web.filters import Condition, Filter, instant_filter, text_filter
from app.web.listing import Listing, Sort

Parent = aliased(Section, name="parent")


def in_parent(names: Sequence[str]) -> Condition:
    """The sections right below one; `none` are the roots."""
    keys = select(Section.key).where(or_(Section.path.in_(names), Section.id.in_(names)))
    below = Section.parent_key.in_(keys)
    return or_(below, Section.parent_key.is_(None)) if "none" in names else below


def below(names: Sequence[str]) -> Condition:
    """The sections themselves and all below them, however deep."""
    ids = [name for name in names if is_id(name)]
    paths = [name for name in names if not is_id(name)]
    named = select(Section.path).where(Section.id.in_(ids)).subquery()
    conditions: list[Condition] = []
    for path in paths:
        conditions += [Section.path == path, Section.path.startswith(path + "/", autoescape=True)]
    if ids:
        inside = select(named.c.path).where(
            or_(Section.path == named.c.path, Section.path.startswith(named.c.path.concat("/")))
        )
        conditions.append(inside.exists())
    return or_(*conditions)


SECTIONS = Listing(
    name="sections",
    key=Section.key,
    sorts={
        "path": Sort(Section.path),
        "name": Sort(Section.name),
        "created_at": Sort(Section.created_at),
        "updated_at": Sort(Section.updated_at),
    },
    default_sort="path",
    filters={
        "parent": Filter(in_parent, "Right below this section (path or id); `none`: the roots."),
        "below": Filter(below, "This section (path or id) and all below it."),
        "name": text_filter(Section.name, "Has exactly this name."),
        "updated": instant_filter(Section.updated_at, "Last changed within this range."),
    },
    document=SectionRead,
    search=in_list("sections", Section.key),
)
