"""The rows that writes have left in a database, written again by the driver alone.

Everything that the service does beside writing rows is not in it: what a row holds is known, the
keys that others have given it, too. It is the floor that writes are measured against.
"""

import json
import sqlite3
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.string import TextLoader

from app.search.entries import Kept
from app.search.index import TEXTS_OF, WORDS_OF, batches
from app.search.tables import KINDS

# Which article left a row: the one whose own change is the next in the journal.
AFTER = (
    "(SELECT a.key FROM changes c JOIN articles a ON a.id = c.resource_id"
    " WHERE c.resource = 'article' AND c.sequence >= {sequence} ORDER BY c.sequence LIMIT 1)"
)
FIRST = "(SELECT min(f.sequence) FROM changes f WHERE f.resource_id = {id})"
ADDED = AFTER.format(sequence=FIRST.format(id="t.id"))
ENTITY = AFTER.format(
    sequence=FIRST.format(id="(SELECT id FROM entities e WHERE e.key = t.key)"),
)
SECTION = ENTITY.replace("entities", "sections")
# In the order in which tables need each other.
ARTICLE_OF = {
    "sections": ADDED,
    "entities": ADDED,
    "articles": "t.key",
    "quotes": "t.article_key",
    "quote_spans": "(SELECT article_key FROM quotes WHERE key = t.quote_key)",
    "mentions": "t.article_key",
    "mention_spans": "(SELECT article_key FROM mentions WHERE key = t.mention_key)",
    "revisions": "t.article_key",
    "changes": AFTER.format(sequence="t.sequence"),
    "import_sources": "t.article_key",
    "search_articles": "t.key",
    "search_quotes": "(SELECT article_key FROM quotes WHERE key = t.key)",
    "search_entities": ENTITY,
    "search_sections": SECTION,
    "search_names": ENTITY,
}
ARTICLE_OF |= {
    f"search_{kind}_text": (
        f"(SELECT {ARTICLE_OF[f'search_{kind}']} FROM search_{kind} t"
        " WHERE t.position = texts.position)"
    )
    for kind in ("articles", "quotes", "entities", "sections")
}

# Any: values as a driver takes them
Values = tuple[Any, ...]
SQLITE_TERMS = (
    "INSERT INTO search_terms (term, articles)"
    " SELECT key, value FROM json_each(?) WHERE true ORDER BY key"
    " ON CONFLICT (term) DO UPDATE SET articles = articles + excluded.articles"
)
POSTGRESQL_TERMS = (
    "INSERT INTO search_terms (term, articles)"
    " SELECT * FROM unnest(CAST(%s AS text[]), CAST(%s AS bigint[]))"
    " ON CONFLICT (term) DO UPDATE SET articles = search_terms.articles + excluded.articles"
)


@dataclass
class Left:
    """What one article, or several, left: rows by the place of their table among the others and
    the statement that adds them, and what was added to the numbers of terms."""

    rows: defaultdict[tuple[int, str], list[Values]] = field(
        default_factory=lambda: defaultdict(list)
    )
    terms: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Left") -> None:
        for statement, rows in other.rows.items():
            self.rows[statement] += rows
        self.terms.update(other.terms)


# Any: the connection of whatever driver
@dataclass(frozen=True)
class Driver:
    """One of the two databases by its own driver."""

    connection: Any
    placeholder: str
    tables: Callable[[], list[str]]
    begin: str

    def select(self, statement: str) -> tuple[list[str], list[Values]]:
        cursor = self.connection.execute(statement)
        return [column[0] for column in cursor.description], cursor.fetchall()

    def insertion(self, table: str, columns: Sequence[str]) -> str:
        names = ", ".join(f'"{column}"' for column in columns)
        return f"INSERT INTO {table} ({names}) VALUES ({self.places(len(columns))})"

    def places(self, number: int) -> str:
        return ", ".join([self.placeholder] * number)

    def terms(self, terms: Counter[str]) -> tuple[str, list[Values]]:
        if self.placeholder == "?":
            return SQLITE_TERMS, [(json.dumps(terms),)]
        ordered = sorted(terms)
        return POSTGRESQL_TERMS, [(ordered, [terms[term] for term in ordered])]


@contextmanager
def driven(url: str) -> Iterator[Driver]:
    """A connection as the service sets up its own."""
    if url.startswith("sqlite"):
        lite = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON",
                       "cache_size = -65536"):  # fmt: skip
            lite.execute(f"PRAGMA {pragma}")
        yield Driver(lite, "?", partial(tables_of_sqlite, lite), "BEGIN IMMEDIATE")
        lite.close()
        return
    with psycopg.connect(url, autocommit=True, options="-c timezone=UTC") as connection:
        for kind in ("json", "jsonb", "tsvector"):
            # As text, so that what is read can be written.
            info = psycopg.types.TypeInfo.fetch(connection, kind)
            assert info is not None
            connection.adapters.register_loader(info.oid, TextLoader)
        yield Driver(connection, "%s", partial(tables_of_postgresql, connection), "BEGIN")


