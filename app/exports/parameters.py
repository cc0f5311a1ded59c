"""What a client asks of an export, and of digests."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import QueryParams

from app.exports.kinds import COMPARED, COPIED
from app.models.base import is_id
from app.web.listing import only_once, parameter, refused
from app.web.nearest import unknown

MOST_COPIES, COPIES = 200, 100
MOST_BUCKETS, BUCKETS = 256, 64
ID = "^[0-9a-z]{26}$"


def whole_number(name: str, text: str, *, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= most):
        raise refused(name, f"{name} is a number from 1 to {most}.")
    return int(text)


def number_parameter(name: str, description: str, *, most: int, default: int) -> dict[str, Any]:
    return parameter(name, description, type="integer", minimum=1, maximum=most, default=default)


def resource_parameter(kinds: Collection[str]) -> dict[str, Any]:
    described = parameter("resource", "Which resources.", enum=list(kinds))
    return {**described, "required": True}


AFTER = parameter("after", "Only those whose id is above this one.", pattern=ID)
# Any: OpenAPI is open JSON
EXPORT_PARAMETERS: dict[str, Any] = {
    "parameters": [
        resource_parameter(COPIED),
        AFTER,
        number_parameter("limit", "How many at most.", most=MOST_COPIES, default=COPIES),
        parameter(
            "id",
            f"Only those with these ids, up to {MOST_COPIES} between commas, and neither `after` "
            "nor `limit`.",
            pattern="^[0-9a-z]{26}(,[0-9a-z]{26})*$",
        ),
    ]
}
DIGEST_PARAMETERS: dict[str, Any] = {
    "parameters": [
        resource_parameter(COMPARED),
        AFTER,
        parameter("until", "Only those whose id is not above this one.", pattern=ID),
        number_parameter(
            "buckets", "Into how many ranges at most.", most=MOST_BUCKETS, default=BUCKETS
        ),
    ]
}


@dataclass(frozen=True)
class ExportRequest:
    """`ids` are those that are asked for by name, None where a page is."""

    resource: str
    after: str
    limit: int
    ids: Sequence[str] | None


@dataclass(frozen=True)
class DigestRequest:
    resource: str
    after: str
    until: str | None
    buckets: int


def parse_export(request: Request) -> ExportRequest:
    """Raises InvalidParameter."""
    query = request.query_params
    only_once(query, {"resource", "after", "limit", "id"})
    limit = whole_number("limit", query.get("limit", str(COPIES)), most=MOST_COPIES)
    return ExportRequest(
        parse_resource(query, COPIED), parse_id(query, "after") or "", limit, parse_ids(query)
    )


def parse_digests(request: Request) -> DigestRequest:
    """Raises InvalidParameter."""
    query = request.query_params
    only_once(query, {"resource", "after", "until", "buckets"})
    buckets = whole_number("buckets", query.get("buckets", str(BUCKETS)), most=MOST_BUCKETS)
    return DigestRequest(
        parse_resource(query, COMPARED),
        parse_id(query, "after") or "",
        parse_id(query, "until"),
        buckets,
    )


def parse_resource(query: QueryParams, kinds: Collection[str]) -> str:
    resource = query.get("resource")
    if resource is None:
        raise refused("resource", f"resource is one of {', '.join(kinds)}.")
    if resource not in kinds:
        raise refused("resource", unknown("value", resource, kinds))
    return resource


def parse_id(query: QueryParams, name: str) -> str | None:
    text = query.get(name)
    if text is not None and not is_id(text):
        raise refused(name, f"{name} is the id of a resource.")
    return text


def parse_ids(query: QueryParams) -> Sequence[str] | None:
    text = query.get("id")
    if text is None:
        return None
    if "after" in query or "limit" in query:
        raise refused("id", "Ids are asked for without after and limit.")
    ids = text.split(",")
    if len(ids) > MOST_COPIES or not all(map(is_id, ids)):
        raise refused("id", f"id takes 1 to {MOST_COPIES} ids between commas.")
    return ids
