"""What worker processes do when they die, hang, lack their model or are too few."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from app.errors import (
    ContentTooLarge,
    ExtractionBusy,
    ExtractionFailed,
    Problem,
)
from app.extraction import workers
from app.extraction.engine import extract
from app.extraction.process import WorkerProcess
from app.extraction.workers import MOST_TRIES, Extractor
from app.models.article import MAX_BODY_BYTES
from app.settings import Settings
from tests.commands import ROOT

TEXT = "“We stay,” said Ann Lee."


@pytest.fixture
def extractor() -> Iterator[Extractor]:
    """Two processes, without a model."""
    with Extractor(Settings(extraction_model="", extraction_workers=2)) as extractor:
        yield extractor


def start_all(extractor: Extractor) -> list[int]:
    """The ids of its processes, all of them running."""
    while len(extractor.running) < extractor.workers:
        list(extractor.extract_each((number, TEXT, "en") for number in range(8)))
    return pids_of(extractor)


def pids_of(extractor: Extractor) -> list[int]:
    return [worker.process.pid for worker in extractor.running if worker.process.pid]


def is_alive(pid: int) -> bool:
    """Whether a process runs, or only waits for its parent to take notice of its end."""
    try:
        with open(f"/proc/{pid}/stat") as state:
            return state.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < deadline, f"{pid} is still there"
        time.sleep(0.01)


def test_a_job_is_answered_although_its_process_is_killed_and_others_go_on(
    extractor: Extractor,
) -> None:
    assert extractor.running == set()
    killed, other = start_all(extractor)
    for pid in (killed, other):
        os.kill(pid, signal.SIGSTOP)
    jobs = [extractor.submit(TEXT, "en") for _ in range(2)]

    os.kill(killed, signal.SIGKILL)
    os.kill(other, signal.SIGCONT)

    assert [job.result() for job in jobs] == [extract(TEXT)] * 2
    assert other in pids_of(extractor)
    assert not is_alive(killed)
    # The other process was not asked to do both: the job had a new one of its own.
    assert len(start_all(extractor)) == 2


def test_an_idle_process_that_was_killed_is_replaced(extractor: Extractor) -> None:
    for pid in start_all(extractor):
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid)

    assert extractor.extract_now(TEXT) == extract(TEXT)


def test_a_job_that_kills_each_process_is_given_up_and_others_are_answered(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []
    read = WorkerProcess.extract

    def die_of_poison(worker: WorkerProcess, text: str, language: str, seconds: float) -> object:
        if text == "poison":
            tries.append(worker.process.pid)
            worker.process.kill()
        return read(worker, text, language, seconds)

    monkeypatch.setattr(WorkerProcess, "extract", die_of_poison)
    texts = {1: TEXT, 2: "poison", 3: TEXT, 4: "a" * (MAX_BODY_BYTES + 1), 5: TEXT}

    found = dict(extractor.extract_each((key, text, "en") for key, text in texts.items()))

    assert list(found) == list(texts)
    assert found[1] == found[3] == found[5] == extract(TEXT)
    assert isinstance(found[2], ExtractionFailed)
    assert isinstance(found[4], ContentTooLarge)
    assert len(set(tries)) == MOST_TRIES


def test_a_job_that_takes_too_long_is_given_up_and_its_process_replaced() -> None:
    settings = Settings(extraction_model="", extraction_timeout_seconds=0.2)
    with Extractor(settings) as extractor:
        (pid,) = start_all(extractor)
        os.kill(pid, signal.SIGSTOP)

        with pytest.raises(ExtractionFailed, match=r"more than 0\.2 seconds"):
            extractor.extract_now(TEXT)

        assert not is_alive(pid)
        assert extractor.extract_now(TEXT) == extract(TEXT)


def test_texts_beyond_the_queue_are_refused_at_once(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "WAITING_PER_WORKER", 2)
    pids = start_all(extractor)

    async def send(count: int) -> list[object]:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        jobs = [asyncio.create_task(extractor.extract(TEXT)) for _ in range(count)]
        refused, waiting = await asyncio.wait(jobs, return_when=asyncio.FIRST_EXCEPTION)
        assert {type(job.exception()) for job in refused} == {ExtractionBusy}
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        return [len(refused), *await asyncio.gather(*waiting)]

    assert asyncio.run(send(5)) == [1, *[extract(TEXT)] * 4]
    assert extractor.waiting == 0


def test_closing_ends_all_processes_even_those_at_work(extractor: Extractor) -> None:
    pids = start_all(extractor)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    jobs = [extractor.submit(TEXT, "en") for _ in range(2)]
    time.sleep(0.05)

    extractor.close()

    assert [pid for pid in pids if is_alive(pid)] == []
    assert {type(job.exception()) for job in jobs} == {ExtractionBusy}
    with pytest.raises(Problem):
        extractor.extract_now(TEXT)


def test_a_process_ends_with_its_server_and_imports_nothing_of_it() -> None:
    program = """
import os, signal, sys
from app.extraction.process import WorkerProcess
worker = WorkerProcess("")
print(worker.process.pid, *{name.partition(".")[0] for name in sys.modules}, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""

    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )

    pid, *packages = ended.stdout.split()
    with suppress(AssertionError):
        wait_until_gone(int(pid))
    assert not is_alive(int(pid))
    assert {"fastapi", "numpy", "pydantic", "spacy", "sqlalchemy"} & set(packages) == set()
