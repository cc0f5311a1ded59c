"""The dates of an article, and what cannot be said of them."""

from datetime import datetime

from app.articles.schemas import ArticleWrite
from app.articles.states import shown_status
from app.errors import AlreadyPublic, ScheduleInvalid
from app.models import Article


def assign_dates(article: Article, content: ArticleWrite, at: datetime) -> None:
    """Status and dates as sent; the others stay. Raises ScheduleInvalid or AlreadyPublic."""
    sent = content.model_fields_set
    if content.status is not None:
        article.status = "live" if content.status == "scheduled" else content.status
        forget_past_end(article, at)
    if "published_at" in sent:
        article.published_at = content.published_at
    if "embargoed_until" in sent:
        article.embargoed_until = content.embargoed_until
    if article.status == "live" and article.published_at is None:
        article.published_at = at
    if content.status == "scheduled" and shown_status(article, at) != "scheduled":
        raise invalid("/published_at", "A scheduled article is published at an instant to come.")
    check_dates(article, at, begins="/published_at", ends="/published_at")


def forget_past_end(article: Article, at: datetime) -> None:
    """What goes live again does so for good, unless another end is told."""
    if article.published_until is not None and article.published_until <= at:
        article.published_until = None


def check_dates(article: Article, at: datetime, *, begins: str, ends: str) -> None:
    """Raises AlreadyPublic for what readers have seen and would be held back from them, and
    ScheduleInvalid for what would be over before it begins. `begins` and `ends` point at the
    instants in what was sent."""
    since, until = article.public_since, article.published_until
    if article.status != "live" or since is None:
        return
    if since > at and article.is_announced:
        detail = "The article is public already: withdraw it first."
        pointer = "/embargoed_until" if since == article.embargoed_until else begins
        raise AlreadyPublic(detail, errors=[{"pointer": pointer, "detail": detail}])
    if until is not None and until <= max(since, at):
        raise invalid(ends, "A publication ends after it has begun.")


def invalid(pointer: str, detail: str) -> ScheduleInvalid:
    return ScheduleInvalid(detail, errors=[{"pointer": pointer, "detail": detail}])
