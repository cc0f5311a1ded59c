"""Quotes, written: alone, with their article, and after an edit of its text."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.access.viewer import Viewer
from app.changes.journal import record_change, was_used
from app.documents.quotes import QuoteRead
from app.entities.matching import find_or_add_entity
from app.errors import (
    AnchorConflict,
    IdTaken,
    Moved,
    Problem,
    QuoteNotFound,
    ReferenceNotFound,
    ValidationError,
)
from app.models import AnchorState, Article, Quote, QuoteSpan
from app.models.article import MAX_QUOTES
from app.models.base import new_id
from app.quotes.anchoring import Span
from app.quotes.placing import (
    Placed,
    in_units,
    place_quote,
    placed,
    raise_together,
    shortened,
)
from app.quotes.reads import get_quote
from app.quotes.reanchoring import Anchored, Placement, reanchor
from app.quotes.schemas import ArticleQuoteWrite, ArticleReference, QuoteSpanWrite, QuoteWrite
from app.slugs.writes import find_named, find_to_change, find_to_put
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

WHOLE = (selectinload(Quote.spans),)
READ_ONLY = ("id", "revision", "anchor", "created_at", "updated_at")

# Keeps a revision of an article whose quotes have changed; the articles' own, from above.
KeepRevision = Callable[[Session, Article, datetime], None]


def post_quote(
    session: Session, content: QuoteWrite, viewer: Viewer, keep: KeepRevision, *, utf16: bool
) -> QuoteRead:
    quote = new_quote(new_id(), viewer.at)
    return save_quote(session, quote, content, viewer, keep, event="quote.created", utf16=utf16)


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
    else:
        quote.revision += 1
    event = "quote.created" if created else "quote.updated"
    document = save_quote(session, quote, content, viewer, keep, event=event, utf16=utf16)
    return document, created


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
    derived = ("spans", "prefix", "suffix")
    content = patched(current, patch, QuoteWrite, read_only=READ_ONLY, left_alone=derived)
    if content.text == quote.text and content.spans is None:
        # The words are the same, and so is their place.
        content.spans = spans_as_sent(quote)
    quote.revision += 1
    return save_quote(session, quote, content, viewer, keep, event="quote.updated", utf16=False)


def delete_quote(
    session: Session, quote_id: str, precondition: Precondition, viewer: Viewer, keep: KeepRevision
) -> None:
    quote = find_to_change(session, Quote, quote_id, precondition, QuoteNotFound, WHOLE)
    article = session.get_one(Article, quote.article_key)
    record_change(session, "quote.deleted", quote, at=viewer.at)
    session.delete(quote)
    touch_article(session, article, viewer.at, keep, cause="quote.deleted")


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


def quotes_in(session: Session, article: Article) -> Sequence[Quote]:
    if article.key is None:
        return []
    statement = select(Quote).where(Quote.article_key == article.key).options(*WHOLE)
    return session.scalars(statement.order_by(Quote.position, Quote.key)).all()


def anchored(quote: Quote) -> Anchored:
    spans = tuple(Span(span.start, span.end) for span in quote.spans)
    return Anchored(spans, quote.prefix, quote.suffix)


def carried_places(
    present: Sequence[Quote], old_text: str | None, new_text: str
) -> dict[Quote, Placement]:
    if old_text is None or not present:
        return {}
    quotes = [anchored(quote) for quote in present]
    return dict(zip(present, reanchor(old_text, new_text, quotes), strict=True))


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


def new_quote(quote_id: str, at: datetime) -> Quote:
    return Quote(id=quote_id, revision=1, created_at=at, updated_at=at, spans=[])


def save_quote(
    session: Session,
    quote: Quote,
    content: QuoteWrite,
    viewer: Viewer,
    keep: KeepRevision,
    *,
    event: str,
    utf16: bool,
) -> QuoteRead:
    article = find_article(session, content.article)
    former = quote.article_key
    if former != article.key:
        present = quotes_in(session, article)
        if len(present) >= MAX_QUOTES:
            raise ValidationError(f"An article has at most {MAX_QUOTES} quotes.")
        quote.position = max((one.position for one in present), default=-1) + 1
    place = place_quote(article.text, content, utf16=utf16)
    assign_quote(session, article, quote, content, viewer.at, cause=event)
    assign_place(quote, place, "anchored")
    quote.updated_at = viewer.at
    session.add(quote)
    session.flush()
    record_change(session, event, quote, at=viewer.at)
    if former not in (None, article.key):
        left = session.get_one(Article, former)
        touch_article(session, left, viewer.at, keep, cause=event)
    touch_article(session, article, viewer.at, keep, cause=event)
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
    keep(session, article, at)


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


def assign_place(quote: Quote, place: Placed, state: AnchorState) -> None:
    quote.anchor = state
    quote.text = place.text
    quote.prefix = place.prefix
    quote.suffix = place.suffix
    spans = [
        (start, end, exact) for (start, end), exact in zip(place.spans, place.exacts, strict=True)
    ]
    if [(span.start, span.end, span.exact) for span in quote.spans] != spans:
        quote.spans = [
            QuoteSpan(position=position, start=start, end=end, exact=exact)
            for position, (start, end, exact) in enumerate(spans)
        ]


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


def spans_as_sent(quote: Quote) -> list[QuoteSpanWrite]:
    return [QuoteSpanWrite(start=s.start, end=s.end, exact=s.exact) for s in quote.spans]


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
