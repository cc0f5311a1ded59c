"""What holds for every route of the API: who may call it, and that nothing unknown is passed over.

Access is decided here, before the body is read, so that no route can forget it.
"""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from app.errors import InvalidParameter, MalformedRequest, NotFound, UnsupportedMediaType
from app.web.nearest import unknown
from app.web.negotiation import FORMATS, accepted
from app.web.state import database_of, settings_of

JSON_TYPES = ("application/json",)
PATCH_TYPES = ("application/merge-patch+json", "application/json-patch+json", "application/json")

# Declares, in `openapi_extra`, that a POST changes nothing: its question is too long for a query.
READS_ONLY = "x-reads-only"

# Sets `request.state.viewer`, or raises.
Admit = Callable[[Request, str], Awaitable[None]]


class Route(APIRoute):
    """A route of `/v1`."""

    # Any: FastAPI's own signature
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = direct(self) or super().get_route_handler()
        parameters = known_parameters(self)
        scope = scope_of(self)

        async def handle_checked(request: Request) -> Response:
            if "\0" in request.url.path:
                raise NotFound("No address holds a NUL character.")
            admit: Admit = request.app.state.admit
            await admit(request, scope)
            check_parameters(request.query_params, parameters)
            if request.method in ("POST", "PUT", "PATCH"):
                check_media_type(request)
                check_length(request)
                # Afterwards it would be too late: the change would be kept, and answered with 406.
                accepted(request.headers.get("accept"), FORMATS)
            return await handle(JsonRequest(request.scope, request.receive))

        return handle_checked


def direct(route: APIRoute) -> Callable[[Request], Coroutine[Any, Any, Response]] | None:
    """Calls the handler of a read with what it names: the request, the database, the viewer and
    parts of the path as they stand. FastAPI, which looks for all that a handler could name, takes
    as long as a short read does. None for a handler that names anything else."""
    if route.methods != {"GET"}:
        return None
    named: dict[str, Callable[[Request], Any]] = {}  # Any: what a handler is given
    for name, parameter in inspect.signature(route.endpoint).parameters.items():
        if name in GIVEN:
            named[name] = GIVEN[name]
        elif parameter.annotation is str and f"{{{name}" in route.path:
            named[name] = itemgetter_of(name)
        else:
            return None

    async def handle(request: Request) -> Response:
        values = {name: read(request) for name, read in named.items()}
        response: Response = await route.endpoint(**values)
        return response

    return handle


def itemgetter_of(name: str) -> Callable[[Request], str]:
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
    """The scope that a route needs: it reads, as its method or `READS_ONLY` says, or it writes."""
    return "read" if route.methods == {"GET"} or reads_only(route.openapi_extra) else "write"


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


def check_media_type(request: Request) -> None:
    declared = request.headers.get("content-type", "")
    has_body = "transfer-encoding" in request.headers or (
        request.headers.get("content-length", "0") != "0"
    )
    if not has_body and not declared:
        return
    media_type, _, parameters = declared.partition(";")
    supported = PATCH_TYPES if request.method == "PATCH" else JSON_TYPES
    charset = parameters.lower().partition("charset=")[2].strip(' "')
    if media_type.strip().lower() not in supported or charset not in ("", "utf-8", "utf8"):
        headers = {"Accept-Patch": ", ".join(PATCH_TYPES[:2])} if request.method == "PATCH" else {}
        raise UnsupportedMediaType(
            f"The body is {declared or 'of no declared type'}; send {' or '.join(supported)}.",
            supported=list(supported),
            headers=headers,
        )
