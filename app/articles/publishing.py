"""Publication: now or at an instant, for good or for a time; and taking an article back."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.schemas import PublicationWrite
from app.articles.states import shown_status
from app.articles.writes import refuse_embargo, save_article
from app.documents.articles import ArticleRead
from app.errors import AlreadyPublic, ArticleNotFound, ScheduleInvalid
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
    if "embargoed_until" in sent:
        refuse_embargo(article, content.embargoed_until, viewer.at)
        article.embargoed_until = content.embargoed_until
    article.published_at = begins_at(article, content.at, viewer.at)
    if "until" in sent or is_past(article.published_until, viewer.at):
        article.published_until = content.until
    article.status = "live"
    since = article.public_since
    if content.until is not None and since is not None and content.until <= max(since, viewer.at):
        raise invalid("/until", "A publication ends after it has begun.")
    return save_article(session, article, viewer, before=before)


def begins_at(article: Article, at: datetime | None, now: datetime) -> datetime:
    if at is not None and at < now:
        raise invalid("/at", "A publication begins now, or at an instant to come.")
    if at is not None and at > now and article.is_announced:
        detail = "The article is public already: withdraw it first."
        raise AlreadyPublic(detail, errors=[{"pointer": "/at", "detail": detail}])
    if at is not None and not article.is_announced:
        return at
    # A date to come was a plan; one that has passed is when it was first read.
    return min(article.published_at or now, now)


def is_past(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now


def invalid(pointer: str, detail: str) -> ScheduleInvalid:
    return ScheduleInvalid(detail, errors=[{"pointer": pointer, "detail": detail}])


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
    article.withdrawal_note = public_note
    article.status = "draft" if before == "scheduled" and not article.is_announced else "withdrawn"
    return save_article(session, article, viewer, before=before)
