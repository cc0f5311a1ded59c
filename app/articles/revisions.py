"""Revisions: the whole of an article as it stood after each save."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Integer, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.viewer import Viewer, the_service
from app.articles.edits import tell_of_edit
from app.articles.reads import articles_by_key, get_article_key
from app.database.acts import act_of
from app.database.prepared import Prepared, insertion
from app.database.session import before_commit, connection_of
from app.database.types import AnyRow, table_of
from app.documents.articles import ArticleRead
from app.documents.revisions import Author, RevisionCard, RevisionRead
from app.errors import RevisionNotFound, RevisionPurged
from app.models import ApiKey, Article, Revision
from app.web.filters import Condition, Filter, instant_filter, text_filter
from app.web.listing import Listing, ListRequest, Sort
from app.web.pages import PageStatement, fetch_page

# What the column can hold.
MAX_REVISION = 2**31 - 1

Purger = aliased(ApiKey, name="purger")

CARD = (
    select(
        Revision.revision.label("key"),
        Revision.saved_at,
        Revision.headline,
        Revision.author,
        ApiKey.name.label("author_name"),
        Revision.note,
        Revision.cause,
        Revision.purged_at,
        Revision.purged_by,
        Purger.name.label("purger_name"),
    )
    .outerjoin(ApiKey, ApiKey.id == Revision.author)
    .outerjoin(Purger, Purger.id == Revision.purged_by)
)


def is_saved_by(ids: Sequence[str]) -> Condition:
    by_key = Revision.author.in_(ids)
    return or_(by_key, Revision.author.is_(None)) if "none" in ids else by_key


REVISIONS = Listing(
    name="revisions",
    key=Revision.revision,
    sorts={"revision": Sort(Revision.revision)},
    default_sort="-revision",
    filters={
        "author": Filter(is_saved_by, "Was saved by this API key (id); `none`: by the service."),
        "cause": text_filter(Revision.cause, "Was this event.", "article.restored"),
        "saved": instant_filter(Revision.saved_at, "Was saved within this range."),
    },
    document=RevisionCard,
)


class Saved(NamedTuple):
    """An article's save, of which the whole document is still to be kept."""

    revision: int
    at: datetime
    cause: str


SAVED = "revisions.saved"
INSERT = insertion(table_of(Revision), "purged_at", "purged_by")


def keep_revision(session: Session, article: Article, at: datetime, *, cause: str) -> None:
    """Have the article kept as it stands now, its quotes and mentions included: at the end of the
    write, together with all others that it saves. Before one of them changes again in the same
    write, `keep_revisions` has to be called."""
    saved: dict[int, Saved] = session.info.setdefault(SAVED, {})
    assert article.key not in saved
    saved[article.key] = Saved(article.revision, at, cause)
    # The journal tells what they say, and what they said before.
    before_commit(session, keep_revisions, first=True)


def keep_revisions(session: Session) -> dict[int, ArticleRead]:
    """Returns the documents that were kept, by the keys of their articles."""
    saved: dict[int, Saved] = session.info.pop(SAVED, {})
    if not saved:
        return {}
    session.flush()
    act = act_of(session)
    at = max(one.at for one in saved.values())
    documents = articles_by_key(connection_of(session), saved, the_service(at))
    for key, document in documents.items():
        former = document_of(session, key, saved[key].revision - 1)
        tell_of_edit(session, document["id"], former, document)
    rows = [
        {
            "article_key": key,
            "revision": saved[key].revision,
            "saved_at": saved[key].at,
            "headline": document["headline"],
            "author": act.actor,
            "note": act.note,
            "cause": saved[key].cause,
            "document": document,
        }
        for key, document in documents.items()
    ]
    INSERT.run(connection_of(session), rows)
    return documents


# Any: an ArticleRead, as JSON
def document_of(session: Session, article_key: int, revision: int) -> dict[str, Any] | None:
    """What is kept of a revision; None where there is none."""
    if revision < 1:
        return None
    values = {"article_key": article_key, "revision": revision}
    rows = DOCUMENT.all(connection_of(session), values)
    return rows[0].document if rows else None


DOCUMENT = Prepared(
    select(Revision.document).where(
        Revision.article_key == bindparam("article_key", type_=BigInteger()),
        Revision.revision == bindparam("revision", type_=Integer()),
    )
)


def list_revisions(
    connection: Connection, article_id: str, wanted: ListRequest, viewer: Viewer
) -> dict[str, Any]:
    key = article_of(connection, article_id, viewer)
    statement = PageStatement(CARD.where(Revision.article_key == key))
    rows = fetch_page(connection, statement, wanted)
    return rows.page([wanted.selection.trim(revision_card(row)) for row in rows.rows])


def get_revision(
    connection: Connection, article_id: str, number: int, viewer: Viewer
) -> RevisionRead:
    """Raises RevisionNotFound or RevisionPurged."""
    row = revision_row(connection, article_of(connection, article_id, viewer), number)
    return {**revision_card(row), "article": row.document}


# Any: the columns of CARD, and the document
def revision_row(connection: Connection | Session, article_key: int, number: int) -> AnyRow:
    """Raises RevisionNotFound or RevisionPurged."""
    row = None
    if 1 <= number <= MAX_REVISION:
        row = connection.execute(
            CARD.add_columns(Revision.document).where(
                Revision.article_key == article_key, Revision.revision == number
            )
        ).one_or_none()
    if row is None:
        raise RevisionNotFound(str(number))
    if row.purged_at is not None:
        raise RevisionPurged(f"Revision {number} was purged.", purged_at=row.purged_at)
    return row


# Any: the columns of CARD
def revision_card(row: AnyRow) -> RevisionCard:
    return {
        "revision": row.key,
        "saved_at": row.saved_at,
        "headline": None if row.purged_at is not None else row.headline,
        "author": author(row.author, row.author_name),
        "note": row.note,
        "cause": row.cause,
        "purged_at": row.purged_at,
        "purged_by": author(row.purged_by, row.purger_name),
    }


def author(key_id: str | None, name: str | None) -> Author | None:
    return None if key_id is None else {"id": key_id, "name": name}


def article_of(connection: Connection, article_id: str, viewer: Viewer) -> int:
    key = get_article_key(connection, article_id, viewer)
    # What an article said before it was published, or before it was corrected, is not public.
    viewer.require_desk("Revisions")
    return key
