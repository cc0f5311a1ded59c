"""`dry_run=true`: what a change would do, without doing it."""

from starlette.datastructures import QueryParams

from app.errors import InvalidParameter
from app.web.nearest import unknown

DRY_RUN = {
    "name": "dry_run",
    "in": "query",
    "required": False,
    "description": "Answer what the change would do, and save nothing.",
    "schema": {"type": "boolean", "default": False},
}


def parse_dry_run(query: QueryParams) -> bool:
    given = query.getlist("dry_run") or ["false"]
    detail = None
    if len(given) > 1:
        detail = "dry_run is given more than once."
    elif given[0] not in ("true", "false"):
        detail = unknown("value", given[0], ("true", "false"))
    if detail is not None:
        raise InvalidParameter(detail, errors=[{"parameter": "dry_run", "detail": detail}])
    return given[0] == "true"
