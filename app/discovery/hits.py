"""Hits as documents: each with what it is, where the words stand and a stretch to show."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from orjson import Fragment
from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.articles import reads as articles
from app.database.listed import Among
from app.database.prepared import Prepared
from app.documents.articles import ArticleCard
from app.documents.quotes import QuoteRead
from app.documents.search import ArticleHit, EntityHit, QuoteHit, SearchHit, SnippetRead, Stretch
from app.entities import reads as entities
from app.models import Article, Entity, Quote, RenderedArticle
from app.models.visibility import article_is_public
from app.quotes import reads as quotes
from app.quotes.anchoring import JOINER
from app.search.highlights import (
    Highlight,
    Snippet,
    Wanted,
    find_highlights,
    find_in_each,
    make_snippet,
    wanted_by,
)
from app.search.hits import Hit
from app.search.query import Node
from app.search.tables import FOUND
from app.slugs.lookups import AT
from app.web.offsets import Units, with_spans_in_utf16

NO_LANGUAGE = "und"

KEYS_AT = {
    kind: Prepared(select(one.c.key, one.c.position).where(Among(one.c.position, "positions")))
    for kind, one in FOUND.items()
}
PLACED = FOUND["articles"].c
ARTICLES_AT = Prepared(
    select(
        PLACED.position,
        Article.key,
        Article.headline,
        Article.standfirst,
        Article.text,
        Article.language,
        RenderedArticle.card,
    )
    .select_from(FOUND["articles"])
    .join(Article, Article.key == PLACED.key)
    .outerjoin(RenderedArticle, RenderedArticle.article_key == Article.key)
    .where(Among(PLACED.position, "positions"), article_is_public(AT))
)


def found_documents(
    connection: Connection,
    hits: Sequence[tuple[str, Hit]],
    query: Node,
    viewer: Viewer,
    *,
    utf16: bool,
    scored: bool,
) -> list[SearchHit]:
    """The hits in their order, without those that are no longer public."""
    inside, titles = wanted_by(query), wanted_by(query, in_headline=True)
    documents: dict[tuple[str, int], SearchHit] = {}
    for kind, read in READS.items():
        positions = [hit.position for one, hit in hits if one == kind]
        if not positions:
            continue
        read_hits = read(connection, positions, viewer, inside, titles, utf16)
        for position, document in read_hits.items():
            documents[kind, position] = document
    shown = []
    for kind, hit in hits:
        if (kind, hit.position) in documents:
            document = documents[kind, hit.position]
            document["score"] = hit.score if scored else None
            shown.append(document)
    return shown


def keys_at(connection: Connection, kind: str, positions: Sequence[int]) -> dict[int, int]:
    """The positions by their keys."""
    return {
        row.key: row.position for row in KEYS_AT[kind].all(connection, {"positions": positions})
    }


def article_hits(
    connection: Connection,
    positions: Sequence[int],
    viewer: Viewer,
    inside: Wanted,
    titles: Wanted,
    utf16: bool,
) -> Mapping[int, ArticleHit]:
    rows = ARTICLES_AT.all(connection, {"positions": positions, "at": viewer.at})
    missing = [row.key for row in rows if row.card is None]
    made = articles.cards_by_key(connection, missing, viewer) if missing else {}
    found: dict[int, ArticleHit] = {}
    everywhere = titles == inside
    for row in rows:
        parts = (row.standfirst or "", row.text)
        if everywhere:
            headline, standfirst, stands = find_in_each(
                inside, (row.headline, *parts), row.language
            )
        else:
            (headline,) = find_in_each(titles, (row.headline,), row.language)
            standfirst, stands = find_in_each(inside, parts, row.language)
        found[row.position] = {
            "type": "article",
            "score": None,
            # As bytes, where it is rendered.
            "article": made[row.key] if row.card is None else cast(ArticleCard, Fragment(row.card)),
            "highlights": {
                "headline": stretches(headline, row.headline, utf16),
                "standfirst": stretches(standfirst, row.standfirst or "", utf16),
                "text": stretches(stands, row.text, utf16),
            },
            "snippet": snippet_of(make_snippet(row.text, stands), row.text, utf16),
        }
    return found


def quote_hits(
    connection: Connection,
    positions: Sequence[int],
    viewer: Viewer,
    inside: Wanted,
    titles: Wanted,
    utf16: bool,
) -> Mapping[int, QuoteHit]:
    at = keys_at(connection, "quotes", positions)
    statement = quotes.QUOTE.where(Quote.key.in_(at))
    columns = (Article.text.label("article_text"), Article.language.label("article_language"))
    rows = connection.execute(quotes.visible(statement, viewer).add_columns(*columns)).all()
    spans = quotes.spans_of(connection, [row.key for row in rows])
    found: dict[int, QuoteHit] = {}
    for row in rows:
        quote = quotes.quote_read(row, spans[row.key])
        stands = find_highlights(inside, row.text, row.language or row.article_language)
        snippet = snippet_of(make_snippet(row.text, stands), row.text, utf16)
        highlights = stretches(in_article(quote, stands), row.article_text, utf16)
        if utf16:
            counted = with_spans_in_utf16(quote, Units(row.article_text))
            quote = cast(QuoteRead, counted)  # the same members, other numbers
        found[at[row.key]] = {
            "type": "quote",
            "score": None,
            "quote": quote,
            "highlights": {"text": highlights},
            "snippet": snippet,
        }
    return found


def in_article(quote: QuoteRead, stands: Sequence[Highlight]) -> list[Highlight]:
    """Stretches of the quote's text as stretches of its article's; one that runs across an
    interruption becomes two."""
    found = []
    begin = 0
    for span in quote["spans"]:
        end = begin + len(span["exact"])
        for one in stands:
            first, last = max(one.start, begin), min(one.end, end)
            if first < last:
                shift = span["start"] - begin
                found.append(Highlight(first + shift, last + shift))
        begin = end + len(JOINER)
    return found


def entity_hits(
    connection: Connection,
    positions: Sequence[int],
    viewer: Viewer,
    inside: Wanted,
    titles: Wanted,
    utf16: bool,
) -> Mapping[int, EntityHit]:
    at = keys_at(connection, "entities", positions)
    statement = entities.ENTITY.where(Entity.key.in_(at))
    rows = connection.execute(entities.visible(statement, viewer)).all()
    documents = entities.entity_documents(connection, rows)
    found: dict[int, EntityHit] = {}
    for row, entity in zip(rows, documents, strict=True):
        description = row.description or ""
        stands = find_highlights(inside, description, NO_LANGUAGE)
        named = find_highlights(titles, row.name, NO_LANGUAGE)
        found[at[row.key]] = {
            "type": "entity",
            "score": None,
            "entity": entity,
            "highlights": {
                "name": stretches(named, row.name, utf16),
                "description": stretches(stands, description, utf16),
            },
            "snippet": snippet_of(make_snippet(description, stands), description, utf16),
        }
    return found


def stretches(highlights: Sequence[Highlight], text: str, utf16: bool) -> list[Stretch]:
    if not highlights:
        return []
    if utf16:
        units = Units(text)
        return [
            {"start": units.to_utf16(start), "end": units.to_utf16(end)}
            for start, end in highlights
        ]
    return [{"start": start, "end": end} for start, end in highlights]


def snippet_of(snippet: Snippet, text: str, utf16: bool) -> SnippetRead:
    start, end = snippet.start, snippet.end
    if utf16:
        units = Units(text)
        start, end = units.to_utf16(start), units.to_utf16(end)
    return {
        "text": snippet.text,
        "start": start,
        "end": end,
        "highlights": stretches(snippet.highlights, text, utf16),
    }


# Any: each gives the hits of its own kind
READS: dict[str, Any] = {
    "articles": article_hits,
    "quotes": quote_hits,
    "entities": entity_hits,
}
