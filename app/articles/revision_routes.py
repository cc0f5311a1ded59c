"""`/v1/articles/{article_id}/revisions`, and what is done by them."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.articles import previews, purging, restoring, revisions
from app.articles.comparing import WITH, compare_revisions, parse_with
from app.articles.heeding import Heeding
from app.articles.revisions import REVISIONS
from app.articles.schemas import RestorationWrite
from app.documents.articles import ArticleRead, EditPreview
from app.documents.pages import RevisionPage
from app.documents.revisions import RevisionComparison, RevisionRead
from app.web.conditional import precondition_of
from app.web.dependencies import Connected
from app.web.listing import list_parameters, parse_list
from app.web.negotiation import respond, respond_page, respond_saved
from app.web.routing import Route

router = APIRouter(prefix="/v1/articles/{article_id}", tags=["articles"], route_class=Route)


@router.get("/revisions", response_model=RevisionPage, openapi_extra=list_parameters(REVISIONS))
async def list_revisions(
    article_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The saves of an article, the last first. Needs the scope `preview`."""
    wanted = await parse_list(request, REVISIONS)
    page = await database.read(revisions.list_revisions, article_id, wanted, viewer)
    return respond_page(request, page)


@router.get("/revisions/{number}", response_model=RevisionRead)
async def get_revision(
    article_id: str, number: int, request: Request, database: Connected, viewer: Asking
) -> Response:
    """An article as it stood after one save. Needs the scope `preview`."""
    revision = await database.read(revisions.get_revision, article_id, number, viewer)
    return respond(request, revision, etag=f"{revision['article']['id']}.{number}")


@router.get(
    "/revisions/{number}/comparison",
    response_model=RevisionComparison,
    openapi_extra={"parameters": [WITH]},
)
async def get_comparison(
    article_id: str, number: int, request: Request, database: Connected, viewer: Asking
) -> Response:
    """What is different between a revision and another: fields, blocks, quotes and entities, texts
    word by word. Needs the scope `preview`."""
    other = parse_with(request.query_params)
    found = await database.read_long(compare_revisions, article_id, number, other, viewer)
    return respond(request, found, etag=f"comparison.{number}")


@router.delete("/revisions/{number}", status_code=204)
async def delete_revision(
    article_id: str, number: int, request: Request, database: Heeding, viewer: Asking
) -> Response:
    """Purge a revision: what it held is taken away for good, and that it was there stays. Not the
    present one, nor one that quotes which have lost their place stood last in."""
    await database.write(
        purging.purge_revision, article_id, number, precondition_of(request), viewer
    )
    return Response(status_code=204)


@router.put("/restoration", response_model=ArticleRead | EditPreview)
async def put_restoration(
    article_id: str,
    content: RestorationWrite,
    request: Request,
    database: Heeding,
    viewer: Asking,
) -> Response:
    """Bring back what an article said in a former revision, as a new one: its text, media, section
    and publisher. Whether it is public, its slug and its corrections stay; its quotes are carried
    along as by any edit. `dry_run=true` says what would become of each."""
    edit = (article_id, content.revision, precondition_of(request), viewer)
    if database.act.on_trial:
        preview = await database.write(previews.preview_restoration, *edit)
        return respond(request, preview, etag="preview")
    article = await database.write(restoring.put_restoration, *edit)
    return respond_saved(request, article, "/v1/articles")
