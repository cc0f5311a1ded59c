"""Parameters that are true or false."""

from typing import Any

from starlette.datastructures import QueryParams

from app.errors import InvalidParameter
from app.web.nearest import unknown


def flag(name: str, description: str) -> dict[str, Any]:  # Any: OpenAPI is open JSON
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "boolean", "default": False},
    }


def parse_flag(query: QueryParams, name: str) -> bool:
    given = query.getlist(name) or ["false"]
    detail = None
    if len(given) > 1:
        detail = f"{name} is given more than once."
    elif given[0] not in ("true", "false"):
        detail = unknown("value", given[0], ("true", "false"))
    if detail is not None:
        raise InvalidParameter(detail, errors=[{"parameter": name, "detail": detail}])
    return given[0] == "true"


DRY_RUN = flag("dry_run", "Answer what the change would do, and save nothing.")
