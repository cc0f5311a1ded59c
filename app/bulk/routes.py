"""`/v1/bulk`."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import IO

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from app.access.asking import Asking
from app.bulk.lines import PIECE_BYTES, receive_body, temporary_file
from app.bulk.repeating import claim_key
from app.bulk.running import Run
from app.bulk.schemas import BulkLine
from app.documents.bulk import BulkResult
from app.web.dependencies import Writing
from app.web.flags import flag, parse_flag
from app.web.idempotency import Asked, fingerprint_of, key_of, scope_of
from app.web.routing import LINES, LINES_TYPES, Route

router = APIRouter(prefix="/v1/bulk", tags=["bulk"], route_class=Route)

ATOMIC = flag("atomic", "All lines or none: the first that fails has all taken back.")
TAKES = {
    LINES: True,
    "parameters": [ATOMIC],
    "requestBody": {
        "required": True,
        "description": "One write a line.",
        "content": {one: {"schema": BulkLine.model_json_schema()} for one in LINES_TYPES},
    },
}


@router.post("", response_model=BulkResult, openapi_extra=TAKES)
async def post_bulk(request: Request, database: Writing, viewer: Asking) -> Response:
    """Many writes, one a line; what came of each is answered by a line, in their order. Each line
    stands alone, and is kept when its answer comes; with `atomic=true` all are done or none."""
    atomic = parse_flag(request.query_params, "atomic")
    key = key_of(request)
    with ExitStack() as files:
        body = await receive_body(request, files)
        on_trial = database.act.on_trial
        kept = None
        if key is not None and not on_trial:
            asked = Asked(scope_of(request), key, fingerprint_of(request, body.digest))
            kept = await database.write(claim_key, asked, request)
        run = Run(request, database, viewer, body, kept)
        if atomic or on_trial:
            # A trial, too: so each line sees what those before it would do.
            answers = temporary_file(files)
            await run.as_one(answers, atomic=atomic)
            pieces = pieces_of(answers)
        else:
            pieces = run.in_turns()
        # They are open until all is answered.
        pieces = within(files.pop_all(), pieces)
    # A proxy that gathered the answer would hide how far it has come.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if kept is not None and kept.was_there:
        headers["Idempotency-Replayed"] = "true"
    return StreamingResponse(pieces, headers=headers, media_type=LINES_TYPES[0])


async def pieces_of(file: IO[bytes]) -> AsyncIterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE_BYTES):
        yield piece


async def within(files: ExitStack, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    with files:
        async for piece in pieces:
            yield piece
