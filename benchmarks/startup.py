"""How much processor time it takes until the service has answered for the first time."""

import resource
import statistics
import subprocess
import sys
from dataclasses import dataclass

from benchmarks.serving import serving

ROUNDS = 5


@dataclass(frozen=True)
class StartUp:
    """Processor seconds: of the service, until it has answered a request for one article, and of
    `import fastapi` alone."""

    service: float
    fastapi: float

    @property
    def ratio(self) -> float:
        return self.service / self.fastapi


def measure_start_up(url: str, path: str) -> StartUp:
    """The medians of several starts. Each of one is followed by one of the other, so that both
    meet the same machine."""
    services, imports = [], []
    for _ in range(ROUNDS):
        with serving(url, path=path) as server:
            services.append(server.cpu_seconds())
        imports.append(import_fastapi())
    return StartUp(statistics.median(services), statistics.median(imports))


def import_fastapi() -> float:
    before = children_seconds()
    subprocess.run([sys.executable, "-c", "import fastapi"], check=True)
    return children_seconds() - before


def children_seconds() -> float:
    """Of the processes that this one has started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
