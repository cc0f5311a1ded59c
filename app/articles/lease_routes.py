"""`/v1/articles/{article_id}/lease`."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.articles import leases
from app.articles.schemas import LeaseWrite
from app.documents.leases import LeaseRead
from app.web.dependencies import Connected, Writing
from app.web.flags import flag, parse_flag
from app.web.negotiation import respond
from app.web.routing import Route

router = APIRouter(prefix="/v1/articles/{article_id}/lease", tags=["articles"], route_class=Route)

TAKE_OVER = flag("take_over", "Take it from who holds it.")


@router.get("", response_model=LeaseRead)
async def get_lease(
    article_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """Who is at work on an article. Needs the scope `preview`."""
    lease = await database.read(leases.get_lease, article_id, viewer)
    return respond(request, lease, etag="lease")


@router.put(
    "",
    response_model=LeaseRead,
    responses={201: {"description": "It was taken; 200: it was held, and is renewed."}},
    openapi_extra={"parameters": [TAKE_OVER]},
)
async def put_lease(
    article_id: str, content: LeaseWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Take the lease on an article, or renew it, for the key that asks. It refuses nobody's write;
    others are told of it when they write."""
    take_over = parse_flag(request.query_params, "take_over")
    lease, taken = await database.write(
        leases.put_lease, article_id, content, viewer, take_over=take_over
    )
    headers = {"Location": request.url.path} if taken else None
    return respond(request, lease, etag="lease", status=201 if taken else 200, headers=headers)


@router.delete("", status_code=204)
async def delete_lease(article_id: str, database: Writing, viewer: Asking) -> Response:
    """Give the lease on an article back."""
    await database.write(leases.delete_lease, article_id, viewer)
    return Response(status_code=204)
