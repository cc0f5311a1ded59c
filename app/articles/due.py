"""What the clock does to articles: each becomes public, or is over, at its instant."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.viewer import the_service
from app.articles.states import settle, shown_status
from app.articles.writes import finish
from app.changes.journal import record_change
from app.models import Article

CAUSE = "clock"
# What comes due at once is done in several writes, so that others get their turn.
TOGETHER = 100


def do_what_is_due(session: Session, at: datetime) -> int:
    """Tell the journal of what has become public or is over by now. Whoever comes second finds
    nothing left to do. How many articles it was."""
    due = select(Article).where(Article.due_at <= at).order_by(Article.due_at, Article.key)
    articles = session.scalars(due.limit(TOGETHER)).all()
    for article in articles:
        settle_article(session, article, at)
    return len(articles)


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
    for event in events:
        record_change(session, event, article, at=at, cause=CAUSE)
