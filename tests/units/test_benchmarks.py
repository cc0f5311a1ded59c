"""Benchmarks: how they load a server, when a measure counts, and how its figures are shown."""

import asyncio
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.cases import Case, Target
from benchmarks.chart import NAMES, WIDTH, Bar, Group, draw
from benchmarks.driving import CONNECTIONS, Driven, Request, drive_by_hand, read_wrk
from benchmarks.measuring import Measured, first_quiet, spread_of
from benchmarks.report import Report, Section
from benchmarks.startup import StartUp

SVG = "{http://www.w3.org/2000/svg}"
WRK_OUTPUT = """Running 2s test @ http://127.0.0.1:18200
  1 threads and 32 connections
  4000 requests in 2.01s, 10.00MB read
{failures}Requests/sec:   2000.00
Transfer/sec:      5.00MB
"""


# Any: whatever of a measure
def a_measure(**changes: Any) -> Measured:
    given = {
        "case": "article, uncached",
        "per_second": 2_000.0,
        "floors": (9_900.0, 10_100.0),
        "failed": 0,
        "server_cpu": 400.0,
        "database_cpu": None,
        **changes,
    }
    return Measured(**given)


def a_report(*measured: Measured, database: str = "sqlite") -> Report:
    section = Section(database, 10_000, 1, list(measured), {"reads": 170.0})
    return Report({"date": "today"}, [section])


@pytest.mark.parametrize(
    ("floors", "chosen"),
    [
        pytest.param([(100, 100), (100, 101)], 0, id="the first"),
        pytest.param([(100, 140), (100, 118), (93, 107), (100, 100)], 2, id="the first quiet one"),
        pytest.param([(100, 140), (100, 118), (100, 120)], 2, id="else the last"),
    ],
)
def test_the_first_measure_between_equal_floors_counts(
    floors: list[tuple[float, float]], chosen: int
) -> None:
    attempts = [a_measure(floors=pair) for pair in floors]

    assert first_quiet(iter(attempts)) is attempts[chosen]


def test_a_ratio_is_to_the_mean_of_the_floors() -> None:
    measured = a_measure(per_second=500, floors=(900, 1_100))

    assert (measured.ratio, measured.spread) == (0.5, 0.2)
    assert spread_of([100, 110, 90]) == 0.2


@pytest.mark.parametrize(
    ("database", "size", "workers", "expected"),
    [
        pytest.param("sqlite", 10_000, 1, Target(0.3, 0.5, size=10_000), id="set"),
        pytest.param("sqlite", 10_000, 2, None, id="of two workers"),
        pytest.param("sqlite", 20_000, 1, None, id="of another size"),
        pytest.param("postgresql", 10_000, 1, None, id="of the other database"),
    ],
)
def test_a_figure_to_reach_is_of_one_worker(
    database: str, size: int, workers: int, expected: Target | None
) -> None:
    case = Case("search", lambda _: [], targets={"sqlite": Target(0.3, 0.5, size=10_000)})

    assert case.target(database, size, workers) == expected


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        pytest.param({"target": Target(0.1, 0.2)}, "aim", id="the aim is reached"),
        pytest.param({"target": Target(0.1, 0.21)}, "must", id="what must be is"),
        pytest.param({"target": Target(0.21, 0.3)}, "**no**", id="it is not"),
        pytest.param({}, "", id="nothing was set"),
        pytest.param({"floors": (8_000.0, 12_000.0)}, "REJECTED: not quiet", id="a busy machine"),
        pytest.param({"failed": 3}, "REJECTED: 3 failed", id="failed answers"),
        pytest.param({"strange": "a miss"}, "REJECTED: a miss", id="answers from elsewhere"),
    ],
)
def test_a_row_says_whether_its_figure_holds(
    changes: dict[str, Any], holds: str, tmp_path: Path
) -> None:
    report = a_report(a_measure(**changes))

    saved = report.save(tmp_path)

    [row] = [line for line in saved.splitlines() if line.startswith("| article, uncached")]
    assert row.split(" | ")[5] == holds
    assert bool(report.rejected()) == holds.startswith("REJECTED")
    assert ("The run is rejected" in saved) == holds.startswith("REJECTED")


