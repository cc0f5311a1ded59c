"""How many requests a second the service answers, in ratios to a bare ASGI application.

python -m benchmarks.serving --size 10000 --databases sqlite,postgresql

The floor is measured beside every case, and the run is rejected when its figures lie further
apart than 15 %: then the machine did something else.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx2 as httpx

from app.database.engine import open_database
from app.settings import Settings
from benchmarks.corpus import MIDDLE, article_path, fill
from benchmarks.driving import Load, drive
from benchmarks.searching import databases

SPREAD = 0.15
CLOCK = os.sysconf("SC_CLK_TCK")
UNCACHED = {"Cache-Control": "no-cache"}


@dataclass(frozen=True)
class Server:
    address: str
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        return cpu_of(self.process.pid)

    def memory(self) -> float:
        """Megabytes that are resident."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(one for one in status.splitlines() if one.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK


def database_cpu_seconds() -> float:
    """Of all PostgreSQL's processes."""
    total = 0.0
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                if (folder / "comm").read_text().startswith("postgres"):
                    total += cpu_of(int(folder.name))
            except OSError:
                continue  # it has ended
    return total


@contextmanager
def running(arguments: Sequence[str], port: int, **environment: str) -> Iterator[Server]:
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield Server(address, process)
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class Measured:
    """Requests a second, and processor time a request in microseconds."""

    case: str
    per_second: float
    ratio: float
    server_cpu: float
    database_cpu: float


def cases(address: str, size: int) -> dict[str, Load]:
    chance = Random(5)
    numbers = [chance.randint(1, size) for _ in range(min(size, 2_000))]
    articles = [article_path(number) for number in numbers]
    people = [f"/v1/entities/01e{chance.randint(1, size // 20):023d}" for _ in range(500)]
    found = {
        "article, hit": Load(articles),
        "article, 304": Load(articles, {"If-None-Match": "*"}),
        "article, uncached": Load(articles, UNCACHED),
        "list of 20, hit": Load(["/v1/articles"]),
        "list of 20, uncached": Load(["/v1/articles"], UNCACHED),
        "list with quotes and entities, uncached": Load(
            ["/v1/articles?include=quotes,entities"], UNCACHED
        ),
        "entity, uncached": Load(people, UNCACHED),
        "search, newest, uncached": Load([f"/v1/search?q={MIDDLE}&sort=newest"], UNCACHED),
        "search, relevance, uncached": Load([f"/v1/search?q={MIDDLE}"], UNCACHED),
    }
    for page in (100, 10_000):
        if page * 20 < size:
            path = page_path(address, page)
            found[f"list, page {page:,}, uncached"] = Load([path], UNCACHED)
    return found


def page_path(address: str, page: int) -> str:
    """The address of a page of 20, walked to in pages of 100 and the rest in pages of 20."""
    path = "/v1/articles?limit=100"
    left = (page - 1) * 20
    with httpx.Client(base_url=address) as client:
        cursor = ""
        while left:
            limit = 100 if left >= 100 else 20
            asked = f"/v1/articles?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
            cursor = client.get(asked).json()["next_cursor"]
            left -= limit
        path = f"/v1/articles?cursor={cursor}"
        assert client.get(path).status_code == 200
    return path


def measure(server: Server, floor: Server, size: int, seconds: float) -> list[Measured]:
    measured, floors = [], []
    floor_load = Load(["/"])
    drive(floor.address, floor_load, 1)
    for name, load in cases(server.address, size).items():
        # Once before: what is read from the disk, and what the cache keeps.
        drive(server.address, load, 2)
        base = drive(floor.address, floor_load, seconds).per_second
        floors.append(base)
        cpu, database_cpu = server.cpu_seconds(), database_cpu_seconds()
        started = time.perf_counter()
        driven = drive(server.address, load, seconds)
        requests = driven.per_second * (time.perf_counter() - started)
        if driven.failed:
            raise SystemExit(f"{name}: {driven.failed} requests failed")
        one = Measured(
            name,
            driven.per_second,
            driven.per_second / base,
            (server.cpu_seconds() - cpu) / requests * 1e6,
            (database_cpu_seconds() - database_cpu) / requests * 1e6,
        )
        measured.append(one)
        print(
            f"| {one.case:<40} | {one.per_second:8.0f} | {one.ratio:6.3f} "
            f"| {one.server_cpu:8.0f} | {one.database_cpu:8.0f} |",
            flush=True,
        )
    spread = (max(floors) - min(floors)) / max(floors)
    print(f"\nfloor {max(floors):.0f}/s, spread {spread:.0%}; memory {server.memory():.0f} MB\n")
    if spread > SPREAD:
        print("REJECTED: the floor's figures lie too far apart; the machine was busy.\n")
    return measured


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--seconds", type=float, default=4)
    given = parser.parse_args()
    kinds = given.databases.split(",")
    with databases(kinds) as urls, tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            settings = {"ONRECORD_DATABASE_URL": urls[kind], "ONRECORD_LOG_LEVEL": "warning"}
            subprocess.run(
                [sys.executable, "-m", "app", "migrate"],
                env={**os.environ, **settings},
                check=True,
                capture_output=True,
            )
            database = open_database(Settings(database_url=urls[kind]))
            started = time.perf_counter()
            fill(database, given.size)
            database.engine.dispose()
            print(f"{kind}, {given.size} articles, made in {time.perf_counter() - started:.0f} s\n")
            body = Path(folder) / "body"
            with running(["-m", "app", "serve", "--port", "18080"], 18080, **settings) as server:
                body.write_bytes(httpx.get(server.address + article_path(given.size)).content)
                bare = ["-m", "uvicorn", "benchmarks.floor:app", "--port", "18081"]
                bare += ["--log-level", "warning", "--no-access-log"]
                with running(bare, 18081, FLOOR_BODY=str(body)) as floor:
                    print(f"| {'case':<40} | a second | ratio  | CPU µs   | database |")
                    print(f"|{'-' * 42}|---------:|-------:|---------:|---------:|")
                    measure(server, floor, given.size, given.seconds)


if __name__ == "__main__":
    main()
