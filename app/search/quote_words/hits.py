"""Which quotes hold some words: statements of their keys, to which a read adds conditions."""

from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Connection, Select

from app.database.postgresql import NAME as POSTGRESQL
from app.database.sqlite import NAME as SQLITE
from app.search.quote_words import postgresql, sqlite

# Words that follow each other, folded; and runs that stand in one quote.
Run = tuple[str, ...]
Probe = Sequence[Run]


class Engine(Protocol):
    def quotes_with(self, runs: Probe) -> Select[int]: ...

    def quotes_with_each(
        self, probes: Sequence[Probe], restrict: Callable[[Select[int]], Select[int]]
    ) -> Select[int, int]: ...


_ENGINES: dict[str, Engine] = {SQLITE: sqlite, POSTGRESQL: postgresql}


def quotes_with(connection: Connection, runs: Probe) -> Select[int]:
    """The keys of the quotes that hold each of these runs, but for few that hold its words apart:
    who needs the run itself has to look at the quote's words."""
    return engine_of(connection).quotes_with(runs)


def quotes_with_each(
    connection: Connection,
    probes: Sequence[Probe],
    restrict: Callable[[Select[int]], Select[int]],
) -> Select[int, int]:
    """For each probe, by its number, the keys of the quotes that hold all its runs.

    `restrict` adds conditions and a limit to what one probe finds. One statement, built alike for
    any number of probes: to compile one of many parts would take longer than to run it.
    """
    return engine_of(connection).quotes_with_each(probes, restrict)


def engine_of(connection: Connection) -> Engine:
    return _ENGINES[connection.dialect.name]
