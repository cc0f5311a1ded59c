"""The quotes of an article, written with it and carried along with an edit of its text."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.changes.journal import record_change, was_used
from app.errors import (
    AnchorConflict,
    IdTaken,
    Problem,
    ValidationError,
)
from app.models import AnchorState, Article, Quote
from app.models.article import MAX_QUOTES
from app.models.base import new_id
from app.quotes.anchoring import Span
from app.quotes.assignment import assign_place, assign_quote, new_quote, quotes_in
from app.quotes.placing import (
    Placed,
    in_units,
    place_quote,
    placed,
    raise_together,
    shortened,
)
from app.quotes.reanchoring import Anchored, Placement, reanchor
from app.quotes.schemas import ArticleQuoteWrite


def replace_quotes(
    session: Session,
    article: Article,
    contents: Sequence[ArticleQuoteWrite],
    *,
    old_text: str | None,
    at: datetime,
    cause: str,
    utf16: bool,
) -> None:
    """Make these the article's quotes: known ones are kept, new ones added, others removed.

    A quote is known by its id, or by the same words. One that is sent as it was served is carried
    to where its words stand now. Raises NotVerbatim or Ambiguous for all that cannot be placed.
    """
    if len(contents) > MAX_QUOTES:
        detail = f"An article has at most {MAX_QUOTES} quotes; these are {len(contents)}."
        raise ValidationError(detail, errors=[{"pointer": "/quotes", "detail": detail}])
    present = quotes_in(session, article)
    carried = carried_places(present, old_text, article.text)
    remaining = dict.fromkeys(present)
    named: set[str | None] = {article.id}
    problems: list[Problem] = []
    kept: list[tuple[Quote, ArticleQuoteWrite, Placed, AnchorState]] = []
    for index, content in enumerate(contents):
        try:
            quote = known_quote(session, remaining, named, content)
            named.add(content.id)
            if quote is not None:
                remaining.pop(quote)
            place, state = place_again(
                article.text, old_text or "", quote, content, carried, utf16=utf16
            )
            kept.append((quote or new_quote(content.id or new_id(), at), content, place, state))
        except Problem as problem:
            problems.append(problem.within(f"/quotes/{index}"))
    raise_together(problems)
    for quote in remaining:
        record_change(session, "quote.deleted", quote, at=at, cause=cause)
        session.delete(quote)
    for position, (quote, content, place, state) in enumerate(kept):
        quote.position = position
        try:
            assign_quote(session, article, quote, content, at, cause=cause)
        except Problem as problem:
            raise problem.within(f"/quotes/{position}") from None
        assign_place(quote, place, state)
        keep_change(session, quote, at, cause)


def carry_quotes(
    session: Session, article: Article, *, old_text: str, at: datetime, cause: str
) -> None:
    """Re-anchor the article's quotes after an edit of its text, by the exact steps alone.

    Raises AnchorConflict with the quotes that the edit would break.
    """
    present = quotes_in(session, article)
    placements = reanchor(old_text, article.text, [anchored(quote) for quote in present])
    broken = [
        (quote, placement)
        for quote, placement in zip(present, placements, strict=True)
        if placement.state in ("ambiguous", "lost")
    ]
    if broken:
        raise anchor_conflict(broken)
    for quote, placement in zip(present, placements, strict=True):
        assert placement.state in ("anchored", "moved")
        assign_place(quote, placed(article.text, placement.spans), placement.state)
        keep_change(session, quote, at, cause)


def carried_places(
    present: Sequence[Quote], old_text: str | None, new_text: str
) -> dict[Quote, Placement]:
    if old_text is None or not present:
        return {}
    quotes = [anchored(quote) for quote in present]
    return dict(zip(present, reanchor(old_text, new_text, quotes), strict=True))


def anchored(quote: Quote) -> Anchored:
    spans = tuple(Span(span.start, span.end) for span in quote.spans)
    return Anchored(spans, quote.prefix, quote.suffix)


def known_quote(
    session: Session,
    remaining: dict[Quote, None],
    named: set[str | None],
    content: ArticleQuoteWrite,
) -> Quote | None:
    """The quote that is meant, among those not named yet; None for a new one."""
    if content.id is not None:
        for quote in remaining:
            if quote.id == content.id:
                return quote
        if content.id in named or was_used(session, content.id):
            detail = f"The id {content.id} is another's, or was used before."
            raise IdTaken(detail, errors=[{"pointer": "/id", "detail": detail}])
        return None
    if content.text is None:
        return None
    return next((quote for quote in remaining if quote.text == content.text), None)


def place_again(
    text: str,
    old_text: str,
    quote: Quote | None,
    content: ArticleQuoteWrite,
    carried: dict[Quote, Placement],
    *,
    utf16: bool,
) -> tuple[Placed, AnchorState]:
    """The place of a quote that was sent: the carried one, unless it was sent with another."""
    placement = carried.get(quote) if quote is not None else None
    if placement and quote is not None:
        same_words = content.text in (None, quote.text)
        served = [
            in_units(old_text, Span(span.start, span.end), utf16=utf16) for span in quote.spans
        ]
        sent = [Span(span.start, span.end) for span in content.spans or ()]
        if same_words and sent in ([], served):
            if placement.state in ("anchored", "moved"):
                state: AnchorState = "moved" if placement.state == "moved" else "anchored"
                return placed(text, placement.spans), state
            # Its offsets were those of the former text: only the words can tell where it stands.
            content = content.model_copy(update={"text": quote.text, "spans": None})
    return place_quote(text, content, utf16=utf16), "anchored"


def keep_change(session: Session, quote: Quote, at: datetime, cause: str) -> None:
    """Raise the revision of a quote that has changed, and put it in the journal."""
    if quote.key is None:
        session.add(quote)
        session.flush()
        record_change(session, "quote.created", quote, at=at, cause=cause)
    elif session.is_modified(quote):
        quote.revision += 1
        quote.updated_at = at
        session.flush()
        event = "quote.moved" if quote.anchor == "moved" else "quote.updated"
        record_change(session, event, quote, at=at, cause=cause)


def anchor_conflict(broken: Sequence[tuple[Quote, Placement]]) -> Problem:
    quotes = [
        {
            "id": quote.id,
            "text": quote.text,
            "anchor": "ambiguous" if placement.state == "ambiguous" else "orphaned",
            "spans": [
                {"start": span.start, "end": span.end, "exact": span.exact} for span in quote.spans
            ],
        }
        for quote, placement in broken
    ]
    words = "; ".join(f"“{shortened(quote.text)}”" for quote, _ in broken[:3])
    return AnchorConflict(
        f"The new text would break {len(broken)} of the article's quotes: {words}. "
        "Send the quotes with the text, or leave their words as they are.",
        quotes=quotes,
    )
