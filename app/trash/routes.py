"""`/v1/trash`, for the desk."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.articles import trash
from app.documents.articles import ArticleRead
from app.documents.pages import TrashPage
from app.documents.trash import TrashedRead
from app.trash import reads
from app.trash.filters import TRASH
from app.web.conditional import precondition_of
from app.web.dependencies import Connected, Writing
from app.web.listing import list_parameters, parse_list
from app.web.negotiation import respond_page, respond_resource, respond_saved
from app.web.pages import read_list
from app.web.routing import DESK, Route
from app.web.state import settings_of

router = APIRouter(prefix="/v1/trash", tags=["trash"], route_class=Route)


@router.get("", response_model=TrashPage, openapi_extra={**list_parameters(TRASH), **DESK})
async def list_trash(request: Request, database: Connected) -> Response:
    """The articles that were deleted, the last first. Needs the scope `preview`."""
    wanted = await parse_list(request, TRASH)
    days = settings_of(request).trash_days
    page = await read_list(database, wanted, reads.list_trash, wanted, days=days)
    return respond_page(request, page)


@router.get("/{trashed_id}", response_model=TrashedRead, openapi_extra=DESK)
async def get_trashed(trashed_id: str, request: Request, database: Connected) -> Response:
    """An article that was deleted, as it stood last. Needs the scope `preview`."""
    days = settings_of(request).trash_days
    found = await database.read(reads.get_trashed, trashed_id, days=days)
    return respond_resource(request, found)


@router.put("/{trashed_id}/restoration", response_model=ArticleRead)
async def restore_article(
    trashed_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Bring an article back with its quotes, revisions and former slugs: as a draft, or withdrawn
    when it was public. Its slug is another one where somebody else has it by now."""
    article = await database.write(
        trash.restore_article, trashed_id, precondition_of(request), viewer
    )
    return respond_saved(request, article, "/v1/articles")


@router.delete("/{trashed_id}", status_code=204)
async def purge_article(
    trashed_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Delete an article for good."""
    await database.write(trash.purge_article, trashed_id, precondition_of(request), viewer)
    return Response(status_code=204)
