"""Which texts match a query, in which order, and what can be said of all of them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Select, select

from app.database.postgresql import NAME as POSTGRESQL
from app.database.sqlite import NAME as SQLITE
from app.search import postgresql, sqlite
from app.search.engines import engine_of
from app.search.entries import first_position, microseconds, unpacked
from app.search.names import DatabaseNames
from app.search.query import Node
from app.search.ranking import Candidate, Weighted, recency, score, weighted
from app.search.statistics import Statistics, statistics, terms_in
from app.search.tables import FOUND, SLOTS
from app.search.terms import (
    NOTHING,
    AllTerms,
    AnyTerm,
    AnyToken,
    NotTerm,
    Term,
    Names,
    positive,
    terms_of,
)
from app.search.windows import Window

# How many of the newest matches are ranked together; where any of several words may match, the
# better text is the older one more often, and more are.
RANKED = 1_000
RANKED_OF_ANY = 5_000
# How many of the newest matches facets count, and how many a bounded count.
COUNTED = 10_000
DAY = 86_400_000_000 * SLOTS


@dataclass(frozen=True, slots=True)
class Search:
    """A query against one kind of text, ready to be asked.

    `before` is the position that hits lie below: what is published from then on comes after the
    first page was shown, and is not in any. `since` is the earliest position.
    """

    kind: str
    term: Term
    statistics: Statistics
    before: int
    at: int
    since: int | None = None

    def window(self, limit: int | None, *, before: int | None = None) -> Window:
        return Window(
            before=self.before if before is None else min(before, self.before),
            at=self.at,
            total=self.statistics.texts,
            limit=limit,
            since=self.since,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page of a ranked search begins: the part of the matches that is ranked
    together (`before` is the position that it lies below, `rest` whether it is among those
    without any of the rare words), and the last hit in it."""

    before: int
    rest: bool = False
    score: float | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    position: int
    score: float


def prepare_search(
    connection: Connection,
    kind: str,
    node: Node,
    *,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    names: Names | None = None,
) -> Search:
    """Raises MalformedQuery for a name that too many entities have. `until` is left out."""
    term = terms_of(node, names or DatabaseNames(connection))
    return search_for(connection, kind, term, at=at, since=since, until=until, names=names)


def search_for(
    connection: Connection,
    kind: str,
    term: Term,
    *,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    names: Names | None = None,
) -> Search:
    tags = (names or DatabaseNames(connection)).languages()
    known = {token for token in tokens_in(term)}
    known.update(token for one in terms_in(term, tags) for token in one)
    before = first_position(at) + SLOTS
    return Search(
        kind,
        term,
        statistics(connection, kind, known, tags),
        before=before if until is None else min(before, first_position(until)),
        at=microseconds(at),
        since=None if since is None else first_position(since),
    )


def tokens_in(term: Term) -> list[str]:
    match term:
        case AnyToken(tokens):
            return list(tokens)
        case AllTerms(terms) | AnyTerm(terms):
            return [token for one in terms for token in tokens_in(one)]
        case NotTerm(inner):
            return tokens_in(inner)
    return []


def newest_hits(
    connection: Connection, search: Search, limit: int, *, before: int | None = None
) -> list[int]:
    """The positions of the newest hits, below `before`."""
    if search.term == NOTHING:
        return []
    window = search.window(limit, before=before)
    engine = engine_of(connection)

    def statement(expected: float) -> Select[int]:
        return engine.newest(search.kind, search.term, window, expected=expected).limit(limit)

    expected = search.statistics.share(search.term)
    found = connection.scalars(statement(expected)).all()
    if engine.GIVES_UP and len(found) < limit and window.is_soon_met(expected):
        found = connection.scalars(statement(0)).all()
    return list(found)


def ranked_hits(
    connection: Connection, search: Search, limit: int, *, after: Place | None = None
) -> tuple[list[Hit], Place | None]:
    """The best hits, and where to go on. The newest matches are ranked first, the older ones
    behind them in parts of the same size, so that each page costs the same."""
    place = after or Place(search.before)
    hits: list[Hit] = []
    term = search.term
    if term == NOTHING:
        return [], None
    rare = rare_part(term, search.statistics)
    weights = weights_of(term, search.statistics)
    size = RANKED if rare is None and not isinstance(term, AnyTerm) else RANKED_OF_ANY
    while len(hits) < limit + 1:
        part = term
        if rare is not None:
            part = positive(AllTerms((term, NotTerm(rare)))) if place.rest else rare
        found = fetch_candidates(connection, replace(search, term=part), size, place.before)
        ranked = rank(found, weights, search)
        if place.score is not None:
            last = (-place.score, -place.position)
            ranked = [hit for hit in ranked if (-hit.score, -hit.position) > last]
        wanted = limit + 1 - len(hits)
        hits += ranked[:wanted]
        if len(ranked) >= wanted:
            last_hit = hits[limit - 1]
            if len(ranked) - wanted + 1 > len(ranked):  # the last hit was in the part before
                break
            page, here = hits[:limit], len(ranked[: wanted - 1]) > 0
            if here:
                return page, replace(place, score=last_hit.score, position=last_hit.position)
            return page, Place(place.before, place.rest)
        if len(found) == size:
            place = Place(found[-1].position, place.rest)
        elif rare is not None and not place.rest:
            place = Place(search.before, rest=True)
        else:
            return hits, None
    return hits[:limit], place


