"""The index follows each write before it commits: whoever reads after the answer finds it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Text, select
from sqlalchemy.orm import Session

from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.session import before_commit
from app.database.types import AnyRow
from app.models import Quote
from app.models.base import Resource
from app.search.contents import ENTRIES, article_entries, entity_entries, quote_entries
from app.search.entries import EPOCH, instant_of, unpacked
from app.search.index import BATCH, batches, keep_entries
from app.search.suggestions import keep_names, keep_popularity
from app.search.tables import FOUND, TERMS
from app.search.terms import ENTITY

CHANGED = "search.changed"
# The kind of text that a resource is to the index.
KIND_OF = {
    "article": "articles",
    "quote": "quotes",
    "entity": "entities",
    "section": "sections",
    "publisher": "publishers",
    "media": "media",
}

ARTICLES_OF = Prepared(select(Quote.article_key).where(Among(Quote.key)).distinct())
QUOTES_OF = Prepared(select(Quote.key).where(Among(Quote.article_key)))
APPEARANCES = Prepared(
    select(
        FOUND["articles"].c.key,
        FOUND["articles"].c.position,
        FOUND["articles"].c.hidden_until,
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
    session.info.setdefault(CHANGED, set()).add((KIND_OF[resource.resource_name], resource.key))
    before_commit(session, keep_index)


def keep_index(session: Session) -> None:
    changed: defaultdict[str, set[int]] = defaultdict(set)
    for kind, key in session.info.pop(CHANGED, ()):
        changed[kind].add(key)
    session.flush()
    connection = session.connection()
    articles = changed["articles"] | articles_of(connection, changed["quotes"])
    speaking = Speaking()
    for several in batches(sorted(articles), BATCH):
        keep_articles(connection, several, speaking)
    quotes = changed["quotes"] | quotes_of(connection, articles)
    for several in batches(sorted(quotes), BATCH):
        keep_entries(connection, "quotes", several, quote_entries(connection, several))
    keep_entities(connection, changed["entities"], speaking)
    for kind in ("sections", "publishers", "media"):
        for several in batches(sorted(changed[kind]), BATCH):
            keep_entries(connection, kind, several, ENTRIES[kind](connection, several))


def articles_of(connection: Connection, quotes: Collection[int]) -> set[int]:
    return {row.article_key for row in ARTICLES_OF.all(connection, {"keys": quotes})}


def quotes_of(connection: Connection, articles: Collection[int]) -> set[int]:
    return {row.key for row in QUOTES_OF.all(connection, {"keys": articles})}


class Appearance(NamedTuple):
    """An entity in an article that is public from an instant on."""

    article: int
    entity: int
    since: datetime


@dataclass
class Speaking:
    """What changed in the articles that speak of entities: where these came, where they went, and
    what was added to the numbers of their articles."""

    came: set[Appearance] = field(default_factory=set)
    went: set[Appearance] = field(default_factory=set)
    counted: dict[int, int] = field(default_factory=dict)


def keep_articles(connection: Connection, keys: Collection[int], speaking: Speaking) -> None:
    former = indexed_appearances(connection, keys)
    entries = article_entries(connection, keys)
    present = {
        Appearance(entry.key, entity, max(entry.published_at, entry.hidden_until or EPOCH))
        for entry in entries
        for entity in entry.entities
    }
    added = keep_entries(connection, "articles", keys, entries)
    speaking.came |= present - former
    speaking.went |= former - present
    for term, by in added.items():
        if (key := entity_of(term)) is not None:
            speaking.counted[key] = speaking.counted.get(key, 0) + by


def entity_of(term: str) -> int | None:
    """The key of the entity that a term is the mark of."""
    number = term.removeprefix(ENTITY)
    return int(number) if number != term and number.isdigit() else None


def indexed_appearances(connection: Connection, keys: Collection[int]) -> set[Appearance]:
    return {
        Appearance(row.key, int.from_bytes(entity, "big"), since_of(row))
        for row in APPEARANCES.all(connection, {"keys": keys})
        for entity in unpacked(row.entities)
    }


def since_of(row: AnyRow) -> datetime:
    since = instant_of(row.position)
    if row.hidden_until is None:
        return since
    return max(since, EPOCH + timedelta(microseconds=row.hidden_until))


def keep_entities(connection: Connection, changed: Collection[int], speaking: Speaking) -> None:
    """Entities that were changed, and those that articles make public, or no more, or earlier."""
    came = earliest(speaking.came)
    went = earliest(speaking.went)
    indexed = indexed_entities(connection, {*changed, *came, *went})
    # When the article is gone that showed an entity first, all others have to be asked.
    stale = {key for key in went if key in indexed and went[key] <= indexed[key]}
    since = {
        key: instant
        for key, instant in came.items()
        if key not in stale and (key not in indexed or instant < indexed[key])
    }
    keys = {*changed, *stale, *since}
    for several in batches(sorted(keys), BATCH):
        # What was changed itself may have been shown by others all along.
        known = {key: since[key] for key in several if key in since and key not in changed}
        entries = entity_entries(connection, several, known)
        keep_entries(connection, "entities", several, entries)
        keep_names(
            connection,
            several,
            {entry.key: entry.headline.split("\n") for entry in entries},
            articles_speaking_of(connection, several),
        )
    numbers = articles_speaking_of(connection, speaking.counted.keys() - keys)
    for key, number in numbers.items():
        keep_popularity(connection, key, number - speaking.counted[key], number)


def earliest(appearances: Iterable[Appearance]) -> dict[int, datetime]:
    instants: dict[int, datetime] = {}
    for one in appearances:
        instants[one.entity] = min(instants.get(one.entity, one.since), one.since)
    return instants


def indexed_entities(connection: Connection, keys: Collection[int]) -> dict[int, datetime]:
    rows = ENTITIES_HELD.all(connection, {"keys": keys})
    return {row.key: instant_of(row.position) for row in rows}


def articles_speaking_of(connection: Connection, keys: Collection[int]) -> dict[int, int]:
    """In how many indexed articles entities stand."""
    rows = NUMBERS.all(connection, {"terms": [f"{ENTITY}{key}" for key in keys]})
    return {int(row.term.removeprefix(ENTITY)): row.articles for row in rows}
