"""The quotes of articles that were copied."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.database.rows import add_rows, insertion_of
from app.database.session import connection_of
from app.documents.exports import Copy, Part
from app.mirroring.rows import Row, deletion_of, head, instant, save
from app.models import Quote, QuoteSpan
from app.search.words import folded_text


class SavedQuote(NamedTuple):
    """`was_settled` tells whether it could be shown before, None of a new one."""

    quote: Quote
    is_new: bool
    was_settled: bool | None


def save_quotes(
    session: Session, articles: Sequence[Copy], speakers: Mapping[str, int]
) -> tuple[list[SavedQuote], list[Quote]]:
    """Those that were saved and are new here or others than before, and those that are gone."""
    rows = [row for one in articles for row in quote_rows(one, speakers)]
    ids, keys = {row["id"] for row in rows}, {row["key"] for row in rows}
    of_these = [one["key"] for one in articles]
    # Some may have had the key of one that was deleted at the source.
    met = select(Quote).where(
        or_(Quote.article_key.in_(of_these), Quote.key.in_(keys), Quote.id.in_(ids))
    )
    present = {(one.key, one.id): one for one in session.scalars(met)}
    session.expunge_all()
    gone = [
        one for key, one in present.items() if key not in {(row["key"], row["id"]) for row in rows}
    ]
    connection = connection_of(session)
    deletion_of(Quote, "key").run(connection, [{"keys": [one.key for one in gone]}])
    saved = save(session, Quote, rows)
    deletion_of(QuoteSpan, "quote_key").run(connection, [{"keys": list(keys)}])
    spans = [row for one in articles for row in span_rows(one)]
    add_rows(session, insertion_of(QuoteSpan), spans)
    changed = []
    for one, is_new in saved:
        quote = cast(Quote, one)
        before = present.get((quote.key, quote.id))
        if before is None or before.revision != quote.revision:
            was_settled = None if before is None else before.is_settled
            changed.append(SavedQuote(quote, is_new, was_settled))
    return changed, gone


def speaker_id(part: Part) -> str | None:
    speaker = part["document"]["speaker"]
    return None if speaker is None else speaker["id"]


def quote_rows(article: Copy, speakers: Mapping[str, int]) -> Iterator[Row]:
    for place, part in enumerate(article["parts"]["quotes"]):
        yield quote_row(article["key"], place, part, speakers)


def quote_row(article_key: int, place: int, part: Part, speakers: Mapping[str, int]) -> Row:
    document = part["document"]
    retraction = document["retraction"] or {"at": None, "note": None}
    return {
        **head(part),
        "article_key": article_key,
        "position": place,
        "kind": document["kind"],
        "status": document["status"],
        "anchor": document["anchor"],
        "text": document["text"],
        "folded_text": folded_text(document["text"]),
        "prefix": document["prefix"],
        "suffix": document["suffix"],
        "speaker_key": speakers.get(speaker_id(part) or ""),
        "speaker_label": document["speaker_label"],
        "speaker_role": document["speaker_role"],
        "cue": document["cue"],
        "said_at": instant(document["said_at"]),
        "context": document["context"],
        "language": document["language"],
        "reviewed": document["reviewed"],
        "rule": document["rule"],
        "confidence": document["confidence"],
        "anchored_revision": part["kept"]["anchored_revision"],
        "proposals": document["proposals"] or None,
        "retraction_note": retraction["note"],
        "retracted_at": instant(retraction["at"]),
    }


def span_rows(article: Copy) -> Iterator[Row]:
    """Of a quote that has lost its place, none are told."""
    for part in article["parts"]["quotes"]:
        for place, span in enumerate(part["document"]["spans"]):
            yield {"quote_key": part["key"], "position": place, **span}
