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
TAKEN = {
    kind: Prepared(select(found.c.position).where(Among(found.c.position, "positions")))
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
    connection: Connection,
    kind: str,
    keys: Collection[int],
    entries: Iterable[Entry],
    counts: Counter[str],
) -> None:
    """Make these entries all that the index holds of the texts with these keys; entries with other
    keys are known to be new. What is indexed already stays. What is to be added to the counts of
    terms is added to `counts`."""
    wanted = {entry.key: entry for entry in entries}
    rows = HELD[kind].all(connection, {"keys": keys}) if keys else ()
    same = {row.key for row in rows if row.key in wanted and row.digest == wanted[row.key].digest}
    gone = {row.position: row.key for row in rows if row.key not in same}
    for positions in batches(list(gone), BATCH):
        kept = engine_of(connection).remove_texts(connection, kind, positions)
        REMOVE[kind].run(connection, [{"positions": positions}])
        for one in kept.values():
            count(counts, kind, one.terms(), one.length(), -1)
    former = {key: position for position, key in gone.items()}
    changed = [entry for key, entry in wanted.items() if key not in same]
    add_entries(connection, kind, changed, counts, former=former)


def count_terms(connection: Connection, counts: Mapping[str, int]) -> None:
    if added := {term: by for term, by in counts.items() if by}:
        engine_of(connection).count_terms(connection, added)


def put_entry(connection: Connection, kind: str, entry: Entry) -> None:
    counts: Counter[str] = Counter()
    keep_entries(connection, kind, [entry.key], [entry], counts)
    count_terms(connection, counts)


def remove_entry(connection: Connection, kind: str, key: int) -> None:
    counts: Counter[str] = Counter()
    keep_entries(connection, kind, [key], [], counts)
    count_terms(connection, counts)


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
    if kind == "articles" and by == 1:
        counts.update(terms)
    elif kind == "articles":
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
    # Mostly there is nothing yet at their instants, which is asked once for all.
    first_choice = [one + n for one, keys in together.items() for n in range(len(keys))]
    taken |= taken_among(connection, kind, first_choice)
    for first, keys in sorted(together.items()):
        free: Iterable[int] = range(first, first + len(keys))
        if not taken.isdisjoint(free):
            free = free_positions(connection, kind, first, taken)
        for key, position in zip(keys, free, strict=False):
            positions[key] = position
            taken.add(position)
    return positions


def taken_among(connection: Connection, kind: str, positions: Collection[int]) -> set[int]:
    if not positions:
        return set()
    return {row.position for row in TAKEN[kind].all(connection, {"positions": positions})}


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
    until = entry.shown_until
    return {
        "key": entry.key,
        "digest": entry.digest,
        "shown_until": None if until is None else microseconds(until),
        "section_key": entry.section_key,
        "language": entry.language,
        "entities": packed(tuple(entry.entities)),
        "speakers": packed(tuple(entry.speakers)),
    }


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    pending = iter(values)
    while several := list(islice(pending, size)):
        yield several
