"""Servers in processes of their own, for what one process cannot show."""

import multiprocessing
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Barrier

import httpx2 as httpx
import psycopg

from app.__main__ import main
from app.database.postgresql import LISTENER

ROOT = Path(__file__).resolve().parent.parent
LISTENING = re.compile(r"Uvicorn running on (http://\S+)")
START_SECONDS = 60
# Servers are forked from a process that has loaded what they need, which takes longer than most
# tests; `test_starting.py` starts them as operators do.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__, "app.__main__", "app.main", "app.api", "uvicorn.main"])


@dataclass(frozen=True)
class Server:
    address: str
    process: ForkServerProcess


@contextmanager
def serving(database_url: str, *, count: int = 1, **settings: str) -> Iterator[list[str]]:
    """The addresses of servers on this database, which run until the block ends.

    `settings` are those of the service, by their names.
    """
    with running(database_url, count=count, **settings) as servers:
        yield [server.address for server in servers]


@contextmanager
def running(database_url: str, *, count: int = 1, **settings: str) -> Iterator[list[Server]]:
    """The same, for whoever does something to the processes."""
    with ExitStack() as stack:
        begun = [begin(database_url, 0, settings) for _ in range(count)]
        for process, _ in begun:
            stack.callback(end, process)
        yield [Server(address_of(*one), one[0]) for one in begun]


def start(database_url: str, *, port: int, **settings: str) -> Server:
    """One that runs until it is ended, at a port that may have been another's before."""
    process, log = begin(database_url, port, settings)
    return Server(address_of(process, log), process)


def begin(
    database_url: str, port: int, settings: Mapping[str, str]
) -> tuple[ForkServerProcess, Path]:
    """A process, and where it writes what it does."""
    environment = {
        **os.environ,
        "ONRECORD_DATABASE_URL": database_url,
        **{f"ONRECORD_{name.upper()}": value for name, value in settings.items()},
    }
    folder = os.environ.get("ONRECORD_TEST_DATABASES_FOLDER")
    number, log = tempfile.mkstemp(prefix="server-", dir=folder)
    os.close(number)
    command = ["onrecord", "serve", "--port", str(port)]
    process = FORKS.Process(target=run, args=(command, environment, log))
    process.start()
    return process, Path(log)


def run(command: list[str], environment: dict[str, str], log: str) -> None:
    """In the process of its own."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    with Path(log).open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = command
    main()


def end(process: ForkServerProcess) -> None:
    process.kill()
    process.join()


def address_of(process: ForkServerProcess, log: Path) -> str:
    """Where a server listens, once it does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.is_alive():
        listening = LISTENING.search(log.read_text())
        if listening:
            return listening[1]
        time.sleep(0.02)
    raise AssertionError(f"The server did not start:\n{log.read_text()}")


def at_once(requests: list[tuple[httpx.Client, httpx.Request]]) -> list[httpx.Response]:
    """Send all requests at the same time, each from a thread of its own."""
    ready = Barrier(len(requests))

    def send(client: httpx.Client, request: httpx.Request) -> httpx.Response:
        ready.wait()
        return client.send(request)

    with ThreadPoolExecutor(len(requests)) as threads:
        sent = [threads.submit(send, *one) for one in requests]
        return [future.result() for future in sent]


def cut_listeners(connection: psycopg.Connection) -> int:
    """End the connections by which servers on this database hear of commits; how many there
    were."""
    ended = connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = %s",
        [LISTENER],
    )
    return len(ended.fetchall())


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
