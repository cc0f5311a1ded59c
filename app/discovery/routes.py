"""`/v1/search`."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.articles.rendered import ask_for_missing
from app.discovery.parameters import DESCRIBED, parse_search
from app.discovery.searching import search
from app.documents.search import SearchPage
from app.web.dependencies import Connected
from app.web.negotiation import respond_page
from app.web.routing import Route
from app.web.state import settings_of

router = APIRouter(prefix="/v1", tags=["search"], route_class=Route)


@router.get("/search", response_model=SearchPage, openapi_extra=DESCRIBED)
async def search_all(request: Request, database: Connected, viewer: Asking) -> Response:
    """Articles, quotes and entities that are public and hold the words, the most relevant first."""
    wanted = await parse_search(request)
    seconds = settings_of(request).search_timeout_seconds
    page = await database.read_within(seconds, search, wanted, viewer)
    if not wanted.selection.fields:
        ask_for_missing(request, [hit.get("article") for hit in page["items"]])
    return respond_page(request, page)
