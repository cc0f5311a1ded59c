"""A run of the import: a hundred items at once in one transaction, with its progress."""

import gc
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.orm import Session

from app.access.viewer import the_service
from app.database.session import Database
from app.errors import Moved, Problem
from app.importers.articles import Outcome
from app.importers.page_articles import import_page
from app.importers.pages import PageUnreadable, read_page
from app.importers.records import Importing, Unchanged, foresee_lines, read_line
from app.importers.sources import Item, Unreadable, items_of
from app.models.base import Clock, utc_now
from app.search.index import batches

LINES_BETWEEN_REPORTS = 1000
# Items in one transaction: more make it no faster, and other writers wait for it.
BATCH = 100


def run_import(database: Database, paths: Sequence[str], *, clock: Clock = utc_now) -> int:
    """Import all that is under the paths, and say what came of it. Returns how much failed."""
    # The hundredth line of a file, articles.ndjson:100: in a message, is no emoji.
    console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
    outcomes: Counter[tuple[str, str]] = Counter()
    failed = 0
    everything = list(items_of(paths))
    with progress_of(everything, console) as items, undisturbed():
        for several in batches(items, BATCH):
            gc.collect()
            for item, came in import_batch(database, several, clock):
                if isinstance(item, Item) and isinstance(came, str):
                    outcomes[item.resource, came] += 1
                    continue
                failed += 1
                place = item.place if isinstance(item, Item) else item[0]
                console.print(f"{place}: {came}", markup=False)
    console.print(summary(outcomes, failed), markup=False)
    return failed


@contextmanager
def undisturbed() -> Iterator[None]:
    """What was loaded before, all of which stays, is not looked through for garbage meanwhile; and
    what a batch makes is only when it ends."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


class Failure(NamedTuple):
    """Why an item was not imported, in words for a person."""

    reason: str

    def __str__(self) -> str:
        return self.reason


# What there is to import, or where it was and why it cannot be read.
Imported = Item | tuple[str, Unreadable]
Came = Outcome | Failure


def import_batch(
    database: Database, items: Sequence[Imported], clock: Clock
) -> Iterator[tuple[Imported, Came]]:
    """What came of each item, in their order. They are read before the transaction begins."""
    came: list[Came | None] = []
    readable: list[Importing] = []
    for item in items:
        try:
            readable.append(read_item(item))
            came.append(None)
        except (Problem, PageUnreadable, Unreadable) as error:
            came.append(Failure(reason_of(error)))
    written = iter(write_together(database, readable, clock))
    for item, one in zip(items, came, strict=True):
        yield item, next(written) if one is None else one


def read_item(item: Imported) -> Importing:
    if not isinstance(item, Item):
        raise item[1]
    if item.resource != "pages":
        return read_line(item.resource, item.content)
    page = read_page(item.content)
    return lambda session, viewer: import_page(session, page, item.source, viewer)


class Stopped(Exception):
    """An item could not be written: all of the transaction is taken back."""

    def __init__(self, index: int, came: Came) -> None:
        super().__init__(str(came))
        self.index = index
        self.came = came


def write_together(database: Database, items: Sequence[Importing], clock: Clock) -> list[Came]:
    """Write items in one transaction. Where one cannot be written, those before it are in one, and
    those behind it in another: each is written twice at most, and nothing of it is kept."""
    if not items:
        return []
    try:
        return database.write_now(write_each, items, clock)
    except Stopped as stopped:
        before, behind = items[: stopped.index], items[stopped.index + 1 :]
        return [
            *write_together(database, before, clock),
            stopped.came,
            *write_together(database, behind, clock),
        ]
    except Problem as problem:
        # Of the whole transaction: another writer does not let it begin, say.
        return [Failure(reason_of(problem))] * len(items)


def write_each(session: Session, items: Sequence[Importing], clock: Clock) -> list[Came]:
    came: list[Came] = []
    foresee_lines(session, items)
    for index, write in enumerate(items):
        try:
            came.append(write(session, the_service(clock())))
        except Unchanged:
            raise Stopped(index, "unchanged") from None
        except Moved as moved:
            failure = Failure(f"{moved.former_name} redirects now")
            raise Stopped(index, failure) from None
        except Problem as problem:
            raise Stopped(index, Failure(reason_of(problem))) from None
    return came


def reason_of(error: Problem | PageUnreadable | Unreadable) -> str:
    if not isinstance(error, Problem):
        return str(error)
    places = [f"{one['pointer']}: {one['detail']}" for one in error.errors if "pointer" in one]
    return "; ".join(places) or error.detail


def summary(outcomes: Counter[tuple[str, str]], failed: int) -> str:
    parts = []
    for resource in dict.fromkeys(resource for resource, _ in outcomes):
        counts = [
            f"{outcomes[resource, outcome]} {outcome}"
            for outcome in ("created", "updated", "unchanged")
            if outcomes[resource, outcome]
        ]
        parts.append(f"{resource}: {', '.join(counts)}")
    if failed:
        parts.append(f"{failed} failed")
    return "; ".join(parts) or "There was nothing to import."


@contextmanager
def progress_of(items: Sequence[Imported], console: Console) -> Iterator[Iterable[Imported]]:
    """The items, with a bar on a terminal and now and then a plain line elsewhere."""
    if not console.is_terminal:
        yield reported(items)
        return
    columns = (
        TextColumn("importing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield progress.track(items)


def reported(items: Sequence[Imported]) -> Iterator[Imported]:
    for number, item in enumerate(items, start=1):
        yield item
        if number % LINES_BETWEEN_REPORTS == 0:
            print(f"imported {number} of {len(items)}", file=sys.stderr)
