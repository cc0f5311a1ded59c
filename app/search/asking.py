"""A client's query: read, asked within its time, and what is wrong with it told to the client."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from app.errors import SearchMalformed, SearchTimeout
from app.search.engines import engine_of
from app.search.hits import search_at
from app.search.query import MalformedQuery, Node, parse_query
from app.search.tables import FOUND
from app.search.terms import NOTHING
from app.search.windows import ALWAYS, NEVER, SearchTooSlow, Window
from app.web.filters import Condition
from app.web.listing import Searching

# With so many matches and more, rows of a list are looked at in its order, each whether it matches.
MANY = 2_000


def parse_words(text: str, *, any_word: bool = False) -> Node:
    """Raises SearchMalformed."""
    with telling():
        return parse_query(text, any_word=any_word)


@contextmanager
def telling() -> Iterator[None]:
    """Raises SearchMalformed for what is found to be wrong with a query."""
    try:
        yield
    except MalformedQuery as error:
        place = {"parameter": "q", "detail": error.reason, "position": error.position}
        raise SearchMalformed(error.reason, errors=[place]) from None


@contextmanager
def asking(connection: Connection, seconds: float) -> Iterator[None]:
    """The same, and SearchTimeout when what is asked meanwhile takes longer."""
    try:
        with telling(), engine_of(connection).time_limit(connection, seconds):
            yield
    except SearchTooSlow:
        detail = "The search took too long. More telling words, or a shorter span of time, help."
        raise SearchTimeout(detail) from None


# Any: the key of whichever model is listed
def in_list(kind: str, key: InstrumentedAttribute[Any]) -> Searching:
    """`q=` of a list of this kind: which of its rows match. What may be seen of them, and when, is
    the list's own to decide."""

    def read(text: str) -> partial[Any]:
        return partial(matching, kind, key, parse_words(text))

    return read


# Any: the key of whichever model is listed
@contextmanager
def matching(
    kind: str, key: InstrumentedAttribute[Any], node: Node, connection: Connection, seconds: float
) -> Iterator[Condition]:
    with asking(connection, seconds):
        search = search_at(connection, kind, node, ALWAYS)
        found = FOUND[kind]
        share = search.statistics.share(search.term)
        if search.term == NOTHING:
            yield key.in_([])
        elif share * search.statistics.texts < MANY:
            window = Window(before=ALWAYS, at=NEVER, total=search.statistics.texts, limit=None)
            newest = engine_of(connection).newest(kind, search.term, window, expected=share)
            positions = newest.order_by(None).subquery()
            matched = select(found.c.key).join(positions, positions.c.position == found.c.position)
            yield key.in_(matched)
        else:
            holds = engine_of(connection).holds(kind, search.term, found.c.position)
            yield exists().where(found.c.key == key, holds)
