"""A mirror of the application that a test drives, in a database of its own."""

import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import cast

from starlette.testclient import TestClient

from app.database.engine import open_database, url_of_file
from app.database.session import Database
from app.main import create_app
from app.mirroring.place import Place
from app.mirroring.runs import Mirroring, open_mirror
from app.mirroring.source import Source
from app.mirroring.verifying import Difference, find_differences
from app.models.base import Clock
from app.settings import Settings
from app.web.application import Application
from tests.clients import Client

URL = "http://source.example"


@dataclass
class Mirror:
    """`run` is what the command runs."""

    run: Mirroring
    database: Database
    clock: Clock

    def copy(self) -> Place:
        """All that is there, and what has changed since."""
        return self.run.catch_up()

    def differences(self) -> list[Difference]:
        run = self.run
        return find_differences(run.source, self.database, self.clock, run.catch_up)


def mirror_of(client: TestClient, path: Path, clock: Clock) -> Mirror:
    """What the client sees is what the mirror will hold."""
    path.write_bytes(empty_mirror())
    database = open_database(Settings(database_url=url_of_file(path)))
    run = Mirroring(Source(client), database, URL, clock=clock)
    return Mirror(run, database, clock)


@cache
def empty_mirror() -> bytes:
    """The file of a new one: to migrate each takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mirror.db"
        with open_mirror(Settings(), path).engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()


def serving_mirror(mirror: Mirror, source: TestClient) -> TestClient:
    """A client of the application that serves the mirror, by the settings of the source's."""
    # What a client is of is the application that it was made with.
    settings: Settings = cast(Application, source.app).state.settings
    url = url_of_file(Path(mirror.database.engine.url.database or ""))
    own = replace(settings, database_url=url, read_only=True)
    return Client(create_app(own, clock=mirror.clock))
