"""Give a resource its slug, and find the resource that a change names."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from slugify import slugify
from sqlalchemy import String, Text, bindparam, delete, func, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from app.changes.journal import note_given_up, was_used
from app.changes.limits import require_within_limits
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.rows import read_rows
from app.database.session import connection_of
from app.errors import IdTaken, ResourceNotFound, SlugTaken
from app.models import (
    ApiKey,
    Article,
    Bulletin,
    Channel,
    Entity,
    FormerSlug,
    Media,
    Programme,
    Publisher,
    Quote,
    Section,
    Webhook,
)
from app.models.base import is_id
from app.slugs.reads import Named, is_named, raise_if_moved
from app.web.conditional import Precondition

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_SLUG = 120
# What is named by its id alone.
UNSLUGGED = ApiKey | Bulletin | Media | Programme | Quote | Webhook
FREE = "slugs.free"

R = TypeVar(
    "R",
    ApiKey,
    Article,
    Bulletin,
    Channel,
    Entity,
    Media,
    Programme,
    Publisher,
    Quote,
    Section,
    Webhook,
)


def find_to_change(
    session: Session,
    model: type[R],
    name: str,
    precondition: Precondition,
    missing: type[ResourceNotFound],
    options: Sequence[ExecutableOption] = (),
) -> R:
    """The resource that PATCH or DELETE names, its precondition held."""
    resource = get_named(session, model, name, missing, options)
    precondition.require(resource)
    return resource


def get_named(
    session: Session,
    model: type[R],
    name: str,
    missing: type[ResourceNotFound],
    options: Sequence[ExecutableOption] = (),
) -> R:
    """The resource of this id or slug, for a write that needs no precondition of it, or has one of
    its own. Raises `missing`, or Moved."""
    resource = find_named(session, model, name, options)
    if resource is None:
        raise missing(name)
    return resource


def find_to_put(
    session: Session,
    model: type[R],
    name: str,
    precondition: Precondition,
    missing: type[ResourceNotFound],
    options: Sequence[ExecutableOption] = (),
) -> R | None:
    """The resource that PUT replaces, its precondition held; None when PUT is to create it.

    Only an id can be chosen: raises `missing` for another name that nothing has.
    """
    resource = find_named(session, model, name, options)
    if resource is not None:
        precondition.require(resource)
        return resource
    if not is_id(name):
        raise missing(name)
    precondition.require_absent()
    refuse_used(session, name)
    return None


def refuse_used(session: Session, resource_id: str) -> None:
    if was_used(session, resource_id):
        raise IdTaken(f"The id {resource_id} was used before; ids are never used again.")


def find_named(
    session: Session, model: type[R], name: str, options: Sequence[ExecutableOption] = ()
) -> R | None:
    condition = model.id == name if issubclass(model, UNSLUGGED) else is_named(model, name)
    resource = session.scalars(select(model).where(condition).options(*options)).one_or_none()
    if resource is not None:
        # As it was before the write; the journal looks at what becomes of it.
        require_within_limits(session, resource)
    elif not issubclass(model, UNSLUGGED):
        raise_if_moved(session, model, name)
    return resource


def give_slug(session: Session, resource: Named, wanted: str | None, *, source: str) -> None:
    """Set the slug: the one wanted, else the present one, else one made of `source`.

    A slug that is given up redirects from now on. Raises SlugTaken.
    """
    present: str | None = resource.slug
    if present is not None and wanted in (None, present):
        return
    assign_slug(session, resource, wanted, source=source)
    # Of others that write alike, it is free no more.
    free_slugs(session).discard((resource.resource_name, resource.slug))


def assign_slug(session: Session, resource: Named, wanted: str | None, *, source: str) -> None:
    model = MODELS[resource.resource_name]
    present: str | None = resource.slug
    if wanted is None:
        resource.slug = free_slug(session, model, source, resource.id)
        return
    owner = owner_of(session, model, wanted)
    if owner not in (None, resource.id):
        raise SlugTaken(
            f"The slug {wanted} belongs to {owner}, or redirects to it.",
            errors=[{"pointer": "/slug", "detail": "The slug is taken."}],
            conflicting_id=owner,
        )
    resource.slug = wanted
    keep_former(session, resource, former=present)


def keep_former(session: Session, resource: Named, *, former: str | None) -> None:
    """Redirect from the slug that was given up; the present one redirects no more."""
    kind = resource.resource_name
    FORGET_FORMER.run(connection_of(session), [{"resource": kind, "slug": resource.slug}])
    if former is not None:
        session.merge(FormerSlug(resource=kind, slug=former, resource_id=resource.id))
        note_given_up(session, resource.id, [former])


def forget_slugs(session: Session, resource: Named) -> None:
    """What is deleted redirects no more."""
    forgotten = session.scalars(
        delete(FormerSlug)
        .where(FormerSlug.resource_id == resource.id)
        .returning(FormerSlug.slug)
        .execution_options(synchronize_session=False)
    )
    note_given_up(session, resource.id, sorted(forgotten))


def free_slug(session: Session, model: type[Named], source: str, resource_id: str) -> str:
    """A slug of the source's words, with a number behind it when others have it."""
    base = slug_of(source)
    if not base or is_id(base):
        # No letter could be transliterated; or it would be taken for an id.
        base = f"{base or model.resource_name}-{resource_id[-6:]}"
    if (model.resource_name, base) in free_slugs(session):
        return base
    if owner_of(session, model, base) is None:
        return base
    # Doubling, then halving: of a thousand that are called alike, few have to be looked at.
    free = 2
    while owner_of(session, model, f"{base}-{free}") is not None:
        free *= 2
    taken = free // 2
    while free - taken > 1:
        middle = (taken + free) // 2
        if owner_of(session, model, f"{base}-{middle}") is None:
            free = middle
        else:
            taken = middle
    return f"{base}-{free}"


