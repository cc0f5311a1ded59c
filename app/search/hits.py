"""Which texts match a query, in which order, and what can be said of all of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.database.types import AnyRow
from app.search.engines import engine_of
from app.search.entries import first_position, instant_of, microseconds, unpacked
from app.search.names import DatabaseNames
from app.search.query import Node
from app.search.ranking import Candidate, Weighted, recency, scoring, weighted
from app.search.statistics import Statistics, statistics, terms_in
from app.search.stemming import NONE
from app.search.tables import FOUND, SLOTS
from app.search.terms import (
    NOTHING,
    AllTerms,
    AnyTerm,
    AnyToken,
    Names,
    NotTerm,
    Term,
    positive,
    terms_of,
    word_term,
)
from app.search.windows import Window

# How many of the newest matches are ranked together; where any of several words may match, the
# better text is the older one more often, and more are.
RANKED = 1_000
RANKED_OF_ANY = 5_000
# How many of the newest matches facets count: as many as take less than twice the time of a ranked
# page.
COUNTED = 1_500
# The kinds whose texts have a language each.
IN_LANGUAGES = ("articles", "quotes")
DAY = 86_400_000_000 * SLOTS
# Scores are told in parts of so many to one.
FINENESS = 1_000_000


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


class Place(NamedTuple):
    """Where the next page of a ranked search begins: the part of the matches that is ranked
    together (`before` is the position that it lies below, `rest` whether it is among those
    without any of the rare words), and the last hit in it."""

    before: int
    rest: bool = False
    score: float | None = None
    position: int = 0


class Hit(NamedTuple):
    position: int
    score: float

    @property
    def order(self) -> tuple[float, int]:
        return -self.score, -self.position


@dataclass(frozen=True, slots=True)
class Measure:
    """What texts were scored with: the next page uses the same, so that what is written meanwhile
    moves no hit from one page to another."""

    mean_length: float
    worths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RankedPage:
    """`places[n]` is where to go on behind `hits[n]`, `after` behind all of them. `bounded` tells
    that not all matches were ranked together."""

    hits: list[Hit]
    places: list[Place]
    after: Place | None
    bounded: bool
    measure: Measure


def prepare_search(
    connection: Connection,
    kind: str,
    node: Node,
    *,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    names: DatabaseNames | None = None,
) -> Search:
    """Raises MalformedQuery for a name that too many entities have. `until` is left out."""
    names = names or DatabaseNames(connection, node)
    term = terms_of(node, names, tags_of(kind, names))
    return search_for(connection, kind, term, at=at, since=since, until=until, names=names)


def search_at(connection: Connection, kind: str, node: Node, before: int) -> Search:
    """The same for all positions below one, whatever the instant. Raises MalformedQuery."""
    names = DatabaseNames(connection, node)
    tags = tags_of(kind, names)
    term = terms_of(node, names, tags)
    known = statistics_of(kind, term, tags, names)
    return Search(kind, term, known, before, at=before)


def search_for(
    connection: Connection,
    kind: str,
    term: Term,
    *,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    names: DatabaseNames | None = None,
) -> Search:
    names = names or DatabaseNames(connection)
    tags = tags_of(kind, names)
    before = first_position(at) + SLOTS
    return Search(
        kind,
        term,
        statistics_of(kind, term, tags, names),
        before=before if until is None else min(before, first_position(until)),
        at=microseconds(at),
        since=None if since is None else first_position(since),
    )


def statistics_of(kind: str, term: Term, tags: Sequence[str], names: DatabaseNames) -> Statistics:
    languages = names.languages()
    known = set(tokens_in(term))
    for one in terms_in(term, tags):
        known.update(counted_by(one, languages))
    return statistics(names.counts, kind, known, tags, languages)


def counted_by(term: tuple[str, ...], languages: Sequence[str]) -> set[str]:
    """In what terms a word is counted over all articles, that are in languages where names are in
    none."""
    words = [token for token in term if token[0] != "_"]
    return {*term, *(token for word in words for token in word_term(word, languages).tokens)}


def tags_of(kind: str, names: Names) -> Sequence[str]:
    """The stemmers of the languages that texts of a kind are in; names are in none."""
    return names.languages() if kind in IN_LANGUAGES else (NONE,)


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
    run = running(connection, search, search.window(limit, before=before), sketch=False)
    return [row.position for row in fetch(connection, search, limit, run)]


def ranked_hits(
    connection: Connection, search: Search, limit: int, *, after: Place | None = None
) -> tuple[list[Hit], Place | None]:
    """The best hits, and where to go on."""
    page = ranked_page(connection, search, limit, after=after)
    return page.hits, page.after


def ranked_page(
    connection: Connection,
    search: Search,
    limit: int,
    *,
    after: Place | None = None,
    measure: Measure | None = None,
) -> RankedPage:
    """The best hits. The newest matches are ranked first, and the older ones behind them in parts
    of the same size, so that each page costs the same. `measure` is that of the first page."""
    place: Place | None = after or Place(search.before)
    rare = rare_part(search.term, search.statistics)
    weights = weights_of(search.term, search.statistics)
    mean = round(search.statistics.mean_length, 3)
    if measure is not None and len(measure.worths) == len(weights):
        weights = [
            Weighted(one.names, worth) for one, worth in zip(weights, measure.worths, strict=True)
        ]
        mean = measure.mean_length
    size = RANKED if rare is None and not matches_any(search.term) else RANKED_OF_ANY
    hits: list[tuple[Hit, Place]] = []
    bounded = rare is not None or (after is not None and after.before < search.before)
    while place is not None and len(hits) < limit:
        part = search if rare is None else replace(search, term=part_of(search, rare, place))
        # One more than is ranked tells whether there are others.
        found = fetch_candidates(connection, part, size + 1, place.before)
        ranked = rank(found[:size], weights, mean, search, after=place, most=limit + 1)
        hits += [(hit, place) for hit in ranked]
        if len(found) > size:
            bounded = True
            place = Place(found[size - 1].position, place.rest)
        elif rare is not None and not place.rest:
            place = Place(search.before, rest=True)
        else:
            place = None
    page = hits[:limit]
    places = [Place(one.before, one.rest, hit.score, hit.position) for hit, one in page]
    return RankedPage(
        hits=[hit for hit, _ in page],
        places=places,
        after=places[-1] if len(hits) > limit else place,
        bounded=bounded,
        measure=Measure(mean, tuple(one.worth for one in weights)),
    )


def count_hits(connection: Connection, search: Search, most: int) -> int:
    """How many texts match, up to one more than `most`."""
    run = running(connection, search, search.window(most + 1), sketch=False)
    return len(fetch(connection, search, most + 1, run))


def part_of(search: Search, rare: Term, place: Place) -> Term:
    return positive(AllTerms((search.term, NotTerm(rare)))) if place.rest else rare


def matches_any(term: Term) -> bool:
    return isinstance(term, AnyTerm) or (
        isinstance(term, AllTerms) and any(isinstance(one, AnyTerm) for one in term.terms)
    )


def rare_part(term: Term, known: Statistics) -> Term | None:
    """Where any of several words may match and together they are in too many texts: the rarest
    of them. What holds none of these is ranked behind what holds one."""
    alternatives: Term = term
    others: tuple[Term, ...] = ()
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
    found = [
        sum(known.articles.get(token, 0) for token in counted_by(one, known.languages))
        for one in terms
    ]
    return weighted(terms, known.all_articles, found)


def fetch_candidates(
    connection: Connection, search: Search, limit: int, before: int
) -> Sequence[Candidate]:
    """Rows with the columns of a candidate."""
    run = running(connection, search, search.window(limit, before=before), sketch=True)
    return fetch(connection, search, limit, run)


def running(
    connection: Connection, search: Search, window: Window, *, sketch: bool
) -> Callable[..., Sequence[Any]]:
    engine = engine_of(connection)
    return partial(engine.fetch, connection, search.kind, search.term, window, sketch=sketch)


def fetch(
    connection: Connection,
    search: Search,
    limit: int,
    run: Callable[..., Sequence[Any]],
) -> Sequence[Any]:
    """The newest rows of what is run for the share of texts that should match."""
    if search.term == NOTHING:
        return []
    expected = search.statistics.share(search.term)
    rows = run(expected=expected)
    if (
        len(rows) < limit
        and engine_of(connection).GIVES_UP
        and search.window(limit).is_soon_met(expected)
    ):
        rows = run(expected=0)
    return rows


def rank(
    found: Sequence[Candidate],
    weights: Sequence[Weighted],
    mean: float,
    search: Search,
    *,
    after: Place,
    most: int,
) -> list[Hit]:
    """The best first, from behind a place on."""
    now = search.at * SLOTS
    score = scoring(weights, mean)
    # In millionths, so that what is as good is in the order of publication.
    scored = [
        (-int(score(sketch) * recency((now - position) / DAY) * FINENESS + 0.5), -position)
        for position, sketch in found
    ]
    if after.score is not None:
        last = (-round(after.score * FINENESS), -after.position)
        scored = [order for order in scored if order > last]
    scored.sort()
    return [Hit(-position, -worse / FINENESS) for worse, position in scored[:most]]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the newest `counted` hits are in each section, and so on, by key; a bounded
    count left older hits out."""

    counted: int
    bounded: bool
    sections: Counter[int]
    languages: Counter[str]
    months: Counter[str]
    entities: Counter[int]
    speakers: Counter[int]


