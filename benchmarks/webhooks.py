"""How many deliveries a second reach receivers on this machine, from the journal to the log.

On SQLite in a temporary folder, or in the empty database that ONRECORD_DATABASE_URL names. The
receivers are a process of their own, and answer 204 to everything.
"""

import argparse
import asyncio
import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from time import perf_counter, process_time

from sqlalchemy.orm import Session

from app.access.viewer import the_service
from app.database.engine import open_database
from app.models.base import utc_now
from app.sections.schemas import SectionWrite
from app.sections.writes import post_section
from app.settings import Settings
from app.webhooks.delivering import Deliverer
from app.webhooks.schemas import WebhookWrite
from app.webhooks.writes import post_webhook
from benchmarks.check_quotes import migrate

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=2_000)
    parser.add_argument("--webhooks", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, receiving() as url:
        address = os.environ.get("ONRECORD_DATABASE_URL", f"sqlite:///{folder}/onrecord.db")
        settings = Settings(database_url=address, webhook_loopback=True)
        database = open_database(settings)
        migrate(database)
        changes = given.deliveries // given.webhooks
        database.write_now(prepare, url, given.webhooks, changes)
        database.engine.dispose()
        seconds, busy = asyncio.run(deliver(settings))
    made = changes * given.webhooks
    print(
        f"{made} deliveries to {given.webhooks} webhooks on {address.partition(':')[0]}:"
        f" {made / seconds:.0f} a second, {busy / made * 1000:.2f} ms of CPU each"
    )


def prepare(session: Session, url: str, webhooks: int, changes: int) -> None:
    viewer = the_service(utc_now())
    for number in range(webhooks):
        content = WebhookWrite(name=f"Webhook {number}", url=url, scope="all")
        post_webhook(session, content, viewer, loopback=True)
    for number in range(changes):
        post_section(session, SectionWrite(path=f"section-{number}", name="Section"), viewer)


async def deliver(settings: Settings) -> tuple[float, float]:
    """The seconds that it took, and those of them that this process was busy."""
    database = open_database(settings)
    began, worked = perf_counter(), process_time()
    await Deliverer(database, settings, utc_now).catch_up()
    took = perf_counter() - began, process_time() - worked
    await database.close()
    return took


@contextmanager
def receiving() -> Iterator[str]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=receive, args=(theirs,))
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/"
    finally:
        process.terminate()
        process.join()


def receive(told: Connection) -> None:
    asyncio.run(answer_all(told))


async def answer_all(told: Connection) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await next_head(reader):
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        writer.write(ANSWER)
        await writer.drain()


async def next_head(reader: asyncio.StreamReader) -> bytes:
    """Empty when there is none."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


if __name__ == "__main__":
    main()
