"""What the index holds, kept in the transaction of the write that it follows."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, bindparam, delete, func, select

from app.database.listed import Among
from app.database.prepared import Prepared, insertion
from app.search.engines import engine_of
from app.search.entries import Entry, Indexed, first_position, indexed, microseconds, packed
from app.search.tables import FOUND, SLOTS

T = TypeVar("T")

# Beside the terms, how many texts there are of each kind, and how many words in them.
TEXTS_OF = {kind: f"_texts_{kind}" for kind in FOUND}
WORDS_OF = {kind: f"_words_{kind}" for kind in FOUND}
# Texts that are taken apart at once.
BATCH = 500

HELD = {
    kind: Prepared(select(found.c.key, found.c.position, found.c.digest).where(Among(found.c.key)))
    for kind, found in FOUND.items()
}
ADD = {kind: insertion(found) for kind, found in FOUND.items()}
REMOVE = {
    kind: Prepared(delete(found).where(Among(found.c.position, "positions")))
    for kind, found in FOUND.items()
}
LAST_POSITION = {
    kind: Prepared(
        select(func.max(found.c.position).label("last")).where(
            found.c.position.between(
                bindparam("first", type_=BigInteger()), bindparam("end", type_=BigInteger())
            )
        )
    )
    for kind, found in FOUND.items()
}


def keep_entries(
    connection: Connection, kind: str, keys: Collection[int], entries: Iterable[Entry]
) -> dict[str, int]:
    """Make these entries all that the index holds of the texts with these keys. What is indexed
    already stays. Returns what was added to the counts of terms."""
    wanted = {entry.key: entry for entry in entries}
    engine = engine_of(connection)
    rows = HELD[kind].all(connection, {"keys": keys})
    same = {row.key for row in rows if row.key in wanted and row.digest == wanted[row.key].digest}
    gone = {row.position: row.key for row in rows if row.key not in same}
    counts: Counter[str] = Counter()
    for positions in batches(list(gone), BATCH):
        kept = engine.remove_texts(connection, kind, positions)
        REMOVE[kind].run(connection, [{"positions": positions}])
        for one in kept.values():
            count(counts, kind, one.terms(), one.length(), -1)
    former = {key: position for position, key in gone.items()}
    changed = [entry for key, entry in wanted.items() if key not in same]
    add_entries(connection, kind, changed, counts, former=former)
    added = {term: by for term, by in counts.items() if by}
    if added:
        engine.count_terms(connection, added)
    return added


def put_entry(connection: Connection, kind: str, entry: Entry) -> None:
    keep_entries(connection, kind, [entry.key], [entry])


def remove_entry(connection: Connection, kind: str, key: int) -> None:
    keep_entries(connection, kind, [key], [])


def fill(connection: Connection, kind: str, entries: Iterable[Entry], batch: int = BATCH) -> None:
    """Index many texts, none of which is in the index."""
    for several in batches(entries, batch):
        counts: Counter[str] = Counter()
        add_entries(connection, kind, several, counts, former={})
        engine_of(connection).count_terms(connection, counts)


def add_entries(
    connection: Connection,
    kind: str,
    entries: Sequence[Entry],
    counts: Counter[str],
    *,
    former: Mapping[int, int],
) -> None:
    """`former` are the positions that these keys had until now: where it is right, it stays."""
    if not entries:
        return
    positions = positions_for(connection, kind, entries, former)
    contents: dict[int, Indexed] = {}
    rows = []
    for entry in entries:
        content = indexed(entry, headline_counts=kind != "quotes")
        contents[positions[entry.key]] = content
        rows.append({"position": positions[entry.key], **values_of(entry)})
        count(counts, kind, content.terms, content.length, +1)
    ADD[kind].run(connection, rows)
    engine_of(connection).add_texts(connection, kind, contents)


def count(counts: Counter[str], kind: str, terms: Iterable[str], length: int, by: int) -> None:
    """Terms are counted over articles alone: what is rare there is taken to be rare in quotes."""
    if kind == "articles":
        for term in terms:
            counts[term] += by
    counts[TEXTS_OF[kind]] += by
    counts[WORDS_OF[kind]] += by * length


def positions_for(
    connection: Connection, kind: str, entries: Sequence[Entry], former: Mapping[int, int]
) -> dict[int, int]:
    """A slot of its own for each, in its microsecond, or in one of those that follow it."""
    positions: dict[int, int] = {}
    together: defaultdict[int, list[int]] = defaultdict(list)
    for entry in entries:
        first = first_position(entry.published_at)
        position = former.get(entry.key)
        if position is not None and first <= position < first + SLOTS:
            positions[entry.key] = position
        else:
            together[first].append(entry.key)
    taken = set(positions.values())
    for first, keys in sorted(together.items()):
        free = free_positions(connection, kind, first, taken)
        for key, position in zip(keys, free, strict=False):
            positions[key] = position
            taken.add(position)
    return positions


def free_positions(
    connection: Connection, kind: str, first: int, taken: Collection[int]
) -> Iterator[int]:
    while True:
        window = {"first": first, "end": first + SLOTS - 1}
        (row,) = LAST_POSITION[kind].all(connection, window)
        start = first if row.last is None else row.last + 1
        yield from (one for one in range(start, first + SLOTS) if one not in taken)
        first += SLOTS


# Any: the values of a row, each of its column's type
def values_of(entry: Entry) -> dict[str, Any]:
    hidden = entry.hidden_until
    return {
        "key": entry.key,
        "digest": entry.digest,
        "hidden_until": None if hidden is None else microseconds(hidden),
        "section_key": entry.section_key,
        "language": entry.language,
        "entities": packed(entry.entities),
        "speakers": packed(entry.speakers),
    }


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    pending = iter(values)
    while several := list(islice(pending, size)):
        yield several
