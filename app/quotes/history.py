"""What a quote was before it was corrected, lost its place, or was retracted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.database.rows import add_objects, is_new, new_keys
from app.documents.entities import EntityRef
from app.documents.quotes import QuoteFormRead, QuoteHistory, QuoteRead, QuoteWording
from app.models import Article, Change, Entity, Quote, QuoteForm
from app.models.quote import PLACED
from app.quotes.reads import get_quote
from app.web.json import plain

# A quote that differs in one of these has another form; to be moved is none.
WORDING = (
    "text", "kind", "speaker_key", "speaker_label", "speaker_role", "cue", "said_at", "context",
    "status", "retraction_note",
)  # fmt: skip


def keep_quote(
    session: Session,
    quote: Quote,
    *,
    at: datetime,
    event: str | None = None,
    cause: str | None = None,
) -> bool:
    """Keep a quote that was assigned to, if it has changed: raise its revision, put what happened
    in the journal, and a form that it has no longer in its history.

    Nothing of it may have been flushed meanwhile: what has changed would be forgotten.
    """
    if is_new(quote):
        add_quotes(session, [quote], at=at, cause=cause)
        return True
    if not session.is_modified(quote):
        return False
    event = event or event_of(quote)
    was_settled = former(quote, "status") == "confirmed" and former(quote, "anchor") in PLACED
    former_article = former(quote, "article_key")
    if has_other_form(quote):
        document = former_wording(session, quote)
        form = QuoteForm(quote_key=quote.key, revision=quote.revision, until=at, ended_by=event)
        form.document = plain(document)
        session.add(form)
    quote.revision += 1
    quote.updated_at = at
    session.flush()
    record_change(
        session,
        event,
        quote,
        at=at,
        cause=cause,
        was_settled=was_settled,
        former_article=former_article,
    )
    return True


def add_quotes(
    session: Session, quotes: Sequence[Quote], *, at: datetime, cause: str | None = None
) -> None:
    """Keep quotes that are new."""
    for quote, key in zip(quotes, new_keys(session, Quote, len(quotes)), strict=True):
        quote.key = key
        for span in quote.spans:
            span.quote_key = key
        record_change(session, "quote.created", quote, at=at, cause=cause)
    add_objects(session, quotes)
    add_objects(session, [span for quote in quotes for span in quote.spans])


def event_of(quote: Quote) -> str:
    """What happened to a quote that was assigned to."""
    status = former(quote, "status")
    if quote.status != status and "retracted" in (quote.status, status):
        return "quote.retracted" if quote.status == "retracted" else "quote.restored"
    if not quote.is_placed and quote.anchor != former(quote, "anchor"):
        return f"quote.{quote.anchor}"
    if quote.text != former(quote, "text"):
        return "quote.corrected"
    if quote.is_placed and former(quote, "anchor") not in PLACED:
        return "quote.anchored"
    return "quote.moved" if only_moved(quote) else "quote.updated"


def only_moved(quote: Quote) -> bool:
    return quote.anchor == "moved" and not has_other_form(quote)


def has_other_form(quote: Quote) -> bool:
    """Whether a quote that is known has other words, another speaker or another standing now."""
    if (former(quote, "anchor") in PLACED) != quote.is_placed:
        return True
    return any(former(quote, name) != getattr(quote, name) for name in WORDING)


def former(quote: Quote, name: str) -> Any:  # Any: an attribute of whatever type
    """What an attribute was when the quote was loaded."""
    deleted = inspect(quote).attrs[name].history.deleted
    return deleted[0] if deleted else getattr(quote, name)


def former_wording(session: Session, quote: Quote) -> QuoteWording:
    speaker: EntityRef | None = None
    key = former(quote, "speaker_key")
    if key is not None:
        with session.no_autoflush:
            entity = session.get_one(Entity, key)
        speaker = {
            "id": entity.id,
            "slug": entity.slug,
            "type": entity.type,
            "name": entity.name,
        }
    at = former(quote, "retracted_at")
    return {
        "text": former(quote, "text"),
        "kind": former(quote, "kind"),
        "speaker": speaker,
        "speaker_label": former(quote, "speaker_label"),
        "speaker_role": former(quote, "speaker_role"),
        "cue": former(quote, "cue"),
        "said_at": former(quote, "said_at"),
        "context": former(quote, "context"),
        "status": former(quote, "status"),
        "anchor": former(quote, "anchor"),
        "retraction": None if at is None else {"at": at, "note": former(quote, "retraction_note")},
    }


def get_history(connection: Connection, quote_id: str, viewer: Viewer) -> QuoteHistory:
    """All forms of a quote, the first first; to the public, those that it could read."""
    quote = get_quote(connection, quote_id, viewer)
    rows = connection.execute(
        select(QuoteForm.revision, QuoteForm.until, QuoteForm.ended_by, QuoteForm.document)
        .join(Quote, Quote.key == QuoteForm.quote_key)
        .where(Quote.id == quote_id)
        .order_by(QuoteForm.revision)
    ).all()
    since, event = quote["created_at"], "quote.created"
    forms: list[QuoteFormRead] = []
    for row in rows:
        wording = cast(QuoteWording, row.document)  # as it was kept
        forms.append(
            {
                "revision": row.revision,
                "event": event,
                "since": since,
                "until": row.until,
                **wording,
            }
        )
        since, event = row.until, row.ended_by
    forms.append(
        {
            "revision": quote["revision"],
            "event": event,
            "since": since,
            "until": None,
            **wording_of(quote),
        }
    )
    if not viewer.sees_all:
        public_since = live_since(connection, quote["article"]["id"])
        forms = [form for form in forms if was_public(form, public_since)]
    return {"items": forms}


def wording_of(quote: QuoteRead) -> QuoteWording:
    return {
        "text": quote["text"],
        "kind": quote["kind"],
        "speaker": quote["speaker"],
        "speaker_label": quote["speaker_label"],
        "speaker_role": quote["speaker_role"],
        "cue": quote["cue"],
        "said_at": quote["said_at"],
        "context": quote["context"],
        "status": quote["status"],
        "anchor": quote["anchor"],
        "retraction": quote["retraction"],
    }


def live_since(connection: Connection, article_id: str) -> datetime:
    """When an article that is public became so: by its dates, and not before the journal says so,
    since a draft may be dated back."""
    told = select(func.min(Change.at)).where(
        Change.resource_id == article_id, Change.event == "article.published"
    )
    statement = select(Article.published_at, Article.embargoed_until, told.scalar_subquery()).where(
        Article.id == article_id
    )
    row = connection.execute(statement).one()
    since: datetime = max(instant for instant in row if instant is not None)
    return since


def was_public(form: QuoteFormRead, public_since: datetime) -> bool:
    """Whether a quote in this form could be read: settled, or retracted with a note."""
    if form["until"] is not None and form["until"] <= public_since:
        return False
    if form["status"] == "retracted":
        return form["retraction"] is not None and form["retraction"]["note"] is not None
    return form["status"] == "confirmed" and form["anchor"] in PLACED
