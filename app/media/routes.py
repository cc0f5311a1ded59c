"""`/v1/media`."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.documents.media import MediaRead
from app.documents.pages import MediaPage
from app.media import reads, writes
from app.media.filters import MEDIA, public_media
from app.media.schemas import MediaWrite
from app.web.conditional import precondition_of
from app.web.dependencies import Connected, Writing
from app.web.fields import parse_fields
from app.web.idempotency import answer_once
from app.web.listing import FIELDS, list_parameters, parse_list
from app.web.negotiation import respond_page, respond_resource, respond_saved
from app.web.pages import read_list
from app.web.patching import read_patch
from app.web.routing import Route

router = APIRouter(prefix="/v1/media", tags=["media"], route_class=Route)


@router.get("", response_model=MediaPage, openapi_extra=list_parameters(MEDIA))
async def list_media(request: Request, database: Connected, viewer: Asking) -> Response:
    """Pictures, videos and recordings."""
    listing = MEDIA if viewer.sees_all else public_media(viewer.at)
    wanted = await parse_list(request, listing)
    return respond_page(
        request, await read_list(database, wanted, reads.list_media, wanted, viewer)
    )


@router.post("", response_model=MediaRead, status_code=201)
async def post_media(content: MediaWrite, request: Request, viewer: Asking) -> Response:
    """Add a picture, video or recording."""
    return await answer_once(
        request,
        lambda session: respond_saved(
            request, writes.post_media(session, content, viewer), "/v1/media", created=True
        ),
    )


@router.get("/{media_id}", response_model=MediaRead, openapi_extra={"parameters": [FIELDS]})
async def get_media(
    media_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """A picture, video or recording."""
    selection = parse_fields(request, MediaRead)
    media = await database.read(reads.get_media, media_id, viewer)
    return respond_resource(request, media, selection)


@router.put("/{media_id}", response_model=MediaRead)
async def put_media(
    media_id: str, content: MediaWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Replace media, or create them at an id of your choice."""
    media, created = await database.write(
        writes.put_media, media_id, content, precondition_of(request), viewer
    )
    return respond_saved(request, media, "/v1/media", created=created)


@router.patch("/{media_id}", response_model=MediaRead, openapi_extra={"x-patches": "MediaWrite"})
async def patch_media(
    media_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Change some fields of media."""
    patch = await read_patch(request)
    media = await database.write(
        writes.patch_media, media_id, patch, precondition_of(request), viewer
    )
    return respond_saved(request, media, "/v1/media")


@router.delete("/{media_id}", status_code=204)
async def delete_media(
    media_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Delete media that nothing shows."""
    await database.write(writes.delete_media, media_id, precondition_of(request), viewer)
    return Response(status_code=204)
