"""The whole index made anew from the content: after a migration, or to repair it."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, delete, insert, inspect, select

from app.models import Base
from app.search.contents import ENTRIES
from app.search.engines import engine_of
from app.search.entries import Entry
from app.search.index import BATCH, fill
from app.search.keeping import articles_speaking_of
from app.search.suggestions import NAMES, keep_names
from app.search.tables import FOUND, INDEX_VERSION, KINDS, STATE, TERMS

# Told the kind, and how many of its texts have been looked at.
Progress = Callable[[str, int], None]


def index_is_outdated(connection: Connection) -> bool:
    """Whether there is an index, and an earlier version of this service made it."""
    if not inspect(connection).has_table(STATE.name):
        return False
    return connection.scalar(select(STATE.c.version)) != INDEX_VERSION


def rebuild_index(connection: Connection, progress: Progress | None = None) -> None:
    """Within the transaction of a writer, so that no change is missed."""
    engine = engine_of(connection)
    for table in (*FOUND.values(), TERMS, NAMES, STATE):
        connection.execute(delete(table))
    for kind in KINDS:
        engine.empty(connection, kind)
        fill(connection, kind, entries_of(connection, kind, progress))
        engine.complete(connection, kind)
    connection.execute(insert(STATE), {"version": INDEX_VERSION})


def entries_of(
    connection: Connection, kind: str, progress: Progress | None = None
) -> Iterator[Entry]:
    key = Base.metadata.tables[kind].c.key
    last, seen = 0, 0
    while keys := connection.scalars(
        select(key).where(key > last).order_by(key).limit(BATCH)
    ).all():
        entries = ENTRIES[kind](connection, keys)
        if kind == "entities":
            names = {entry.key: entry.headline.split("\n") for entry in entries}
            keep_names(connection, keys, names, articles_speaking_of(connection, keys))
        yield from entries
        last, seen = keys[-1], seen + len(keys)
        if progress is not None:
            progress(kind, seen)