def tables_of_sqlite(connection: sqlite3.Connection) -> list[str]:
    """Not those in which the full-text index keeps its own."""
    found = connection.execute(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
        " AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in found]


def tables_of_postgresql(connection: psycopg.Connection[Values]) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [str(name) for (name,) in found]


def what_was_left(driver: Driver, before: dict[str, int]) -> list[Left]:
    """What each article left, in the order in which they were written; `before` is how many rows
    the tables had without them."""
    left: defaultdict[int, Left] = defaultdict(Left)
    grown = {
        table: number
        for table, number in counts(driver).items()
        if number != before[table] and table != "search_terms"
    }
    if strange := grown.keys() - ARTICLE_OF.keys():
        raise ValueError(f"it is not known which article rows belong to in {strange}")
    for table, article in ARTICLE_OF.items():
        if table not in grown:
            continue
        alias = "texts" if table.endswith("_text") else "t"
        # The journal tells of the key that writes, too.
        since = f" WHERE t.sequence > {before[table]}" if table == "changes" else ""
        columns, rows = driver.select(f"SELECT {alias}.*, {article} FROM {table} {alias}{since}")
        if grown[table] != before[table] + len(rows):
            raise ValueError(f"{table} has changed meanwhile")
        add_rows(driver, left, table, columns[:-1], rows)
    return [left[key] for key in sorted(left)]


def add_rows(
    driver: Driver,
    left: dict[int, Left],
    table: str,
    columns: Sequence[str],
    rows: Sequence[Values],
) -> None:
    statement = list(ARTICLE_OF).index(table), driver.insertion(table, columns)
    for *values, article in sorted(rows):
        left[article].rows[statement].append(tuple(values))
        if table.endswith("_text"):
            kind = table.removeprefix("search_").removesuffix("_text")
            add_words(driver, left[article], kind, dict(zip(columns, values, strict=True)))


# Any: the columns of a text of the index
def add_words(driver: Driver, left: Left, kind: str, row: dict[str, Any]) -> None:
    if row["indexed"] is not None:
        headline, words, tokens = zlib.decompress(row["indexed"]).decode().split("\n")
        statement = (
            f"INSERT INTO search_{kind}_words (rowid, headline, words, tokens)"
            f" VALUES ({driver.places(4)})"
        )
        left.rows[len(ARTICLE_OF), statement].append((row["position"], headline, words, tokens))
        tokens = " ".join((headline, words, tokens))
    else:
        headline, words = row["headline"], row["words"]
        tokens = " ".join(one.strip("'") for one in row["tokens"].split())
    kept = Kept(headline, words, frozenset(tokens.split()))
    if kind == "articles":
        left.terms.update(kept.terms())
    left.terms[TEXTS_OF[kind]] += 1
    left.terms[WORDS_OF[kind]] += kept.length()


def replay(driver: Driver, left: Sequence[Left], at_once: int) -> float:
    """Write it all, so many articles in a transaction. Returns the processor time it took."""
    transactions = []
    for several in batches(left, at_once):
        together = Left()
        for one in several:
            together.add(one)
        ordered = sorted(together.rows.items(), key=lambda one: one[0])
        transactions.append(
            [*((key[1], rows) for key, rows in ordered), driver.terms(together.terms)]
        )
    cursor = driver.connection.cursor()
    started = time.process_time()
    for transaction in transactions:
        cursor.execute(driver.begin)
        for statement, rows in transaction:
            cursor.executemany(statement, rows)
        cursor.execute("COMMIT")
    return time.process_time() - started


def counts(driver: Driver) -> dict[str, int]:
    return {
        table: driver.select(f"SELECT count(*) FROM {table}")[1][0][0] for table in driver.tables()
    }


def assert_equal(one: Driver, other: Driver) -> None:
    """Raise ValueError unless both databases hold the same, row for row, but for when the key was
    used."""
    for table in set(one.tables()) - {"api_keys"}:
        rows = [sorted(map(repr, driver.select(f"SELECT * FROM {table}")[1]))
                for driver in (one, other)]  # fmt: skip
        if rows[0] != rows[1]:
            raise ValueError(f"{table} holds other rows: {len(rows[0])} and {len(rows[1])}")
    if one.placeholder == "?":
        for kind in KINDS:
            # Every text of the index holds this mark.
            statement = f"SELECT count(*) FROM search_{kind}_words WHERE tokens MATCH '_a'"
            if one.select(statement) != other.select(statement):
                raise ValueError(f"search_{kind}_words holds other texts")


def copy_database(url: str, copy: str) -> None:
    """`copy` is not there yet; nobody is connected to the other."""
    if url.startswith("sqlite"):
        original = sqlite3.connect(url.removeprefix("sqlite:///"))
        path = Path(copy.removeprefix("sqlite:///"))
        path.unlink(missing_ok=True)
        target = sqlite3.connect(path)
        original.backup(target)
        target.close()
        original.close()
        return
    address, _, name = url.partition("?")[0].rpartition("/")
    query = url.partition("?")[2]
    elsewhere = f"{address}/template1?{query}"
    new = copy.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        names = sql.Identifier(new), sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(names[0]))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
