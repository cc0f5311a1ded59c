"""What a quote's row is given: who spoke, how, and where in the article."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.database.rows import is_new, new_object
from app.entities.matching import find_or_add_entity
from app.errors import Problem
from app.models import AnchorState, Article, Quote, QuoteSpan
from app.quotes.history import has_other_form
from app.quotes.placing import Placed
from app.quotes.schemas import ArticleQuoteWrite
from app.search.words import folded_text

WHOLE = (selectinload(Quote.spans),)


def new_quote(quote_id: str, at: datetime) -> Quote:
    """A quote as a person writes it."""
    return new_object(
        Quote, id=quote_id, revision=1, reviewed=True, created_at=at, updated_at=at, spans=[]
    )


def quotes_in(session: Session, article: Article) -> Sequence[Quote]:
    if is_new(article):
        return []
    statement = select(Quote).where(Quote.article_key == article.key).options(*WHOLE)
    return session.scalars(statement.order_by(Quote.position, Quote.key)).all()


def assign_quote(
    session: Session,
    article: Article,
    quote: Quote,
    content: ArticleQuoteWrite,
    at: datetime,
    *,
    cause: str,
) -> None:
    speaker = None
    if content.speaker is not None:
        try:
            speaker = find_or_add_entity(session, content.speaker, at=at, cause=cause)
        except Problem as problem:
            raise problem.within("/speaker") from None
    quote.article_key = article.key
    quote.kind = content.kind
    quote.speaker_key = speaker.key if speaker else None
    quote.speaker_label = content.speaker_label
    quote.speaker_role = content.speaker_role
    quote.cue = content.cue
    quote.said_at = content.said_at
    quote.context = content.context
    quote.language = content.language or article.language
    quote.status = content.status
    if content.status != "retracted":
        quote.retracted_at = quote.retraction_note = None
    elif quote.retracted_at is None:
        quote.retracted_at = at
    # To send back what extraction found, as it was served, decides nothing.
    quote.reviewed = quote.reviewed or has_other_form(quote)


def assign_place(quote: Quote, place: Placed, state: AnchorState) -> None:
    quote.anchor = state
    quote.anchored_revision = None
    quote.proposals = None
    quote.text = place.text
    quote.folded_text = folded_text(place.text)
    quote.prefix = place.prefix
    quote.suffix = place.suffix
    spans = [
        (start, end, exact) for (start, end), exact in zip(place.spans, place.exacts, strict=True)
    ]
    if [(span.start, span.end, span.exact) for span in quote.spans] != spans:
        make = partial(new_object, QuoteSpan) if is_new(quote) else QuoteSpan
        quote.spans = [
            make(position=position, start=start, end=end, exact=exact)
            for position, (start, end, exact) in enumerate(spans)
        ]
