"""An article as it stood at an instant: `as_of`."""

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from fastapi import Request
from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.articles.revisions import article_of
from app.articles.states import Dated, shown_status
from app.documents.articles import ArticleRead
from app.entities.forms import entities_at
from app.errors import ArticleNotYetCreated, RevisionPurged
from app.models import Revision
from app.web.filters import day_or_instant
from app.web.listing import only_once, parameter, refused
from app.web.offsets import to_utf16

AS_OF = parameter(
    "as_of",
    "The article as it stood at this instant, its entities by the names that they had then. Needs "
    "the scope `preview`.",
    format="date-time",
)
INSTANTS = ("published_at", "published_until", "embargoed_until")


def parse_as_of(request: Request, now: datetime) -> datetime | None:
    """Raises InvalidParameter."""
    only_once(request.query_params, {"as_of"})
    text = request.query_params.get("as_of")
    if text is None:
        return None
    try:
        at = day_or_instant(text)
    except ValueError as error:
        raise refused("as_of", str(error)) from None
    if not isinstance(at, datetime):
        raise refused("as_of", "as_of is an instant with its zone, as 2026-11-20T14:00:00Z.")
    if at > now:
        raise refused("as_of", "as_of lies in the future: nobody knows.")
    return at


def get_article_as_of(
    connection: Connection, name: str, at: datetime, viewer: Viewer, *, utf16: bool
) -> ArticleRead:
    """The last revision saved by then. Section and publisher are called as they were when it was
    saved. Raises ArticleNotYetCreated or RevisionPurged."""
    key = article_of(connection, name, viewer)
    row = connection.execute(
        select(Revision.revision, Revision.document, Revision.purged_at)
        .where(Revision.article_key == key, Revision.saved_at <= at)
        .order_by(Revision.revision.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise ArticleNotYetCreated(f"The article {name} was not there yet.")
    if row.purged_at is not None:
        raise RevisionPurged(f"Revision {row.revision} was purged.", purged_at=row.purged_at)
    document: dict[str, Any] = row.document  # Any: an ArticleRead, as JSON
    document["status"] = status_at(document, at)
    entities = entities_at(connection, {one["id"] for one in named_in(document)}, at)
    for one in named_in(document):
        one.update(entities.get(one["id"], {}))
    shown = to_utf16(document, document["text"]) if utf16 else document
    return cast(ArticleRead, shown)  # what was kept is what was served


# Any: members of an ArticleRead, as JSON
def named_in(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The entities that it shows: whom it quotes, and whom it mentions."""
    yield from (one["speaker"] for one in document["quotes"] if one["speaker"] is not None)
    yield from document["entities"]


# Any: an ArticleRead, as JSON
def status_at(document: dict[str, Any], at: datetime) -> str:
    """What was kept as scheduled may have been live by then."""
    instants = {
        name: datetime.fromisoformat(document[name]) if document.get(name) else None
        for name in INSTANTS
    }
    kept = "live" if document["status"] == "scheduled" else document["status"]
    # The members have the names and types of a row's.
    return shown_status(cast(Dated, SimpleNamespace(status=kept, **instants)), at)
