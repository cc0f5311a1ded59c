"""The body of a bulk request: received whole before anything is written, then read line by line."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple

import orjson
from fastapi import Request
from pydantic import ValidationError as PydanticError
from starlette.requests import ClientDisconnect

from app.bulk.operations import Operation, operation_of
from app.bulk.schemas import BulkLine
from app.errors import ContentTooLarge, MalformedRequest, Problem
from app.settings import Settings
from app.web.problems import invalid_content
from app.web.state import settings_of

# What is longer is kept in a file, not in memory.
SPOOLED_BYTES = 1024 * 1024
PIECE_BYTES = 64 * 1024


def temporary_file(files: ExitStack) -> IO[bytes]:
    """Closed with the others, and gone then."""
    return files.enter_context(SpooledTemporaryFile(SPOOLED_BYTES))


@dataclass(frozen=True)
class Body:
    """`digest` tells it from others."""

    file: IO[bytes]
    lines: int
    digest: str


class Ready(NamedTuple):
    """A line that can be written, as far as is seen without looking at what is kept."""

    number: int
    path: str
    collection: str
    write: Operation


class Refused(NamedTuple):
    number: int
    problem: Problem


Line = Ready | Refused


async def receive_body(request: Request, files: ExitStack) -> Body:
    """However slowly it comes, no writer waits for it. Raises ContentTooLarge."""
    settings = settings_of(request)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal():
        check_size(int(declared), settings)
    file, hashed = temporary_file(files), sha256()
    size = ends = 0
    last = b"\n"
    try:
        async for piece in request.stream():
            size += len(piece)
            ends += piece.count(b"\n")
            last = piece[-1:] or last
            check_size(size, settings)
            check_count(ends, settings)
            hashed.update(piece)
            file.write(piece)
    except ClientDisconnect:
        raise MalformedRequest("The body has no end. Nothing was written.") from None
    lines = ends if last == b"\n" else ends + 1
    check_count(lines, settings)
    return Body(file, lines, hashed.hexdigest())


def check_size(size: int, settings: Settings) -> None:
    limit = settings.max_bulk_bytes
    if size > limit:
        raise ContentTooLarge(f"The body is over the limit of {limit} bytes. Nothing was written.")


def check_count(lines: int, settings: Settings) -> None:
    limit = settings.max_bulk_lines
    if lines > limit:
        raise ContentTooLarge(f"There are more than {limit} lines. Nothing was written.")


def texts_of(body: Body, *, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines by their numbers, from 1; None for one that is longer than it may be."""
    body.file.seek(0)
    for number in range(1, body.lines + 1):
        text = body.file.readline(longest + 1)
        if len(text) > longest and not text.endswith(b"\n"):
            while text and not text.endswith(b"\n"):
                text = body.file.readline(PIECE_BYTES)
            yield number, None
        else:
            yield number, text


def read_line(number: int, text: bytes | None, *, longest: int) -> Line:
    """All that can be seen before a line is written is seen here, and not while others wait."""
    try:
        if text is None:
            raise ContentTooLarge(f"The line is over the limit of {longest} bytes.")
        line = parse_line(text)
        try:
            collection, write = operation_of(line)
        except Problem as problem:
            raise problem.within("/content") from None
    except Problem as problem:
        return Refused(number, problem)
    return Ready(number, line.path, collection, write)


def parse_line(text: bytes) -> BulkLine:
    if not text.strip():
        raise MalformedRequest("The line is blank.")
    try:
        return BulkLine.model_validate(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        detail = f"The line is not valid JSON: {error.msg} (column {error.colno})."
        raise MalformedRequest(detail) from None
    except PydanticError as error:
        raise invalid_content(error) from None
