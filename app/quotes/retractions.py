"""`quotes/{id}/retraction`: a quote is taken back, with a public note on why."""

from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.documents.quotes import QuoteRead
from app.errors import QuoteNotFound
from app.models import Article, Quote
from app.quotes.assignment import WHOLE
from app.quotes.history import keep_quote
from app.quotes.reads import get_quote
from app.quotes.schemas import RetractionWrite
from app.quotes.writes import KeepRevision, touch_article
from app.slugs.writes import find_to_change
from app.web.conditional import Precondition


def put_retraction(
    session: Session,
    quote_id: str,
    content: RetractionWrite,
    precondition: Precondition,
    viewer: Viewer,
    keep: KeepRevision,
) -> QuoteRead:
    """Retract a quote, or change the note of its retraction."""
    quote, article = find_both(session, quote_id, precondition)
    quote.status = "retracted"
    quote.retraction_note = content.note
    quote.retracted_at = quote.retracted_at or viewer.at
    return save_standing(session, quote, article, viewer, keep)


def delete_retraction(
    session: Session,
    quote_id: str,
    precondition: Precondition,
    viewer: Viewer,
    keep: KeepRevision,
) -> QuoteRead:
    """Take a retraction back: the quote is confirmed again."""
    quote, article = find_both(session, quote_id, precondition)
    if quote.status == "retracted":
        quote.status = "confirmed"
        quote.retraction_note = quote.retracted_at = None
    return save_standing(session, quote, article, viewer, keep)


def find_both(session: Session, quote_id: str, precondition: Precondition) -> tuple[Quote, Article]:
    quote = find_to_change(session, Quote, quote_id, precondition, QuoteNotFound, WHOLE)
    return quote, session.get_one(Article, quote.article_key)


def save_standing(
    session: Session, quote: Quote, article: Article, viewer: Viewer, keep: KeepRevision
) -> QuoteRead:
    quote.reviewed = True
    if keep_quote(session, quote, at=viewer.at):
        touch_article(session, article, viewer.at, keep, cause="quote.updated")
    return get_quote(session.connection(), quote.id, viewer)
