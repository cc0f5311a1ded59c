"""`/v1/articles/{article_id}/draft`, and what the desk reads of a publication and gives to others
to read."""

from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from app.access.asking import Asking
from app.articles import drafts, reads
from app.articles.heeding import Heeding
from app.articles.preview_links import LINK, Linked, LinkSigner, get_link_signer
from app.articles.publication_reads import get_publication as read_publication
from app.articles.schemas import ArticleWrite, PreviewLinkWrite
from app.articles.versions import read_version
from app.documents.articles import ArticleRead
from app.documents.drafts import DraftRead, PreviewLink, PublicationRead
from app.web.conditional import precondition_of
from app.web.dependencies import Connected
from app.web.listing import only_once, parameter, refused
from app.web.negotiation import respond, respond_resource, respond_saved
from app.web.patching import read_patch
from app.web.routing import READS_ONLY, SCOPE, Route
from app.web.state import database_of, settings_of

router = APIRouter(prefix="/v1/articles/{article_id}", tags=["articles"], route_class=Route)
previews = APIRouter(prefix="/v1/previews", tags=["articles"], route_class=Route)

BASE_REVISION = parameter(
    "base_revision",
    "The revision of the article that the draft goes out from. A new draft goes out from the "
    "present one, and an old one stays with its own.",
    type="integer",
    minimum=1,
)
# What is not public is kept by nobody on the way, nor found by search engines.
UNKEPT: Mapping[str, str] = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


@router.get("/draft", response_model=DraftRead)
async def get_draft(
    article_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The draft beside an article. Needs the scope `preview`."""
    return respond_resource(request, await database.read(drafts.get_draft, article_id, viewer))


@router.put("/draft", response_model=DraftRead, openapi_extra={"parameters": [BASE_REVISION]})
async def put_draft(
    article_id: str, content: ArticleWrite, request: Request, database: Heeding, viewer: Asking
) -> Response:
    """Save the draft beside an article, or begin one with `If-None-Match: *`. Of the article
    nothing changes until the draft is published."""
    draft, is_new = await database.write(
        drafts.put_draft,
        article_id,
        content,
        parse_base(request),
        precondition_of(request),
        viewer,
    )
    return respond_draft(request, draft, is_new=is_new)


@router.patch(
    "/draft",
    response_model=DraftRead,
    openapi_extra={"parameters": [BASE_REVISION], "x-patches": "ArticleWrite"},
)
async def patch_draft(
    article_id: str, request: Request, database: Heeding, viewer: Asking
) -> Response:
    """Change the draft beside an article; with `If-None-Match: *`, begin one of the article as it
    is."""
    draft, is_new = await database.write(
        drafts.patch_draft,
        article_id,
        await read_patch(request),
        parse_base(request),
        precondition_of(request),
        viewer,
    )
    return respond_draft(request, draft, is_new=is_new)


@router.delete("/draft", status_code=204)
async def delete_draft(
    article_id: str, request: Request, database: Heeding, viewer: Asking
) -> Response:
    """Give up the draft beside an article."""
    await database.write(drafts.delete_draft, article_id, precondition_of(request), viewer)
    return Response(status_code=204)


@router.get("/publication", response_model=PublicationRead)
async def get_publication(
    article_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """Whether and when an article is public, what is planned, and who did what. Needs the scope
    `preview`."""
    found = await database.read(read_publication, article_id, viewer)
    return respond_resource(request, found)


@router.post(
    "/preview-links",
    response_model=PreviewLink,
    status_code=201,
    openapi_extra={READS_ONLY: True, SCOPE: "write"},
)
async def post_preview_link(
    article_id: str,
    content: PreviewLinkWrite,
    request: Request,
    database: Connected,
    viewer: Asking,
) -> Response:
    """Make an address at which whoever has it can read the article, or its draft, without a key,
    until it expires. It is signed, not kept: it cannot be taken back before that, but by deleting
    the article."""
    if content.version == "draft":
        draft = await database.read(drafts.get_draft, article_id, viewer)
        linked_id = draft["article"]
    else:
        linked_id = (await database.read(reads.get_article, article_id, viewer))["id"]
    lasts = timedelta(seconds=content.expires_in_seconds)
    expires_at = viewer.at.replace(microsecond=0) + lasts
    signer = await link_signer(request)
    link = signer.sign(Linked(linked_id, content.version, expires_at))
    given: PreviewLink = {
        "url": f"{settings_of(request).public_url.rstrip('/')}/v1/previews?link={link}",
        "version": content.version,
        "expires_at": expires_at,
    }
    return respond(request, given, etag="link", status=201, headers=UNKEPT)


@previews.get("", response_model=ArticleRead, openapi_extra={"parameters": [LINK]})
async def get_preview(request: Request, database: Connected, viewer: Asking) -> Response:
    """What a preview link shows: an article that need not be public, or its draft."""
    only_once(request.query_params, {"link"})
    signer = await link_signer(request)
    linked = signer.read(request.query_params.get("link", ""), viewer.at)
    article = await read_version(database, linked.article_id, linked.version, viewer.at)
    return respond(request, article, etag=f"preview.{article['revision']}", headers=UNKEPT)


async def link_signer(request: Request) -> LinkSigner:
    signer: LinkSigner | None = getattr(request.app.state, "link_signer", None)
    if signer is None:
        signer = await database_of(request).read(get_link_signer)
        request.app.state.link_signer = signer
    return signer


def parse_base(request: Request) -> int | None:
    """Raises InvalidParameter."""
    only_once(request.query_params, {"base_revision"})
    text = request.query_params.get("base_revision")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= 1):
        raise refused("base_revision", "base_revision is the number of a revision, from 1.")
    return int(text)


def respond_draft(request: Request, draft: DraftRead, *, is_new: bool) -> Response:
    answer = respond_saved(request, draft, "/v1/articles")
    if is_new:
        answer.status_code = 201
        answer.headers["Location"] = f"/v1/articles/{draft['article']}/draft"
    return answer