def test_a_report_has_its_tables_and_chart(tmp_path: Path) -> None:
    report = a_report(a_measure(database_cpu=80.0, target=Target(0.1, 0.25)), database="postgresql")
    report.start_ups["postgresql"] = StartUp(article=0.9, ready=2.1, fastapi=0.5)

    saved = report.save(tmp_path)

    assert (
        "| article, uncached | 2,000 | 0.200 | 0.1 | 0.25 | must | 400 | 80 | 10,000 | 2% |"
    ) in saved
    assert "| 1.80 (0.90 s) | 2 | 1.7 | must |" in saved
    assert "| 4.20 (2.10 s) | | | |" in " ".join(saved.split())
    assert "| 170 | 214 | 164 | must |" in saved
    assert "lie between 9,900 and 10,100 a second, a spread of 2%." in saved
    assert "(ratios-10000-1.svg)" in saved
    assert (tmp_path / "report.md").read_text() == saved
    assert ElementTree.parse(tmp_path / "ratios-10000-1.svg").getroot().tag == f"{SVG}svg"


def test_sizes_are_compared_where_there_are_several(tmp_path: Path) -> None:
    report = a_report(a_measure())
    report.sections.append(Section("sqlite", 1_000_000, 1, [a_measure(per_second=1_000)]))

    saved = report.save(tmp_path)

    assert "| sqlite, 1 | article, uncached | 0.200 | 0.100 |" in saved


def test_a_chart_draws_bars_as_long_as_their_values() -> None:
    chart = draw(
        "Ratios <to> & the floor",
        ["sqlite", "postgresql"],
        [
            Group("hit", [Bar(0, 0.4, must=0.3, aim=0.5), Bar(1, 0.2)]),
            Group("search", [Bar(0, 0.05, rejected=True)]),
        ],
    )

    root = ElementTree.fromstring(chart)
    bars = [one for one in root.iter(f"{SVG}rect") if one.get("x") == str(NAMES)]
    widths = [float(one.attrib["width"]) for one in bars]
    assert widths == pytest.approx([WIDTH * part for part in (0.8, 0.4, 0.1)])
    assert bars[-1].get("class") == "s0 rejected"
    marks = {one.get("class"): one.attrib["x1"] for one in root.iter(f"{SVG}line")}
    assert float(marks["must"]) == pytest.approx(NAMES + 0.6 * WIDTH, abs=0.01)
    assert float(marks["aim"]) == pytest.approx(NAMES + WIDTH, abs=0.01)
    assert "Ratios <to> & the floor" in [one.text for one in root.iter(f"{SVG}text")]


def test_the_driver_of_our_own_asks_in_order_and_counts_failures() -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.read(4096):
            asked.append(head)
            await asyncio.sleep(0.005)
            if b"GET /missing" in head:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")
            else:
                writer.write(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\n")
        writer.close()

    async def load() -> tuple[str, Driven]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            address = "http://127.0.0.1:{1}".format(*server.sockets[0].getsockname())
            requests = [
                Request("/kept", {"If-None-Match": '"a"'}),
                Request("/missing"),
                Request("/written", method="POST", body=b"{}"),
            ]
            encoded = [request.encoded(address) for request in requests]
            return address, await drive_by_hand(address, encoded, 0.1)

    address, driven = asyncio.run(load())

    host = address.removeprefix("http://").encode()
    assert asked[:3] == [
        b'GET /kept HTTP/1.1\r\nHost: %b\r\nIf-None-Match: "a"\r\n\r\n' % host,
        b"GET /missing HTTP/1.1\r\nHost: %b\r\n\r\n" % host,
        b"POST /written HTTP/1.1\r\nHost: %b\r\nContent-Length: 2\r\n\r\n{}" % host,
    ]
    assert driven.answered == len(asked) >= CONNECTIONS
    assert driven.failed == sum(b"/missing" in one for one in asked)
    assert driven.per_second == driven.answered / driven.seconds


@pytest.mark.parametrize(
    ("failures", "failed"),
    [
        pytest.param("", 0, id="none"),
        pytest.param(
            "  Socket errors: connect 1, read 2, write 3, timeout 4\n"
            "  Non-2xx or 3xx responses: 20\n",
            30,
            id="lost connections and refusals",
        ),
    ],
)
def test_what_wrk_says_is_understood(failures: str, failed: int) -> None:
    told = WRK_OUTPUT.format(failures=failures)

    assert read_wrk(told) == Driven(answered=4_000, seconds=2.0, failed=failed)


def test_a_load_without_answers_is_an_error() -> None:
    with pytest.raises(RuntimeError):
        read_wrk("unable to connect to 127.0.0.1:18200 Connection refused")
