"""A search over articles, quotes and entities: which are hits, and in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any

from sqlalchemy import Connection, select

from app.access.viewer import Viewer, anonymous
from app.discovery.facets import facet_counts
from app.discovery.hits import found_documents
from app.discovery.parameters import SearchRequest, malformed
from app.errors import InvalidCursor, SearchTimeout
from app.models import Entity, Section
from app.search.engines import engine_of
from app.search.hits import (
    Hit,
    Place,
    Search,
    count_hits,
    newest_hits,
    ranked_page,
    search_for,
)
from app.search.names import DatabaseNames
from app.search.query import MalformedQuery
from app.search.terms import (
    ENTITY,
    SECTION,
    SPEAKER,
    AllTerms,
    AnyToken,
    Term,
    keyed,
    locale_token,
    positive,
    terms_of,
)
from app.search.windows import SearchTooSlow
from app.sections.filters import below
from app.web.cursors import Value

COUNTED = 10_000
# What a cursor holds of each kind.
PARTS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A hit, and the place behind it among those of its kind."""

    kind: str
    hit: Hit
    place: Place


def search(
    connection: Connection, wanted: SearchRequest, viewer: Viewer, *, seconds: float
) -> dict[str, Any]:
    """A page of hits. What is not public is never among them, whoever asks."""
    public = anonymous(viewer.at)
    at, places = opened(wanted, public.at)
    try:
        with engine_of(connection).time_limit(connection, seconds):
            searches = prepared(connection, wanted, at)
            found, behind, bounded = page_of(connection, wanted, searches, places)
            page: dict[str, Any] = {"items": [], "next_cursor": None, "ranking": None}
            if wanted.sort == "relevance":
                page["ranking"] = "bounded" if bounded else "full"
            if wanted.counts:
                page |= total_of(connection, searches)
            if wanted.facets:
                page["facets"] = facet_counts(connection, searches, wanted.facets)
    except SearchTooSlow:
        detail = "The search took too long. More telling words, or a shorter span of time, help."
        raise SearchTimeout(detail) from None
    except MalformedQuery as error:
        raise malformed(error) from None
    documents = found_documents(
        connection,
        [(one.kind, one.hit) for one in found],
        wanted.query,
        public,
        utf16=wanted.utf16,
        scored=wanted.sort == "relevance",
    )
    page["items"] = [wanted.selection.trim(document) for document in documents]
    if any(place is not None for place in behind.values()):
        page["next_cursor"] = wanted.signer.sign(wanted.digest, closed(at, wanted, behind))
    return page


def prepared(connection: Connection, wanted: SearchRequest, at: datetime) -> dict[str, Search]:
    names = DatabaseNames(connection)
    term = terms_of(wanted.query, names)
    if wanted.filters:
        kept = [
            filter_term(connection, name, alternatives) for name, alternatives in wanted.filters
        ]
        term = positive(AllTerms((term, *kept)))
    return {
        kind: search_for(
            connection, kind, term, at=at, since=wanted.since, until=wanted.until, names=names
        )
        for kind in wanted.kinds
    }


def filter_term(connection: Connection, name: str, values: Sequence[str]) -> Term:
    if name == "language":
        return AnyToken(tuple(map(locale_token, values)))
    if name == "section":
        return keyed(SECTION, connection.scalars(select(Section.key).where(below(values))).all())
    named = select(Entity.key).where(Entity.id.in_(values) | Entity.slug.in_(values))
    return keyed(ENTITY if name == "entity" else SPEAKER, connection.scalars(named).all())


def page_of(
    connection: Connection,
    wanted: SearchRequest,
    searches: dict[str, Search],
    places: dict[str, Place | None],
) -> tuple[list[Found], dict[str, Place | None], bool]:
    """The hits of all kinds together, the place behind them in each, and whether not all were
    ranked together."""
    ranks = wanted.sort == "relevance"
    streams: dict[str, list[Found]] = {}
    behind: dict[str, Place | None] = {}
    bounded = False
    for kind, one in searches.items():
        place = places.get(kind, Place(one.before))
        if place is None:
            streams[kind], behind[kind] = [], None
        elif ranks:
            page = ranked_page(connection, one, wanted.limit, after=place)
            pairs = zip(page.hits, page.places, strict=True)
            streams[kind] = [Found(kind, hit, after) for hit, after in pairs]
            behind[kind] = page.after
            bounded = bounded or page.bounded
        else:
            newest = newest_hits(connection, one, wanted.limit + 1, before=place.before)
            more = len(newest) > wanted.limit
            streams[kind] = [
                Found(kind, Hit(position, 0.0), Place(position))
                for position in newest[: wanted.limit]
            ]
            behind[kind] = streams[kind][-1].place if more else None
    order: Callable[[Found], tuple[float, int]] = lambda found: found.hit.order  # noqa: E731
    together = list(merge(*streams.values(), key=order))[: wanted.limit]
    for kind, stream in streams.items():
        taken = sum(found.kind == kind for found in together)
        if taken < len(stream):
            behind[kind] = (
                stream[taken - 1].place if taken else places.get(kind) or start(searches[kind])
            )
    return together, behind, bounded


def start(one: Search) -> Place:
    return Place(one.before)


def total_of(connection: Connection, searches: dict[str, Search]) -> dict[str, Any]:
    counts = [count_hits(connection, one, COUNTED) for one in searches.values()]
    relation = "at_least" if any(count > COUNTED for count in counts) else "exact"
    total = sum(min(count, COUNTED) for count in counts)
    return {"total": total, "total_relation": relation}


def opened(wanted: SearchRequest, at: datetime) -> tuple[datetime, dict[str, Place | None]]:
    """The instant of the first page, and where each kind goes on: nowhere, or behind a place."""
    if wanted.after is None:
        return at, {}
    first, *values = wanted.after
    if not isinstance(first, datetime) or len(values) != PARTS * len(wanted.kinds):
        raise InvalidCursor("The cursor does not fit the search.")
    places: dict[str, Place | None] = {}
    for number, kind in enumerate(wanted.kinds):
        before, rest, score, position = values[number * PARTS : (number + 1) * PARTS]
        places[kind] = None
        if isinstance(before, int) and isinstance(position, int):
            known = None if score is None else float(str(score))
            places[kind] = Place(before, bool(rest), known, position)
    return first, places


def closed(at: datetime, wanted: SearchRequest, behind: dict[str, Place | None]) -> list[Value]:
    values: list[Value] = [at]
    for kind in wanted.kinds:
        place = behind[kind]
        if place is None:
            values += [None] * PARTS
        else:
            values += [place.before, place.rest, place.score, place.position]
    return values
