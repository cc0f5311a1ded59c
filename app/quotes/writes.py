"""Quotes, written alone."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.documents.quotes import QuoteRead
from app.errors import Moved, QuoteNotFound, ReferenceNotFound, ValidationError
from app.models import Article, Quote
from app.models.article import MAX_QUOTES
from app.models.base import new_id
from app.quotes.assignment import WHOLE, assign_place, assign_quote, new_quote, quotes_in
from app.quotes.dismissals import dismiss
from app.quotes.history import keep_quote
from app.quotes.placing import place_quote
from app.quotes.reads import get_quote
from app.quotes.schemas import ArticleReference, QuoteWrite
from app.slugs.writes import find_named, find_to_change, find_to_put
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

READ_ONLY = (
    "id", "revision", "anchor", "proposals", "detached", "reviewed", "rule", "confidence",
    "retraction", "created_at", "updated_at",
)  # fmt: skip


class KeepRevision(Protocol):
    """Keeps a revision of an article whose quotes have changed; the articles' own, from above."""

    def __call__(self, session: Session, article: Article, at: datetime, *, cause: str) -> None: ...


def post_quote(
    session: Session, content: QuoteWrite, viewer: Viewer, keep: KeepRevision, *, utf16: bool
) -> QuoteRead:
    quote = new_quote(new_id(), viewer.at)
    return save_quote(session, quote, content, viewer, keep, utf16=utf16)


def put_quote(
    session: Session,
    quote_id: str,
    content: QuoteWrite,
    precondition: Precondition,
    viewer: Viewer,
    keep: KeepRevision,
    *,
    utf16: bool,
) -> tuple[QuoteRead, bool]:
    """The quote, and whether it was created."""
    quote = find_to_put(session, Quote, quote_id, precondition, QuoteNotFound, WHOLE)
    created = quote is None
    if quote is None:
        quote = new_quote(quote_id, viewer.at)
    return save_quote(session, quote, content, viewer, keep, utf16=utf16), created


def patch_quote(
    session: Session,
    quote_id: str,
    patch: Patch,
    precondition: Precondition,
    viewer: Viewer,
    keep: KeepRevision,
) -> QuoteRead:
    quote = find_to_change(session, Quote, quote_id, precondition, QuoteNotFound, WHOLE)
    current = get_quote(session.connection(), quote.id, viewer)
    content = patched(
        current,
        patch,
        QuoteWrite,
        read_only=READ_ONLY,
        left_alone=("spans", "prefix", "suffix"),
        references=("article", "speaker"),
    )
    same_place = content.text == quote.text and content.spans is None
    return save_quote(session, quote, content, viewer, keep, same_place=same_place)


def delete_quote(
    session: Session, quote_id: str, precondition: Precondition, viewer: Viewer, keep: KeepRevision
) -> None:
    quote = find_to_change(session, Quote, quote_id, precondition, QuoteNotFound, WHOLE)
    article = session.get_one(Article, quote.article_key)
    dismiss(session, quote)
    record_change(session, "quote.deleted", quote, at=viewer.at)
    session.delete(quote)
    touch_article(session, article, viewer.at, keep, cause="quote.deleted")


def save_quote(
    session: Session,
    quote: Quote,
    content: QuoteWrite,
    viewer: Viewer,
    keep: KeepRevision,
    *,
    utf16: bool = False,
    same_place: bool = False,
) -> QuoteRead:
    """Keep a quote as a person writes it. In the `same_place` its words are not looked for."""
    article = find_article(session, content.article)
    former = quote.article_key
    cause = "quote.created" if quote.key is None else "quote.updated"
    place = None
    if former != article.key or not same_place:
        place = place_quote(article.text, content, utf16=utf16)
    if former != article.key:
        present = quotes_in(session, article)
        if len(present) >= MAX_QUOTES:
            raise ValidationError(f"An article has at most {MAX_QUOTES} quotes.")
        quote.position = max((one.position for one in present), default=-1) + 1
    assign_quote(session, article, quote, content, viewer.at, cause=cause)
    if place is not None:
        assign_place(quote, place, "anchored")
    quote.reviewed = True
    if keep_quote(session, quote, at=viewer.at):
        if former not in (None, article.key):
            left = session.get_one(Article, former)
            touch_article(session, left, viewer.at, keep, cause=cause)
        touch_article(session, article, viewer.at, keep, cause=cause)
    return get_quote(session.connection(), quote.id, viewer, utf16=utf16)


def find_article(session: Session, reference: ArticleReference) -> Article:
    try:
        article = find_named(session, Article, reference.name)
    except Moved as moved:
        # The redirect is of the article's address, which is not the one that was asked for.
        article = find_named(session, Article, moved.current_name)
    if article is None:
        detail = f"There is no article {reference.name}."
        raise ReferenceNotFound(detail, errors=[{"pointer": "/article", "detail": detail}])
    return article


def touch_article(
    session: Session, article: Article, at: datetime, keep: KeepRevision, *, cause: str
) -> None:
    """A change of its quotes is a change of the article: else a PUT could undo it unseen."""
    article.revision += 1
    article.updated_at = at
    session.flush()
    record_change(session, "article.updated", article, at=at, cause=cause)
    keep(session, article, at, cause=cause)
