"""Load on a server: by wrk where it is installed, else by connections of our own."""

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

CONNECTIONS = 32
# No answer of a slow case is given up: wrk's own limit is two seconds.
TIMEOUT_SECONDS = 30

WRK = """
local requests = {{}}
local bytes = io.open("{folder}/requests", "rb")
for length in io.lines("{folder}/lengths") do
  requests[#requests + 1] = bytes:read(tonumber(length))
end
local at = 0
request = function()
  at = at % #requests + 1
  return requests[at]
end
"""


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""

    def encoded(self, address: str) -> bytes:
        """As it goes over the wire."""
        headers = {"Host": address.removeprefix("http://"), **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n".encode() + self.body


@dataclass(frozen=True)
class Driven:
    """How many requests were answered; `failed` are those of them answered with 400 and above,
    and connections that were lost."""

    answered: int
    seconds: float
    failed: int

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds


def drive(address: str, requests: Sequence[Request], seconds: float) -> Driven:
    """Send the requests in their order, over and over, by 32 connections that wait for each
    answer."""
    encoded = [request.encoded(address) for request in requests]
    if shutil.which("wrk"):
        return drive_by_wrk(address, encoded, seconds)
    return asyncio.run(drive_by_hand(address, encoded, seconds))


def driver_name() -> str:
    if not shutil.which("wrk"):
        return "Python connections (wrk is not installed: quick answers are held up by the driver)"
    told = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False)
    return " ".join((told.stdout + told.stderr).split()[:2])


def drive_by_wrk(address: str, requests: Sequence[bytes], seconds: float) -> Driven:
    """wrk knows whole seconds only: it takes the next higher."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "requests").write_bytes(b"".join(requests))
        (folder / "lengths").write_text("".join(f"{len(one)}\n" for one in requests))
        (folder / "load.lua").write_text(WRK.format(folder=folder))
        ended = subprocess.run(
            [
                "wrk",
                "--threads=1",
                f"--connections={CONNECTIONS}",
                f"--duration={ceil(seconds)}s",
                f"--timeout={TIMEOUT_SECONDS}s",
                f"--script={folder / 'load.lua'}",
                address,
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    return read_wrk(ended.stdout)


def read_wrk(told: str) -> Driven:
    answered = re.search(r"(\d+) requests in ", told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if answered is None or rate is None or not float(rate[1]):
        raise RuntimeError(f"wrk had no answers:\n{told}")
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    lost = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", told)
    failed = (int(wrong[1]) if wrong else 0) + sum(map(int, lost.groups() if lost else ()))
    # The rate is of the time that wrk took, to the microsecond.
    return Driven(int(answered[1]), int(answered[1]) / float(rate[1]), failed)


async def drive_by_hand(address: str, requests: Sequence[bytes], seconds: float) -> Driven:
    host, _, port = address.removeprefix("http://").partition(":")
    started = time.perf_counter()
    until = started + seconds
    turn, answered, failed = 0, 0, 0

    async def ask() -> None:
        nonlocal turn, answered, failed
        try:
            reader, writer = await asyncio.open_connection(host, int(port))
            while time.perf_counter() < until:
                writer.write(requests[turn % len(requests)])
                turn += 1
                status = await read_answer(reader)
                answered += 1
                failed += status >= 400
            writer.close()
            await writer.wait_closed()
        except (OSError, asyncio.IncompleteReadError):
            failed += 1

    await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    if not answered:
        raise RuntimeError(f"{address} gave no answers.")
    return Driven(answered, time.perf_counter() - started, failed)


async def read_answer(reader: asyncio.StreamReader) -> int:
    """Its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = re.search(rb"\r\ncontent-length: *(\d+)", head)
    status = int(head[9:12])
    if length and status != 304:
        await reader.readexactly(int(length[1]))
    return status
