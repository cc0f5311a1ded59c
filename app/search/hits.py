"""Which quotes hold some words: a statement of keys that a read joins."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Select

from app.database.postgresql import NAME as POSTGRESQL
from app.database.sqlite import NAME as SQLITE
from app.search import postgresql, sqlite

# Words that follow each other, folded.
Run = tuple[str, ...]

_ENGINES: dict[str, Callable[[Sequence[Run]], Select[int]]] = {
    SQLITE: sqlite.quotes_with,
    POSTGRESQL: postgresql.quotes_with,
}


def quotes_with(connection: Connection, runs: Sequence[Run]) -> Select[int]:
    """The keys of the quotes that hold each of these runs, but for few that hold its words apart:
    who needs the run itself has to look at the quote's words."""
    return _ENGINES[connection.dialect.name](runs)
