"""`/v1/keys`, for those who may manage them, and `/v1/whoami`, for all who have one."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.documents.keys import KeyHeld, KeyIssued, KeyRead, RatePolicy
from app.documents.pages import KeyPage
from app.errors import Unauthenticated
from app.keys import reads, writes
from app.keys.filters import KEYS
from app.keys.schemas import KeyWrite, RotationWrite
from app.web.conditional import precondition_of
from app.web.dependencies import Connected, Writing
from app.web.fields import parse_fields
from app.web.idempotency import answer_once
from app.web.listing import FIELDS, list_parameters, parse_list
from app.web.negotiation import respond, respond_page, respond_resource, respond_saved
from app.web.pages import read_list
from app.web.patching import read_patch
from app.web.routing import ADMIN, Route

router = APIRouter(prefix="/v1/keys", tags=["keys"], route_class=Route)
own = APIRouter(tags=["keys"], route_class=Route)

# What nobody keeps: it holds a token, or tells of one.
UNKEPT = {"Cache-Control": "private, no-store"}


@router.get("", response_model=KeyPage, openapi_extra={**list_parameters(KEYS), **ADMIN})
async def list_keys(request: Request, database: Connected, viewer: Asking) -> Response:
    """The API keys."""
    wanted = await parse_list(request, KEYS)
    return respond_page(request, await read_list(database, wanted, reads.list_keys, wanted, viewer))


@router.post("", response_model=KeyIssued, status_code=201, openapi_extra=ADMIN)
async def post_key(content: KeyWrite, request: Request, viewer: Asking) -> Response:
    """Make an API key. Its token is shown in this answer, and never again."""
    return await answer_once(
        request,
        lambda session: respond_issued(
            request, writes.post_key(session, content, viewer), created=True
        ),
        secret="token",
    )


@router.get("/{key_id}", response_model=KeyRead, openapi_extra={"parameters": [FIELDS], **ADMIN})
async def get_key(key_id: str, request: Request, database: Connected, viewer: Asking) -> Response:
    """An API key."""
    selection = parse_fields(request, KeyRead)
    return respond_resource(request, await database.read(reads.get_key, key_id, viewer), selection)


@router.patch("/{key_id}", response_model=KeyRead, openapi_extra={"x-patches": "KeyWrite", **ADMIN})
async def patch_key(key_id: str, request: Request, database: Writing, viewer: Asking) -> Response:
    """Change what an API key is called, what it may do and where, or when it expires."""
    patch = await read_patch(request)
    key = await database.write(writes.patch_key, key_id, patch, precondition_of(request), viewer)
    return respond_saved(request, key, "/v1/keys")


@router.delete("/{key_id}", status_code=204, openapi_extra=ADMIN)
async def delete_key(key_id: str, request: Request, database: Writing, viewer: Asking) -> Response:
    """Revoke an API key: it is refused from now on. What it is called stays, for the audit."""
    await database.write(writes.delete_key, key_id, precondition_of(request), viewer)
    return Response(status_code=204)


@router.put("/{key_id}/rotation", response_model=KeyIssued, openapi_extra=ADMIN)
async def put_rotation(
    key_id: str, content: RotationWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Give an API key a new token, which is shown in this answer, and never again. Those that it
    had stay valid until the overlap ends."""
    key = await database.write(
        writes.put_rotation, key_id, content, precondition_of(request), viewer
    )
    return respond_issued(request, key)


@own.get("/v1/whoami", response_model=KeyHeld)
async def get_whoami(request: Request, database: Connected, viewer: Asking) -> Response:
    """The API key of who asks, and what it may do."""
    if viewer.key_id is None:
        raise Unauthenticated("Send the API key that is asked about as Authorization: Bearer.")
    held = await database.read(reads.get_held, viewer.key_id, viewer, rates_of(request))
    return respond(request, held, etag=viewer.key_id, headers=UNKEPT)


def respond_issued(request: Request, key: KeyIssued, *, created: bool = False) -> Response:
    etag = f"{key['id']}.{key['revision']}"
    headers = {**UNKEPT, "Location": f"/v1/keys/{key['id']}"} if created else UNKEPT
    return respond(request, key, etag=etag, status=201 if created else 200, headers=headers)


def rates_of(request: Request) -> list[RatePolicy]:
    """The policies that requests with a key are counted by."""
    rates = request.app.state.rates
    if rates is None:
        return []
    counted = [*rates.policies["reads"], *rates.policies["writes"]]
    return [
        {"name": one.name, "quota": one.quota, "window_seconds": one.window_seconds}
        for one in counted
    ]
