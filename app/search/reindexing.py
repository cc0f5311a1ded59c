"""`onrecord reindex`: the whole index made anew, with its progress shown."""

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from app.database.session import Database
from app.models import Base
from app.search.rebuilding import rebuild_index
from app.search.tables import KINDS

TEXTS_BETWEEN_REPORTS = 10_000


def run_reindex(database: Database) -> None:
    """In one transaction of a writer: readers search the former index until it is complete."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    total = database.read_now(count_texts)
    seen: dict[str, int] = {}
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("indexing", total=total)

        def tell(kind: str, number: int) -> None:
            before = sum(seen.values())
            seen[kind] = number
            done = sum(seen.values())
            progress.update(task, completed=done)
            if not console.is_terminal and done // TEXTS_BETWEEN_REPORTS > (
                before // TEXTS_BETWEEN_REPORTS
            ):
                console.print(f"indexed {done} of {total}")

        def rebuild(session: Session) -> None:
            rebuild_index(session.connection(), tell)

        database.write_now(rebuild)
    console.print(f"looked at {sum(seen.values())} articles, quotes, entities and other texts")


def count_texts(connection: Connection) -> int:
    tables = (Base.metadata.tables[kind] for kind in KINDS)
    return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
