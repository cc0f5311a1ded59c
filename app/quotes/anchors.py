"""`quotes/{id}/anchor`: a person says where a quote that has lost its place stands, or that it
stands nowhere."""

from typing import cast

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.documents.quotes import AnchorProposal, QuoteAnchor, QuoteRead
from app.errors import AnchorConflict, QuoteNotFound, ValidationError
from app.models import Article, Quote
from app.quotes.anchoring import Span
from app.quotes.assignment import WHOLE, assign_place
from app.quotes.history import keep_quote
from app.quotes.placing import Placed, place_quote, placed
from app.quotes.reads import get_quote
from app.quotes.schemas import AnchorWrite, ArticleQuoteWrite
from app.quotes.writes import KeepRevision, touch_article
from app.slugs.writes import find_to_change
from app.web.conditional import Precondition


def get_anchor(
    connection: Connection, quote_id: str, viewer: Viewer, *, utf16: bool = False
) -> QuoteAnchor:
    quote = get_quote(connection, quote_id, viewer, utf16=utf16)
    statement = (
        select(Article.id, Article.revision, Quote.anchored_revision)
        .join(Quote, Quote.article_key == Article.key)
        .where(Quote.id == quote_id)
    )
    row = connection.execute(statement).one()
    return {
        "id": quote["id"],
        "revision": quote["revision"],
        "article": row.id,
        "article_revision": row.revision,
        "anchor": quote["anchor"],
        "spans": quote["spans"],
        "proposals": quote["proposals"],
        "anchored_revision": row.anchored_revision,
        "detached": quote["detached"],
    }


def put_anchor(
    session: Session,
    quote_id: str,
    content: AnchorWrite,
    precondition: Precondition,
    viewer: Viewer,
    keep: KeepRevision,
    *,
    utf16: bool = False,
) -> QuoteRead:
    """Give a quote the place that is sent or proposed; its words become the article's there.

    Raises AnchorConflict when nothing is sent and there is not one proposal alone.
    """
    quote = find_to_change(session, Quote, quote_id, precondition, QuoteNotFound, WHOLE)
    article = session.get_one(Article, quote.article_key)
    assign_place(quote, chosen_place(article, quote, content, utf16=utf16), "anchored")
    quote.reviewed = True
    if keep_quote(session, quote, at=viewer.at):
        touch_article(session, article, viewer.at, keep, cause="quote.anchored")
    return get_quote(session.connection(), quote.id, viewer, utf16=utf16)


def delete_anchor(
    session: Session,
    quote_id: str,
    precondition: Precondition,
    viewer: Viewer,
    keep: KeepRevision,
) -> QuoteRead:
    """Detach a quote: it keeps its words and its history, and no edit gives it a place again."""
    quote = find_to_change(session, Quote, quote_id, precondition, QuoteNotFound, WHOLE)
    article = session.get_one(Article, quote.article_key)
    quote.anchor = "orphaned"
    quote.anchored_revision = None
    quote.proposals = None
    quote.reviewed = True
    event = "quote.detached"
    if keep_quote(session, quote, at=viewer.at, event=event):
        touch_article(session, article, viewer.at, keep, cause=event)
    return get_quote(session.connection(), quote.id, viewer)


def chosen_place(article: Article, quote: Quote, content: AnchorWrite, *, utf16: bool) -> Placed:
    if content.spans or content.text is not None:
        words = ArticleQuoteWrite(
            text=content.text, spans=content.spans, prefix=content.prefix, suffix=content.suffix
        )
        return place_quote(article.text, words, utf16=utf16)
    # What a row holds is what was once assigned.
    proposals = cast(list[AnchorProposal], quote.proposals or [])
    index = content.proposal
    if index is None and len(proposals) == 1:
        index = 0
    if index is None:
        there = "several proposals" if proposals else "no proposal"
        raise AnchorConflict(
            f"There is {there} where the quote may stand: send its spans, or its words as text.",
            proposals=proposals,
        )
    if index >= len(proposals):
        detail = f"There are {len(proposals)} proposals, counted from 0."
        raise ValidationError(detail, errors=[{"pointer": "/proposal", "detail": detail}])
    spans = tuple(Span(span["start"], span["end"]) for span in proposals[index]["spans"])
    return placed(article.text, spans)
