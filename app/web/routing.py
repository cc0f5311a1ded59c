"""What holds for every route of the API: who may call it, and that nothing unknown is passed over.

Access is decided here, before the body is read, so that no route can forget it.
"""

import inspect
from collections import defaultdict
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Mapping,
    Sequence,
)
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import (
    InvalidParameter,
    MalformedRequest,
    NotFound,
    ReadOnly,
    UnsupportedMediaType,
)
from app.web.acts import ACT_PARAMETERS, mark_trial
from app.web.json import dump
from app.web.nearest import unknown
from app.web.negotiation import FORMATS, Formats, accepted
from app.web.state import database_of, settings_of

JSON_TYPES = ("application/json",)
LINES_TYPES = ("application/x-ndjson", "application/jsonl")
PATCH_TYPES = ("application/merge-patch+json", "application/json-patch+json", "application/json")

# Declares, in `openapi_extra`, that a POST changes nothing: its question is too long for a query.
READS_ONLY = "x-reads-only"

# Declares, in `openapi_extra`, the scope of a route that needs another than its method says.
SCOPE = "x-scope"
ADMIN = {SCOPE: "admin"}
DESK = {SCOPE: "preview"}
# Declares, in `openapi_extra`, that lines of JSON are taken and answered, one by one: the handler
# reads the body itself, and bounds it.
LINES = "x-lines"
LINES_FORMATS: Formats = {LINES_TYPES[0]: dump}

# Sets `request.state.viewer`, or raises.
Admit = Callable[[Request, str], Awaitable[None]]


# Any: FastAPI's own signature
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Route(APIRoute):
    """A route of `/v1`. `document` is the type of what it answers, for the documentation alone:
    handlers give bytes, and to have Pydantic understand all types takes a third of the time that
    it takes to build the application."""

    # Any: FastAPI's own options, and a type of whatever kind
    def __init__(self, *given: Any, response_model: Any = None, **options: Any) -> None:
        extra = options.get("openapi_extra") or {}
        if is_write(options.get("methods"), extra):
            listed = [*extra.get("parameters", ()), *ACT_PARAMETERS]
            options["openapi_extra"] = {**extra, "parameters": listed}
        super().__init__(*given, response_model=None, **options)
        is_told = not isinstance(response_model, DefaultPlaceholder)
        self.document = response_model if is_told else None

    def get_route_handler(self) -> Handler:
        return checked(self, super().get_route_handler())


def checked(route: APIRoute, handle: Handler) -> Handler:
    parameters = known_parameters(route)
    scope = scope_of(route)
    writes = is_write(route.methods, route.openapi_extra)
    takes_lines = LINES in (route.openapi_extra or {})

    async def handle_checked(request: Request) -> Response:
        if "\0" in request.scope["path"]:
            raise NotFound("No address holds a NUL character.")
        admit: Admit = request.app.state.admit
        await admit(request, scope)
        if writes and settings_of(request).read_only:
            raise ReadOnly
        check_parameters(request.query_params, parameters)
        if request.method == "GET":
            return await handle(request)
        if request.method == "DELETE" and has_content(request):
            raise MalformedRequest(
                "A DELETE takes no content: what it is told is in the parameters of its address."
            )
        if request.method in ("POST", "PUT", "PATCH"):
            check_media_type(request, LINES_TYPES if takes_lines else types_of(request))
            # Afterwards it would be too late: the change would be kept, and answered with 406.
            accepted(request.headers.get("accept"), LINES_FORMATS if takes_lines else FORMATS)
        if not takes_lines:
            check_length(request)
            request = JsonRequest(request.scope, request.receive)
        response = await handle(request)
        if request.query_params.get("dry_run") == "true":
            mark_trial(response)
        return response

    return handle_checked


