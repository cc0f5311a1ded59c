"""A search over articles, quotes and entities: which are hits, and in which order."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.access.viewer import Viewer, anonymous
from app.discovery.facets import facet_counts
from app.discovery.hits import found_documents
from app.discovery.parameters import SearchRequest
from app.documents.search import SearchHit
from app.errors import InvalidCursor
from app.models import Entity, Section
from app.search.asking import asking
from app.search.hits import (
    Hit,
    Measure,
    Place,
    Search,
    count_hits,
    newest_of_each,
    ranked_of_each,
    search_for,
    tags_of,
)
from app.search.names import DatabaseNames
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
from app.sections.filters import below
from app.web.cursors import Value
from app.web.fields import ALL, Selection
from app.web.json import plain

COUNTED = 10_000
# What a cursor holds of each kind, before the worths of the words.
PARTS = 6


class Found(NamedTuple):
    """A hit, and the place behind it among those of its kind."""

    kind: str
    hit: Hit
    place: Place


class Going(NamedTuple):
    """Where the hits of a kind go on, None at their end; and how they are scored."""

    place: Place | None
    measure: Measure | None = None


class Stream(NamedTuple):
    """The best hits of a kind, where it goes on behind them, and whether not all were ranked
    together."""

    found: list[Found]
    behind: Going
    bounded: bool = False


def search(
    connection: Connection, wanted: SearchRequest, viewer: Viewer, *, seconds: float
) -> dict[str, Any]:
    """A page of hits. What is not public is never among them, whoever asks."""
    public = anonymous(viewer.at)
    at, goings = opened(wanted, public.at)
    with asking(connection, seconds):
        searches = prepared(connection, wanted, at)
        found, behind, bounded = page_of(connection, wanted, searches, goings)
        page: dict[str, Any] = {"items": [], "next_cursor": None, "ranking": None}
        if wanted.sort == "relevance":
            page["ranking"] = "bounded" if bounded else "full"
        if wanted.counts:
            page |= total_of(connection, searches)
        if wanted.facets:
            page["facets"] = facet_counts(connection, searches, wanted.facets)
    documents = found_documents(
        connection,
        [(one.kind, one.hit) for one in found],
        wanted.query,
        public,
        utf16=wanted.utf16,
        scored=wanted.sort == "relevance",
    )
    page["items"] = [trimmed(document, wanted.selection) for document in documents]
    if any(going.place is not None for going in behind.values()):
        page["next_cursor"] = wanted.signer.sign(wanted.digest, closed(at, wanted, behind))
    return page


# Any: a document, with parts of it as bytes
def trimmed(document: SearchHit, selection: Selection) -> Any:
    return document if selection == ALL else selection.trim(plain(document))


def prepared(connection: Connection, wanted: SearchRequest, at: datetime) -> dict[str, Search]:
    names = DatabaseNames(connection, wanted.query)
    kept = [filter_term(connection, name, alternatives) for name, alternatives in wanted.filters]
    searches: dict[str, Search] = {}
    terms: dict[tuple[str, ...], Term] = {}
    for kind in wanted.kinds:
        tags = tuple(tags_of(kind, names))
        if tags not in terms:
            term = terms_of(wanted.query, names, tags)
            terms[tags] = positive(AllTerms((term, *kept))) if kept else term
        searches[kind] = search_for(
            connection,
            kind,
            terms[tags],
            at=at,
            since=wanted.since,
            until=wanted.until,
            names=names,
        )
    return searches


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
    goings: dict[str, Going],
) -> tuple[list[Found], dict[str, Going], bool]:
    """The hits of all kinds together, where each kind goes on behind them, and whether not all
    were ranked together."""
    behind = {kind: goings.get(kind) or Going(Place(one.before)) for kind, one in searches.items()}
    places = {kind: going.place for kind, going in behind.items() if going.place is not None}
    if wanted.sort == "newest":
        streams = newest_streams(connection, searches, places, wanted.limit)
    else:
        measures = {kind: going.measure for kind, going in behind.items()}
        streams = ranked_streams(connection, searches, places, measures, wanted.limit)
    found = [stream.found for stream in streams.values() if stream.found]
    merged = merge(*found, key=order) if len(found) > 1 else found[0] if found else ()
    together = list(islice(merged, wanted.limit))
    taken = Counter(found.kind for found in together)
    for kind, stream in streams.items():
        behind[kind] = stream.behind
        if taken[kind] < len(stream.found):
            place = stream.found[taken[kind] - 1].place if taken[kind] else places[kind]
            behind[kind] = Going(place, stream.behind.measure)
    return together, behind, any(stream.bounded for stream in streams.values())


def newest_streams(
    connection: Connection, searches: dict[str, Search], places: dict[str, Place], limit: int
) -> dict[str, Stream]:
    asked = [(searches[kind], place.before) for kind, place in places.items()]
    streams = {}
    each = newest_of_each(connection, asked, limit + 1)
    for kind, positions in zip(places, each, strict=True):
        found = [Found(kind, Hit(one, 0.0), Place(one)) for one in positions[:limit]]
        streams[kind] = Stream(found, Going(found[-1].place if len(positions) > limit else None))
    return streams


def ranked_streams(
    connection: Connection,
    searches: dict[str, Search],
    places: dict[str, Place],
    measures: dict[str, Measure | None],
    limit: int,
) -> dict[str, Stream]:
    asked = [(searches[kind], place, measures[kind]) for kind, place in places.items()]
    streams = {}
    for kind, page in zip(places, ranked_of_each(connection, asked, limit), strict=True):
        pairs = zip(page.hits, page.places, strict=True)
        found = [Found(kind, hit, place) for hit, place in pairs]
        streams[kind] = Stream(found, Going(page.after, page.measure), page.bounded)
    return streams


def order(found: Found) -> tuple[float, int]:
    return found.hit.order


def total_of(connection: Connection, searches: dict[str, Search]) -> dict[str, Any]:
    counts = [count_hits(connection, one, COUNTED) for one in searches.values()]
    relation = "at_least" if any(count > COUNTED for count in counts) else "exact"
    total = sum(min(count, COUNTED) for count in counts)
    return {"total": total, "total_relation": relation}


def opened(wanted: SearchRequest, at: datetime) -> tuple[datetime, dict[str, Going]]:
    """The instant of the first page, and where each kind goes on."""
    if wanted.after is None:
        return at, {}
    first, *values = wanted.after
    goings = {}
    try:
        if not isinstance(first, datetime):
            raise ValueError("not an instant")
        for kind in wanted.kinds:
            goings[kind] = going_from(values)
    except (ValueError, TypeError, IndexError):
        raise InvalidCursor("The cursor does not fit the search.") from None
    return first, goings


def closed(at: datetime, wanted: SearchRequest, behind: dict[str, Going]) -> list[Value]:
    values: list[Value] = [at]
    for kind in wanted.kinds:
        place, measure = behind[kind].place, behind[kind].measure
        if place is None:
            values.append(None)
            continue
        values += [place.before, place.rest, place.score, place.position]
        worths = () if measure is None else measure.worths
        values += [0.0 if measure is None else measure.mean_length, len(worths), *worths]
    return values


def going_from(values: list[Value]) -> Going:
    """What `closed` made of one kind, taken from the front."""
    if values[0] is None:
        values.pop(0)
        return Going(None)
    before, rest, score, position, mean, count = map(number_of, values[:PARTS])
    known = None if values[2] is None else score
    worths = tuple(number_of(value) for value in values[PARTS : PARTS + int(count)])
    del values[: PARTS + int(count)]
    place = Place(int(before), bool(rest), known, int(position))
    return Going(place, Measure(mean, worths) if worths else None)


def number_of(value: Value) -> float:
    if value is None:
        return 0
    if not isinstance(value, int | float):
        raise ValueError("not a number")
    return value
