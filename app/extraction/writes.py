"""What was found in an article, as its quotes and mentions. What a person has decided stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.articles.mentions import replace_mentions
from app.articles.revisions import keep_revision
from app.changes.journal import record_change
from app.entities.matching import Known, find_or_add_entity
from app.entities.schemas import EntityReference, MentionSpanWrite, MentionWrite
from app.errors import Problem
from app.extraction.proposal import Proposal
from app.extraction.proposal import Quote as FoundQuote
from app.extraction.reads import text_digest
from app.models import Article, Extraction, Quote
from app.models.article import MAX_QUOTES
from app.models.base import new_id
from app.quotes.anchoring import Span
from app.quotes.assignment import assign_place, new_quote, quotes_in
from app.quotes.dismissals import digest_of, dismissed_in
from app.quotes.history import keep_quote
from app.quotes.placing import placed
from app.quotes.writes import touch_article

Mode = Literal["propose", "accept"]

CAUSE = "article.read"
LONGEST_LABEL = 300


def save_reading(
    session: Session,
    article_key: int,
    text: str,
    found: Proposal | Problem,
    *,
    mode: Mode,
    confidence: float,
    at: datetime,
) -> int | None:
    """Keep what was found in an article's text, and that it was read: how many quotes, or None if
    the article has another text by now.

    In the mode `accept`, quotes from this confidence on are confirmed, and what is spoken of is
    mentioned, unless a person has written the mentions.
    """
    article = session.get(Article, article_key)
    if article is None or article.text != text:
        return None
    count = 0
    if isinstance(found, Proposal):
        is_shown = save_quotes(session, article, found.quotes, mode, confidence, at)
        if mode == "accept" and not article.mentions_reviewed:
            is_shown |= save_mentions(session, article, found, at)
        if is_shown:
            touch_article(session, article, at, keep_revision, cause=CAUSE)
        count = len(found.quotes)
    reading = session.get(Extraction, article_key) or Extraction(article_key=article_key)
    reading.revision = article.revision
    reading.digest = text_digest(text)
    reading.read_at = at
    reading.problem = found.detail if isinstance(found, Problem) else None
    session.add(reading)
    return count


def save_quotes(
    session: Session,
    article: Article,
    found: Sequence[FoundQuote],
    mode: Mode,
    confidence: float,
    at: datetime,
) -> bool:
    """Make these the quotes that nobody has decided on. Whether one changed that is shown."""
    present = quotes_in(session, article)
    decided = [quote for quote in present if quote.reviewed]
    taken = [Span(s.start, s.end) for quote in decided if quote.is_placed for s in quote.spans]
    dismissed = dismissed_in(session, article)
    # Those without a place were of a former text.
    own = {places_of(quote): quote for quote in present if not quote.reviewed and quote.is_placed}
    kept: list[tuple[Quote, FoundQuote]] = []
    for one in found:
        spans = tuple(Span(span.start, span.end) for span in one.spans)
        is_decided = any(a.start < b.end and b.start < a.end for a in spans for b in taken)
        if is_decided or digest_of(placed(article.text, spans).text) in dismissed:
            continue
        quote = own.pop(spans, None) or new_quote(new_id(), at)
        kept.append((quote, one))
    kept = kept[: MAX_QUOTES - len(decided)]
    staying = {quote.id for quote, _ in kept}
    is_shown = False
    for quote in present:
        if not quote.reviewed and quote.id not in staying:
            is_shown |= quote.status == "confirmed"
            record_change(session, "quote.deleted", quote, at=at, cause=CAUSE)
            session.delete(quote)
    for position, (quote, one) in enumerate(kept, len(decided)):
        speaker = speaker_of(session, one, at)
        if quote.key is None:
            quote.article_key = article.key
            quote.status = "proposed"
            quote.language = article.language
        if mode == "accept" and one.confidence >= confidence:
            quote.status = "confirmed"
        assign_found(article, quote, one, speaker)
        quote.position = position
        is_shown |= keep_quote(session, quote, at=at, cause=CAUSE) and quote.status == "confirmed"
    return is_shown


def places_of(quote: Quote) -> tuple[Span, ...]:
    return tuple(Span(span.start, span.end) for span in quote.spans)


def assign_found(article: Article, quote: Quote, one: FoundQuote, speaker: Known | None) -> None:
    spans = tuple(Span(span.start, span.end) for span in one.spans)
    quote.kind = one.kind
    quote.speaker_key = speaker.key if speaker else None
    quote.speaker_label = None
    if one.speaker is not None:
        quote.speaker_label = label(article.text[one.speaker.start : one.speaker.end])
    quote.speaker_role = label(one.role) if one.role else None
    quote.cue = label(article.text[one.cue.start : one.cue.end]) if one.cue else None
    quote.reviewed = False
    quote.rule = one.rule
    quote.confidence = one.confidence
    assign_place(quote, placed(article.text, spans), "anchored")


def label(words: str) -> str:
    """Words of the text in one line, as long as the column holds."""
    return " ".join(words.split())[:LONGEST_LABEL]


def speaker_of(session: Session, one: FoundQuote, at: datetime) -> Known | None:
    """Who is named as the speaker; nobody for a description, or for a name that several have."""
    if one.speaker is None or one.speaker.kind in ("description", "pronoun"):
        return None
    return entity_of(session, one.speaker.name, one.speaker.kind, at)


def entity_of(session: Session, name: str, kind: str, at: datetime) -> Known | None:
    try:
        reference = EntityReference.model_validate({"name": name, "type": kind})
        return find_or_add_entity(session, reference, at=at, cause=CAUSE)
    except (Problem, ValueError):
        return None


def save_mentions(session: Session, article: Article, found: Proposal, at: datetime) -> bool:
    """Whether there is one."""
    spans: dict[str, list[MentionSpanWrite]] = {}
    for one in found.entities:
        entity = entity_of(session, one.name, one.type, at)
        if entity is not None:
            places = [MentionSpanWrite(start=span.start, end=span.end) for span in one.mentions]
            spans.setdefault(entity.id, []).extend(places)
    mentions = [MentionWrite(id=key, spans=places) for key, places in spans.items()]
    replace_mentions(session, article, mentions, at=at, cause=CAUSE, utf16=False)
    return bool(mentions)
