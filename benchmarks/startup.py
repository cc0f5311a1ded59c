"""How much processor time it takes until the service has answered for the first time."""

import compileall
import resource
import statistics
import subprocess
import sys
from dataclasses import dataclass

import httpx2 as httpx

from benchmarks.serving import ROOT, START_SECONDS, serving

ROUNDS = 5


@dataclass(frozen=True)
class StartUp:
    """Processor seconds of the service: until it has answered a request for one article, and until
    all of it is ready; and of `import fastapi` alone."""

    article: float
    ready: float
    fastapi: float

    @property
    def ratio(self) -> float:
        return self.article / self.fastapi

    @property
    def ready_ratio(self) -> float:
        return self.ready / self.fastapi


def measure_start_up(url: str, path: str) -> StartUp:
    """The medians of several starts. Each of one is followed by one of the other, so that both
    meet the same machine."""
    # As it is where the service is installed, and as FastAPI is.
    compileall.compile_dir(ROOT / "app", quiet=1)
    articles, all_ready, imports = [], [], []
    for _ in range(ROUNDS):
        with serving(url, path=path) as server:
            articles.append(server.cpu_seconds())
            httpx.get(server.address + "/readyz", timeout=START_SECONDS).raise_for_status()
            all_ready.append(server.cpu_seconds())
        imports.append(import_fastapi())
    return StartUp(*map(statistics.median, (articles, all_ready, imports)))


def import_fastapi() -> float:
    before = children_seconds()
    subprocess.run([sys.executable, "-c", "import fastapi"], check=True)
    return children_seconds() - before


def children_seconds() -> float:
    """Of the processes that this one has started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
