"""What every write takes beside its content: whether it is only tried, and a note on it."""

from typing import Any

from fastapi import Request, Response

from app.database.acts import Act
from app.errors import InvalidParameter
from app.web.flags import DRY_RUN, parse_flag

MAX_NOTE = 500

NOTE: dict[str, Any] = {  # Any: OpenAPI is open JSON
    "name": "note",
    "in": "query",
    "required": False,
    "description": "What the history is to say of this write: for the desk, never public.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_NOTE},
}
ACT_PARAMETERS = (DRY_RUN, NOTE)


def act_of_request(request: Request) -> Act:
    """Raises InvalidParameter."""
    return Act(
        actor=request.state.viewer.key_id,
        note=parse_note(request),
        on_trial=parse_flag(request.query_params, "dry_run"),
    )


def parse_note(request: Request) -> str | None:
    given = request.query_params.getlist("note")
    if not given:
        return None
    note = given[0].strip()
    if len(given) > 1 or not 1 <= len(note) <= MAX_NOTE or not note.isprintable():
        detail = f"note is one line of 1 to {MAX_NOTE} characters, given once."
        raise InvalidParameter(detail, errors=[{"parameter": "note", "detail": detail}])
    return note


def mark_trial(response: Response) -> None:
    """Say that nothing was saved: what would have been created has no address, and no tag."""
    response.headers["Onrecord-Dry-Run"] = "true"
    for name in ("ETag", "Location"):
        if name in response.headers:
            del response.headers[name]