def count_facets(connection: Connection, search: Search, most: int = COUNTED) -> Facets:
    found = FOUND[search.kind]
    engine = engine_of(connection)

    def run(*, expected: float) -> Sequence[AnyRow]:
        window = search.window(most + 1)
        newest = engine.newest(search.kind, search.term, window, expected=expected)
        within = newest.limit(most + 1).subquery()
        columns = (found.c.section_key, found.c.language, found.c.entities, found.c.speakers)
        counted = select(found.c.position, *columns)
        return connection.execute(counted.join(within, within.c.position == found.c.position)).all()

    rows = fetch(connection, search, most + 1, run)
    bounded = len(rows) > most
    if bounded:
        oldest = min(row[0] for row in rows)
        rows = [row for row in rows if row[0] != oldest]
    days = Counter(row[0] // DAY for row in rows)
    months: Counter[str] = Counter()
    for day, number in days.items():
        months[f"{instant_of(day * DAY):%Y-%m}"] += number
    sections = Counter(row[1] for row in rows)
    del sections[None]
    return Facets(
        counted=len(rows),
        bounded=bounded,
        sections=sections,
        languages=Counter(row[2] for row in rows),
        months=months,
        entities=count_keys(row[3] for row in rows),
        speakers=count_keys(row[4] for row in rows),
    )


def count_keys(packed: Iterable[bytes]) -> Counter[int]:
    keys = b"".join(packed)
    counted = Counter(unpacked(keys))
    return Counter({int.from_bytes(key, "big"): number for key, number in counted.items()})
