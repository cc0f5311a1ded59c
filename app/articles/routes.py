"""`/v1/articles`, and what is read below an article."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.access.asking import Asking
from app.articles import correcting, previews, publishing, reads, writes
from app.articles.as_of import AS_OF, get_article_as_of, parse_as_of
from app.articles.blocks import FormattedBody
from app.articles.filters import ARTICLES
from app.articles.heeding import Heeding
from app.articles.rendered import respond_articles
from app.articles.schemas import ArticleWrite, CorrectionWrite, PublicationWrite
from app.articles.versions import VERSION, parse_version, read_version
from app.documents.articles import ArticleRead, EditPreview
from app.documents.pages import ArticleEntities, ArticlePage, QuotePage
from app.quotes.filters import QUOTES
from app.representations.article_text import article_text
from app.web.acts import PUBLIC_NOTE, parse_line
from app.web.conditional import OPTIONAL_MATCH, precondition_of
from app.web.dependencies import Connected
from app.web.fields import parse_fields
from app.web.idempotency import answer_once
from app.web.json import dump
from app.web.listing import FIELDS, include_parameter, list_parameters, parse_list
from app.web.negotiation import (
    JSON,
    TEXT,
    Formats,
    respond,
    respond_page,
    respond_resource,
    respond_saved,
)
from app.web.offsets import OFFSETS, parse_offsets
from app.web.pages import read_list
from app.web.patching import read_patch
from app.web.routing import Route

router = APIRouter(prefix="/v1/articles", tags=["articles"], route_class=Route)

FORMATS: Formats = {JSON: dump, TEXT: article_text}
INCLUDE = include_parameter(ARTICLES.includes)
# A request whose plain body is taken apart sooner than a thread takes it over.
BRIEF_BYTES = 10_000


@router.get("", response_model=ArticlePage, openapi_extra=list_parameters(ARTICLES))
async def list_articles(request: Request, database: Connected, viewer: Asking) -> Response:
    """Articles, the latest first, each without its body, text, media, quotes and entities, unless
    `include` or `fields` asks for them."""
    wanted = await parse_list(request, ARTICLES)
    page = await read_list(database, wanted, reads.list_articles, wanted, viewer)
    return respond_articles(request, page, viewer)


@router.post(
    "", response_model=ArticleRead, status_code=201, openapi_extra={"parameters": [OFFSETS]}
)
async def post_article(content: ArticleWrite, request: Request, viewer: Asking) -> Response:
    """Add an article, with its quotes and mentions if you like: all or nothing."""
    utf16 = parse_offsets(request.query_params)
    await take_apart(request, content)
    return await answer_once(
        request,
        lambda session: respond_saved(
            request,
            writes.post_article(session, content, viewer, utf16=utf16),
            "/v1/articles",
            created=True,
        ),
    )


async def take_apart(request: Request, content: ArticleWrite) -> None:
    """Take the body apart before the write begins, so that others need not wait for it; in a
    thread, but for what is short and plain."""
    body = content.body
    plain = not isinstance(body, FormattedBody) or body.format == "text"
    if plain and len(await request.body()) <= BRIEF_BYTES:
        content.blocks  # noqa: B018  # they are kept
        return
    await run_in_threadpool(lambda: content.blocks)


@router.get("/{article_id}.txt", response_class=Response, responses={200: {"content": {TEXT: {}}}})
async def get_article_text(
    article_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The canonical text of an article: every offset counts its code points."""
    article = await database.read(reads.get_article, article_id, viewer)
    return respond_resource(request, article, formats=FORMATS, media_type=TEXT)


