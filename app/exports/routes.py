"""`/v1/export` and `/v1/digests`: what a copy is made of, and compared by."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.documents.exports import Digests, Export
from app.exports import reads
from app.exports.parameters import (
    DIGEST_PARAMETERS,
    EXPORT_PARAMETERS,
    parse_digests,
    parse_export,
)
from app.web.dependencies import Connected
from app.web.json import dump
from app.web.negotiation import JSON, VARY
from app.web.routing import Route

router = APIRouter(prefix="/v1", tags=["copies"], route_class=Route)


@router.get("/export", response_model=Export, openapi_extra=EXPORT_PARAMETERS)
async def export_resources(request: Request, database: Connected, viewer: Asking) -> Response:
    """Resources as a copy of them elsewhere is made: all in the order of their ids, or some by
    name."""
    wanted = parse_export(request)
    if wanted.ids is not None:
        return respond_now(
            await database.read_long(reads.export_named, wanted.resource, wanted.ids, viewer)
        )
    return respond_now(
        await database.read_long(
            reads.export_page, wanted.resource, wanted.after, wanted.limit, viewer
        )
    )


@router.get("/digests", response_model=Digests, openapi_extra=DIGEST_PARAMETERS)
async def get_digests(request: Request, database: Connected, viewer: Asking) -> Response:
    """Digests of resources by ranges of their ids, by which a copy is compared: from the whole down
    to what is different."""
    wanted = parse_digests(request)
    return respond_now(
        await database.read_long(
            reads.read_digests,
            wanted.resource,
            wanted.after,
            wanted.until,
            wanted.buckets,
            viewer,
        )
    )


def respond_now(document: Any) -> Response:  # Any: a document of whatever kind
    """True at this position of the journal alone: it is kept nowhere."""
    headers = {"Cache-Control": "no-store", "Vary": VARY, "Content-Type": JSON}
    return Response(dump(document), headers=headers)
