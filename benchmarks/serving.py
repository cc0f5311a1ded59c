"""Servers in processes of their own: what they take of the processors and of memory."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
from sqlalchemy import text

from app.database.session import Database

ROOT = Path(__file__).resolve().parent.parent
CLOCK = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60
# A process is at rest that takes less of a processor than this, for a moment.
REST, MOMENT_SECONDS, LONGEST_WAIT_SECONDS = 0.05, 0.25, 120.0


@dataclass(frozen=True)
class Server:
    """`log` is what the processes have said."""

    address: str
    pid: int
    log: Path

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def memory(self) -> float:
        """Resident megabytes of the largest process: a worker, where there are several."""
        return max(resident_megabytes(pid) for pid in family_of(self.pid))


def family_of(pid: int) -> list[int]:
    """The process, its children and theirs."""
    children = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        fields = stat_of(int(folder.name))
        if fields:
            children[int(fields[1])].append(int(folder.name))
    family = [pid]
    for one in family:
        family += children[one]
    return family


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and its children, those that have ended too."""
    total = 0
    for one in family_of(pid):
        total += sum(map(int, stat_of(one)[11:15]))
    return total / CLOCK


def stat_of(pid: int) -> list[str]:
    """What the kernel counts of a process, from its state on; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def resident_megabytes(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def database_process(database: Database) -> int | None:
    """PostgreSQL's first process, the parent of all others; None where the database has none."""
    if database.engine.dialect.name == "sqlite":
        return None
    with database.engine.connect() as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        return int(stat_of(own)[1])


def wait_for_rest(processes: Sequence[int]) -> None:
    """Until they have done what goes on behind the answers, such as rendering."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < deadline:
        before = sum(map(cpu_seconds, processes))
        time.sleep(MOMENT_SECONDS)
        if sum(map(cpu_seconds, processes)) - before < REST * MOMENT_SECONDS + 1 / CLOCK:
            return


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(arguments: Sequence[str], path: str = "/healthz", **settings: str) -> Iterator[Server]:
    """A server by `python` and these arguments, which has answered a request for `path`."""
    port = free_port()
    with tempfile.NamedTemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, *arguments, "--port", str(port)],
            cwd=ROOT,
            env=environment_with(settings),
            stdout=log,
            stderr=log,
        )
        try:
            wait_until_listening(process, port, Path(log.name))
            address = f"http://127.0.0.1:{port}"
            httpx.get(address + path, timeout=START_SECONDS).raise_for_status()
            yield Server(address, process.pid, Path(log.name))
        finally:
            process.terminate()
            process.wait()


def wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.005)
    raise RuntimeError(f"The server does not start:\n{log.read_text()}")


@contextmanager
def serving(url: str, workers: int = 1, path: str = "/readyz") -> Iterator[Server]:
    """The service itself, as `onrecord serve` runs it, with default settings."""
    command = ["-m", "app", "serve", "--workers", str(workers)]
    with running(command, path, **settings_for(url)) as server:
        yield server


@contextmanager
def serving_floor(body: bytes, workers: int = 1) -> Iterator[Server]:
    """The bare application, which answers every request with this body."""
    command = ["-m", "uvicorn", "benchmarks.floor:app", "--workers", str(workers)]
    command += ["--log-level", "warning", "--no-access-log", "--no-server-header"]
    with tempfile.NamedTemporaryFile() as kept:
        Path(kept.name).write_bytes(body)
        with running(command, FLOOR_BODY=kept.name) as server:
            yield server


def environment_with(settings: Mapping[str, str]) -> dict[str, str]:
    """Without the settings that somebody has made for a service of theirs."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    return {**others, **settings}


def settings_for(url: str) -> dict[str, str]:
    return {"ONRECORD_DATABASE_URL": url, "ONRECORD_LOG_LEVEL": "warning"}


def migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "app", "migrate"],
        cwd=ROOT,
        env=environment_with(settings_for(url)),
        check=True,
        capture_output=True,
    )
