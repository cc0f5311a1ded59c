"""Room for what was copied: what the source has deleted or renamed may stand in its place."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from app.changes.journal import record_change
from app.documents.exports import Copy
from app.exports.kinds import Model
from app.mirroring.applying.articles import tell_of
from app.mirroring.rows import let_go
from app.models import Article, FormerSlug, Mention, Quote, Section
from app.models.base import Resource


def make_room(session: Session, model: Model, copies: Sequence[Copy], at: datetime) -> None:
    """Remove what has the key of one of these and another id, or the other way round; and take the
    slugs from those that have them no more."""
    keys = {one["document"]["id"]: one["key"] for one in copies}
    met = select(model.key, model.id).where(or_(model.key.in_(keys.values()), model.id.in_(keys)))
    others = [row.key for row in session.execute(met) if keys.get(row.id) != row.key]
    remove(session, model, model.key.in_(others), at)
    slugs = [slug for one in copies if (slug := slug_of(one)) is not None]
    if not slugs:
        return
    # Any: not all of them have slugs, and these do
    slugged: Any = model
    column = slugged.path if model is Section else slugged.slug
    table = model.__table__
    session.execute(
        update(model)
        .where(column.in_(slugs), model.id.not_in(keys))
        .values({column.key: table.c.id})
        .execution_options(synchronize_session=False)
    )


def slug_of(copied: Copy) -> str | None:
    document = copied["document"]
    slug: str | None = document.get("slug", document.get("path"))
    return slug


def remove(session: Session, model: Model, condition: ColumnElement[bool], at: datetime) -> None:
    """Remove resources with all that belongs to them, as the journal tells."""
    removed: Sequence[Any] = session.scalars(select(model).where(condition)).all()
    session.expunge_all()
    if not removed:
        return
    keys = [one.key for one in removed]
    if model is Article:
        tell_of(session, keys)
        remove_quotes(session, keys, at)
    for one in removed:
        for event in ends_of(one):
            record_change(session, event, one, at=at)
    let_go(session, model, keys)
    ids = [one.id for one in removed]
    session.execute(delete(FormerSlug).where(FormerSlug.resource_id.in_(ids)))
    session.execute(
        delete(model).where(model.key.in_(keys)).execution_options(synchronize_session=False)
    )


def ends_of(resource: Resource) -> Iterator[str]:
    if isinstance(resource, Article) and resource.is_announced:
        yield "article.withdrawn"
    yield f"{resource.resource_name}.deleted"


def remove_quotes(session: Session, article_keys: Collection[int], at: datetime) -> None:
    quotes = session.scalars(select(Quote).where(Quote.article_key.in_(article_keys))).all()
    session.expunge_all()
    for quote in quotes:
        record_change(session, "quote.deleted", quote, at=at, cause="article.deleted")
    for model in (Quote, Mention):
        session.execute(
            delete(model)
            .where(model.article_key.in_(article_keys))
            .execution_options(synchronize_session=False)
        )
