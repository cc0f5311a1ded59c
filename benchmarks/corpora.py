"""Databases that hold a corpus, made for a run or kept for the next."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.database.engine import open_database
from app.database.session import Database
from app.settings import Settings
from benchmarks.corpus import fill, render_missing, tidy
from benchmarks.searching import opened
from benchmarks.serving import migrate


@contextmanager
def empty(kind: str) -> Iterator[str]:
    """The URL of a migrated database without content."""
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # PostgreSQL may run as another user.
        folder.chmod(0o755)
        with opened(kind, folder) as url:
            migrate(url)
            yield url


@contextmanager
def filled(
    kind: str, size: int, *, index: bool, writes: bool, keep: Path | None
) -> Iterator[tuple[str, Database]]:
    """A corpus. In the folder `keep` it stays for the next run, unless this one writes into it."""
    if keep is None:
        with empty(kind) as url:
            yield url, filled_database(url, size, index=index)
        return
    folder = keep.absolute() / f"{kind}-{size}{'' if index else '-no-index'}"
    mark = folder / "filled"
    if not mark.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    with opened(kind, folder) as url:
        if mark.exists():
            database = open_database(Settings(database_url=url))
            render_missing(database, tell)
            tidy(database)
        else:
            migrate(url)
            database = filled_database(url, size, index=index)
            mark.touch()
        if writes:
            mark.unlink()
        yield url, database


def filled_database(url: str, size: int, *, index: bool) -> Database:
    database = open_database(Settings(database_url=url))
    started = time.perf_counter()
    fill(database, size, index=index, tell=tell)
    tell(f"{size:,} articles made in {time.perf_counter() - started:.0f} s")
    return database


def tell(progress: str) -> None:
    print(f"  {progress}", file=sys.stderr, flush=True)
