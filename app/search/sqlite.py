"""Text found by the embedded database's full-text index."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from time import monotonic
from typing import Any, assert_never

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    column,
    delete,
    exists,
    func,
    select,
    table,
    text,
)
from sqlalchemy.exc import OperationalError

from app.database.json import dumps
from app.database.prepared import Prepared, insertion
from app.search.entries import Indexed, Kept
from app.search.tables import FOUND, TEXTS
from app.search.terms import AllTerms, AnyTerm, AnyToken, Begins, NotTerm, Run, Term
from app.search.windows import Asked, SearchTooSlow, Window, most_rows, parametric

# The steps of a statement between two looks at the clock.
STEPS_BETWEEN_LOOKS = 1_000
# Whether a search may come back with less than there is.
GIVES_UP = False


def schema(kind: str) -> list[str]:
    """What the embedded database needs beside the tables. The index keeps no content: which words
    a row had is told when it goes, from `indexed`."""
    return [
        f"""
        CREATE VIRTUAL TABLE search_{kind}_words USING fts5(
            headline, words, tokens, content='', columnsize=0, tokenize="ascii tokenchars '_'"
        )
        """
    ]


def add_texts(connection: Connection, kind: str, contents: Mapping[int, Indexed]) -> None:
    """Add texts at their positions."""
    parts = [
        {
            "position": position,
            "headline": content.headline,
            "words": content.words,
            "tokens": " ".join(content.tokens),
        }
        for position, content in contents.items()
    ]
    values = [
        {
            "position": one["position"],
            "sketch": content.sketch,
            "indexed": zlib.compress(
                f"{one['headline']}\n{one['words']}\n{one['tokens']}".encode(), 1
            ),
        }
        for one, content in zip(parts, contents.values(), strict=True)
    ]
    _ADD_TEXTS[kind].run(connection, values)
    _ADD[kind].run(connection, parts)


def remove_texts(connection: Connection, kind: str, positions: Sequence[int]) -> dict[int, Kept]:
    """Take texts out, and tell what they were."""
    texts = TEXTS[kind]
    within = texts.c.position.in_(positions)
    rows = connection.execute(select(texts.c.position, texts.c.indexed).where(within)).all()
    parts = [
        dict(
            zip(
                ("position", "headline", "words", "tokens"),
                (row.position, *zlib.decompress(row.indexed).decode().split("\n")),
                strict=True,
            )
        )
        for row in rows
    ]
    if not parts:
        return {}
    _REMOVE[kind].run(connection, parts)
    connection.execute(delete(texts).where(within))
    return {
        one["position"]: Kept(
            one["headline"],
            one["words"],
            frozenset((*one["headline"].split(), *one["words"].split(), *one["tokens"].split())),
        )
        for one in parts
    }


def empty(connection: Connection, kind: str) -> None:
    """Take out all texts of a kind; `complete` has to follow when others have been added."""
    connection.execute(
        text(f"INSERT INTO search_{kind}_words(search_{kind}_words) VALUES ('delete-all')")
    )
    connection.execute(delete(TEXTS[kind]))


def complete(connection: Connection, kind: str) -> None:
    connection.execute(
        text(f"INSERT INTO search_{kind}_words(search_{kind}_words) VALUES ('optimize')")
    )


def count_terms(connection: Connection, counts: Mapping[str, int]) -> None:
    """Add to the numbers of articles in which terms stand."""
    _COUNT.run(connection, [{"counts": dumps(counts)}])


_COUNT = Prepared(
    text(
        "INSERT INTO search_terms (term, articles) "
        "SELECT key, value FROM json_each(:counts) WHERE true ORDER BY key "
        "ON CONFLICT (term) DO UPDATE SET articles = articles + excluded.articles"
    )
)


@contextmanager
def time_limit(connection: Connection, seconds: float) -> Iterator[None]:
    """Raises SearchTooSlow when what is done meanwhile takes longer."""
    driver = connection.connection.driver_connection
    assert driver is not None  # it has been connected
    deadline = monotonic() + seconds
    driver.set_progress_handler(lambda: monotonic() > deadline, STEPS_BETWEEN_LOOKS)
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            raise SearchTooSlow from None
        raise
    finally:
        driver.set_progress_handler(None, 0)


def _statement(kind: str, names: str, values: str) -> Prepared:
    return Prepared(text(f"INSERT INTO search_{kind}_words ({names}) VALUES ({values})"))


_COLUMNS = "rowid, headline, words, tokens"
_VALUES = ":position, :headline, :words, :tokens"
_ADD_TEXTS = {
    kind: insertion(texts, "headline", "words", "tokens") for kind, texts in TEXTS.items()
}
_ADD = {kind: _statement(kind, _COLUMNS, _VALUES) for kind in FOUND}
_REMOVE = {
    kind: _statement(kind, f"search_{kind}_words, {_COLUMNS}", f"'delete', {_VALUES}")
    for kind in FOUND
}


def newest(
    kind: str, term: Term | BindParameter[str], window: Window, *, expected: float
) -> Select[int]:
    """The positions that match, the newest first. The rowid of the index is the position, so that
    the database reads no more of them than are fetched."""
    words = table(f"search_{kind}_words", column("rowid", Integer), column(f"search_{kind}_words"))
    position = words.c.rowid
    match = term if isinstance(term, BindParameter) else rendered(term)
    statement = (
        select(position.label("position"))
        .where(words.c[f"search_{kind}_words"].op("MATCH")(match))
        .order_by(position.desc())
    )
    return window.bounded(statement, position, FOUND[kind])


# Any: rows with a position, and a sketch where it is asked for
def fetch(connection: Connection, asked: Sequence[Asked], *, sketch: bool) -> list[list[Any]]:
    """The newest matches, as many as each window's limit; with what they are ranked by."""
    return [
        _form(kind, since=window.since is not None, sketch=sketch).all(
            connection, {"match": rendered(term), **window.values}
        )
        for kind, term, window, _ in asked
    ]


