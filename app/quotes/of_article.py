"""The quotes of an article, written with it and carried along with an edit of its text."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.journal import record_change, was_used
from app.database.rows import is_new
from app.errors import (
    IdTaken,
    Problem,
    ValidationError,
)
from app.models import Article, Quote, Revision
from app.models.article import MAX_QUOTES
from app.models.base import new_id
from app.quotes.anchoring import Span
from app.quotes.assignment import assign_place, assign_quote, new_quote, quotes_in
from app.quotes.dismissals import dismiss
from app.quotes.history import add_quotes, keep_quote
from app.quotes.placing import in_units, place_quote, placed, raise_together
from app.quotes.proposing import (
    LEAST_SEARCHED,
    MOST_SEARCHED,
    Lost,
    changed_proposals,
    proposals_among,
)
from app.quotes.reanchoring import Anchored, Placement, reanchor
from app.quotes.schemas import ArticleQuoteWrite


class Former(NamedTuple):
    """An article before the edit."""

    text: str
    revision: int


def replace_quotes(
    session: Session,
    article: Article,
    contents: Sequence[ArticleQuoteWrite],
    *,
    former: Former | None,
    at: datetime,
    cause: str,
    utf16: bool,
) -> None:
    """Make these the article's quotes: known ones are kept, new ones added, others removed.

    A quote is known by its id, or by the same words. One that is sent as it was served is carried
    along with the text. What extraction proposes and nobody has decided on stays, sent or not.
    Raises NotVerbatim or Ambiguous for all that cannot be placed.
    """
    if len(contents) > MAX_QUOTES:
        detail = f"An article has at most {MAX_QUOTES} quotes; these are {len(contents)}."
        raise ValidationError(detail, errors=[{"pointer": "/quotes", "detail": detail}])
    present = quotes_in(session, article)
    carried = carried_places(session, article, present, former) if former else {}
    remaining = dict.fromkeys(present)
    named: set[str | None] = {article.id}
    problems: list[Problem] = []
    kept: list[tuple[Quote, ArticleQuoteWrite, Placement | None]] = []
    for index, content in enumerate(contents):
        try:
            quote = known_quote(session, remaining, named, content)
            named.add(content.id)
            if quote is not None:
                remaining.pop(quote)
            placement: Placement | None
            if quote is not None and former and is_as_served(quote, content, former, utf16=utf16):
                placement = carried.get(quote)
            else:
                placement = placement_of(article.text, content, utf16=utf16)
            if placement and not placement.spans and content.id is None:
                # Sent as new words are: they have to stand there.
                content = content.model_copy(update={"spans": None})
                placement = placement_of(article.text, content, utf16=utf16)
            kept.append((quote or new_quote(content.id or new_id(), at), content, placement))
        except Problem as problem:
            problems.append(problem.within(f"/quotes/{index}"))
    raise_together(problems)
    open_proposals = [quote for quote in remaining if is_open_proposal(quote)]
    for quote in remaining.keys() - set(open_proposals):
        dismiss(session, quote)
        record_change(session, "quote.deleted", quote, at=at, cause=cause)
        session.delete(quote)
    search = Search(article, former)
    added: list[Quote] = []
    for position, (quote, content, placement) in enumerate(kept):
        try:
            assign_quote(session, article, quote, content, at, cause=cause)
        except Problem as problem:
            raise problem.within(f"/quotes/{position}") from None
        quote.position = position
        if placement is not None:
            search.assign(quote, placement)
        if is_new(quote):
            added.append(quote)
        else:
            keep_quote(session, quote, at=at, cause=cause)
    add_quotes(session, added, at=at, cause=cause)
    for position, quote in enumerate(open_proposals, len(kept)):
        quote.position = position
        if quote in carried:
            search.assign(quote, carried[quote])
        keep_quote(session, quote, at=at, cause=cause)


def carry_quotes(
    session: Session, article: Article, *, former: Former, at: datetime, cause: str
) -> None:
    """Re-anchor the article's quotes after an edit of its text.

    The exact steps alone act. A quote that they do not place has lost its place, and leaves public
    answers until a person settles it.
    """
    search = Search(article, former)
    present = quotes_in(session, article)
    for quote, placement in carried_places(session, article, present, former).items():
        search.assign(quote, placement)
        keep_quote(session, quote, at=at, cause=cause)


def carried_places(
    session: Session, article: Article, present: Sequence[Quote], former: Former
) -> dict[Quote, Placement]:
    """Where the exact steps put each quote that is not detached. One that has lost its place comes
    from the text in which it last stood, so that an edit that is taken back takes that back too."""
    groups: dict[int | None, list[Quote]] = {}
    for quote in present:
        if not quote.is_detached:
            groups.setdefault(quote.anchored_revision, []).append(quote)
    places: dict[Quote, Placement] = {}
    for revision, quotes in groups.items():
        old = former.text if revision is None else text_at(session, article, revision)
        placements = reanchor(old, article.text, [anchored(quote) for quote in quotes])
        places |= zip(quotes, placements, strict=True)
    # In the order of the article.
    return {quote: places[quote] for quote in present if quote in places}


def text_at(session: Session, article: Article, revision: int) -> str:
    statement = select(Revision.document).where(
        Revision.article_key == article.key, Revision.revision == revision
    )
    return str(session.scalars(statement).one()["text"])


def anchored(quote: Quote) -> Anchored:
    spans = tuple(Span(span.start, span.end) for span in quote.spans)
    return Anchored(spans, quote.prefix, quote.suffix)


class Search:
    """Gives the quotes of one edit their new places, or says where they may be."""

    def __init__(self, article: Article, former: Former | None) -> None:
        self.article = article
        self.former = former
        self.left = MOST_SEARCHED

    def assign(self, quote: Quote, placement: Placement) -> None:
        text = self.article.text
        if placement.state in ("anchored", "moved"):
            assign_place(quote, placed(text, placement.spans), placement.state)
            return
        assert self.former is not None  # a quote of a new article is placed, or refused
        lost = Lost(
            [span.exact for span in quote.spans], quote.prefix, quote.suffix, quote.spans[0].start
        )
        if placement.state == "ambiguous":
            quote.anchor = "ambiguous"
            quote.proposals = [{**one} for one in proposals_among(text, lost, placement.candidates)]
        else:
            found = changed_proposals(text, lost) if self.left > 0 else []
            self.left -= max(len(text), LEAST_SEARCHED)
            quote.anchor = "drifted" if found else "orphaned"
            quote.proposals = [{**one} for one in found] or None
        if quote.anchored_revision is None:
            quote.anchored_revision = self.former.revision


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


def placement_of(text: str, content: ArticleQuoteWrite, *, utf16: bool) -> Placement:
    return Placement("anchored", place_quote(text, content, utf16=utf16).spans)


def is_as_served(quote: Quote, content: ArticleQuoteWrite, former: Former, *, utf16: bool) -> bool:
    """Whether a quote is sent with the words and the place that it had."""
    told = (
        (content.text, quote.text),
        (content.prefix, quote.prefix),
        (content.suffix, quote.suffix),
    )
    if any(sent not in (None, kept) for sent, kept in told):
        return False
    served = [
        in_units(former.text, Span(span.start, span.end), utf16=utf16) for span in quote.spans
    ]
    sent = [Span(span.start, span.end) for span in content.spans or ()]
    return sent in ([], served if quote.is_placed else [])


def is_open_proposal(quote: Quote) -> bool:
    """Whether extraction proposes it, and nobody has decided on it."""
    return quote.status == "proposed" and not quote.reviewed
