"""Publication: now or at an instant, for good or for a time; and taking an article back."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.dates import check_dates, forget_past_end, invalid
from app.articles.schemas import PublicationWrite
from app.articles.states import shown_status
from app.articles.writes import save_article
from app.documents.articles import ArticleRead
from app.errors import ArticleNotFound
from app.models import Article
from app.slugs.writes import find_to_change
from app.web.conditional import Precondition


def put_publication(
    session: Session,
    name: str,
    content: PublicationWrite,
    precondition: Precondition,
    viewer: Viewer,
) -> ArticleRead:
    """Make an article live: now, or at the instant that is sent."""
    article = find_to_change(session, Article, name, precondition, ArticleNotFound)
    before = shown_status(article, viewer.at)
    sent = content.model_fields_set
    article.status = "live"
    if "embargoed_until" in sent:
        article.embargoed_until = content.embargoed_until
    article.published_at = begins_at(article, content.at, viewer.at)
    forget_past_end(article, viewer.at)
    if "until" in sent:
        article.published_until = content.until
    check_dates(article, viewer.at, begins="/at", ends="/until")
    return save_article(session, article, viewer, before=before)


def begins_at(article: Article, at: datetime | None, now: datetime) -> datetime:
    if at is not None and at < now:
        raise invalid("/at", "A publication begins now, or at an instant to come.")
    if at is not None and (at > now or not article.is_announced):
        return at
    # A date to come was a plan; one that has passed is when it was first read.
    return min(article.published_at or now, now)


def delete_publication(
    session: Session,
    name: str,
    public_note: str | None,
    precondition: Precondition,
    viewer: Viewer,
) -> ArticleRead:
    """Take an article back: it stays, and is public no more. Whoever comes to its address is told
    the public note, if there is one. One that nobody has read yet is a draft again."""
    article = find_to_change(session, Article, name, precondition, ArticleNotFound)
    before = shown_status(article, viewer.at)
    article.status = "draft" if before == "scheduled" and not article.is_announced else "withdrawn"
    article.withdrawal_note = public_note if article.status == "withdrawn" else None
    return save_article(session, article, viewer, before=before)
