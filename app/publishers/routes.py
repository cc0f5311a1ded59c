"""`/v1/publishers`."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.documents.pages import PublisherPage
from app.documents.publishers import PublisherRead
from app.publishers import reads, writes
from app.publishers.filters import PUBLISHERS
from app.publishers.schemas import PublisherWrite
from app.web.conditional import precondition_of
from app.web.dependencies import Connected, Writing
from app.web.fields import parse_fields
from app.web.idempotency import answer_once
from app.web.listing import FIELDS, list_parameters, parse_list
from app.web.negotiation import respond_page, respond_resource, respond_saved
from app.web.pages import read_list
from app.web.patching import read_patch
from app.web.routing import Route

router = APIRouter(prefix="/v1/publishers", tags=["publishers"], route_class=Route)


@router.get("", response_model=PublisherPage, openapi_extra=list_parameters(PUBLISHERS))
async def list_publishers(request: Request, database: Connected, viewer: Asking) -> Response:
    """The publishers of the articles."""
    wanted = await parse_list(request, PUBLISHERS)
    return respond_page(
        request, await read_list(database, wanted, reads.list_publishers, wanted, viewer)
    )


@router.post("", response_model=PublisherRead, status_code=201)
async def post_publisher(content: PublisherWrite, request: Request, viewer: Asking) -> Response:
    """Add a publisher."""
    return await answer_once(
        request,
        lambda session: respond_saved(
            request, writes.post_publisher(session, content, viewer), "/v1/publishers", created=True
        ),
    )


@router.get("/{publisher_id}", response_model=PublisherRead, openapi_extra={"parameters": [FIELDS]})
async def get_publisher(
    publisher_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """A publisher."""
    selection = parse_fields(request, PublisherRead)
    publisher = await database.read(reads.get_publisher, publisher_id, viewer)
    return respond_resource(request, publisher, selection)


@router.put("/{publisher_id}", response_model=PublisherRead)
async def put_publisher(
    publisher_id: str,
    content: PublisherWrite,
    request: Request,
    database: Writing,
    viewer: Asking,
) -> Response:
    """Replace a publisher, or create it at an id of your choice."""
    publisher, created = await database.write(
        writes.put_publisher, publisher_id, content, precondition_of(request), viewer
    )
    return respond_saved(request, publisher, "/v1/publishers", created=created)


@router.patch(
    "/{publisher_id}", response_model=PublisherRead, openapi_extra={"x-patches": "PublisherWrite"}
)
async def patch_publisher(
    publisher_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Change some fields of a publisher."""
    patch = await read_patch(request)
    publisher = await database.write(
        writes.patch_publisher, publisher_id, patch, precondition_of(request), viewer
    )
    return respond_saved(request, publisher, "/v1/publishers")


@router.delete("/{publisher_id}", status_code=204)
async def delete_publisher(
    publisher_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Delete a publisher that has no articles."""
    await database.write(writes.delete_publisher, publisher_id, precondition_of(request), viewer)
    return Response(status_code=204)
