"""Which format a client accepts, and the answer in it: 200 or 304, with its validators."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.errors import NotAcceptable
from app.web.conditional import digest_of, is_unchanged
from app.web.fields import ALL, Selection
from app.web.json import dump

JSON = "application/json"
TEXT = "text/plain"

# Any: a document of whatever kind
Format = Callable[[Any], bytes]
Formats = Mapping[str, Format]
FORMATS: Formats = {JSON: dump}

VARY = "Accept, Authorization"


def respond(
    request: Request,
    document: Any,  # Any: a document of whatever kind
    *,
    etag: str,
    formats: Formats = FORMATS,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str | None = None,
) -> Response:
    """`etag` is what comes before the digest in the entity tag, such as `<id>.<revision>`."""
    chosen = media_type or accepted(request.headers.get("accept"), formats)
    body = formats[chosen](document)
    tag = f'"{etag}.{digest_of(body)}"'
    private = request.state.viewer.is_known
    answer = {
        "ETag": tag,
        "Vary": VARY,
        # Every use is checked against the tag, which costs little and is never stale.
        "Cache-Control": "private, no-cache" if private else "public, no-cache",
        **(headers or {}),
    }
    if request.method == "GET" and is_unchanged(request, tag):
        return Response(status_code=304, headers=answer)
    charset = "" if chosen == JSON else "; charset=utf-8"
    # The media type is set as it stands: JSON has no charset parameter.
    return Response(body, status, {**answer, "Content-Type": chosen + charset})


# Any: the document of a resource, with its id and revision
def respond_resource(
    request: Request,
    document: Mapping[str, Any],
    selection: Selection = ALL,
    *,
    formats: Formats = FORMATS,
    media_type: str | None = None,
) -> Response:
    """A resource that was read, or as much of it as the client wants."""
    etag = f"{document['id']}.{document['revision']}"
    shown = selection.trim(document) if media_type in (None, JSON) else document
    return respond(request, shown, etag=etag, formats=formats, media_type=media_type)


def respond_saved(
    request: Request, document: Mapping[str, Any], collection: str, *, created: bool = False
) -> Response:
    """A resource as it was saved: 201 with its address when it is new."""
    headers = {"Location": f"{collection}/{document['id']}"} if created else None
    etag = f"{document['id']}.{document['revision']}"
    status = 201 if created else 200
    return respond(request, document, etag=etag, status=status, headers=headers)


def respond_page(request: Request, page: Mapping[str, Any]) -> Response:
    """A page of a list, with the address of the next one in Link (RFC 8288)."""
    headers = {}
    if page.get("next_cursor"):
        query = [
            (n, v) for n, v in request.query_params.multi_items() if n not in ("cursor", "key")
        ]
        target = f"{request.scope['path']}?{urlencode([*query, ('cursor', page['next_cursor'])])}"
        headers["Link"] = f'<{target}>; rel="next"'
    return respond(request, page, etag="list", headers=headers)


def accepted(header: str | None, formats: Formats) -> str:
    """The media type to answer in: the best that both sides know, the first where all is one.

    Raises NotAcceptable when there is none.
    """
    if header is None or not header.strip():
        return next(iter(formats))
    ranges = [parse_range(part) for part in header.split(",") if part.strip()]
    best, best_quality = None, 0.0
    for media_type in formats:
        quality = quality_of(media_type, ranges)
        if quality > best_quality:
            best, best_quality = media_type, quality
    if best is None:
        supported = list(formats)
        raise NotAcceptable(f"This is served as {', '.join(supported)}.", supported=supported)
    return best


def parse_range(text: str) -> tuple[str, float]:
    media_range, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return media_range, quality


def quality_of(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """The quality of the most specific range that holds the type; 0 when none does."""
    main = media_type.partition("/")[0]
    by_specificity = (media_type, f"{main}/*", "*/*")
    for candidate in by_specificity:
        qualities = [quality for media_range, quality in ranges if media_range == candidate]
        if qualities:
            return max(qualities)
    return 0.0
