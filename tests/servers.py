"""Servers in processes of their own, for what one process cannot show."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier
from typing import IO, NamedTuple

import httpx2 as httpx
import psycopg

from app.database.postgresql import LISTENER

ROOT = Path(__file__).resolve().parent.parent
LISTENING = re.compile(r"Uvicorn running on (http://\S+)")
START_SECONDS = 60


class Server(NamedTuple):
    address: str
    process: subprocess.Popen[bytes]


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
    environment = {
        **os.environ,
        "ONRECORD_DATABASE_URL": database_url,
        **{f"ONRECORD_{name.upper()}": value for name, value in settings.items()},
    }
    with ExitStack() as stack:
        logs = [stack.enter_context(tempfile.TemporaryFile("w+")) for _ in range(count)]
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "app", "serve", "--port", "0"],
                    cwd=ROOT,
                    env=environment,
                    stdout=log,
                    stderr=log,
                )
            )
            for log in logs
        ]
        for process in processes:
            # Called before a process is waited for, as its own context does at its end.
            stack.callback(process.kill)
        yield [
            Server(address_of(process, log), process)
            for process, log in zip(processes, logs, strict=True)
        ]


def address_of(process: subprocess.Popen[bytes], log: IO[str]) -> str:
    """Where a server listens, once it does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        log.seek(0)
        listening = LISTENING.search(log.read())
        if listening:
            return listening[1]
        time.sleep(0.02)
    log.seek(0)
    raise AssertionError(f"The server did not start:\n{log.read()}")


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
