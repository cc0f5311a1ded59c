"""`/v1/extractions`."""

from typing import cast

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.documents.extractions import ExtractionRead
from app.extraction.reads import get_text_to_read
from app.extraction.schemas import ExtractionWrite
from app.extraction.workers import Extractor
from app.web.dependencies import Connected
from app.web.negotiation import respond
from app.web.offsets import OFFSETS, Units, parse_offsets, with_spans_in_utf16
from app.web.routing import READS_ONLY, Route

router = APIRouter(prefix="/v1/extractions", tags=["extractions"], route_class=Route)


@router.post(
    "",
    response_model=ExtractionRead,
    openapi_extra={"parameters": [OFFSETS], READS_ONLY: True},
)
async def post_extraction(
    content: ExtractionWrite, request: Request, database: Connected, viewer: Asking
) -> Response:
    """Find the quotes in a text or an article, who says them, and the entities that are named.
    Nothing is kept."""
    utf16 = parse_offsets(request.query_params)
    text, language = content.text or "", content.language or "en"
    if content.article is not None:
        text, language = await database.read(get_text_to_read, content.article.name, viewer)
    extractor = cast(Extractor, request.app.state.extractor)  # a Starlette state is untyped
    document = (await extractor.extract(text, language)).document()
    if utf16:
        document = with_spans_in_utf16(document, Units(text))
    return respond(request, document, etag="extraction")
