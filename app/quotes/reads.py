"""Quotes, read."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.orm import aliased

from app.access.viewer import Viewer
from app.database.filters import Tested
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.types import AnyRow, AnySelect
from app.documents.entities import EntityRef
from app.documents.quotes import (
    ArticleQuote,
    NearQuote,
    QuotePlace,
    QuoteRead,
    QuoteVariant,
    Retraction,
)
from app.documents.quotes import QuoteSpan as QuoteSpanRead
from app.errors import QuoteNotFound
from app.models import Article, Entity, Quote, QuoteSpan
from app.models.quote import PLACED
from app.models.visibility import quote_is_public, quote_is_readable, quote_is_settled
from app.slugs.lookups import AT, Lookup
from app.web.listing import ListRequest
from app.web.offsets import to_utf16
from app.web.pages import PageStatement, fetch_page

Q = TypeVar("Q", QuoteRead, QuotePlace, NearQuote, QuoteVariant)

Speaker = aliased(Entity, name="speaker")

QUOTE_COLUMNS = (
    Quote.key,
    Quote.id,
    Quote.revision,
    Quote.kind,
    Quote.text,
    Quote.prefix,
    Quote.suffix,
    Speaker.id.label("speaker_id"),
    Speaker.slug.label("speaker_slug"),
    Speaker.type.label("speaker_type"),
    Speaker.name.label("speaker_name"),
    Quote.speaker_label,
    Quote.speaker_role,
    Quote.cue,
    Quote.said_at,
    Quote.context,
    Quote.language,
    Quote.status,
    Quote.anchor,
    Quote.anchored_revision,
    Quote.proposals,
    Quote.reviewed,
    Quote.rule,
    Quote.confidence,
    Quote.retraction_note,
    Quote.retracted_at,
    Quote.created_at,
    Quote.updated_at,
)


def quote_in(article: ColumnElement[bool]) -> AnySelect:
    return (
        select(
            *QUOTE_COLUMNS,
            Article.id.label("article_id"),
            Article.slug.label("article_slug"),
            Article.headline.label("article_headline"),
            Article.published_at.label("article_published_at"),
        )
        .select_from(Quote)
        .join(Article, article)
        .outerjoin(Speaker, Speaker.key == Quote.speaker_key)
    )


QUOTE = quote_in(Article.key == Quote.article_key)

ALL_QUOTES_OF = (
    select(*QUOTE_COLUMNS, Quote.article_key)
    .select_from(Quote)
    .outerjoin(Speaker, Speaker.key == Quote.speaker_key)
    .where(Among(Quote.article_key))
    .order_by(Quote.article_key, Quote.position, Quote.key)
)
QUOTES_OF = Prepared(ALL_QUOTES_OF)
SETTLED_QUOTES_OF = Prepared(ALL_QUOTES_OF.where(quote_is_settled()))
QUOTES_BY_KEY = Prepared(QUOTE.where(Among(Quote.key)))
SPANS_OF = Prepared(
    select(QuoteSpan.quote_key, QuoteSpan.start, QuoteSpan.end, QuoteSpan.exact)
    .where(Among(QuoteSpan.quote_key))
    .order_by(QuoteSpan.quote_key, QuoteSpan.position)
)
QUOTES = PageStatement(QUOTE)
PUBLIC_QUOTES = PageStatement(QUOTE.where(quote_is_public(AT)), never_null=(Article.published_at,))
# Those of all articles, the articles in their order: SQLite would sort all quotes.
BY_ARTICLES = quote_in(Tested(Article.key) == Quote.article_key)
ALL_QUOTES = PageStatement(BY_ARTICLES)
ALL_PUBLIC_QUOTES = PageStatement(
    BY_ARTICLES.where(quote_is_public(AT)), never_null=(Article.published_at,)
)
QUOTE_BY_ID = Lookup(Quote, QUOTE, QuoteNotFound, public=quote_is_readable)


def get_quote(
    connection: Connection, quote_id: str, viewer: Viewer, *, utf16: bool = False
) -> QuoteRead:
    row = QUOTE_BY_ID.row(connection, quote_id, viewer)
    quote = quote_read(row, spans_of(connection, [row.key])[row.key])
    return in_units(connection, [quote], utf16=utf16)[0]


def list_quotes(
    connection: Connection,
    wanted: ListRequest,
    viewer: Viewer,
    among: ColumnElement[bool] | None = None,
) -> dict[str, Any]:
    """A page of quotes; `among` restricts it further, as to an article's or a speaker's."""
    if among is None and not wanted.conditions and wanted.matching is None:
        statement = ALL_QUOTES if viewer.sees_all else ALL_PUBLIC_QUOTES
    else:
        statement = (QUOTES if viewer.sees_all else PUBLIC_QUOTES).among(among)
    rows = fetch_page(connection, statement, wanted, {"at": viewer.at})
    spans = spans_of(connection, rows.keys)
    quotes = [quote_read(row, spans[row.key]) for row in rows.rows]
    quotes = in_units(connection, quotes, utf16=wanted.utf16)
    return rows.page([wanted.selection.trim(quote) for quote in quotes])


def quotes_of(
    connection: Connection, article_keys: Sequence[int], viewer: Viewer
) -> defaultdict[int, list[ArticleQuote]]:
    """The quotes of each article in their order, by the article's key."""
    statement = QUOTES_OF if viewer.sees_all else SETTLED_QUOTES_OF
    rows = statement.all(connection, {"keys": article_keys})
    spans = spans_of(connection, [row.key for row in rows])
    found: defaultdict[int, list[ArticleQuote]] = defaultdict(list)
    for row in rows:
        found[row.article_key].append(article_quote(row, spans[row.key]))
    return found


