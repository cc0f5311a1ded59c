"""`/v1/audit`, for those who may manage keys."""

from fastapi import APIRouter, Request, Response

from app.audit import reads
from app.audit.filters import AUDIT
from app.documents.pages import AuditPage
from app.web.dependencies import Connected
from app.web.listing import list_parameters, parse_list
from app.web.negotiation import respond_page
from app.web.pages import read_list
from app.web.routing import ADMIN, Route

router = APIRouter(prefix="/v1/audit", tags=["audit"], route_class=Route)


@router.get("", response_model=AuditPage, openapi_extra={**list_parameters(AUDIT), **ADMIN})
async def list_audit(request: Request, database: Connected) -> Response:
    """All that was written, by whom, when and why: the newest first."""
    wanted = await parse_list(request, AUDIT)
    return respond_page(request, await read_list(database, wanted, reads.list_audit, wanted))
