"""`/v1/quotes`."""

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.documents.pages import QuotePage
from app.documents.quotes import (
    QuoteAnchor,
    QuoteCheck,
    QuoteHistory,
    QuoteRead,
    QuoteVariants,
)
from app.quotes import anchors, history, reads, retractions, writes
from app.quotes.checking import check_words
from app.quotes.filters import QUOTES
from app.quotes.schemas import AnchorWrite, QuoteCheckWrite, QuoteWrite, RetractionWrite
from app.quotes.variants import list_variants
from app.web.conditional import precondition_of
from app.web.dependencies import Connected, Writing
from app.web.fields import parse_fields
from app.web.idempotency import answer_once
from app.web.listing import FIELDS, list_parameters, parse_list
from app.web.negotiation import respond, respond_page, respond_resource, respond_saved
from app.web.offsets import OFFSETS, parse_offsets
from app.web.pages import read_list
from app.web.patching import read_patch
from app.web.routing import READS_ONLY, Route

router = APIRouter(prefix="/v1/quotes", tags=["quotes"], route_class=Route)


@router.get("", response_model=QuotePage, openapi_extra=list_parameters(QUOTES))
async def list_quotes(request: Request, database: Connected, viewer: Asking) -> Response:
    """Quotes, those of the latest articles first."""
    wanted = await parse_list(request, QUOTES)
    return respond_page(
        request, await read_list(database, wanted, reads.list_quotes, wanted, viewer)
    )


@router.post("", response_model=QuoteRead, status_code=201, openapi_extra={"parameters": [OFFSETS]})
async def post_quote(content: QuoteWrite, request: Request, viewer: Asking) -> Response:
    """Add a quote to an article. Its words must stand there: where, is found or said by `spans`."""
    utf16 = parse_offsets(request.query_params)
    keep = request.app.state.keep_revision
    return await answer_once(
        request,
        lambda session: respond_saved(
            request,
            writes.post_quote(session, content, viewer, keep, utf16=utf16),
            "/v1/quotes",
            created=True,
        ),
    )


@router.post(
    "/check",
    response_model=QuoteCheck,
    openapi_extra={"parameters": [OFFSETS], READS_ONLY: True},
)
async def check_quote(
    content: QuoteCheckWrite, request: Request, database: Connected, viewer: Asking
) -> Response:
    """Whether somebody said these words: `exact`, `other_speaker`, `altered` or `unknown`."""
    utf16 = parse_offsets(request.query_params)
    found = await database.read_long(check_words, content, viewer, utf16=utf16)
    return respond(request, found, etag="check")


@router.get(
    "/{quote_id}", response_model=QuoteRead, openapi_extra={"parameters": [FIELDS, OFFSETS]}
)
async def get_quote(
    quote_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """A quote, with its article and its place there."""
    selection = parse_fields(request, QuoteRead)
    utf16 = parse_offsets(request.query_params)
    quote = await database.read(reads.get_quote, quote_id, viewer, utf16=utf16)
    return respond_resource(request, quote, selection)


@router.get(
    "/{quote_id}/variants",
    response_model=QuoteVariants,
    openapi_extra={"parameters": [OFFSETS]},
)
async def list_quote_variants(
    quote_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The same utterance in all articles: word for word, shortened, extended or changed."""
    utf16 = parse_offsets(request.query_params)
    found = await database.read_long(list_variants, quote_id, viewer, utf16=utf16)
    return respond(request, found, etag="list")


@router.put("/{quote_id}", response_model=QuoteRead, openapi_extra={"parameters": [OFFSETS]})
async def put_quote(
    quote_id: str, content: QuoteWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Replace a quote, or create it at an id of your choice."""
    quote, created = await database.write(
        writes.put_quote,
        quote_id,
        content,
        precondition_of(request),
        viewer,
        request.app.state.keep_revision,
        utf16=parse_offsets(request.query_params),
    )
    return respond_saved(request, quote, "/v1/quotes", created=created)


@router.patch("/{quote_id}", response_model=QuoteRead, openapi_extra={"x-patches": "QuoteWrite"})
async def patch_quote(
    quote_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Change some fields of a quote. New words are looked for in the article again."""
    quote = await database.write(
        writes.patch_quote,
        quote_id,
        await read_patch(request),
        precondition_of(request),
        viewer,
        request.app.state.keep_revision,
    )
    return respond_saved(request, quote, "/v1/quotes")


@router.delete("/{quote_id}", status_code=204)
async def delete_quote(
    quote_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Delete a quote. The article's text stays as it is."""
    await database.write(
        writes.delete_quote,
        quote_id,
        precondition_of(request),
        viewer,
        request.app.state.keep_revision,
    )
    return Response(status_code=204)


@router.get("/{quote_id}/history", response_model=QuoteHistory)
async def get_history(
    quote_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """All forms that a quote has had: as it was first said to be, corrections, retraction."""
    forms = await database.read(history.get_history, quote_id, viewer)
    return respond(request, forms, etag=f"{quote_id}.history")


@router.get(
    "/{quote_id}/anchor", response_model=QuoteAnchor, openapi_extra={"parameters": [OFFSETS]}
)
async def get_anchor(
    quote_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """Where a quote stands in its article, or where it may stand."""
    utf16 = parse_offsets(request.query_params)
    return respond_resource(
        request, await database.read(anchors.get_anchor, quote_id, viewer, utf16=utf16)
    )


@router.put("/{quote_id}/anchor", response_model=QuoteRead, openapi_extra={"parameters": [OFFSETS]})
async def put_anchor(
    quote_id: str, content: AnchorWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Accept a place for a quote that has lost its own: the one proposed, or another. The quote's
    words become the article's there."""
    quote = await database.write(
        anchors.put_anchor,
        quote_id,
        content,
        precondition_of(request),
        viewer,
        request.app.state.keep_revision,
        utf16=parse_offsets(request.query_params),
    )
    return respond_saved(request, quote, "/v1/quotes")


@router.delete("/{quote_id}/anchor", response_model=QuoteRead)
async def delete_anchor(
    quote_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Detach a quote from its article: it is kept, with its history, and public no more."""
    quote = await database.write(
        anchors.delete_anchor,
        quote_id,
        precondition_of(request),
        viewer,
        request.app.state.keep_revision,
    )
    return respond_saved(request, quote, "/v1/quotes")


@router.put("/{quote_id}/retraction", response_model=QuoteRead)
async def put_retraction(
    quote_id: str, content: RetractionWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Retract a quote. It leaves its article and all lists; at its own address it says why."""
    quote = await database.write(
        retractions.put_retraction,
        quote_id,
        content,
        precondition_of(request),
        viewer,
        request.app.state.keep_revision,
    )
    return respond_saved(request, quote, "/v1/quotes")


@router.delete("/{quote_id}/retraction", response_model=QuoteRead)
async def delete_retraction(
    quote_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Take a retraction back: the quote is confirmed again."""
    quote = await database.write(
        retractions.delete_retraction,
        quote_id,
        precondition_of(request),
        viewer,
        request.app.state.keep_revision,
    )
    return respond_saved(request, quote, "/v1/quotes")