def spans_of(
    connection: Connection, quote_keys: Sequence[int]
) -> defaultdict[int, list[QuoteSpanRead]]:
    found: defaultdict[int, list[QuoteSpanRead]] = defaultdict(list)
    if not quote_keys:
        return found
    for key, start, end, exact in SPANS_OF.all(connection, {"keys": quote_keys}):
        found[key].append({"start": start, "end": end, "exact": exact})
    return found


def quotes_by_key(connection: Connection, keys: Sequence[int]) -> dict[int, QuoteRead]:
    """The quotes of these keys, in their order. Whether they may be seen was decided before."""
    if not keys:
        return {}
    rows = {row.key: row for row in QUOTES_BY_KEY.all(connection, {"keys": keys})}
    spans = spans_of(connection, keys)
    return {key: quote_read(rows[key], spans[key]) for key in keys}


def in_units(connection: Connection, quotes: list[Q], *, utf16: bool) -> list[Q]:
    """The quotes with their offsets in UTF-16 units, for which their articles are needed."""
    if not utf16 or not quotes:
        return quotes
    ids = {quote["article"]["id"] for quote in quotes}
    statement = select(Article.id, Article.text).where(Article.id.in_(ids))
    texts = {row.id: row.text for row in connection.execute(statement)}
    # What comes out has the same members as what goes in.
    return [
        cast(Q, to_utf16(cast(dict[str, Any], quote), texts[quote["article"]["id"]]))
        for quote in quotes
    ]


def visible(statement: AnySelect, viewer: Viewer) -> AnySelect:
    return statement if viewer.sees_all else statement.where(quote_is_public(viewer.at))


def quote_place(quote: QuoteRead, spans: list[QuoteSpanRead]) -> QuotePlace:
    """The quote in short, with the stretches of its article that are in question."""
    return {
        "id": quote["id"],
        "kind": quote["kind"],
        "status": quote["status"],
        "text": quote["text"],
        "speaker": quote["speaker"],
        "speaker_label": quote["speaker_label"],
        "spans": spans,
        "article": quote["article"],
    }


# Any: the columns of QUOTE
def quote_read(row: AnyRow, spans: list[QuoteSpanRead]) -> QuoteRead:
    return {
        **article_quote(row, spans),
        "article": {
            "id": row.article_id,
            "slug": row.article_slug,
            "headline": row.article_headline,
            "published_at": row.article_published_at,
        },
    }


# Any: QUOTE_COLUMNS
def article_quote(row: AnyRow, spans: list[QuoteSpanRead]) -> ArticleQuote:
    speaker: EntityRef | None = None
    if row.speaker_id is not None:
        speaker = {
            "id": row.speaker_id,
            "slug": row.speaker_slug,
            "type": row.speaker_type,
            "name": row.speaker_name,
        }
    is_placed = row.anchor in PLACED
    retraction: Retraction | None = None
    if row.retracted_at is not None:
        retraction = {"at": row.retracted_at, "note": row.retraction_note}
    return {
        "id": row.id,
        "revision": row.revision,
        "kind": row.kind,
        "text": row.text,
        # Those of a quote without a place are of a former text.
        "spans": spans if is_placed else [],
        "prefix": row.prefix,
        "suffix": row.suffix,
        "speaker": speaker,
        "speaker_label": row.speaker_label,
        "speaker_role": row.speaker_role,
        "cue": row.cue,
        "said_at": row.said_at,
        "context": row.context,
        "language": row.language,
        "status": row.status,
        "anchor": row.anchor,
        "proposals": row.proposals or [],
        "detached": not is_placed and row.anchored_revision is None,
        "reviewed": row.reviewed,
        "rule": row.rule,
        "confidence": row.confidence,
        "retraction": retraction,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
