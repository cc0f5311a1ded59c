"""Texts to worker processes and proposals back, whatever happens to a process."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import Self, TypeVar

from app.errors import ContentTooLarge, ExtractionBusy, ExtractionFailed, Problem
from app.extraction.process import WorkerDied, WorkerProcess
from app.extraction.proposal import Proposal
from app.models.article import MAX_BODY_BYTES
from app.settings import Settings

# A job whose process dies may only have been beside the one that was to blame.
MOST_TRIES = 3
# What a client is willing to wait for: some seconds, of texts of the usual length.
WAITING_PER_WORKER = 32

K = TypeVar("K")

log = logging.getLogger("onrecord.extraction")


class Extractor:
    """Finds quotes in texts, in processes of its own, which are started at the first text.

    Handlers await `extract`; the command line, importers and tests call `extract_now`, or
    `extract_each` for many texts. All of them raise the same problems. A job whose process dies is
    tried again in a new one; the others go on in theirs.
    """

    def __init__(self, settings: Settings) -> None:
        self.model = settings.extraction_model
        self.timeout_seconds = settings.extraction_timeout_seconds
        self.workers = settings.extraction_workers
        # One thread waits for each process: the threads' queue is the queue of jobs.
        self.threads = ThreadPoolExecutor(self.workers, thread_name_prefix="extraction")
        # A place is a process, or None where none has been started yet.
        self.places: SimpleQueue[WorkerProcess | None] = SimpleQueue()
        for _ in range(self.workers):
            self.places.put(None)
        self.running: set[WorkerProcess] = set()
        self.waiting = 0
        self.is_closed = False

    async def extract(self, text: str, language: str = "en") -> Proposal:
        """What the text says, and who says it.

        Raises ContentTooLarge, ExtractionBusy, ExtractionFailed or ExtractionModelMissing.
        """
        if self.waiting >= WAITING_PER_WORKER * self.workers:
            raise ExtractionBusy(f"{self.waiting} texts are waiting already.")
        self.waiting += 1
        try:
            return await asyncio.wrap_future(self.submit(text, language))
        finally:
            self.waiting -= 1

    def extract_now(self, text: str, language: str = "en") -> Proposal:
        """The same for those who can wait: raises no ExtractionBusy."""
        return self.submit(text, language).result()

    def extract_each(
        self, texts: Iterable[tuple[K, str, str]]
    ) -> Iterator[tuple[K, Proposal | Problem]]:
        """Many texts, given as (key, text, language), in their order and with all workers busy.

        No more of them are taken than are needed for that. A text that fails has its problem.
        """
        pending: deque[tuple[K, Future[Proposal]]] = deque()
        for key, text, language in texts:
            if len(pending) > 2 * self.workers:
                yield finished(*pending.popleft())
            try:
                pending.append((key, self.submit(text, language)))
            except ContentTooLarge as problem:
                refused: Future[Proposal] = Future()
                refused.set_exception(problem)
                pending.append((key, refused))
        while pending:
            yield finished(*pending.popleft())

    def submit(self, text: str, language: str) -> Future[Proposal]:
        """Raises ContentTooLarge."""
        if len(text) > MAX_BODY_BYTES or len(text.encode()) > MAX_BODY_BYTES:
            raise ContentTooLarge(f"The text is over the limit of {MAX_BODY_BYTES} bytes.")
        if self.is_closed:
            raise ExtractionBusy("The service is stopping.")
        return self.threads.submit(self.run, text, language)

    def run(self, text: str, language: str) -> Proposal:
        """In a thread: one job, in the process of a place that is free."""
        place = self.places.get()
        try:
            for _ in range(MOST_TRIES):
                if self.is_closed:
                    raise ExtractionBusy("The service is stopping.")
                try:
                    if place is None:
                        place = WorkerProcess(self.model)
                        self.running.add(place)
                    return place.extract(text, language, self.timeout_seconds)
                except WorkerDied as error:
                    log.warning("a worker process died: %s", error)
                    self.stop(place)
                    place = None
                except TimeoutError:
                    log.warning("a text of %s characters took too long", len(text))
                    self.stop(place)
                    place = None
                    limit = f"{self.timeout_seconds:g} seconds"
                    raise ExtractionFailed(f"Reading the text took more than {limit}.") from None
            raise ExtractionFailed(f"The process that read the text died {MOST_TRIES} times.")
        finally:
            self.places.put(place)

    def stop(self, place: WorkerProcess | None) -> None:
        if place is not None:
            self.running.discard(place)
            place.stop()

    def close(self) -> None:
        """End all processes. What is still waited for fails."""
        self.is_closed = True
        self.threads.shutdown(wait=False, cancel_futures=True)
        for place in list(self.running):
            place.process.kill()
        self.threads.shutdown()
        for place in list(self.running):
            self.stop(place)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def finished(key: K, future: Future[Proposal]) -> tuple[K, Proposal | Problem]:
    try:
        return key, future.result()
    except Problem as problem:
        return key, problem
