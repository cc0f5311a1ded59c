"""A run over articles that have not been read yet, or not as they are now; it can be broken off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import ColumnElement, Connection, func, or_, select

from app.database.session import Database
from app.errors import ExtractionModelMissing, Problem
from app.extraction.workers import Extractor
from app.extraction.writes import Mode, save_reading, text_digest
from app.models import Article, Change, Extraction
from app.models.base import Clock, utc_now

BATCH = 50
ARTICLES_BETWEEN_REPORTS = 100


@dataclass(frozen=True, slots=True)
class Unread:
    """An article as it is to be read. `is_known` is one whose text was read before."""

    key: int
    id: str
    text: str
    language: str
    is_known: bool


def run_extraction(
    database: Database,
    extractor: Extractor,
    *,
    mode: Mode,
    confidence: float,
    since: int | None = None,
    clock: Clock = utc_now,
) -> int:
    """Read what is unread: all articles, or those that changed after a number of the journal. Says
    what came of it, and returns how many failed.

    Each article is kept on its own, so that a run that was broken off goes on where it was. Raises
    ExtractionModelMissing.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    articles = quotes = failed = 0
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("extracting", total=database.read_now(count_unread, since))
        unread = unread_articles(database, since)
        texts = ((one, one.text, one.language) for one in unread)
        for one, found in extractor.extract_each(texts):
            if isinstance(found, ExtractionModelMissing):
                raise found
            if isinstance(found, Problem):
                failed += 1
                console.print(f"article {one.id}: {found.detail}", markup=False)
            kept = database.write_now(
                save_reading,
                one.key,
                one.text,
                found,
                mode=mode,
                confidence=confidence,
                at=clock(),
            )
            articles += 1
            quotes += kept or 0
            progress.advance(task)
            if not console.is_terminal and articles % ARTICLES_BETWEEN_REPORTS == 0:
                console.print(f"read {articles} articles")
    summary = f"articles read: {articles}; quotes found: {quotes}"
    console.print(f"{summary}; {failed} failed" if failed else summary)
    return failed


def unread_articles(database: Database, since: int | None) -> Iterator[Unread]:
    after = 0
    while True:
        batch = database.read_now(list_unread, after, since)
        if not batch:
            return
        after = batch[-1].key
        yield from (one for one in batch if not one.is_known)


def list_unread(connection: Connection, after: int, since: int | None) -> Sequence[Unread]:
    """Articles with a key above `after` that were never read, or have changed since."""
    statement = (
        select(Article.key, Article.id, Article.text, Article.language, Extraction.digest)
        .outerjoin(Extraction, Extraction.article_key == Article.key)
        .where(Article.key > after, *is_unread(since))
        .order_by(Article.key)
        .limit(BATCH)
    )
    return [
        Unread(row.key, row.id, row.text, row.language, row.digest == text_digest(row.text))
        for row in connection.execute(statement)
    ]


def count_unread(connection: Connection, since: int | None) -> int:
    """How many articles a run looks at: one whose text has not changed is passed over by it."""
    statement = (
        select(func.count())
        .select_from(Article)
        .outerjoin(Extraction, Extraction.article_key == Article.key)
        .where(*is_unread(since))
    )
    return connection.execute(statement).scalar_one()


def is_unread(since: int | None) -> list[ColumnElement[bool]]:
    conditions = [or_(Extraction.article_key.is_(None), Extraction.revision != Article.revision)]
    if since is not None:
        changed = select(Change.resource_id).where(
            Change.sequence > since, Change.resource == Article.resource_name
        )
        conditions.append(Article.id.in_(changed))
    return conditions


def last_change(connection: Connection) -> int:
    """The number of the journal's last row."""
    return connection.execute(select(func.coalesce(func.max(Change.sequence), 0))).scalar_one()
