"""How long the first copy by a mirror takes, and how much memory; and what digests cost.

python -m benchmarks.mirroring --sizes 10000,20000
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2 as httpx

from benchmarks.corpora import filled, tell
from benchmarks.serving import Server, serving

ROWS = "{:>8} {:>10} {:>12} {:>12} {:>12} {:>12}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mirroring", description=__doc__)
    parser.add_argument("--sizes", default="10000,20000", help="articles (10000,20000)")
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgresql"])
    parser.add_argument("--keep", type=Path, help="a folder that keeps the databases")
    given = parser.parse_args()
    print(ROWS.format("articles", "copy s", "mirror CPU s", "source CPU s", "peak MB", "digest ms"))
    for size in map(int, given.sizes.split(",")):
        with (
            filled(given.database, size, index=False, writes=False, keep=given.keep) as (url, _),
            serving(url) as server,
        ):
            print(measure(server, size))


def measure(server: Server, size: int) -> str:
    digest = milliseconds_of(server, "/v1/digests?resource=articles")
    before, started = server.cpu_seconds(), time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        command = ["mirror", server.address, "--into", f"{folder}/mirror.db", "--once"]
        process = subprocess.Popen([sys.executable, "-m", "app", *command])
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        tell(f"onrecord mirror ended with {os.waitstatus_to_exitcode(status)}")
    return ROWS.format(
        size,
        f"{seconds:.1f}",
        f"{used.ru_utime + used.ru_stime:.1f}",
        f"{server.cpu_seconds() - before:.1f}",
        f"{used.ru_maxrss / 1024:.0f}",
        f"{digest:.0f}",
    )


def milliseconds_of(server: Server, path: str) -> float:
    """Of the server's processor, for one answer: the least of three."""
    times = []
    for _ in range(3):
        before = server.cpu_seconds()
        httpx.get(f"{server.address}{path}", timeout=60).raise_for_status()
        times.append((server.cpu_seconds() - before) * 1000)
    return min(times)


if __name__ == "__main__":
    main()
