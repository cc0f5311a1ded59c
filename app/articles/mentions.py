"""The entities of an article, written: with it, and after an edit of its text."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.database.rows import add_rows, insertion_of, is_new, new_keys
from app.entities.matching import Known, find_or_add_entity, known_entities
from app.entities.schemas import MentionWrite
from app.errors import Problem, ValidationError
from app.models import Article, Mention, MentionSpan
from app.quotes.anchoring import Span, SpanInvalid, check_spans, occurrences
from app.quotes.edits import moved_spans, unchanged_runs
from app.web.offsets import Units

MAX_SPANS = 1000


def replace_mentions(
    session: Session,
    article: Article,
    contents: Sequence[MentionWrite],
    *,
    at: datetime,
    cause: str,
    utf16: bool,
) -> None:
    """Make these the article's mentions. Those sent without spans are found by their names."""
    present = {mention.entity_key: mention for mention in mentions_in(session, article)}
    named: set[int] = set()
    added: list[tuple[Row, list[Span]]] = []
    for index, content in enumerate(contents):
        try:
            entity = find_or_add_entity(session, content, at=at, cause=cause)
            if entity.key in named:
                detail = f"{entity.name} stands twice in entities."
                raise ValidationError(detail, errors=[{"pointer": "", "detail": detail}])
            named.add(entity.key)
            spans = spans_sent(article.text, content, entity, utf16=utf16)
        except Problem as problem:
            raise problem.within(f"/entities/{index}") from None
        mention = present.pop(entity.key, None)
        if mention is None:
            row = {
                "article_key": article.key,
                "entity_key": entity.key,
                "position": index,
                "role": content.role,
                "salience": content.salience,
            }
            added.append((row, spans))
        else:
            mention.position = index
            mention.role = content.role
            mention.salience = content.salience
            assign_spans(mention, spans)
    for mention in present.values():
        session.delete(mention)
    session.flush()
    add_mentions(session, added)


# Any: the columns of a row
Row = dict[str, Any]


def add_mentions(session: Session, added: Sequence[tuple[Row, list[Span]]]) -> None:
    keys = new_keys(session, Mention, len(added))
    add_rows(
        session,
        insertion_of(Mention),
        [{"key": key, **row} for key, (row, _) in zip(keys, added, strict=True)],
    )
    add_rows(
        session,
        insertion_of(MentionSpan),
        [
            {"mention_key": key, "start": start, "end": end}
            for key, (_, spans) in zip(keys, added, strict=True)
            for start, end in apart(spans)
        ],
    )


def carry_mentions(session: Session, article: Article, *, old_text: str) -> None:
    """After an edit: spans move with the words around them, and new places of the names come in."""
    mentions = mentions_in(session, article)
    if not mentions:
        return
    runs = unchanged_runs(old_text, article.text)
    keys = [mention.entity_key for mention in mentions]
    entities = known_entities(session, keys)
    for mention in mentions:
        spans = [Span(span.start, span.end) for span in mention.spans]
        moved = [span for span in moved_spans(runs, spans) if span is not None]
        named = names_in(article.text, entities[mention.entity_key])
        apart = [span for span in named if all(not overlap(span, other) for other in moved)]
        assign_spans(mention, sorted([*moved, *apart]))
    session.flush()


def mentions_in(session: Session, article: Article) -> Sequence[Mention]:
    if is_new(article):
        return []
    statement = (
        select(Mention)
        .where(Mention.article_key == article.key)
        .order_by(Mention.position)
        .options(selectinload(Mention.spans))
    )
    return session.scalars(statement).all()


def spans_sent(text: str, content: MentionWrite, entity: Known, *, utf16: bool) -> list[Span]:
    if content.spans is None:
        return names_in(text, entity, content.name)
    units = Units(text) if utf16 else None
    spans = []
    for index, sent in enumerate(content.spans):
        try:
            span = Span(sent.start, sent.end)
            if units is not None:
                span = Span(units.to_code_points(sent.start), units.to_code_points(sent.end))
            check_spans(text, [span])
        except (SpanInvalid, ValueError) as error:
            detail = str(error)
            raise ValidationError(
                detail, errors=[{"pointer": f"/spans/{index}", "detail": detail}]
            ) from None
        spans.append(span)
    return sorted(set(spans))


def names_in(text: str, entity: Known, name: str | None = None) -> list[Span]:
    """Where the text names the entity, by the longest of its names at each place."""
    names = {*entity.names, *([name] if name else [])}
    # A name is often kept with one apostrophe and printed with the other.
    if any("'" in one or "’" in one for one in names):
        names |= {one.replace("'", "’") for one in names}
        names |= {one.replace("’", "'") for one in names}
    if len(names) == 1:
        return occurrences(text, *names)[:MAX_SPANS]
    found: list[Span] = []
    for one in sorted(names, key=len, reverse=True):
        found += [
            span
            for span in occurrences(text, one)
            if all(not overlap(span, other) for other in found)
        ]
    return sorted(found)[:MAX_SPANS]


def overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def assign_spans(mention: Mention, spans: Sequence[Span]) -> None:
    kept = apart(spans)
    if [(span.start, span.end) for span in mention.spans] != kept:
        mention.spans = [MentionSpan(start=start, end=end) for start, end in kept]


def apart(spans: Sequence[Span]) -> list[Span]:
    """One span for each place where one begins."""
    return list({span.start: span for span in spans}.values())
