"""`/v1/entities`."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.documents.entities import EntityRead
from app.documents.pages import EntityPage
from app.entities import reads, writes
from app.entities.filters import ENTITIES
from app.entities.schemas import EntityWrite
from app.web.conditional import precondition_of
from app.web.dependencies import Connected, Writing
from app.web.fields import parse_fields
from app.web.idempotency import answer_once
from app.web.listing import FIELDS, list_parameters, parse_list
from app.web.negotiation import respond_page, respond_resource, respond_saved
from app.web.pages import read_list
from app.web.patching import read_patch
from app.web.routing import Route

router = APIRouter(prefix="/v1/entities", tags=["entities"], route_class=Route)


@router.get("", response_model=EntityPage, openapi_extra=list_parameters(ENTITIES))
async def list_entities(request: Request, database: Connected, viewer: Asking) -> Response:
    """The persons, organizations, places and things that articles speak of."""
    wanted = await parse_list(request, ENTITIES)
    return respond_page(
        request, await read_list(database, wanted, reads.list_entities, wanted, viewer)
    )


@router.post("", response_model=EntityRead, status_code=201)
async def post_entity(content: EntityWrite, request: Request, viewer: Asking) -> Response:
    """Add an entity."""
    return await answer_once(
        request,
        lambda session: respond_saved(
            request, writes.post_entity(session, content, viewer), "/v1/entities", created=True
        ),
    )


@router.get("/{entity_id}", response_model=EntityRead, openapi_extra={"parameters": [FIELDS]})
async def get_entity(
    entity_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """An entity."""
    selection = parse_fields(request, EntityRead)
    entity = await database.read(reads.get_entity, entity_id, viewer)
    return respond_resource(request, entity, selection)


@router.put("/{entity_id}", response_model=EntityRead)
async def put_entity(
    entity_id: str, content: EntityWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Replace an entity, or create it at an id of your choice."""
    entity, created = await database.write(
        writes.put_entity, entity_id, content, precondition_of(request), viewer
    )
    return respond_saved(request, entity, "/v1/entities", created=created)


@router.patch("/{entity_id}", response_model=EntityRead, openapi_extra={"x-patches": "EntityWrite"})
async def patch_entity(
    entity_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Change some fields of an entity."""
    patch = await read_patch(request)
    entity = await database.write(
        writes.patch_entity, entity_id, patch, precondition_of(request), viewer
    )
    return respond_saved(request, entity, "/v1/entities")


@router.delete("/{entity_id}", status_code=204)
async def delete_entity(
    entity_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Delete an entity that no article speaks of."""
    await database.write(writes.delete_entity, entity_id, precondition_of(request), viewer)
    return Response(status_code=204)
