"""A run over articles that have not been read yet, or not as they are now; it can be broken off."""

from collections.abc import Iterator

from rich.console import Console
from rich.progress import Progress

from app.database.session import Database
from app.errors import ExtractionModelMissing, Problem
from app.extraction.reads import Unread, count_unread, list_unread
from app.extraction.workers import Extractor
from app.extraction.writes import Mode, save_reading
from app.models.base import Clock, utc_now

ARTICLES_BETWEEN_REPORTS = 100


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
