"""How many requests a second the service answers, in ratios to a bare ASGI application.

python -m benchmarks --sizes 10000 --databases sqlite,postgresql --workers 1,2
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx

from app.database.session import Database
from benchmarks.cases import Case, reads, writes
from benchmarks.conditions import conditions_of, postgresql_version
from benchmarks.corpora import empty, filled, tell
from benchmarks.corpus import article_path
from benchmarks.measuring import Bench
from benchmarks.report import Report, Section, fault_of
from benchmarks.serving import database_process, serving, serving_floor
from benchmarks.startup import measure_start_up
from benchmarks.writing import MEASURES

# How many articles are written to be compared with what the driver alone takes for the same rows.
WRITTEN = 1_000


def main() -> None:
    given = parsed(sys.argv[1:])
    report = Report(conditions_of(sys.argv[1:]))
    for size in given.sizes:
        for kind in given.databases:
            run(report, kind, size, given)
            # After each, so that a long run that breaks off has not been for nothing.
            report.save(given.out)
    if given.writes:
        for kind in given.databases:
            for name, measure in MEASURES.items():
                tell(f"{kind}: {name} against the driver alone")
                with empty(kind) as url:
                    report.written[kind, name] = measure(url, WRITTEN)
    print(report.save(given.out))
    if report.rejected():
        sys.exit("REJECTED: see the report for what was not measured in quiet, or went wrong.")


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    option = parser.add_argument
    option("--sizes", type=numbers, default=[10_000], help="articles (10000)")
    option(
        "--databases",
        type=lambda text: text.split(","),
        default=["sqlite", "postgresql"],
        help="sqlite,postgresql",
    )
    option("--workers", type=numbers, default=[1], help="server processes (1), such as 1,2")
    option("--seconds", type=float, default=4, help="how long each case is measured (4)")
    option("--only", type=re.compile, default=re.compile(""), help="cases with this in their name")
    option("--no-index", dest="index", action="store_false", help="no search, which is made sooner")
    option("--no-writes", dest="writes", action="store_false", help="reads only")
    option("--keep", type=Path, help="a folder where a corpus stays for the next run of reads")
    option("--out", type=Path, default=Path("var/bench"), help="the report's folder (var/bench)")
    given = parser.parse_args(arguments)
    # A corpus whose writes are not in an index is none that anybody writes to.
    given.writes &= given.index
    return given


def numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


def run(report: Report, kind: str, size: int, given: argparse.Namespace) -> None:
    tell(f"{kind}, {size:,} articles")
    with filled(kind, size, index=given.index, writes=given.writes, keep=given.keep) as (
        url,
        database,
    ):
        if kind == "postgresql":
            report.conditions["PostgreSQL"] = postgresql_version(database)
        if kind not in report.start_ups:
            report.start_ups[kind] = measure_start_up(url, article_path(size))
        sections = [Section(kind, size, workers) for workers in given.workers]
        report.sections += sections
        for section in sections:
            with serving_beside_floor(url, database, section, given.seconds) as bench:
                cases = reads(bench.server.address, database, size, index=given.index)
                measure(bench, section, cases, given.only)
                section.memory["reads"] = bench.server.memory()
        # Last, for they change what is read.
        for section in sections if given.writes else []:
            with serving_beside_floor(url, database, section, given.seconds) as bench:
                measure(bench, section, writes(bench.server.address, database, size), given.only)
                section.memory["writes"] = bench.server.memory()
        database.engine.dispose()


@contextmanager
def serving_beside_floor(
    url: str, database: Database, section: Section, seconds: float
) -> Iterator[Bench]:
    with serving(url, section.workers) as server:
        body = httpx.get(server.address + article_path(section.size)).content
        with serving_floor(body, section.workers) as floor:
            yield Bench(server, floor, database_process(database), seconds)


def measure(bench: Bench, section: Section, cases: Iterable[Case], only: re.Pattern[str]) -> None:
    tell(section.title)
    for case in cases:
        if only.search(case.name):
            target = case.target(section.database, section.size, section.workers)
            measured = bench.measure(case, target)
            section.measured.append(measured)
            fault = fault_of(measured) or ""
            tell(f"{measured.case:<40} {measured.per_second:8.0f}/s {measured.ratio:.3f} {fault}")


if __name__ == "__main__":
    main()
