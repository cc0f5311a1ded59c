"""Parameters that are true or false."""

from typing import Any

from starlette.datastructures import QueryParams

from app.web.listing import parameter, refused
from app.web.nearest import unknown


def flag(name: str, description: str) -> dict[str, Any]:  # Any: OpenAPI is open JSON
    return parameter(name, description, type="boolean", default=False)


def parse_flag(query: QueryParams, name: str) -> bool:
    given = query.getlist(name) or ["false"]
    detail = None
    if len(given) > 1:
        detail = f"{name} is given more than once."
    elif given[0] not in ("true", "false"):
        detail = unknown("value", given[0], ("true", "false"))
    if detail is not None:
        raise refused(name, detail)
    return given[0] == "true"


DRY_RUN = flag("dry_run", "Answer what the change would do, and save nothing.")
