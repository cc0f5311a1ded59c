"""`/v1/webhooks`, for those who may manage keys."""

from collections.abc import Mapping
from typing import cast

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app.access.asking import Asking
from app.documents.pages import DeliveryPage, WebhookPage
from app.documents.webhooks import DeliveryRead, WebhookIssued, WebhookRead
from app.web.conditional import precondition_of
from app.web.dependencies import Connected, Writing
from app.web.fields import ALL, Selection, parse_fields
from app.web.idempotency import answer_once
from app.web.listing import FIELDS, list_parameters, parse_list
from app.web.negotiation import respond, respond_page, respond_resource, respond_saved
from app.web.pages import read_list
from app.web.patching import read_patch
from app.web.routing import ADMIN, Route
from app.web.state import settings_of
from app.webhooks import reads, writes
from app.webhooks.delivering import Deliverer
from app.webhooks.filters import DELIVERIES, WEBHOOKS
from app.webhooks.schemas import ReplayWrite, SecretRotationWrite, WebhookWrite

COLLECTION = "/v1/webhooks"
router = APIRouter(prefix=COLLECTION, tags=["webhooks"], route_class=Route)

# What nobody keeps: it holds a secret.
UNKEPT = {"Cache-Control": "private, no-store"}


@router.get("", response_model=WebhookPage, openapi_extra={**list_parameters(WEBHOOKS), **ADMIN})
async def list_webhooks(request: Request, database: Connected, viewer: Asking) -> Response:
    """The webhooks."""
    wanted = await parse_list(request, WEBHOOKS)
    page = await read_list(database, wanted, reads.list_webhooks, wanted, viewer)
    return respond_page(request, page)


@router.post("", response_model=WebhookIssued, status_code=201, openapi_extra=ADMIN)
async def post_webhook(content: WebhookWrite, request: Request, viewer: Asking) -> Response:
    """Have an address told of what changes from now on. The secret that signs is shown in this
    answer, and never again."""
    loopback = settings_of(request).webhook_loopback

    def act(session: Session) -> Response:
        webhook = writes.post_webhook(session, content, viewer, loopback=loopback)
        return respond_issued(request, webhook, created=True)

    return await answer_once(request, act, secret="secret")


