"""A run of the import: item by item, each in a transaction of its own, with its progress."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.orm import Session

from app.access.viewer import the_service
from app.database.session import Database
from app.errors import Moved, Problem
from app.importers.articles import Outcome
from app.importers.page_articles import import_page
from app.importers.pages import PageUnreadable
from app.importers.records import Unchanged, import_line
from app.importers.sources import Item, Unreadable, items_of
from app.models.base import Clock, utc_now

LINES_BETWEEN_REPORTS = 1000


def run_import(database: Database, paths: Sequence[str], *, clock: Clock = utc_now) -> int:
    """Import all that is under the paths, and say what came of it. Returns how much failed."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    outcomes: Counter[tuple[str, str]] = Counter()
    failed = 0
    with progress_of(list(items_of(paths)), console) as items:
        for item in items:
            if isinstance(item, Item):
                try:
                    outcomes[item.resource, import_item(database, item, clock)] += 1
                    continue
                except (Problem, PageUnreadable, Unreadable) as error:
                    place, reason = item.place, reason_of(error)
                except Moved as error:
                    place, reason = item.place, f"{error.former_name} redirects now"
            else:
                place, reason = item[0], str(item[1])
            failed += 1
            console.print(f"{place}: {reason}", markup=False)
    console.print(summary(outcomes, failed), markup=False)
    return failed


def import_item(database: Database, item: Item, clock: Clock) -> Outcome:
    def write(session: Session) -> Outcome:
        viewer = the_service(clock())
        if item.resource == "pages":
            return import_page(session, item.content, item.source, viewer)
        return import_line(session, item.resource, item.content, viewer)

    try:
        return database.write_now(write)
    except Unchanged:
        return "unchanged"


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


Imported = Item | tuple[str, Unreadable]


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
