"""The sample newsroom, served as `make run` serves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.commands import ROOT, run
from tests.servers import serving

NEWSROOM = ROOT / "examples" / "newsroom"


@contextmanager
def serving_newsroom(folder: Path, *more: Path) -> Iterator[str]:
    """The address of a server with the sample newsroom, and more to import.

    Its database is made in the folder.
    """
    url = f"sqlite:///{folder / 'newsroom.db'}"
    for command in (["migrate"], *(["import", str(path)] for path in (NEWSROOM, *more))):
        ended = run(*command, database_url=url)
        assert ended.returncode == 0, ended.stderr
    with serving(url, media_folder=str(NEWSROOM / "pictures")) as [address]:
        yield address