class Reads:
    """Answers reads ahead of FastAPI, which looks for all that a handler could name and for all
    that may be done around it, and takes as long for that as a short read does.

    Takes what a `Route` for GET alone answers with nothing but the request, the database, the
    viewer and parts of the path; leaves all else to the application.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[APIRoute]) -> None:
        self.app = app
        self.fixed: dict[str, Handler | None] = {}
        # By the beginning of the path, in the order in which routes are tried.
        self.begun: defaultdict[str, list[tuple[APIRoute, Handler | None]]] = defaultdict(list)
        for route in routes:
            if "GET" in (route.methods or ()):
                handle = direct(route)
                handle = checked(route, handle) if handle else None
                if "{" in route.path:
                    self.begun[beginning_of(route.path)].append((route, handle))
                else:
                    self.fixed[route.path] = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handle = None
        if scope["type"] == "http" and scope["method"] == "GET" and not scope.get("root_path"):
            handle = self.find(scope)
        if handle is None:
            await self.app(scope, receive, send)
        else:
            response = await handle(Request(scope, receive))
            await response(scope, receive, send)

    def find(self, scope: Scope) -> Handler | None:
        path: str = scope["path"]
        if path in self.fixed:
            return self.fixed[path]
        for route, handle in self.begun.get(beginning_of(path), ()):
            match = route.path_regex.match(path)
            if match:
                scope["path_params"] = {
                    name: route.param_convertors[name].convert(value)
                    for name, value in match.groupdict().items()
                }
                return handle
        return None


def beginning_of(path: str) -> str:
    """The version and the collection, as in `/v1/articles/`."""
    return "/".join(path.split("/", 3)[:3])


def direct(route: APIRoute) -> Handler | None:
    """Calls the handler of a read with what it names, parts of the path as they stand. None for a
    handler that names anything else."""
    if route.methods != {"GET"}:
        return None
    named: dict[str, Callable[[Request], Any]] = {}  # Any: what a handler is given
    for name, parameter in inspect.signature(route.endpoint).parameters.items():
        if name in GIVEN:
            named[name] = GIVEN[name]
        elif parameter.annotation is str and f"{{{name}" in route.path:
            named[name] = part_of_path(name)
        else:
            return None

    async def handle(request: Request) -> Response:
        values = {name: read(request) for name, read in named.items()}
        response: Response = await route.endpoint(**values)
        return response

    return handle


def part_of_path(name: str) -> Callable[[Request], str]:
    def read(request: Request) -> str:
        value: str = request.path_params[name]
        return value

    return read


GIVEN: Mapping[str, Callable[[Request], Any]] = {  # Any: what a handler is given
    "request": lambda request: request,
    "database": database_of,
    "viewer": lambda request: request.state.viewer,
}


class JsonRequest(Request):
    """Reads JSON strictly: no NaN, no half of a surrogate pair, no bottomless nesting; and no more
    of it than the settings allow, whatever length was declared."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        limit, size = settings_of(self).max_request_bytes, 0
        async for chunk in super().stream():
            size += len(chunk)
            if size > limit:
                raise HTTPException(413)
            yield chunk

    async def json(self) -> Any:  # Any: what JSON holds
        body = await self.body()
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise MalformedRequest(
                f"The body is not valid JSON: {error.msg} (line {error.lineno}, "
                f"column {error.colno})."
            ) from None


def known_parameters(route: APIRoute) -> frozenset[str]:
    """The query parameters that a route's documentation names."""
    declared = {field.alias for field in route.dependant.query_params}
    extra = (route.openapi_extra or {}).get("parameters", [])
    listed = {parameter["name"] for parameter in extra if parameter["in"] == "query"}
    return frozenset(declared | listed)


def scope_of(route: APIRoute) -> str:
    """The scope that a route needs: the one it declares; else it reads, as its method or
    `READS_ONLY` says, or it writes."""
    declared: str | None = (route.openapi_extra or {}).get(SCOPE)
    if declared is not None:
        return declared
    return "write" if is_write(route.methods, route.openapi_extra) else "read"


# Any: OpenAPI is open JSON
def is_write(methods: Collection[str] | None, declared: dict[str, Any] | None) -> bool:
    return set(methods or ()) != {"GET"} and not reads_only(declared)


def reads_only(declared: dict[str, Any] | None) -> bool:
    """Whether a route or operation whose method could write is declared to read."""
    return bool((declared or {}).get(READS_ONLY))


def check_parameters(given: QueryParams, known: frozenset[str]) -> None:
    for name in given:
        # A key in the address is part of access, and was looked at before.
        if name not in known and name != "key":
            detail = unknown("parameter", name, known)
            raise InvalidParameter(detail, errors=[{"parameter": name, "detail": detail}])


def check_length(request: Request) -> None:
    """Refuse a body that is declared too large before any of it is read."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > settings_of(request).max_request_bytes:
        raise HTTPException(413)


def types_of(request: Request) -> Sequence[str]:
    return PATCH_TYPES if request.method == "PATCH" else JSON_TYPES


def has_content(request: Request) -> bool:
    return (
        "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"
    )


def check_media_type(request: Request, supported: Sequence[str]) -> None:
    declared = request.headers.get("content-type", "")
    if not has_content(request) and not declared:
        return
    media_type, _, parameters = declared.partition(";")
    charset = parameters.lower().partition("charset=")[2].strip(' "')
    if media_type.strip().lower() not in supported or charset not in ("", "utf-8", "utf8"):
        headers = {"Accept-Patch": ", ".join(PATCH_TYPES[:2])} if request.method == "PATCH" else {}
        raise UnsupportedMediaType(
            f"The body is {declared or 'of no declared type'}; send {' or '.join(supported)}.",
            supported=list(supported),
            headers=headers,
        )
