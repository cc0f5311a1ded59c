"""An invented newsroom, the same for a size: articles with three quotes and five mentions each,
written as rows, with the index of search, and rendered."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, insert, select, text

from app.articles.rendering import keep_rendered
from app.database.session import Database
from app.models import (
    Article,
    Entity,
    Mention,
    MentionSpan,
    Quote,
    QuoteSpan,
    RenderedArticle,
    Section,
)
from app.models.base import utc_now
from app.models.entity import fold_name
from app.search.rebuilding import rebuild_index
from app.search.tables import FOUND
from app.search.words import folded_text

NEWEST = datetime(2026, 11, 20, 12, tzinfo=UTC)
SYLLABLES = re.findall("..", "babebibodadedidofafegagohakakekilalelomamimonanenipapo")
CUES = ("said", "told reporters", "stressed", "wrote", "added")
SECTIONS = 30
QUOTES, MENTIONS = 3, 5
ARTICLES_AT_ONCE = 500
# Progress is told of after so many times as many.
BATCHES_TOLD = 100
INDEXED = func.count(FOUND["articles"].c.key)
# The word that one article in a hundred holds.
MIDDLE = "lighthouse"


@dataclass
class Rows:
    """Rows to insert, by table, in the order in which tables need each other."""

    tables: dict[Table, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    # Any: a mapped class, and its columns
    def add(self, mapped: Any, **columns: Any) -> None:
        self.tables[mapped.__table__].append(columns)

    def insert(self, connection: Connection) -> None:
        for table, rows in self.tables.items():
            connection.execute(insert(table), rows)


def resource(kind: str, number: int, at: datetime) -> dict[str, Any]:
    """What every resource has. Ids are of 26 characters, the kind's letter among them."""
    return {
        "key": number,
        "id": f"01{kind}{number:023d}",
        "revision": 1,
        "created_at": at,
        "updated_at": at,
    }


