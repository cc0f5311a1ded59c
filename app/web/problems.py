"""Errors to problem documents (RFC 9457): the one place that makes responses of them."""

import logging
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError as PydanticError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app import errors
from app.web.json import dump
from app.web.nearest import unknown
from app.web.state import settings_of

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 50

# The values in Pydantic's enumeration of them: 'text', 'html' or 'markdown'.
EXPECTED = re.compile(r"'([^']*)'")

log = logging.getLogger("onrecord.errors")


def answer_problem(request: Request, problem: errors.Problem) -> Response:
    document: dict[str, Any] = {  # Any: a problem has open members
        "type": settings_of(request).problems_url + problem.code,
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "request_id": request.scope.get("request_id", ""),
        **problem.members,
    }
    if problem.errors:
        document["errors"] = problem.errors
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(dump(document), problem.status, headers, MEDIA_TYPE)


def install_handlers(app: FastAPI) -> None:
    app.add_exception_handler(errors.Problem, on_problem)
    app.add_exception_handler(errors.Moved, on_moved)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(Exception, on_failure)


async def on_failure(request: Request, error: Exception) -> Response:
    """What nobody caught: it is logged as it goes on outwards."""
    return answer_failure(request)


def answer_failure(request: Request) -> Response:
    reason = f"The service failed; its log has the reason under {request.scope['request_id']}."
    return answer_problem(request, errors.InternalError(reason))


async def on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.Problem)
    return answer_problem(request, error)


async def on_moved(request: Request, error: Exception) -> Response:
    """308 to the same address under the current name, whatever the method."""
    assert isinstance(error, errors.Moved)
    path = request.url.path
    former = f"/{error.former_name}"
    start = path.rfind(former)
    location = quote(path[:start] + "/" + error.current_name + path[start + len(former) :])
    if request.url.query:
        location += f"?{request.url.query}"
    return Response(status_code=308, headers={"Location": location, "Cache-Control": "no-cache"})


async def on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer_problem(request, invalid(error.errors()))


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What the framework raises by itself: unknown addresses and methods, bodies too large."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        problem: errors.Problem = errors.NotFound(f"There is nothing at {request.url.path}.")
    elif error.status_code == 405:
        return answer_method(request)
    elif error.status_code == 413:
        limit = settings_of(request).max_request_bytes
        problem = errors.ContentTooLarge(f"The request body is over the limit of {limit} bytes.")
    elif error.status_code == 400:
        problem = errors.MalformedRequest("The body cannot be read.")
        if isinstance(error.__cause__, errors.Problem):
            # What was wrong with the body, which the framework hides behind an error of its own.
            problem = error.__cause__
    else:
        log.error("unexpected HTTP exception %s", error.status_code, exc_info=error)
        problem = errors.InternalError(HTTPStatus(error.status_code).phrase)
    return answer_problem(request, problem)


def answer_method(request: Request) -> Response:
    """405, or to OPTIONS an empty answer, naming all methods that the address takes."""
    allowed = {"OPTIONS"}
    for route in request.app.routes:
        match, _ = route.matches({**request.scope, "method": "GET"})
        if match is not Match.NONE:
            allowed |= getattr(route, "methods", None) or set()
    if "GET" in allowed:
        allowed.add("HEAD")
    allow = {"Allow": ", ".join(sorted(allowed))}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    detail = f"{request.method} is not allowed here; {allow['Allow']} are."
    return answer_problem(request, errors.MethodNotAllowed(detail, headers=allow))


# Any: Pydantic's error dictionaries hold any input
def invalid(found: Iterable[Mapping[str, Any]]) -> errors.Problem:
    """The problem that Pydantic's errors stand for, with a JSON pointer to each field at fault."""
    places = []
    for error in found:
        where, *location = error["loc"]
        if where != "body":
            parameter = str(location[0]) if location else str(where)
            return errors.InvalidParameter(
                f"{parameter}: {error['msg']}",
                errors=[{"parameter": parameter, "detail": error["msg"]}],
            )
        places.append({"pointer": pointer(location), "detail": sentence(error)})
    if not places:
        return errors.ValidationError("The content is not valid.")
    more = len(places) - MAX_ERRORS
    first = places[0]
    detail = f"{first['pointer'] or 'The body'}: {first['detail']}"
    if len(places) > 1:
        detail += f" ({len(places)} errors in all)"
    kept = places if more <= 0 else places[:MAX_ERRORS]
    return errors.ValidationError(detail, errors=kept)


def invalid_content(error: PydanticError) -> errors.Problem:
    """The same for content that was validated outside FastAPI, such as a patched document."""
    return invalid(
        [{**item, "loc": ("body", *item["loc"])} for item in error.errors(include_url=False)]
    )


def pointer(location: Iterable[Any]) -> str:  # Any: keys and indexes
    """A JSON pointer (RFC 6901), without the names of union branches that Pydantic inserts."""
    parts = [str(part) for part in location if not is_branch(part)]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def is_branch(part: object) -> bool:
    """Branches of unions are tagged with a leading dot, so that they can be told from fields."""
    return isinstance(part, str) and part.startswith(".")


def sentence(error: Mapping[str, Any]) -> str:
    """What is wrong with a field, in words for the person who wrote the client."""
    kind = error["type"]
    if kind == "missing":
        return "The field is required."
    if kind in ("string_unicode", "json_invalid"):
        return "The text holds characters that are not Unicode text."
    if kind == "literal_error" and isinstance(error["input"], str):
        return unknown("value", error["input"], EXPECTED.findall(error["ctx"]["expected"]))
    if kind in ("string_too_long", "too_long") and isinstance(error["input"], str):
        return f"The text has more than {error['ctx']['max_length']} characters."
    message = str(error["msg"]).removeprefix("Value error, ")
    return message if message.endswith((".", "?", "!")) else message + "."
