"""Publication: now or at an instant, for good or for a time; and taking an article back."""

from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.dates import check_dates, forget_past_end, invalid
from app.articles.drafts import draft_to_publish, find_draft, publish_draft, schedule_draft
from app.articles.reads import get_article
from app.articles.schemas import PublicationWrite
from app.articles.states import shown_status
from app.articles.writes import answered, save_article
from app.database.session import connection_of, try_part
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
    """Make an article live, or put its draft in its place: now, or at the instant that is sent."""
    article = find_to_change(session, Article, name, precondition, ArticleNotFound)
    before = shown_status(article, viewer.at)
    draft = None
    if content.revision is not None:
        draft = draft_to_publish(session, article, content.revision)
        if before == "live" and content.at is not None and content.at > viewer.at:
            return schedule_over(session, article, content, content.at, viewer)
    sent = content.model_fields_set
    article.status = "live"
    if "embargoed_until" in sent:
        article.embargoed_until = content.embargoed_until
        article.embargo_note = None
    if "embargo_note" in sent:
        article.embargo_note = content.embargo_note
    article.published_at = begins_at(article, content.at, viewer.at)
    forget_past_end(article, viewer.at)
    if "until" in sent:
        article.published_until = content.until
    check_dates(article, viewer.at, begins="/at", ends="/until")
    if draft is None:
        return save_article(session, article, viewer, before=before)
    publish_draft(session, article, draft, viewer, before=before)
    return answered(session, article, utf16=False)


def schedule_over(
    session: Session, article: Article, content: PublicationWrite, at: datetime, viewer: Viewer
) -> ArticleRead:
    """Have the draft take the place of what is live at an instant to come. It is tried now: what
    would refuse it then refuses it now."""
    for name in ("until", "embargoed_until", "embargo_note"):
        if name in content.model_fields_set:
            raise invalid(f"/{name}", "It is the article's, not its draft's: say it without one.")
    key, revision = article.key, cast(int, content.revision)  # whoever calls has seen it
    try_part(session, publish_now, key, revision, viewer)
    article = session.get_one(Article, key)
    draft = draft_to_publish(session, article, revision)
    schedule_draft(session, draft, at, viewer.at)
    return get_article(connection_of(session), article.id, viewer)


def publish_now(session: Session, key: int, revision: int, viewer: Viewer) -> None:
    """The draft of what is live already."""
    article = session.get_one(Article, key)
    draft = draft_to_publish(session, article, revision)
    publish_draft(session, article, draft, viewer, before=shown_status(article, viewer.at))


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
    draft = find_draft(session, article)
    if draft is not None and draft.publish_at is not None:
        schedule_draft(session, draft, None, viewer.at)
    article.withdrawal_note = public_note if article.status == "withdrawn" else None
    return save_article(session, article, viewer, before=before)