class Newsroom:
    def __init__(self, size: int) -> None:
        self.size = size
        self.chance = random.Random(11)
        self.words = sorted(
            {
                "".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 4)))
                for _ in range(9_000)
            }
        )
        self.chance.shuffle(self.words)
        self.weights: list[float] = []
        total = 0.0
        for rank in range(len(self.words)):
            total += 1 / (rank + 8)
            self.weights.append(total)
        self.people = max(200, size // 20)

    def phrase(self, words: int) -> str:
        chosen = self.chance.choices(self.words, cum_weights=self.weights, k=words)
        return " ".join(chosen).capitalize()

    def name_of(self, person: int) -> str:
        first, last = self.words[person % 4_000], self.words[person // 4_000 + 4_000]
        return f"{first.capitalize()} {last.capitalize()} {person}"

    def fixed_rows(self) -> Rows:
        rows = Rows()
        at = NEWEST - timedelta(days=5_000)
        for number in range(1, SECTIONS + 1):
            path = "news" if number == 1 else f"news/section-{number}"
            rows.add(
                Section,
                **resource("s", number, at),
                path=path,
                name=f"Section {number}",
                reviewed=True,
                parent_key=None if number == 1 else 1,
            )
        for number in range(1, self.people + 1):
            name = self.name_of(number)
            rows.add(
                Entity,
                **resource("e", number, at),
                slug=f"person-{number}",
                type="person",
                name=name,
                folded_name=fold_name(name),
                reviewed=True,
            )
        return rows

    def articles(self) -> Iterator[Rows]:
        for first in range(1, self.size + 1, ARTICLES_AT_ONCE):
            rows = Rows()
            for number in range(first, min(first + ARTICLES_AT_ONCE, self.size + 1)):
                self.add_article(rows, number)
            yield rows

    def add_article(self, rows: Rows, number: int) -> None:
        at = NEWEST - timedelta(minutes=30 * (self.size - number))
        people = [int(self.people * self.chance.random() ** 2) + 1 for _ in range(MENTIONS)]
        blocks, said = [], []
        length = 0
        for place in range(5):
            words = self.phrase(28)
            if place == 0 and number % 100 == 0:
                words += f" {MIDDLE}"
            if place < QUOTES:
                quote = self.phrase(12) + ","
                person = people[place]
                begin = length + 1
                said.append((begin, quote, person))
                words = f"“{quote}” {self.name_of(person)} said. {words}."
            blocks.append({"id": f"b{place + 1}", "type": "paragraph", "text": words, "marks": []})
            length += len(words) + 2
        whole = "\n\n".join(str(block["text"]) for block in blocks)
        rows.add(
            Article,
            **resource("a", number, at),
            slug=f"article-{number}",
            status="live",
            headline=self.phrase(8),
            standfirst=self.phrase(14),
            language="en",
            body=blocks,
            last_block=len(blocks),
            text=whole,
            text_version=1,
            bylines=[],
            corrections=[],
            section_key=number % SECTIONS + 1,
            published_at=at,
            is_announced=True,
            mentions_reviewed=True,
        )
        for place, (begin, quote, person) in enumerate(said):
            key = (number - 1) * QUOTES + place + 1
            end = begin + len(quote)
            rows.add(
                Quote,
                **resource("q", key, at),
                article_key=number,
                position=place,
                kind="direct",
                status="confirmed",
                anchor="anchored",
                text=quote,
                folded_text=folded_text(quote),
                prefix=whole[max(0, begin - 32) : begin],
                suffix=whole[end : end + 32],
                speaker_key=person,
                speaker_label=self.name_of(person),
                cue=CUES[key % len(CUES)],
                language="en",
                reviewed=True,
            )
            rows.add(QuoteSpan, quote_key=key, position=0, start=begin, end=end, exact=quote)
        for place, person in enumerate(dict.fromkeys(people)):
            key = (number - 1) * MENTIONS + place + 1
            rows.add(
                Mention,
                key=key,
                article_key=number,
                entity_key=person,
                position=place,
                role="mentions",
            )
            stands = whole.find(self.name_of(person))
            if stands >= 0:
                end = stands + len(self.name_of(person))
                rows.add(MentionSpan, mention_key=key, start=stands, end=end)


def fill(
    database: Database, size: int, *, index: bool = True, tell: Callable[[str], None] = print
) -> None:
    """Fill an empty, migrated database. Without the index nothing can be searched, but it takes
    a fraction of the time."""
    newsroom = Newsroom(size)
    write_rows(database, newsroom.fixed_rows())
    for number, rows in enumerate(newsroom.articles(), 1):
        # In many transactions: the log of one would be as large as the database.
        write_rows(database, rows)
        if number % BATCHES_TOLD == 0:
            tell(f"{number * ARTICLES_AT_ONCE:,} of {size:,} articles written")
    if index:
        tell("making the index of search")
        database.write_now(lambda session: rebuild_index(session.connection()))
        assert database.read_now(lambda connection: connection.scalar(select(INDEXED))) == size
    render_missing(database, tell)
    tidy(database)


def write_rows(database: Database, rows: Rows) -> None:
    database.write_now(lambda session: rows.insert(session.connection()))


def render_missing(database: Database, tell: Callable[[str], None] = print) -> None:
    """Render what is not rendered, as the server would by and by."""
    statement = (
        select(Article.key, Article.id)
        .outerjoin(RenderedArticle, RenderedArticle.article_key == Article.key)
        .where(RenderedArticle.article_key.is_(None))
        .order_by(Article.key)
        .limit(ARTICLES_AT_ONCE)
    )
    last, done = 0, 0
    while missing := database.read_now(missing_after, statement, last):
        database.write_now(keep_rendered, [row.id for row in missing], utc_now())
        last, done = missing[-1].key, done + len(missing)
        if done % (BATCHES_TOLD * ARTICLES_AT_ONCE) == 0:
            tell(f"{done:,} articles rendered")


def missing_after(
    connection: Connection, statement: Select[int, str], key: int
) -> Sequence[Row[int, str]]:
    return connection.execute(statement.where(Article.key > key)).all()


def tidy(database: Database) -> None:
    """Do now what the database would do some time after so many writes: SQLite, whose ANALYZE
    nobody runs, lays no statistics."""
    if database.engine.dialect.name == "sqlite":
        # By the driver: SQLAlchemy would begin a transaction, in which nothing is checkpointed.
        with closing(database.engine.raw_connection()) as pooled:
            cursor = pooled.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("sections", "entities", "articles", "quotes", "mentions"):
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'key'), max(key))"
                    f" FROM {table}"
                )
            )
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def article_path(number: int) -> str:
    return f"/v1/articles/01a{number:023d}"


def entity_path(number: int) -> str:
    return f"/v1/entities/01e{number:023d}"
