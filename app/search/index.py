"""What the index holds, kept in the transaction of the write that it follows."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from sqlalchemy import Connection, delete, func, insert, select, update

from app.search.engines import engine_of
from app.search.entries import Entry, Indexed, Kept, first_position, indexed, microseconds, packed
from app.search.tables import FOUND, SLOTS

# Beside the terms, how many texts there are of each kind, and how many words in them.
TEXTS_OF = {kind: f"_texts_{kind}" for kind in FOUND}
WORDS_OF = {kind: f"_words_{kind}" for kind in FOUND}


def put_entry(connection: Connection, kind: str, entry: Entry) -> None:
    """Index a text, or index it anew; what has not changed is left alone."""
    engine, found = engine_of(connection), FOUND[kind]
    content = indexed(entry, headline_counts=kind != "quotes")
    at = found_at(connection, kind, entry.key)
    first = first_position(entry.published_at)
    if at is None or not first <= at < first + SLOTS:
        if at is not None:
            remove_entry(connection, kind, entry.key)
        position = free_position(connection, kind, first)
        connection.execute(insert(found), {"position": position, **_values(entry)})
        engine.add_texts(connection, kind, {position: content})
        engine.count_terms(connection, differences(kind, content, None))
        return
    connection.execute(update(found).where(found.c.position == at).values(_values(entry)))
    kept = engine.read_text(connection, kind, at)
    if not kept.holds(content):
        engine.remove_text(connection, kind, at)
        engine.add_texts(connection, kind, {at: content})
        engine.count_terms(connection, differences(kind, content, kept))


def remove_entry(connection: Connection, kind: str, key: int) -> None:
    """Take a text out of the index; one that is not in it is no mistake."""
    at = found_at(connection, kind, key)
    if at is None:
        return
    engine, found = engine_of(connection), FOUND[kind]
    kept = engine.read_text(connection, kind, at)
    engine.remove_text(connection, kind, at)
    connection.execute(delete(found).where(found.c.position == at))
    engine.count_terms(connection, differences(kind, None, kept))


def fill(connection: Connection, kind: str, entries: Iterable[Entry], batch: int = 500) -> None:
    """Index many texts, none of which is in the index: what a migration or a repair does."""
    engine, found = engine_of(connection), FOUND[kind]
    pending = iter(entries)
    while several := list(islice(pending, batch)):
        rows, contents, counts = [], {}, Counter[str]()
        for entry in several:
            position = free_position(connection, kind, first_position(entry.published_at))
            while position in contents:
                position += 1
            contents[position] = content = indexed(entry, headline_counts=kind != "quotes")
            rows.append({"position": position, **_values(entry)})
            counts.update(differences(kind, content, None))
        connection.execute(insert(found), rows)
        engine.add_texts(connection, kind, contents)
        engine.count_terms(connection, counts)


def differences(kind: str, new: Indexed | None, old: Kept | None) -> dict[str, int]:
    """What a change adds to the counts. Terms are counted over articles alone: what is rare
    there is taken to be rare in quotes."""
    counts: Counter[str] = Counter()
    if kind == "articles":
        counts.update(new.terms if new else ())
        counts.subtract(old.terms() if old else ())
    counts[TEXTS_OF[kind]] += (new is not None) - (old is not None)
    counts[WORDS_OF[kind]] += new.length if new else 0
    counts[WORDS_OF[kind]] -= old.length() if old else 0
    return {term: by for term, by in counts.items() if by}


def found_at(connection: Connection, kind: str, key: int) -> int | None:
    found = FOUND[kind]
    position: int | None = connection.execute(
        select(found.c.position).where(found.c.key == key)
    ).scalar_one_or_none()
    return position


def free_position(connection: Connection, kind: str, first: int) -> int:
    """The next free slot of a microsecond, or of one of those that follow it."""
    position = FOUND[kind].c.position
    while True:
        within = position.between(first, first + SLOTS - 1)
        last = connection.execute(select(func.max(position)).where(within)).scalar_one()
        if last is None:
            return first
        if last < first + SLOTS - 1:
            return int(last) + 1
        first += SLOTS


def _values(entry: Entry) -> dict[str, int | str | bytes | None]:
    hidden = entry.hidden_until
    return {
        "key": entry.key,
        "hidden_until": None if hidden is None else microseconds(hidden),
        "section_key": entry.section_key,
        "language": entry.language,
        "entities": packed(entry.entities),
        "speakers": packed(entry.speakers),
    }