@lru_cache(maxsize=1024)
def slug_of(source: str) -> str:
    return slugify(source, max_length=MAX_SLUG, word_boundary=True)


def meet_slugs(session: Session, model: type[Named], sources: Iterable[str]) -> None:
    """Look up all slugs at once that a write is about to make of these: those that are free."""
    kind = model.resource_name
    wanted = {slug for source in sources if (slug := slug_of(source)) and not is_id(slug)}
    if wanted:
        rows = read_rows(session, TAKEN[kind], {"resource": kind, "slugs": wanted})
        free_slugs(session).update((kind, slug) for slug in wanted - {row.slug for row in rows})


def free_slugs(session: Session) -> set[tuple[str, str]]:
    """Slugs that this write has found free and not given yet, by the kind of their resource."""
    free: set[tuple[str, str]] = session.info.setdefault(FREE, set())
    return free


def owner_of(session: Session, model: type[Named], slug: str) -> str | None:
    """The id of what has this slug, or had it and redirects from it."""
    values = {"resource": model.resource_name, "slug": slug}
    (row,) = read_rows(session, OWNER[model.resource_name], values)
    owner: str | None = row.id
    return owner


MODELS: dict[str, type[Named]] = {
    model.resource_name: model for model in (Article, Channel, Entity, Publisher, Section)
}
SLUG_ASKED = bindparam("slug", type_=String())
FORMER = select(FormerSlug.resource_id).where(
    FormerSlug.resource == bindparam("resource", type_=String()), FormerSlug.slug == SLUG_ASKED
)
# Who has it goes before who had it.
OWNER = {
    kind: Prepared(
        select(
            func.coalesce(
                select(model.id).where(model.slug == SLUG_ASKED).scalar_subquery(),
                FORMER.scalar_subquery(),
            ).label("id")
        )
    )
    for kind, model in MODELS.items()
}
# All of them, by present and former owners.
TAKEN = {
    kind: Prepared(
        union_all(
            select(model.slug.label("slug")).where(Among(model.slug, "slugs", of=Text)),
            select(FormerSlug.slug.label("slug")).where(
                FormerSlug.resource == bindparam("resource", type_=String()),
                Among(FormerSlug.slug, "slugs", of=Text),
            ),
        )
    )
    for kind, model in MODELS.items()
}
FORGET_FORMER = Prepared(
    delete(FormerSlug).where(
        FormerSlug.resource == bindparam("resource", type_=String()), FormerSlug.slug == SLUG_ASKED
    )
)
