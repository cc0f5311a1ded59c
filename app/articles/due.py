"""What the clock does to articles: each becomes public, or is over, at its instant, drafts take
their places, and what was deleted long ago is so for good."""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.viewer import the_service
from app.articles.drafts import publish_draft, schedule_draft
from app.articles.edits import tell_of_edit
from app.articles.revisions import document_of
from app.articles.states import settle, shown_status
from app.articles.trash import purge_old
from app.articles.writes import finish
from app.changes.journal import record_change
from app.database.session import write_part
from app.errors import DraftNotPublishable, Problem
from app.models import Article, Draft
from app.settings import TRASH_DAYS
from app.web.json import plain

CAUSE = "clock"
# What comes due at once is done in several writes, so that others get their turn.
TOGETHER = 100

log = logging.getLogger("onrecord.clock")


def do_what_is_due(session: Session, at: datetime, trash_days: int = TRASH_DAYS) -> int:
    """Do a part of what is due by now. Whoever comes second finds nothing left to do. How many
    articles it was."""
    return (
        settle_due(session, at)
        or publish_due_drafts(session, at)
        or purge_old(session, at, days=trash_days, cause=CAUSE)
    )


def settle_due(session: Session, at: datetime) -> int:
    """Tell the journal of what has become public or is over."""
    due = select(Article).where(Article.due_at <= at).order_by(Article.due_at, Article.key)
    articles = session.scalars(due.limit(TOGETHER)).all()
    for article in articles:
        settle_article(session, article, at)
    return len(articles)


def publish_due_drafts(session: Session, at: datetime) -> int:
    """Each as a write of its own: one that cannot be published stays, and says why."""
    due = select(Draft.id).where(Draft.publish_at <= at).order_by(Draft.publish_at, Draft.key)
    drafts = session.scalars(due.limit(TOGETHER)).all()
    for draft_id in drafts:
        try:
            write_part(session, publish_due, draft_id, at)
        except Problem as problem:
            log.warning("the draft %s was not published: %s", draft_id, problem.detail)
            write_part(session, keep_failure, draft_id, problem, at)
    return len(drafts)


def publish_due(session: Session, draft_id: str, at: datetime) -> None:
    draft, article = draft_and_article(session, draft_id)
    before = shown_status(article, at)
    if before != "live":
        raise DraftNotPublishable(f"The article is {before}: its draft takes nobody's place.")
    publish_draft(session, article, draft, the_service(at), before=before, cause=CAUSE)


def keep_failure(session: Session, draft_id: str, problem: Problem, at: datetime) -> None:
    draft, _ = draft_and_article(session, draft_id)
    schedule_draft(session, draft, None, at)
    draft.failure = plain({"at": at, "code": problem.code, "detail": problem.detail})


def draft_and_article(session: Session, draft_id: str) -> tuple[Draft, Article]:
    draft = session.scalars(select(Draft).where(Draft.id == draft_id)).one()
    return draft, session.get_one(Article, draft.article_key)


def settle_article(session: Session, article: Article, at: datetime) -> None:
    was_announced, now = article.is_announced, shown_status(article, at)
    if now == "withdrawn":
        article.status = "withdrawn"
        article.revision += 1
        article.updated_at = at
    events = settle(article, now, at)
    if not was_announced and now == "withdrawn":
        # It was public while nobody watched the clock.
        events = ["article.published", "article.withdrawn"]
    if now == "withdrawn":
        finish(session, article, the_service(at), events, cause=CAUSE)
        return
    session.flush()
    # Its text is as it was: the journal is told where it lies and of whom it speaks.
    document = document_of(session, article.key, article.revision)
    tell_of_edit(session, article.id, document, document)
    for event in events:
        record_change(session, event, article, at=at, cause=CAUSE)
