"""The index follows each write before it commits: whoever reads after the answer finds it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Connection, Text, select
from sqlalchemy.orm import Session

from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.rows import is_new
from app.database.session import before_commit, connection_of
from app.models import Quote
from app.models.base import Resource
from app.search.contents import ENTRIES, article_entries, entity_entries, quote_entries
from app.search.entries import instant_of, unpacked
from app.search.index import BATCH, batches, count_terms, keep_entries
from app.search.suggestions import keep_names, keep_popularity
from app.search.tables import FOUND, TERMS
from app.search.terms import ENTITY

NOTED = "search.noted"
# The articles of the quotes among what was noted.
QUOTING = "search.quoting"
# The kind of text that a resource is to the index, where it is any.
KIND_OF = {
    "article": "articles",
    "quote": "quotes",
    "entity": "entities",
    "section": "sections",
    "publisher": "publishers",
    "media": "media",
}

QUOTES_OF = Prepared(select(Quote.key).where(Among(Quote.article_key)))
APPEARANCES = Prepared(
    select(
        FOUND["articles"].c.key,
        FOUND["articles"].c.position,
        FOUND["articles"].c.entities,
    ).where(Among(FOUND["articles"].c.key))
)
ENTITIES_HELD = Prepared(
    select(FOUND["entities"].c.key, FOUND["entities"].c.position).where(
        Among(FOUND["entities"].c.key)
    )
)
NUMBERS = Prepared(
    select(TERMS.c.term, TERMS.c.articles).where(Among(TERMS.c.term, "terms", of=Text))
)


def note_change(session: Session, resource: Resource) -> None:
    """Have the index brought up to date with a resource that was added, changed or deleted."""
    kind = KIND_OF.get(resource.resource_name)
    if kind is None:
        return
    # What was changed first and is new again has the key of something that was deleted.
    noted: dict[tuple[str, int], bool] = session.info.setdefault(NOTED, {})
    noted.setdefault((kind, resource.key), is_new(resource))
    if kind == "quotes":
        quoting: set[int] = session.info.setdefault(QUOTING, set())
        quoting.add(cast(Quote, resource).article_key)
    before_commit(session, keep_index)


@dataclass
class Noted:
    """The keys of what was noted of one kind: what is new cannot be in the index yet."""

    new: set[int] = field(default_factory=set)
    known: set[int] = field(default_factory=set)

    def batches(self) -> Iterator[tuple[list[int], list[int]]]:
        """All of them, and those among them that may be in the index."""
        for several in batches(sorted(self.new | self.known), BATCH):
            yield several, [key for key in several if key in self.known]


def keep_index(session: Session) -> None:
    changed: defaultdict[str, Noted] = defaultdict(Noted)
    for (kind, key), new in session.info.pop(NOTED, {}).items():
        (changed[kind].new if new else changed[kind].known).add(key)
    articles, quotes = changed["articles"], changed["quotes"]
    articles.known |= session.info.pop(QUOTING, set()) - articles.new
    session.flush()
    connection = connection_of(session)
    counts: Counter[str] = Counter()
    speaking = Speaking()
    for several, known in articles.batches():
        keep_articles(connection, several, known, speaking, counts)
    quotes.known |= quotes_of(connection, articles.known) - quotes.new
    for several, known in quotes.batches():
        entries = quote_entries(connection, several, speaking.entities)
        keep_entries(connection, "quotes", known, entries, counts)
    keep_entities(connection, changed["entities"], speaking, counts)
    for kind in ("sections", "publishers", "media"):
        for several, known in changed[kind].batches():
            keep_entries(connection, kind, known, ENTRIES[kind](connection, several), counts)
    count_terms(connection, counts)


def quotes_of(connection: Connection, articles: Collection[int]) -> set[int]:
    if not articles:
        return set()
    return {row.key for row in QUOTES_OF.all(connection, {"keys": articles})}


class Appearance(NamedTuple):
    """An entity in an article that was published at an instant."""

    article: int
    entity: int
    since: datetime


@dataclass
class Speaking:
    """What changed in the articles that speak of entities: where these came, where they went, and
    what is added to the numbers of their articles; and of whom each live article speaks."""

    came: set[Appearance] = field(default_factory=set)
    went: set[Appearance] = field(default_factory=set)
    counted: Counter[int] = field(default_factory=Counter)
    entities: dict[int, Sequence[int]] = field(default_factory=dict)


def keep_articles(
    connection: Connection,
    keys: Collection[int],
    known: Collection[int],
    speaking: Speaking,
    counts: Counter[str],
) -> None:
    """`known` are those of the keys that may be in the index."""
    former = indexed_appearances(connection, known)
    entries = article_entries(connection, keys)
    speaking.entities.update((entry.key, entry.entities) for entry in entries)
    present = {
        Appearance(entry.key, entity, entry.published_at)
        for entry in entries
        for entity in entry.entities
    }
    keep_entries(connection, "articles", known, entries, counts)
    speaking.came |= present - former
    speaking.went |= former - present
    speaking.counted.update(one.entity for one in present)
    speaking.counted.subtract(one.entity for one in former)


def indexed_appearances(connection: Connection, keys: Collection[int]) -> set[Appearance]:
    if not keys:
        return set()
    return {
        Appearance(row.key, int.from_bytes(entity, "big"), instant_of(row.position))
        for row in APPEARANCES.all(connection, {"keys": keys})
        for entity in unpacked(row.entities)
    }


def keep_entities(
    connection: Connection, noted: Noted, speaking: Speaking, counts: Counter[str]
) -> None:
    """Entities that were changed, and those that articles make public, or no more, or earlier."""
    came = earliest(speaking.came)
    went = earliest(speaking.went)
    indexed = indexed_entities(connection, {*noted.known, *came, *went} - noted.new)
    # When the article is gone that showed an entity first, all others have to be asked.
    stale = {key for key in went if key in indexed and went[key] <= indexed[key]}
    since = {
        key: instant
        for key, instant in came.items()
        if key not in stale and (key not in indexed or instant < indexed[key])
    }
    keys = {*noted.new, *noted.known, *stale, *since}
    counted = {key: by for key, by in speaking.counted.items() if by}
    numbers = articles_speaking_of(connection, keys | counted.keys())
    for several in batches(sorted(keys), BATCH):
        # What was changed itself may have been shown by others all along.
        known = {key: since[key] for key in several if key in since and key not in noted.known}
        entries = entity_entries(connection, several, known)
        held = [key for key in several if key in indexed]
        keep_entries(connection, "entities", held, entries, counts)
        keep_names(
            connection,
            several,
            {entry.key: entry.headline.split("\n") for entry in entries},
            {key: numbers.get(key, 0) + counted.get(key, 0) for key in several},
        )
    others = [(key, numbers.get(key, 0), by) for key, by in counted.items() if key not in keys]
    keep_popularity(connection, [(key, before, before + by) for key, before, by in others])


def earliest(appearances: Iterable[Appearance]) -> dict[int, datetime]:
    instants: dict[int, datetime] = {}
    for one in appearances:
        instants[one.entity] = min(instants.get(one.entity, one.since), one.since)
    return instants


def indexed_entities(connection: Connection, keys: Collection[int]) -> dict[int, datetime]:
    if not keys:
        return {}
    rows = ENTITIES_HELD.all(connection, {"keys": keys})
    return {row.key: instant_of(row.position) for row in rows}


def articles_speaking_of(connection: Connection, keys: Collection[int]) -> dict[int, int]:
    """In how many articles entities stood before this write."""
    if not keys:
        return {}
    rows = NUMBERS.all(connection, {"terms": [f"{ENTITY}{key}" for key in keys]})
    return {int(row.term.removeprefix(ENTITY)): row.articles for row in rows}