@router.get(
    "/{article_id}",
    response_model=ArticleRead,
    openapi_extra={"parameters": [FIELDS, INCLUDE, OFFSETS, AS_OF, VERSION]},
)
async def get_article(
    article_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """An article with its quotes and entities."""
    selection = parse_fields(request, ArticleRead, ARTICLES.includes)
    utf16 = parse_offsets(request.query_params)
    as_of, version = parse_as_of(request, viewer.at), parse_version(request, viewer)
    if version == "draft":
        drafted = await read_version(
            database, article_id, version, viewer.at, selection, utf16=utf16
        )
        return respond(
            request,
            selection.trim(drafted),
            etag=f"{drafted['id']}.draft",
            formats=FORMATS,
        )
    if as_of is not None:
        former = await database.read(get_article_as_of, article_id, as_of, viewer, utf16=utf16)
        return respond_resource(request, former, selection, formats=FORMATS)
    article = await database.read(reads.get_article, article_id, viewer, selection, utf16=utf16)
    return respond_resource(request, article, selection, formats=FORMATS)


@router.put(
    "/{article_id}",
    response_model=ArticleRead | EditPreview,
    openapi_extra={"parameters": [OFFSETS]},
)
async def put_article(
    article_id: str, content: ArticleWrite, request: Request, database: Heeding, viewer: Asking
) -> Response:
    """Replace an article, or create it at an id of your choice. Its quotes are carried along with
    the text; one that the new text no longer has word for word leaves public answers until it is
    settled. `dry_run=true` says what would become of each, and saves nothing."""
    await take_apart(request, content)
    edit = (article_id, content, precondition_of(request), viewer)
    utf16 = parse_offsets(request.query_params)
    if database.act.on_trial:
        preview = await database.write(previews.preview_put, *edit, utf16=utf16)
        return respond(request, preview, etag="preview")
    article, created = await database.write(writes.put_article, *edit, utf16=utf16)
    return respond_saved(request, article, "/v1/articles", created=created)


@router.patch(
    "/{article_id}",
    response_model=ArticleRead | EditPreview,
    openapi_extra={"x-patches": "ArticleWrite"},
)
async def patch_article(
    article_id: str, request: Request, database: Heeding, viewer: Asking
) -> Response:
    """Change some fields of an article. `dry_run=true` says what would become of each quote."""
    edit = (article_id, await read_patch(request), precondition_of(request), viewer)
    if database.act.on_trial:
        preview = await database.write(previews.preview_patch, *edit)
        return respond(request, preview, etag="preview")
    article = await database.write(writes.patch_article, *edit)
    return respond_saved(request, article, "/v1/articles")


@router.delete("/{article_id}", status_code=204)
async def delete_article(
    article_id: str, request: Request, database: Heeding, viewer: Asking
) -> Response:
    """Delete an article with its quotes."""
    await database.write(writes.delete_article, article_id, precondition_of(request), viewer)
    return Response(status_code=204)


@router.put("/{article_id}/publication", response_model=ArticleRead)
async def put_publication(
    article_id: str,
    content: PublicationWrite,
    request: Request,
    database: Heeding,
    viewer: Asking,
) -> Response:
    """Publish an article: at the instant that is sent, else now. One that was published before
    keeps its date."""
    article = await database.write(
        publishing.put_publication, article_id, content, precondition_of(request), viewer
    )
    return respond_saved(request, article, "/v1/articles")


@router.delete(
    "/{article_id}/publication",
    response_model=ArticleRead,
    openapi_extra={"parameters": [PUBLIC_NOTE]},
)
async def delete_publication(
    article_id: str, request: Request, database: Heeding, viewer: Asking
) -> Response:
    """Withdraw an article: it is kept, and public no more. With a `public_note`, its address
    answers 410 and tells it; without, as if there had never been anything."""
    article = await database.write(
        publishing.delete_publication,
        article_id,
        parse_line(request, "public_note"),
        precondition_of(request),
        viewer,
    )
    return respond_saved(request, article, "/v1/articles")


@router.post(
    "/{article_id}/corrections",
    response_model=ArticleRead,
    status_code=201,
    openapi_extra={"parameters": [OPTIONAL_MATCH]},
)
async def post_correction(
    article_id: str, content: CorrectionWrite, request: Request, database: Heeding, viewer: Asking
) -> Response:
    """Add a public correction to an article, and leave all else of it as it is. Without `at`, it
    was made now."""
    correction = (article_id, content, precondition_of(request), viewer)
    return await answer_once(
        request,
        lambda session: respond_saved(
            request,
            database.heed(session, correcting.post_correction, *correction),
            "/v1/articles",
            created=True,
        ),
    )


@router.get("/{article_id}/quotes", response_model=QuotePage, openapi_extra=list_parameters(QUOTES))
async def list_article_quotes(
    article_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The quotes of an article, as a list that can be filtered."""
    wanted = await parse_list(request, QUOTES)
    page = await read_list(database, wanted, reads.list_article_quotes, article_id, wanted, viewer)
    return respond_page(request, page)


@router.get("/{article_id}/entities", response_model=ArticleEntities)
async def list_article_entities(
    article_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """All entities that an article speaks of, and where."""
    entities = await database.read(reads.list_article_entities, article_id, viewer)
    return respond(request, entities, etag="list")
