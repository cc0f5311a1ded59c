"""The lines of a bulk request, written: some at a time, or all in one transaction."""

import logging
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO

import orjson
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.bulk.lines import Body, Line, Ready, Refused, read_line, texts_of
from app.bulk.operations import Saved
from app.bulk.repeating import Kept
from app.database.session import Writer, write_part
from app.documents.bulk import BulkResult
from app.errors import InternalError, Moved, NotDone, Problem, Unavailable
from app.web.handlers import address_after
from app.web.json import dump
from app.web.problems import problem_document
from app.web.state import now, settings_of

# Lines that are read before some of them are written, up to so many bytes of them.
BATCH = 100
BATCH_BYTES = 1024 * 1024
# After this time the lines that are written are committed, and other writers have their turn.
TURN_SECONDS = 0.4

log = logging.getLogger("onrecord.errors")


class Stopped(Exception):
    """A line failed where all or nothing is to be done."""

    def __init__(self, result: BulkResult) -> None:
        super().__init__(result["line"])
        self.result = result


@dataclass(frozen=True)
class Run:
    """One request. `kept` is there where it has an Idempotency-Key and is no trial."""

    request: Request
    writer: Writer
    viewer: Viewer
    body: Body
    kept: Kept | None

    async def in_turns(self) -> AsyncIterator[bytes]:
        """Each line stands alone. What is yielded is committed."""
        texts = texts_of(self.body, longest=self.longest)
        began = time.perf_counter()
        while lines := await run_in_threadpool(self.read_some, texts):
            while lines:
                if time.perf_counter() - began >= TURN_SECONDS:
                    await self.writer.database.make_way()
                    began = time.perf_counter()
                done = await self.take_turn(lines)
                lines = lines[len(done) :]
                yield b"".join(map(told, done))

    async def as_one(self, answers: IO[bytes], *, atomic: bool) -> None:
        """All lines in one transaction; what came of each goes into the file. When they are
        `atomic`, the first that fails has all taken back."""
        try:
            if atomic:
                # What is seen without writing is seen before others have to wait.
                await run_in_threadpool(self.refuse_unreadable)
            await self.writer.write(self.write_all, answers, atomic=atomic)
        except Stopped as stopped:
            await run_in_threadpool(self.tell_stopped, answers, stopped.result)

    @property
    def longest(self) -> int:
        return settings_of(self.request).max_request_bytes

    def read_some(self, texts: Iterator[tuple[int, bytes | None]]) -> list[Line]:
        lines: list[Line] = []
        size = 0
        for number, text in texts:
            lines.append(read_line(number, text, longest=self.longest))
            size += len(text or b"")
            if len(lines) == BATCH or size >= BATCH_BYTES:
                break
        return lines

    def refuse_unreadable(self) -> None:
        for number, text in texts_of(self.body, longest=self.longest):
            line = read_line(number, text, longest=self.longest)
            if isinstance(line, Refused):
                raise Stopped(self.failure(line.number, line.problem))

    async def take_turn(self, lines: Sequence[Line]) -> list[BulkResult]:
        """What came of the first of the lines, one at least."""
        if all(isinstance(line, Refused) for line in lines):
            return [self.failure(*line) for line in lines if isinstance(line, Refused)]
        try:
            return await self.writer.write(self.write_some, lines)
        except Problem as problem:
            failed = problem
        except Exception:
            log.exception("lines of request %s failed", self.request.scope["request_id"])
            failed = InternalError("The service failed; its log has the reason.")
        return [
            self.failure(line.number, failed if isinstance(line, Ready) else line.problem)
            for line in lines
        ]

    def write_some(self, session: Session, lines: Sequence[Line]) -> list[BulkResult]:
        ends = time.perf_counter() + TURN_SECONDS
        results = []
        for result in self.write_each(session, lines, self.find_done(session, lines)):
            results.append(result)
            if time.perf_counter() >= ends:
                break
        return results

    def write_all(self, session: Session, answers: IO[bytes], *, atomic: bool) -> None:
        texts = texts_of(self.body, longest=self.longest)
        while lines := self.writer.database.run_aside(lambda: self.read_some(texts)):
            for result in self.write_each(session, lines, self.find_done(session, lines)):
                if atomic and result["status"] >= 300:
                    raise Stopped(result)
                answers.write(told(result))

    def find_done(self, session: Session, lines: Sequence[Line]) -> dict[int, bytes]:
        if self.kept is None:
            return {}
        return self.kept.find(session, [line.number for line in lines])

    def write_each(
        self, session: Session, lines: Iterable[Line], done: dict[int, bytes]
    ) -> Iterator[BulkResult]:
        for line in lines:
            if line.number in done:
                answered: BulkResult = orjson.loads(done[line.number])
                yield {**answered, "replayed": True}
            elif isinstance(line, Refused):
                yield self.failure(line.number, line.problem)
            else:
                yield self.write_line(session, line)

    def write_line(self, session: Session, line: Ready) -> BulkResult:
        """Raises Unavailable, which is no fault of the line."""
        try:
            with self.writer.database.problems():
                return write_part(session, self.save_line, line)
        except Unavailable:
            raise
        except Problem as problem:
            return self.failure(line.number, problem.within("/content"))
        except Moved as moved:
            location = address_after(line.path, moved)
            return {"line": line.number, "status": 308, "location": location}
        except Exception:
            request_id = self.request.scope["request_id"]
            log.exception("line %s of request %s failed", line.number, request_id)
            failed = InternalError("The service failed; its log has the reason.")
            return self.failure(line.number, failed)

    def save_line(self, session: Session, line: Ready) -> BulkResult:
        saved = line.write(session, replace(self.viewer, at=now(self.request)))
        result = result_of(line, saved)
        if self.kept is not None:
            self.kept.keep(session, line.number, dump(result))
        return result

    def failure(self, number: int, problem: Problem) -> BulkResult:
        document = problem_document(self.request, problem)
        # As problem documents are, with members of their own.
        return {"line": number, "status": problem.status, "problem": document}  # type: ignore[typeddict-item]

    def tell_stopped(self, answers: IO[bytes], result: BulkResult) -> None:
        answers.seek(0)
        answers.truncate()
        failed = result["line"]
        for number in range(1, self.body.lines + 1):
            one = result if number == failed else self.failure(number, NotDone(failed))
            answers.write(told(one))


def result_of(line: Ready, saved: Saved) -> BulkResult:
    result: BulkResult = {"line": line.number, "status": saved.status}
    if saved.document is not None:
        resource_id, revision = str(saved.document["id"]), saved.document["revision"]
        assert isinstance(revision, int)
        result["id"], result["revision"] = resource_id, revision
        result["etag"] = f'"{resource_id}.{revision}"'
        if saved.status == 201:
            result["location"] = f"{line.collection}/{resource_id}"
    if saved.lease is not None:
        result["lease"] = saved.lease
    return result


def told(result: BulkResult) -> bytes:
    return dump(result) + b"\n"
