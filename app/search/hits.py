"""Which texts match a query, in which order, and what can be said of all of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.database.types import AnyRow
from app.search.engines import engine_of
from app.search.entries import first_position, instant_of, microseconds, unpacked
from app.search.names import DatabaseNames
from app.search.query import Node
from app.search.ranking import FINENESS, Candidate, Weighted, scored, weighted
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
from app.search.windows import Asked, Window

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


class Search(NamedTuple):
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


class Measure(NamedTuple):
    """What texts were scored with: the next page uses the same, so that what is written meanwhile
    moves no hit from one page to another."""

    mean_length: float
    worths: tuple[float, ...]


class RankedPage(NamedTuple):
    """`places[n]` is where to go on behind `hits[n]`, `after` behind all of them. `bounded` tells
    that not all matches were ranked together; what has no hits needs no measure."""

    hits: list[Hit]
    places: list[Place]
    after: Place | None
    bounded: bool
    measure: Measure | None


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
    if names.counted != (term, tags):
        known = set(tokens_in(term))
        for one in terms_in(term, tags):
            known.update(counted_by(one, languages))
        names.counts.of(known)
        names.counted = (term, tags)
    return statistics(names.counts.found, kind, tags, languages)


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
    (found,) = newest_of_each(connection, [(search, before)], limit)
    return found


def newest_of_each(
    connection: Connection, asked: Sequence[tuple[Search, int | None]], limit: int
) -> list[list[int]]:
    """The same of several searches, of which each has its `before`."""
    parts = [Part(search, limit, before) for search, before in asked]
    return [[row.position for row in rows] for rows in fetch_each(connection, parts, sketch=False)]


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
    (page,) = ranked_of_each(connection, [(search, after, measure)], limit)
    return page


def ranked_of_each(
    connection: Connection,
    asked: Sequence[tuple[Search, Place | None, Measure | None]],
    limit: int,
) -> list[RankedPage]:
    """The same of several searches."""
    rankings = [Ranking(*one) for one in asked]
    parts = [one.part(one.place) for one in rankings]
    firsts = fetch_each(connection, parts, sketch=True)
    return [one.page(connection, found, limit) for one, found in zip(rankings, firsts, strict=True)]


class Ranking:
    """How the matches of a search are ranked, from a place on."""

    def __init__(self, search: Search, after: Place | None, measure: Measure | None) -> None:
        self.search = search
        self.place = after or Place(search.before)
        self.rare = rare_part(search.term, search.statistics)
        self.measure = measure
        is_one_of_many = self.rare is not None or matches_any(search.term)
        self.size = RANKED_OF_ANY if is_one_of_many else RANKED

    def weighed(self) -> tuple[list[Weighted], float]:
        """What the words are worth, and the mean length of the texts."""
        weights = weights_of(self.search.term, self.search.statistics)
        measure = self.measure
        if measure is None or len(measure.worths) != len(weights):
            return weights, round(self.search.statistics.mean_length, 3)
        pairs = zip(weights, measure.worths, strict=True)
        return [Weighted(one.names, worth) for one, worth in pairs], measure.mean_length

    def part(self, place: Place) -> "Part":
        """What is ranked together there. One more than that tells whether there are others."""
        search = self.search
        if self.rare is not None:
            search = search._replace(term=part_of(search, self.rare, place))
        return Part(search, self.size + 1, place.before)

    def page(self, connection: Connection, found: Sequence[Candidate], limit: int) -> RankedPage:
        """`found` is what is ranked together at the place."""
        place: Place | None = self.place
        hits: list[tuple[Hit, Place]] = []
        bounded = self.rare is not None or self.place.before < self.search.before
        if not found and self.rare is None:
            return RankedPage([], [], None, bounded, None)
        weights, mean = self.weighed()
        while place is not None:
            ranked = rank(
                found[: self.size],
                weights,
                mean,
                self.search,
                after=place,
                most=limit + 1,
            )
            hits += [(hit, place) for hit in ranked]
            if len(found) > self.size:
                bounded = True
                place = Place(found[self.size - 1].position, place.rest)
            elif self.rare is not None and not place.rest:
                place = Place(self.search.before, rest=True)
            else:
                place = None
            if place is None or len(hits) >= limit:
                break
            (found,) = fetch_each(connection, [self.part(place)], sketch=True)
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
    (found,) = fetch_each(connection, [Part(search, most + 1)], sketch=False)
    return len(found)


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
    (found,) = fetch_each(connection, [Part(search, limit, before)], sketch=True)
    return found


class Part(NamedTuple):
    """What is wanted of a search: so many of its newest matches, below `before`."""

    search: Search
    limit: int
    before: int | None = None

    @property
    def asked(self) -> Asked:
        search = self.search
        window = search.window(self.limit, before=self.before)
        return Asked(search.kind, search.term, window, search.statistics.share(search.term))


# Any: rows with a position, and a sketch where it is asked for
def fetch_each(
    connection: Connection, parts: Sequence[Part], *, sketch: bool
) -> list[Sequence[Any]]:
    """The rows of each part, in their order."""
    engine = engine_of(connection)
    asked = {number: part.asked for number, part in enumerate(parts) if part.search.term != NOTHING}
    found: list[Sequence[Any]] = [()] * len(parts)
    rows_of_each = engine.fetch(connection, list(asked.values()), sketch=sketch)
    for (number, one), rows in zip(asked.items(), rows_of_each, strict=True):
        if gave_up(connection, one, len(rows)):
            (rows,) = engine.fetch(connection, [one._replace(expected=0)], sketch=sketch)
        found[number] = rows
    return found


def gave_up(connection: Connection, asked: Asked, found: int) -> bool:
    """Whether there may be more than was found."""
    assert asked.window.limit is not None  # nothing is given up where all is wanted
    return (
        found < asked.window.limit
        and engine_of(connection).GIVES_UP
        and asked.window.is_soon_met(asked.expected)
    )


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
    orders = scored(found, weights, mean, now=search.at * SLOTS, day=DAY)
    if after.score is not None:
        last = (-round(after.score * FINENESS), -after.position)
        orders = [order for order in orders if order > last]
    orders.sort()
    return [Hit(-position, -worse / FINENESS) for worse, position in orders[:most]]


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
    columns = (found.c.section_key, found.c.language, found.c.entities, found.c.speakers)

    def newest(asked: Asked) -> Sequence[AnyRow]:
        statement = engine_of(connection).newest(
            asked.kind, asked.term, asked.window, expected=asked.expected
        )
        within = statement.limit(asked.window.limit).subquery()
        counted = select(found.c.position, *columns)
        return connection.execute(counted.join(within, within.c.position == found.c.position)).all()

    rows: Sequence[AnyRow] = []
    if search.term != NOTHING:
        asked = Part(search, most + 1).asked
        rows = newest(asked)
        if gave_up(connection, asked, len(rows)):
            rows = newest(asked._replace(expected=0))
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