@router.get(
    "/{webhook_id}", response_model=WebhookRead, openapi_extra={"parameters": [FIELDS], **ADMIN}
)
async def get_webhook(
    webhook_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """A webhook, and how it fares."""
    selection = parse_fields(request, WebhookRead)
    webhook = await database.read(reads.get_webhook, webhook_id, viewer)
    return respond_resource(request, webhook, selection)


@router.patch(
    "/{webhook_id}",
    response_model=WebhookRead,
    openapi_extra={"x-patches": "WebhookWrite", **ADMIN},
)
async def patch_webhook(
    webhook_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Change where a webhook leads and what it is told, disable it, or enable it again: then it is
    told what it has missed."""
    webhook = await database.write(
        writes.patch_webhook,
        webhook_id,
        await read_patch(request),
        precondition_of(request),
        viewer,
        loopback=settings_of(request).webhook_loopback,
    )
    return respond_saved(request, webhook, COLLECTION)


@router.delete("/{webhook_id}", status_code=204, openapi_extra=ADMIN)
async def delete_webhook(
    webhook_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Delete a webhook and its deliveries, those that wait, too."""
    await database.write(writes.delete_webhook, webhook_id, precondition_of(request), viewer)
    return Response(status_code=204)


@router.put("/{webhook_id}/rotation", response_model=WebhookIssued, openapi_extra=ADMIN)
async def put_secret_rotation(
    webhook_id: str,
    content: SecretRotationWrite,
    request: Request,
    database: Writing,
    viewer: Asking,
) -> Response:
    """Give a webhook a new secret, which is shown in this answer, and never again. Those that it
    had sign, too, until the overlap ends."""
    webhook = await database.write(
        writes.put_secret_rotation, webhook_id, content, precondition_of(request), viewer
    )
    return respond_issued(request, webhook)


@router.put("/{webhook_id}/replay", response_model=WebhookRead, openapi_extra=ADMIN)
async def put_replay(
    webhook_id: str, content: ReplayWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Tell a webhook again of what came after a position, under the ids that it had; or leave out
    what comes before a later one."""
    webhook = await database.write(
        writes.put_replay, webhook_id, content, precondition_of(request), viewer
    )
    return respond_saved(request, webhook, COLLECTION)


@router.post(
    "/{webhook_id}/tests", response_model=DeliveryRead, status_code=201, openapi_extra=ADMIN
)
async def post_test(
    webhook_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """Send a test, `webhook.test`, once, and answer with what came of it; to one that is disabled,
    too. A trial sends nothing."""
    deliverer = cast(Deliverer, request.app.state.deliverer)  # a Starlette state is untyped
    made: list[DeliveryRead] = []

    def act(session: Session) -> Response:
        made.append(writes.post_test(session, webhook_id, deliverer.claims.lease, viewer))
        return respond_test(request, webhook_id, made[0])

    answer = await answer_once(request, act)
    if request.query_params.get("dry_run") == "true":
        return answer
    delivery_id = made[0]["id"] if made else orjson.loads(answer.body)["id"]
    if made:
        await deliverer.send_test(delivery_id)
    # What is kept under an Idempotency-Key is from before it was sent.
    sent = await database.read(reads.get_delivery, webhook_id, delivery_id)
    told = respond_test(request, webhook_id, sent)
    if not made:
        told.headers["Idempotency-Replayed"] = "true"
    return told


@router.get(
    "/{webhook_id}/deliveries",
    response_model=DeliveryPage,
    openapi_extra={**list_parameters(DELIVERIES), **ADMIN},
)
async def list_deliveries(webhook_id: str, request: Request, database: Connected) -> Response:
    """What was sent to a webhook, or waits to be: the newest first."""
    wanted = await parse_list(request, DELIVERIES)
    page = await read_list(database, wanted, reads.list_deliveries, webhook_id, wanted)
    return respond_page(request, page)


@router.get(
    "/{webhook_id}/deliveries/{delivery_id}",
    response_model=DeliveryRead,
    openapi_extra={"parameters": [FIELDS], **ADMIN},
)
async def get_delivery(
    webhook_id: str, delivery_id: str, request: Request, database: Connected
) -> Response:
    """A delivery: what is sent, and of each attempt the request and how the answer began."""
    selection = parse_fields(request, DeliveryRead)
    delivery = await database.read(reads.get_delivery, webhook_id, delivery_id)
    return respond_delivery(request, delivery, selection)


@router.put(
    "/{webhook_id}/deliveries/{delivery_id}/repetition",
    response_model=DeliveryRead,
    openapi_extra=ADMIN,
)
async def put_repetition(
    webhook_id: str, delivery_id: str, request: Request, database: Writing
) -> Response:
    """Send a delivery again, whatever came of it, under the id that it has."""
    delivery = await database.write(writes.put_repetition, webhook_id, delivery_id)
    return respond_delivery(request, delivery)


def respond_issued(request: Request, webhook: WebhookIssued, *, created: bool = False) -> Response:
    etag = f"{webhook['id']}.{webhook['revision']}"
    headers = {**UNKEPT, "Location": f"{COLLECTION}/{webhook['id']}"} if created else UNKEPT
    return respond(request, webhook, etag=etag, status=201 if created else 200, headers=headers)


def respond_test(request: Request, webhook_id: str, delivery: DeliveryRead) -> Response:
    location = f"{COLLECTION}/{webhook_id}/deliveries/{delivery['id']}"
    return respond_delivery(request, delivery, status=201, headers={"Location": location})


def respond_delivery(
    request: Request,
    delivery: DeliveryRead,
    selection: Selection = ALL,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    shown = selection.trim(delivery)
    return respond(request, shown, etag=delivery["id"], status=status, headers=headers)
