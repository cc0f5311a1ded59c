"""The sample newsroom, served as `make run` serves it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import ROOT, serving

NEWSROOM = ROOT / "examples" / "newsroom"


@contextmanager
def serving_newsroom(folder: Path, *more: Path) -> Iterator[str]:
    """The address of a server with the sample newsroom, and more to import.

    Its database is made in the folder.
    """
    url = f"sqlite:///{folder / 'newsroom.db'}"
    for command in (["migrate"], *(["import", str(path)] for path in (NEWSROOM, *more))):
        subprocess.run(
            [sys.executable, "-m", "app", *command],
            cwd=ROOT,
            env={**os.environ, "ONRECORD_DATABASE_URL": url},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    with serving(url, media_folder=str(NEWSROOM / "pictures")) as [address]:
        yield address