def rare_part(term: Term, known: Statistics) -> Term | None:
    """Where any of several words may match and together they are in too many texts: the rarest
    of them. What holds none of these is ranked behind what holds one."""
    alternatives, others = term, ()
    if isinstance(term, AllTerms) and isinstance(term.terms[0], AnyTerm):
        alternatives, others = term.terms[0], term.terms[1:]
        if not all(isinstance(one, NotTerm) for one in others):
            return None
    if not isinstance(alternatives, AnyTerm):
        return None
    ordered = sorted(alternatives.terms, key=known.share)
    chosen: list[Term] = []
    expected = 0.0
    for one in ordered:
        expected += known.share(one) * known.texts
        if chosen and expected > RANKED_OF_ANY:
            break
        chosen.append(one)
    if len(chosen) == len(ordered):
        return None
    rare = AnyTerm(tuple(chosen)) if len(chosen) > 1 else chosen[0]
    return AllTerms((rare, *others)) if others else rare


def weights_of(term: Term, known: Statistics) -> list[Weighted]:
    terms = terms_in(term, known.tags)
    found = [sum(known.articles.get(token, 0) for token in one) for one in terms]
    return weighted(terms, known.all_articles, found)


def fetch_candidates(
    connection: Connection, search: Search, limit: int, before: int
) -> list[Candidate]:
    window = search.window(limit, before=before)
    engine = engine_of(connection)

    def rows(expected: float) -> list[Candidate]:
        statement = engine.candidates(search.kind, search.term, window, expected=expected)
        return [
            Candidate(position, bytes(sketch))
            for position, sketch in connection.execute(statement.limit(limit)).tuples()
        ]

    expected = search.statistics.share(search.term)
    found = rows(expected)
    if engine.GIVES_UP and len(found) < limit and window.is_soon_met(expected):
        found = rows(0)
    return found


def rank(found: Sequence[Candidate], weights: Sequence[Weighted], search: Search) -> list[Hit]:
    mean, now = search.statistics.mean_length, search.at * SLOTS
    hits = [
        Hit(
            one.position,
            # Rounded, so that what is as good is in the order of publication.
            round(score(one.sketch, weights, mean) * recency((now - one.position) / DAY), 6),
        )
        for one in found
    ]
    return sorted(hits, key=lambda hit: (-hit.score, -hit.position))


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the newest `counted` hits are in each section, and so on, by key; a bounded
    count left older hits out."""

    counted: int
    bounded: bool
    sections: Counter[int]
    languages: Counter[str]
    months: Counter[tuple[int, int]]
    entities: Counter[int]
    speakers: Counter[int]


def count_facets(connection: Connection, search: Search, most: int = COUNTED) -> Facets:
    found = FOUND[search.kind]
    positions = newest_hits(connection, search, most + 1) if search.term != NOTHING else []
    rows: list[tuple[int, int | None, str, bytes, bytes]] = []
    if positions:
        kept = positions[:most]
        statement = select(
            found.c.position,
            found.c.section_key,
            found.c.language,
            found.c.entities,
            found.c.speakers,
        )
        if len(kept) > most // 2:
            # Nearly all of a stretch: one walk costs less than so many steps.
            statement = statement.where(found.c.position.between(kept[-1], kept[0]))
        wanted = set(kept)
        rows = [
            row for row in in_parts(connection, statement, found.c.position, kept)
            if row[0] in wanted
        ]
    return Facets(
        counted=len(rows),
        bounded=len(positions) > most,
        sections=Counter(row[1] for row in rows if row[1] is not None),
        languages=Counter(row[2] for row in rows),
        months=Counter(month_of(row[0]) for row in rows),
        entities=keys_in(row[3] for row in rows),
        speakers=keys_in(row[4] for row in rows),
    )
