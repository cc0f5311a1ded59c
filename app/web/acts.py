"""What every write takes beside its content: whether it is only tried, and a note on it."""

from typing import Any

from fastapi import Request, Response

from app.database.acts import Act
from app.web.flags import DRY_RUN, parse_flag
from app.web.listing import parameter, refused

MAX_LINE = 500


def line(name: str, description: str) -> dict[str, Any]:  # Any: OpenAPI is open JSON
    return parameter(name, description, minLength=1, maxLength=MAX_LINE)


NOTE = line("note", "What the history is to say of this write: for the desk, never public.")
PUBLIC_NOTE = line("public_note", "What readers are told at its address; else it is not found.")
ACT_PARAMETERS = (DRY_RUN, NOTE)


def act_of_request(request: Request) -> Act:
    """Raises InvalidParameter."""
    return Act(
        actor=request.state.viewer.key_id,
        note=parse_line(request, "note"),
        on_trial=parse_flag(request.query_params, "dry_run"),
        limits=request.state.viewer.limits,
    )


def parse_line(request: Request, name: str) -> str | None:
    """Raises InvalidParameter."""
    given = request.query_params.getlist(name)
    if not given:
        return None
    text = given[0].strip()
    if len(given) > 1 or not 1 <= len(text) <= MAX_LINE or not text.isprintable():
        raise refused(name, f"{name} is one line of 1 to {MAX_LINE} characters, given once.")
    return text


def mark_trial(response: Response) -> None:
    """Say that nothing was saved: what would have been created has no address, and no tag."""
    response.headers["Onrecord-Dry-Run"] = "true"
    for name in ("ETag", "Location"):
        if name in response.headers:
            del response.headers[name]
