"""A case measured beside the floor.

The floor, a bare ASGI application that answers with the bytes of one article, is driven right
before and right after each case, each time for half of `--seconds`. The case's ratio is to the
mean of these two. They must lie within 15 % of that mean of each other: else the machine did
something else meanwhile, and the case is measured again, three times at most. The first quiet
measure counts, whatever it says. When none is quiet, the last is shown as rejected, and so is the
run. How far all floors of a run lie apart is told, but decides nothing: a machine that drifts in
the course of an hour does so beside every case.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection

from benchmarks.cases import Case, Target
from benchmarks.driving import Driven, Request, drive
from benchmarks.serving import Server, cpu_seconds, wait_for_rest

SPREAD = 0.15
ATTEMPTS = 3
WARM_UPS = 5
SAMPLE = 20


@dataclass(frozen=True)
class Measured:
    """`floors` are requests a second before and after; processor times are microseconds a request,
    of the server's processes and of the database's, where it has any. `strange` is said where
    answers did not come from where the case says."""

    case: str
    per_second: float
    floors: tuple[float, float]
    failed: int
    server_cpu: float
    database_cpu: float | None
    target: Target | None = None
    strange: str | None = None

    @property
    def floor(self) -> float:
        return sum(self.floors) / 2

    @property
    def ratio(self) -> float:
        return self.per_second / self.floor

    @property
    def spread(self) -> float:
        return spread_of(self.floors)

    @property
    def is_quiet(self) -> bool:
        return self.spread <= SPREAD


def spread_of(floors: Sequence[float]) -> float:
    """How far they lie apart, in parts of their mean."""
    return (max(floors) - min(floors)) / (sum(floors) / len(floors))


def first_quiet(attempts: Iterable[Measured]) -> Measured:
    """The first that was measured in quiet; the last where none was."""
    last = None
    for last in attempts:
        if last.is_quiet:
            return last
    assert last is not None
    return last


@dataclass(frozen=True)
class Bench:
    """The service and the floor, each with so many workers; `database` is PostgreSQL's process."""

    server: Server
    floor: Server
    database: int | None
    seconds: float

    def measure(self, case: Case, target: Target | None) -> Measured:
        strange = self.warm(case)
        return first_quiet(self.attempt(case, target, strange) for _ in range(ATTEMPTS))

    def warm(self, case: Case) -> str | None:
        """What is read from the disk, and what the cache keeps. Says what is strange in the
        answers, if it stays so."""
        strange = None
        for _ in range(WARM_UPS):
            seconds = min(2, case.seconds(self.seconds))
            requests = case.requests(seconds)
            drive(self.server.address, requests, seconds)
            strange = strange_answer(self.server.address, case, requests)
            if strange is None:
                break
        return strange

    def attempt(self, case: Case, target: Target | None, strange: str | None) -> Measured:
        seconds = case.seconds(self.seconds)
        requests = case.requests(seconds)
        case.prepare()
        before = self.drive_floor()
        server, database = self.server.cpu_seconds(), self.database_cpu()
        driven = drive(self.server.address, requests, seconds)
        server_cpu = self.server.cpu_seconds() - server
        database_cpu = self.database_cpu() - database
        after = self.drive_floor()
        return Measured(
            case.name,
            driven.per_second,
            (before.per_second, after.per_second),
            driven.failed,
            server_cpu / driven.answered * 1e6,
            None if self.database is None else database_cpu / driven.answered * 1e6,
            target,
            strange,
        )

    def drive_floor(self) -> Driven:
        """When nothing else goes on: a server may have rendering to do behind its answers."""
        wait_for_rest([one for one in (self.server.pid, self.floor.pid, self.database) if one])
        return drive(self.floor.address, [Request("/")], max(1.0, self.seconds / 2))

    def database_cpu(self) -> float:
        return 0.0 if self.database is None else cpu_seconds(self.database)


def strange_answer(address: str, case: Case, requests: Sequence[Request]) -> str | None:
    """An answer of a sample that another part of the service gave than the case is about. Each is
    asked by a connection of its own, so that all workers have their turn."""
    if case.cache_status is None:
        return None
    for request in requests[:: max(1, len(requests) // SAMPLE)]:
        connection = HTTPConnection(address.removeprefix("http://"))
        with closing(connection):
            # Nothing but what the driver sends, for a cache tells requests apart by their headers.
            connection.putrequest("GET", request.path, skip_accept_encoding=True)
            for name, value in request.headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            told = response.headers.get("Cache-Status", "")
            if response.status != case.status or not told.startswith(case.cache_status):
                return f"{request.path} is answered with {response.status}, {told}"
    return None