@cache
def _form(kind: str, *, since: bool, sketch: bool) -> Prepared:
    build = candidates if sketch else newest
    match = bindparam("match", type_=Text())
    return Prepared(build(kind, match, parametric(since=since), expected=0).limit(most_rows()))


def holds(kind: str, term: Term, position: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the text at a position matches."""
    name = f"search_{kind}_words"
    words = table(name, column("rowid", Integer), column(name))
    matches = words.c[name].op("MATCH")(rendered(term))
    return exists().where(words.c.rowid == position, matches)


def candidates(
    kind: str, term: Term | BindParameter[str], window: Window, *, expected: float
) -> Select[int, bytes]:
    """The same, with what they are ranked by."""
    found = newest(kind, term, window, expected=expected)
    position = found.selected_columns.position
    texts = TEXTS[kind]
    return found.add_columns(texts.c.sketch).join(texts, texts.c.position == position)


def rendered(term: Term) -> str:
    """The term in the database's own query language. Each token is quoted, and holds no mark."""
    match term:
        case AnyToken(tokens):
            return _alternatives([f'"{token}"' for token in tokens])
        case Run(words, in_headline):
            return _scope(in_headline) + f'"{" ".join(words)}"'
        case Begins(words, in_headline):
            return _scope(in_headline) + f'"{" ".join(words)}" *'
        case AnyTerm(terms):
            return _alternatives([rendered(one) for one in terms])
        case AllTerms(terms):
            wanted = [rendered(one) for one in terms if not isinstance(one, NotTerm)]
            excluded = [rendered(one.term) for one in terms if isinstance(one, NotTerm)]
            joined = " AND ".join(wanted)
            if not excluded:
                return f"({joined})"
            return f"(({joined}) NOT {_alternatives(excluded)})"
        case NotTerm():
            raise ValueError("what excludes stands beside what it excludes from")
        case _:
            assert_never(term)


def beginning_with(names: Table, beginnings: Sequence[str]) -> FromClause:
    """The rows whose `folded` begins with one of these: each is looked up in the index."""
    listed = func.json_each(json.dumps(beginnings)).table_valued(column("value", Text))
    given = listed.alias("given")
    begins = names.c.folded.between(given.c.value, given.c.value.concat("\U0010ffff"))
    return select(names).join(given, begins).subquery("found")


def _alternatives(parts: Sequence[str]) -> str:
    return f"({' OR '.join(parts)})" if len(parts) > 1 else parts[0]


def _scope(in_headline: bool) -> str:
    return "headline : " if in_headline else "{headline words} : "
