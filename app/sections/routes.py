"""`/v1/sections`. A section is named by its id or its path, slashes and all."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.documents.pages import SectionPage
from app.documents.sections import SectionRead
from app.sections import reads, writes
from app.sections.filters import SECTIONS
from app.sections.schemas import SectionWrite
from app.web.conditional import precondition_of
from app.web.dependencies import Connected, Writing
from app.web.fields import parse_fields
from app.web.idempotency import answer_once
from app.web.listing import FIELDS, list_parameters, parse_list
from app.web.negotiation import respond_page, respond_resource, respond_saved
from app.web.pages import read_list
from app.web.patching import read_patch
from app.web.routing import Route

router = APIRouter(prefix="/v1/sections", tags=["sections"], route_class=Route)


@router.get("", response_model=SectionPage, openapi_extra=list_parameters(SECTIONS))
async def list_sections(request: Request, database: Connected, viewer: Asking) -> Response:
    """The sections of the newsroom."""
    wanted = await parse_list(request, SECTIONS)
    return respond_page(
        request, await read_list(database, wanted, reads.list_sections, wanted, viewer)
    )


@router.post("", response_model=SectionRead, status_code=201)
async def post_section(content: SectionWrite, request: Request, viewer: Asking) -> Response:
    """Add a section."""
    return await answer_once(
        request,
        lambda session: respond_saved(
            request, writes.post_section(session, content, viewer), "/v1/sections", created=True
        ),
    )


@router.get(
    "/{section_id:path}", response_model=SectionRead, openapi_extra={"parameters": [FIELDS]}
)
async def get_section(
    section_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """A section."""
    selection = parse_fields(request, SectionRead)
    return respond_resource(
        request, await database.read(reads.get_section, section_id, viewer), selection
    )


@router.put("/{section_id:path}", response_model=SectionRead)
async def put_section(
    section_id: str, content: SectionWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Replace a section, or create it at an id of your choice. When its path changes, the sections
    below move along and the old paths redirect."""
    section, created = await database.write(
        writes.put_section, section_id, content, precondition_of(request), viewer
    )
    return respond_saved(request, section, "/v1/sections", created=created)


@router.patch(
    "/{section_id:path}", response_model=SectionRead, openapi_extra={"x-patches": "SectionWrite"}
)
async def patch_section(
    section_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Change some fields of a section."""
    patch = await read_patch(request)
    section = await database.write(
        writes.patch_section, section_id, patch, precondition_of(request), viewer
    )
    return respond_saved(request, section, "/v1/sections")


@router.delete("/{section_id:path}", status_code=204)
async def delete_section(
    section_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Delete a section that holds nothing."""
    await database.write(writes.delete_section, section_id, precondition_of(request), viewer)
    return Response(status_code=204)
