"""Which problem each exception is: what a handler raised, and what the framework did."""

import logging
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app import errors
from app.web.problems import answer_failure, answer_problem, invalid
from app.web.state import settings_of

log = logging.getLogger("onrecord.errors")


def install_handlers(app: FastAPI) -> None:
    app.add_exception_handler(errors.Problem, on_problem)
    app.add_exception_handler(errors.Moved, on_moved)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(Exception, on_failure)


async def on_failure(request: Request, error: Exception) -> Response:
    """What nobody caught: it is logged as it goes on outwards."""
    return answer_failure(request)


async def on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.Problem)
    return answer_problem(request, error)


async def on_moved(request: Request, error: Exception) -> Response:
    """308 to the same address under the current name, whatever the method."""
    assert isinstance(error, errors.Moved)
    location = address_after(request.url.path, error)
    if request.url.query:
        location += f"?{request.url.query}"
    return Response(status_code=308, headers={"Location": location, "Cache-Control": "no-cache"})


def address_after(path: str, moved: errors.Moved) -> str:
    """The same address under the current name."""
    former = f"/{moved.former_name}"
    start = path.rfind(former)
    return quote(path[:start] + "/" + moved.current_name + path[start + len(former) :])


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
