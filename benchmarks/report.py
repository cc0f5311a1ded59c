"""What a run has found, as Markdown tables and charts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.settings import Settings
from benchmarks.cases import PAGE_1, PAGE_10_000
from benchmarks.chart import Bar, Group, draw
from benchmarks.measuring import SPREAD, Measured, spread_of
from benchmarks.startup import StartUp

MILLION = 1_000_000
INTRODUCTION = (
    "Ratios are to a bare ASGI application with as many workers, which answers with the bytes of "
    "one article, measured right before and after each case. Processor times are microseconds a "
    "request, of all the server's processes and of the database's.",
    "`uncached` passes the cache by (`Cache-Control: no-cache`) and finds the article as it was "
    "rendered. `made anew` passes that by, too. `first read` begins when none is rendered: the "
    "server renders those that were asked for meanwhile, by and by in the same process, and what "
    "that takes is in the figures. An update puts an article with another text, in which its "
    "quotes and mentions are looked for anew.",
)


class Written(Protocol):
    """Articles a second of processor time, by the service and by the driver alone."""

    @property
    def per_cpu_second(self) -> float: ...
    @property
    def raw_per_cpu_second(self) -> float: ...
    @property
    def ratio(self) -> float: ...


@dataclass
class Section:
    """What a server with so many workers did; `memory` are megabytes of a worker, after what."""

    database: str
    size: int
    workers: int
    measured: list[Measured] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        workers = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        return f"{self.size:,} articles, {self.database}, {workers}"

    def ratios(self) -> dict[str, float]:
        return {one.case: one.ratio for one in self.measured}


@dataclass
class Report:
    """`start_ups` are by database; `written` by database and what was measured."""

    conditions: dict[str, str]
    sections: list[Section] = field(default_factory=list)
    start_ups: dict[str, StartUp] = field(default_factory=dict)
    written: dict[tuple[str, str], Written] = field(default_factory=dict)

    def rejected(self) -> list[str]:
        """Cases whose figures are worth nothing."""
        return [
            f"{section.title}: {one.case}"
            for section in self.sections
            for one in section.measured
            if fault_of(one)
        ]

    def save(self, folder: Path) -> str:
        """Write the report and its charts into a folder. Returns the report."""
        folder.mkdir(parents=True, exist_ok=True)
        charts = charts_of(self.sections)
        for name, chart in charts.items():
            (folder / name).write_text(chart)
        report = "\n".join(lines_of(self, charts)) + "\n"
        (folder / "report.md").write_text(report)
        return report


def fault_of(measured: Measured) -> str | None:
    if measured.strange:
        return f"REJECTED: {measured.strange}"
    if measured.failed:
        return f"REJECTED: {measured.failed} failed"
    return None if measured.is_quiet else "REJECTED: not quiet"


def lines_of(report: Report, charts: Iterable[str]) -> Iterator[str]:
    yield "# Benchmarks of Onrecord"
    yield ""
    yield from table(["", ""], [[name, value] for name, value in report.conditions.items()])
    yield ""
    for paragraph in INTRODUCTION:
        yield from [paragraph, ""]
    yield from verdict_on_floors(report)
    for chart in charts:
        yield from ["", f"![Ratios to the floor]({chart})"]
    for section in report.sections:
        yield from ["", f"## {section.title[0].upper()}{section.title[1:]}", ""]
        yield from table(
            ["case", "a second", "ratio", "must", "aim", "holds", "server µs", "database µs",
             "floor", "spread"],
            map(row_of, section.measured),
        )  # fmt: skip
    yield from ["", "## What less is better of", ""]
    yield from table(["", "", "figure", "must", "aim", "holds"], small_rows(report))
    if scale := list(scale_rows(report.sections)):
        sizes = sorted({section.size for section in report.sections})
        yield from ["", "## Ratios to the floor by size", ""]
        yield from table(["", "case", *(f"{size:,}" for size in sizes)], scale)
    if report.written:
        yield from ["", "## Writes against the driver alone writing the same rows", ""]
        yield from table(
            ["", "", "articles a CPU-second", "the driver's", "ratio", "must", "aim", "holds"],
            written_rows(report),
        )


def verdict_on_floors(report: Report) -> Iterator[str]:
    rejected = report.rejected()
    if rejected:
        yield f"**The run is rejected**: {'; '.join(rejected)}."
    else:
        yield f"Every case was measured between floors that agree within {SPREAD:.0%}."
    floors: defaultdict[int, list[float]] = defaultdict(list)
    for section in report.sections:
        floors[section.workers] += [value for one in section.measured for value in one.floors]
    for workers, values in floors.items():
        if values:
            yield (
                f"All floors with {workers} worker{'s' * (workers > 1)} lie between "
                f"{min(values):,.0f} and {max(values):,.0f} a second, a spread of "
                f"{spread_of(values):.0%}."
            )


def row_of(one: Measured) -> list[str]:
    target = one.target
    return [
        one.case,
        f"{one.per_second:,.0f}" if one.per_second >= 100 else f"{one.per_second:.1f}",
        ratio_text(one.ratio),
        f"{target.must:g}" if target else "",
        f"{target.aim:g}" if target else "",
        fault_of(one) or (held(one.ratio, target.must, target.aim) if target else ""),
        f"{one.server_cpu:,.0f}",
        "" if one.database_cpu is None else f"{one.database_cpu:,.0f}",
        f"{one.floor:,.0f}",
        f"{one.spread:.0%}",
    ]


def ratio_text(ratio: float) -> str:
    return f"{ratio:.3f}" if ratio >= 0.01 else f"{ratio:.5f}"


def held(value: float, must: float, aim: float, *, less: bool = False) -> str:
    """What of the two a figure reaches; `less` where less is better."""
    sign = -1 if less else 1
    if sign * value >= sign * aim:
        return "aim"
    return "must" if sign * value >= sign * must else "**no**"


def small_rows(report: Report) -> Iterator[list[str]]:
    def row(where: str, what: str, figure: str, value: float, must: float, aim: float) -> list[str]:
        return [where, what, figure, f"{must:g}", f"{aim:g}", held(value, must, aim, less=True)]

    for database, one in report.start_ups.items():
        figure = f"{one.ratio:.2f} ({one.article:.2f} s)"
        what = "start to first response, in CPU of `import fastapi`"
        yield row(database, what, figure, one.ratio, 2.0, 1.7)
        figure = f"{one.ready_ratio:.2f} ({one.ready:.2f} s)"
        yield [database, "start until all of it is ready, in the same unit", figure, "", "", ""]
    cache = Settings().cache_megabytes
    for section in report.sections:
        for after, memory in section.memory.items():
            what = f"resident MB of a worker after the {after}, {cache} MB of cache in it"
            yield row(section.title, what, f"{memory:.0f}", memory, 150 + cache, 100 + cache)
        ratios = section.ratios()
        if PAGE_10_000 in ratios and PAGE_1 in ratios:
            value = ratios[PAGE_1] / ratios[PAGE_10_000]
            what = "time of page 10,000 : page 1"
            if section.size >= MILLION:
                yield row(section.title, what, f"{value:.2f}", value, 1.2, 1.05)
            else:
                yield [section.title, what, f"{value:.2f}", "", "", ""]


def scale_rows(sections: Sequence[Section]) -> Iterator[list[str]]:
    """Nothing where there is one size only."""
    sizes = sorted({section.size for section in sections})
    if len(sizes) < 2:
        return
    found: defaultdict[tuple[str, int, str], dict[int, float]] = defaultdict(dict)
    for section in sections:
        for case, ratio in section.ratios().items():
            found[section.database, section.workers, case][section.size] = ratio
    for (database, workers, case), ratios in found.items():
        cells = [ratio_text(ratios[size]) if size in ratios else "" for size in sizes]
        yield [f"{database}, {workers}", case, *cells]


def written_rows(report: Report) -> Iterator[list[str]]:
    for (database, what), one in report.written.items():
        # A create has a figure to reach on SQLite only.
        has_target = database == "sqlite" or what == "import"
        yield [
            database,
            what,
            f"{one.per_cpu_second:,.0f}",
            f"{one.raw_per_cpu_second:,.0f}",
            f"{one.ratio:.3f}",
            *(["0.25", "0.5", held(one.ratio, 0.25, 0.5)] if has_target else ["", "", ""]),
        ]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def charts_of(sections: Sequence[Section]) -> dict[str, str]:
    """By the name of its file, a chart for each size and number of workers."""
    together: defaultdict[tuple[int, int], list[Section]] = defaultdict(list)
    for section in sections:
        if section.measured:
            together[section.size, section.workers].append(section)
    return {
        f"ratios-{size}-{workers}.svg": chart_of(several)
        for (size, workers), several in together.items()
    }


def chart_of(sections: Sequence[Section]) -> str:
    bars: defaultdict[str, list[Bar]] = defaultdict(list)
    for number, section in enumerate(sections):
        for one in section.measured:
            must, aim = (one.target.must, one.target.aim) if one.target else (None, None)
            rejected = fault_of(one) is not None
            bars[one.case].append(Bar(number, one.ratio, must, aim, rejected))
    title = sections[0].title.replace(f", {sections[0].database}", "")
    return draw(
        f"Ratio to a bare ASGI application: {title}",
        [section.database for section in sections],
        [Group(case, several) for case, several in bars.items()],
    )
