"""Servers in processes of their own, for what one process cannot show."""

import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Barrier

import httpx2 as httpx
import psycopg

from app.database.postgresql import LISTENER
from tests.commands import Command, begin

LISTENING = re.compile(r"Uvicorn running on (http://\S+)")
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    address: str
    command: Command


@contextmanager
def serving(database_url: str, *, count: int = 1, **settings: str) -> Iterator[list[str]]:
    """The addresses of servers on this database, which run until the block ends.

    `settings` are those of the service, by their names.
    """
    with servers_of(database_url, count=count, **settings) as servers:
        yield [server.address for server in servers]


@contextmanager
def servers_of(database_url: str, *, count: int = 1, **settings: str) -> Iterator[list[Server]]:
    """The same, for whoever does something to the processes."""
    with ExitStack() as stack:
        commands = [
            begin("serve", "--port", "0", database_url=database_url, **settings)
            for _ in range(count)
        ]
        for command in commands:
            stack.callback(command.kill)
        yield [Server(address_of(command), command) for command in commands]


def start(database_url: str, *, port: int, **settings: str) -> Server:
    """One that runs until it is killed, at a port that may have been another's before."""
    command = begin("serve", "--port", str(port), database_url=database_url, **settings)
    return Server(address_of(command), command)


def address_of(command: Command) -> str:
    """Where a server listens, once it does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and command.process.is_alive():
        listening = LISTENING.search(command.err.read_text())
        if listening:
            return listening[1]
        time.sleep(0.02)
    raise AssertionError(f"The server did not start:\n{command.err.read_text()}")


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
