"""A revision purged, for libel or privacy: what it held goes, that it was there stays."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.edits import tell_of_edit
from app.articles.history import TELLING
from app.articles.revisions import document_of, revision_row
from app.changes.journal import record_change
from app.database.acts import act_of
from app.errors import ArticleNotFound, RevisionInUse
from app.models import Article, Quote, Revision
from app.slugs.writes import get_named
from app.web.conditional import Precondition


@dataclass(slots=True)
class Tagged:
    """What If-Match names: a revision never changes, so that its number tells its state."""

    id: str
    revision: int


def purge_revision(
    session: Session, name: str, number: int, precondition: Precondition, viewer: Viewer
) -> None:
    """Raises RevisionNotFound, RevisionPurged or RevisionInUse. The article stays as it is."""
    article = get_named(session, Article, name, ArticleNotFound)
    row = revision_row(session, article.key, number)
    precondition.require(Tagged(article.id, number))
    refuse_in_use(session, article, number)
    session.execute(
        update(Revision)
        .where(Revision.article_key == article.key, Revision.revision == number)
        .values(
            headline="",
            document={member: row.document.get(member) for member in TELLING},
            purged_at=viewer.at,
            purged_by=act_of(session).actor,
        )
    )
    document = document_of(session, article.key, article.revision)
    tell_of_edit(session, article.id, document, document)
    record_change(session, "article.revision_purged", article, at=viewer.at)


def refuse_in_use(session: Session, article: Article, number: int) -> None:
    if number == article.revision:
        raise RevisionInUse(
            f"Revision {number} is the article as it stands: change the article first.", quotes=[]
        )
    statement = select(Quote.id).where(
        Quote.article_key == article.key, Quote.anchored_revision == number
    )
    if quotes := list(session.scalars(statement.order_by(Quote.position))):
        raise RevisionInUse(
            f"Quotes stood last in revision {number}: settle them first: {', '.join(quotes)}.",
            quotes=quotes,
        )
