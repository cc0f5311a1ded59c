"""What the index holds, kept in the transaction of the write that it follows."""

from sqlalchemy import Connection, delete, func, insert, select, update

from app.search.engines import engine_of
from app.search.entries import Entry, Indexed, first_position, indexed, microseconds, packed
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
    if at is not None and first <= at < first + SLOTS:
        kept = engine.read_text(connection, kind, at)
        connection.execute(update(found).where(found.c.position == at).values(_values(entry)))
        if not kept.holds(content):
            engine.remove_text(connection, kind, at)
            engine.add_text(connection, kind, at, content)
            count(connection, kind, content, +1, than=kept.terms())
            count_length(connection, kind, content.length - _length(kept.headline, kept.words))
        return
    if at is not None:
        remove_entry(connection, kind, entry.key)
    position = free_position(connection, kind, first)
    connection.execute(insert(found), {"position": position, **_values(entry)})
    engine.add_text(connection, kind, position, content)
    count(connection, kind, content, +1)
    engine.count_terms(connection, frozenset({TEXTS_OF[kind]}), 1)
    count_length(connection, kind, content.length)


def remove_entry(connection: Connection, kind: str, key: int) -> None:
    """Take a text out of the index; one that is not in it is no mistake."""
    at = found_at(connection, kind, key)
    if at is None:
        return
    engine, found = engine_of(connection), FOUND[kind]
    kept = engine.read_text(connection, kind, at)
    engine.remove_text(connection, kind, at)
    connection.execute(delete(found).where(found.c.position == at))
    if kind == "articles":
        engine.count_terms(connection, kept.terms(), -1)
    engine.count_terms(connection, frozenset({TEXTS_OF[kind]}), -1)
    count_length(connection, kind, -_length(kept.headline, kept.words))


def count(
    connection: Connection,
    kind: str,
    content: Indexed,
    by: int,
    *,
    than: frozenset[str] = frozenset(),
) -> None:
    """Terms are counted over articles alone: what is rare there is taken to be rare in quotes."""
    if kind != "articles":
        return
    engine = engine_of(connection)
    if added := content.terms - than:
        engine.count_terms(connection, added, by)
    if gone := than - content.terms:
        engine.count_terms(connection, gone, -by)


def count_length(connection: Connection, kind: str, by: int) -> None:
    if by:
        engine_of(connection).count_terms(connection, frozenset({WORDS_OF[kind]}), by)


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


def _length(headline: str, words: str) -> int:
    return sum(word != "_" for word in (*headline.split(), *words.split()))
