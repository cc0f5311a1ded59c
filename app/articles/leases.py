"""Leases: who is at work on an article. They are advice: a lease refuses nobody's write, since the
revision decides, and what is over is over by the clock alone.

No revision comes of a lease, and no row of the journal: nothing that is told has changed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, delete, or_, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.revisions import article_of, author
from app.articles.schemas import LeaseWrite
from app.database.prepared import Prepared
from app.database.session import connection_of
from app.documents.leases import LeaseRead
from app.errors import ArticleNotFound, LeaseHeld, LeaseNotFound, PreconditionFailed
from app.models import ApiKey, Article, Lease
from app.models.base import is_id
from app.slugs.lookups import AT, NAME
from app.slugs.writes import get_named

P = ParamSpec("P")
T = TypeVar("T")

LEASE = (
    select(Lease.holder, ApiKey.name, Lease.taken_at, Lease.until, Lease.note)
    .join(Article, Article.key == Lease.article_key)
    .outerjoin(ApiKey, ApiKey.id == Lease.holder)
    .where(Lease.until > AT)
)
BY_ID = Prepared(LEASE.where(Article.id == NAME))
BY_SLUG = Prepared(LEASE.where(Article.slug == NAME))


def get_lease(connection: Connection, name: str, viewer: Viewer) -> LeaseRead:
    """Raises LeaseNotFound."""
    article_of(connection, name, viewer)
    held = find_lease(connection, name, viewer.at)
    if held is None:
        raise nobody_holds(name)
    return held


def put_lease(
    session: Session, name: str, content: LeaseWrite, viewer: Viewer, *, take_over: bool
) -> tuple[LeaseRead, bool]:
    """The lease, and whether it was taken: else it was held, and is renewed. Raises LeaseHeld."""
    assert viewer.key_id is not None
    article = get_named(session, Article, name, ArticleNotFound)
    held = find_lease(connection_of(session), article.id, viewer.at)
    if held is not None and not is_held_by(viewer, held):
        if not take_over:
            raise held_by_other(held)
        held = None
    # All that are over as well: nothing else takes them away.
    forget = delete(Lease).where(or_(Lease.article_key == article.key, Lease.until <= viewer.at))
    session.execute(forget)
    session.add(
        Lease(
            article_key=article.key,
            holder=viewer.key_id,
            taken_at=viewer.at if held is None else held["taken_at"],
            until=viewer.at + timedelta(seconds=content.seconds),
            note=content.note,
        )
    )
    session.flush()
    kept = find_lease(connection_of(session), article.id, viewer.at)
    assert kept is not None
    return kept, held is None


def delete_lease(session: Session, name: str, viewer: Viewer) -> None:
    """Raises LeaseNotFound or LeaseHeld."""
    article = get_named(session, Article, name, ArticleNotFound)
    held = find_lease(connection_of(session), article.id, viewer.at)
    if held is None:
        raise nobody_holds(name)
    if not is_held_by(viewer, held):
        raise held_by_other(held)
    session.execute(delete(Lease).where(Lease.article_key == article.key))


def heed_lease(
    session: Session,
    viewer: Viewer,
    function: Callable[Concatenate[Session, str, P], T],
    name: str,
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[T, LeaseRead | None]:
    """Write to an article, and tell whether somebody else holds the lease on it. A precondition
    that fails tells it too: it may be the reason."""
    held = find_lease(connection_of(session), name, viewer.at)
    if held is not None and is_held_by(viewer, held):
        held = None
    try:
        return function(session, name, *args, **kwargs), held
    except PreconditionFailed as problem:
        if held is not None:
            problem.members["lease"] = held
        raise


def find_lease(connection: Connection, name: str, at: datetime) -> LeaseRead | None:
    statement = BY_ID if is_id(name) else BY_SLUG
    for row in statement.all(connection, {"name": name, "at": at}):
        holder = author(row.holder, row.name)
        assert holder is not None
        return {
            "holder": holder,
            "taken_at": row.taken_at,
            "until": row.until,
            "note": row.note,
        }
    return None


def is_held_by(viewer: Viewer, lease: LeaseRead) -> bool:
    return lease["holder"]["id"] == viewer.key_id


def held_by_other(lease: LeaseRead) -> LeaseHeld:
    holder = lease["holder"]
    return LeaseHeld(
        f"{holder['name'] or holder['id']} holds the lease until "
        f"{lease['until']:%Y-%m-%d %H:%M:%S} UTC.",
        lease=lease,
    )


def nobody_holds(name: str) -> LeaseNotFound:
    return LeaseNotFound(f"Nobody holds a lease on the article {name}.")
