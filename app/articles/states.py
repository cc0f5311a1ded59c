"""What an article is at an instant, as people call it, and which events a change of that is."""

from datetime import datetime
from typing import Protocol

from app.models import Article
from app.models.article import ArticleStatus, ShownStatus


class Dated(Protocol):
    """An article, or a row of these columns."""

    @property
    def status(self) -> ArticleStatus: ...
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def published_until(self) -> datetime | None: ...
    @property
    def embargoed_until(self) -> datetime | None: ...


def shown_status(article: Dated, at: datetime) -> ShownStatus:
    """In SQL: models/visibility.py."""
    if article.status != "live":
        return article.status
    if article.published_until is not None and article.published_until <= at:
        return "withdrawn"
    begins = (article.published_at, article.embargoed_until)
    return "scheduled" if any(one is not None and one > at for one in begins) else "live"


# What happened to an article that is this now, and was something else.
EVENTS: dict[ShownStatus, str] = {
    "draft": "article.unpublished",
    "scheduled": "article.scheduled",
    "live": "article.published",
    "withdrawn": "article.withdrawn",
}


def settle(article: Article, before: ShownStatus, at: datetime) -> list[str]:
    """Bring up to date what an article says of its own publicity, and return the events that this
    amounts to. `before` is what it was shown as before it was changed."""
    now = shown_status(article, at)
    was_announced, article.is_announced = article.is_announced, now == "live"
    article.was_announced = was_announced
    article.due_at = {"scheduled": article.public_since, "live": article.published_until}.get(now)
    if article.is_announced:
        article.withdrawal_note = None
        return [] if was_announced else [EVENTS["live"]]
    if was_announced and now == "scheduled":
        return [EVENTS["withdrawn"], EVENTS["scheduled"]]
    return [EVENTS[now]] if was_announced or now != before else []
