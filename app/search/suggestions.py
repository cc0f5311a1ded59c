"""Which entities a reader means who has only begun to write a name, or has mistyped it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    SmallInteger,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)

from app.database.listed import Among
from app.database.prepared import Prepared, insertion
from app.database.types import ordered_by_code_point
from app.search.engines import engine_of
from app.search.tables import metadata
from app.search.tokens import tokens_of

# A name is found by its beginning and by that of each of its first words.
MAX_STARTS = 6
MAX_FOLDED = 80
# A shorter beginning has too many neighbours to guess what was meant.
MIN_MISTYPED = 4
MAX_MISTYPED = 24

NAMES = Table(
    "search_names",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "folded",
        ordered_by_code_point(MAX_FOLDED),
        primary_key=True,
    ),
    # The first letter, and the first two: these have so many names that they are kept in order.
    Column("letter", String(1), nullable=False),
    Column("letters", String(2), nullable=False),
    Column("popularity", SmallInteger, nullable=False),
)
Index("search_names_folded", NAMES.c.folded, NAMES.c.popularity, NAMES.c.key)
Index("search_names_letter", NAMES.c.letter, NAMES.c.popularity.desc(), NAMES.c.key)
Index("search_names_letters", NAMES.c.letters, NAMES.c.popularity.desc(), NAMES.c.key)

FORGET_NAMES = Prepared(delete(NAMES).where(Among(NAMES.c.key)))
ADD_NAMES = insertion(NAMES)
SET_POPULARITY = Prepared(
    update(NAMES)
    .where(NAMES.c.key == bindparam("entity", type_=BigInteger()))
    .values(popularity=bindparam("steps", type_=SmallInteger()))
)

_LETTERS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ",
    "greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "hebrew": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
}


class Suggested(NamedTuple):
    key: int
    mistyped: bool


def keep_names(
    connection: Connection,
    keys: Collection[int],
    names: Mapping[int, Iterable[str]],
    articles: Mapping[int, int],
) -> None:
    """Let the entities with these keys be suggested by these names, and by no others; `articles`
    is in how many each stands."""
    FORGET_NAMES.run(connection, [{"keys": keys}])
    rows = [
        row
        for key, several in names.items()
        for row in name_rows(key, several, articles.get(key, 0))
    ]
    ADD_NAMES.run(connection, rows)


def name_rows(key: int, names: Iterable[str], articles: int) -> list[dict[str, int | str]]:
    rows: dict[str, dict[str, int | str]] = {}
    for name in names:
        words = tokens_of(name)
        for start in range(min(len(words), MAX_STARTS)):
            folded = " ".join(words[start:])[:MAX_FOLDED]
            rows[folded] = {
                "key": key,
                "folded": folded,
                "letter": folded[:1],
                "letters": folded[:2],
                "popularity": popularity(articles),
            }
    return list(rows.values())


def keep_popularity(connection: Connection, changed: Iterable[tuple[int, int, int]]) -> None:
    """Called when the numbers of entities' articles change: their keys, what was and what is."""
    rows = [
        {"entity": key, "steps": popularity(after)}
        for key, before, after in changed
        if popularity(before) != popularity(after)
    ]
    SET_POPULARITY.run(connection, rows)


def popularity(articles: int) -> int:
    """In steps that double, so that it is seldom written anew."""
    return max(articles, 0).bit_length()


def suggest(connection: Connection, text: str, limit: int = 10) -> list[Suggested]:
    """Entities, the popular ones first; those that need a letter to be mended come last."""
    beginning = " ".join(tokens_of(text))[:MAX_FOLDED]
    if not beginning:
        return []
    # A space ends a word: what follows must be another.
    if text[-1:].isspace():
        beginning += " "
    found = [Suggested(key, False) for key in by_beginning(connection, beginning, limit)]
    if len(found) < limit and MIN_MISTYPED <= len(beginning.rstrip()) <= MAX_MISTYPED:
        known = {one.key for one in found}
        mended = by_mended(connection, beginning, limit)
        found += [Suggested(key, True) for key in mended if key not in known]
    return found[:limit]


def by_beginning(connection: Connection, beginning: str, limit: int) -> list[int]:
    if len(beginning) == 1:
        condition = NAMES.c.letter == beginning
    elif len(beginning) == 2:
        condition = NAMES.c.letters == beginning
    else:
        condition = NAMES.c.folded.between(beginning, beginning + "\U0010ffff")
    # A name can begin so at several of its words.
    rows = connection.execute(
        select(NAMES.c.key)
        .where(condition)
        .order_by(NAMES.c.popularity.desc(), NAMES.c.key)
        .limit(limit * MAX_STARTS)
    )
    return list(dict.fromkeys(row.key for row in rows))[:limit]


def by_mended(connection: Connection, beginning: str, limit: int) -> list[int]:
    """Names that begin with what is one letter away: each such beginning is looked up."""
    word = beginning.rstrip()
    space = beginning[len(word) :]
    variants = sorted(one + space for one in neighbours(word))
    found = engine_of(connection).beginning_with(NAMES, variants)
    rows = connection.execute(
        select(found.c.key)
        .order_by(found.c.popularity.desc(), found.c.key)
        .limit(limit * MAX_STARTS)
    )
    return list(dict.fromkeys(row.key for row in rows))[:limit]


def neighbours(beginning: str) -> set[str]:
    """What is one edit away: a letter left out, put in, changed, or swapped with the next."""
    letters = alphabet(beginning)
    found: set[str] = set()
    for at in range(len(beginning) + 1):
        before, after = beginning[:at], beginning[at:]
        found.update(before + letter + after for letter in letters)
        if after:
            found.add(before + after[1:])
            found.update(before + letter + after[1:] for letter in letters)
        if len(after) > 1:
            found.add(before + after[1] + after[0] + after[2:])
    found.discard(beginning)
    return {one for one in found if len(one) >= MIN_MISTYPED - 1}


def alphabet(beginning: str) -> Sequence[str]:
    for letters in _LETTERS.values():
        if any(letter in letters for letter in beginning):
            return letters
    return sorted(set(beginning.replace(" ", "")))
