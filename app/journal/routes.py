"""`/v1/changes`: the journal, for whoever keeps a copy of the content."""

from fastapi import APIRouter, Request, Response

from app.documents.changes import ChangePage
from app.journal import reads
from app.journal.asking import LISTED, parse_asked
from app.web.dependencies import Connected
from app.web.negotiation import respond
from app.web.routing import Route

router = APIRouter(prefix="/v1/changes", tags=["changes"], route_class=Route)


@router.get("", response_model=ChangePage, openapi_extra={"parameters": LISTED})
async def list_changes(request: Request, database: Connected) -> Response:
    """What changed after a position, in the order in which it was written: nothing is left out, and
    nothing comes later that belongs before. Readers without `preview` are told of what is public,
    and of what was and is no more, as deleted."""
    viewer = request.state.viewer
    asked = await database.read(parse_asked, request.query_params, viewer)
    read = database.read if asked.wanted.is_everything else database.read_long
    found = await read(reads.list_changes, asked.after, asked.limit, asked.wanted, viewer)
    return respond(request, found.page(), etag="changes", headers=NEVER_KEPT)


# Each write makes it another.
NEVER_KEPT = {"Cache-Control": "no-store"}
