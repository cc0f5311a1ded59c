"""Commands of `onrecord` in processes of their own, for what one process cannot show.

They are forked from a process that has loaded what they need, which takes longer than most tests;
`test_starting.py` starts the service as operators do.
"""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from app.__main__ import main

ROOT = Path(__file__).resolve().parent.parent
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        __name__,
        *("app.__main__", "app.api", "app.main", "app.database.migrating", "app.database.wire"),
        *("app.importers.runs", "app.mirroring.runs", "sqlalchemy.ext.asyncio", "uvicorn.main"),
    ]
)
# What a command may take that nothing holds up.
SECONDS = 120


@dataclass(frozen=True)
class Ended:
    """A command that has ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Command:
    """One that may run still. What it says goes to files."""

    process: ForkServerProcess
    out: Path
    err: Path

    def kill(self) -> None:
        self.process.kill()
        self.process.join()

    def wait(self, seconds: float = SECONDS) -> Ended:
        self.process.join(seconds)
        assert self.process.exitcode is not None, f"It does not end:\n{self.err.read_text()}"
        return Ended(self.process.exitcode, self.out.read_text(), self.err.read_text())


def begin(*arguments: str, **settings: str) -> Command:
    """`settings` are those of the service, by their names."""
    environment = {
        **os.environ,
        **{f"ONRECORD_{name.upper()}": value for name, value in settings.items()},
    }
    parent = os.environ.get("ONRECORD_TEST_DATABASES_FOLDER")
    folder = Path(tempfile.mkdtemp(prefix="command-", dir=parent))
    out, err = folder / "stdout", folder / "stderr"
    out.touch()
    err.touch()
    command = ["onrecord", *arguments]
    process = FORKS.Process(target=run_here, args=(command, environment, out, err))
    process.start()
    return Command(process, out, err)


def run(*arguments: str, **settings: str) -> Ended:
    return begin(*arguments, **settings).wait()


@contextmanager
def running(*arguments: str, **settings: str) -> Iterator[Command]:
    """Until the block ends."""
    command = begin(*arguments, **settings)
    try:
        yield command
    finally:
        command.kill()


def run_here(command: list[str], environment: Mapping[str, str], out: Path, err: Path) -> None:
    """In the process of its own."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for number, path in ((1, out), (2, err)):
        with path.open("w") as file:
            os.dup2(file.fileno(), number)
    sys.argv = command
    main()
