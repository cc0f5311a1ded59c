"""Errors to problem documents (RFC 9457): the one place that makes responses of them."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from app import errors
from app.web.json import dump
from app.web.nearest import unknown
from app.web.state import settings_of

if TYPE_CHECKING:
    from pydantic import ValidationError as PydanticError

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 50

# The values in Pydantic's enumeration of them: 'text', 'html' or 'markdown'.
EXPECTED = re.compile(r"'([^']*)'")


def answer_problem(request: Request, problem: errors.Problem) -> Response:
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(dump(problem_document(request, problem)), problem.status, headers, MEDIA_TYPE)


# Any: a problem has open members
def problem_document(request: Request, problem: errors.Problem) -> dict[str, Any]:
    document: dict[str, Any] = {
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
    return document


def answer_failure(request: Request) -> Response:
    reason = f"The service failed; its log has the reason under {request.scope['request_id']}."
    return answer_problem(request, errors.InternalError(reason))


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


def invalid_content(error: "PydanticError") -> errors.Problem:
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
