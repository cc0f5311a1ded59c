"""What a follower asks for: from where on, how much, and of what."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy import Connection
from starlette.datastructures import QueryParams

from app.access.viewer import Viewer
from app.errors import InvalidHeader
from app.journal.filters import WANTED, Wanted, parse_wanted
from app.journal.positions import Position, extent, parse_position
from app.web.listing import only_once, parameter, refused

MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100
MAX_WAIT_SECONDS = 60
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Asked:
    after: Position
    limit: int
    wait_seconds: int
    wanted: Wanted


AFTER = parameter(
    "after",
    "The position to go on after: a `next_after` or `position` that was answered; `0` is the "
    "beginning, `newest` the end. Nothing: from the oldest that is kept.",
    pattern=r"^(newest|([0-9a-z]{12}-)?(0|[1-9][0-9]{0,18}))$",
)
# Any: OpenAPI is open JSON
LISTED: list[dict[str, Any]] = [
    AFTER,
    parameter(
        "limit",
        "How many changes are answered at most.",
        type="integer",
        minimum=1,
        maximum=MAX_LIMIT,
        default=DEFAULT_LIMIT,
    ),
    parameter(
        "wait",
        "How many seconds to wait for a change, when there is none yet.",
        type="integer",
        minimum=0,
        maximum=MAX_WAIT_SECONDS,
        default=0,
    ),
    *WANTED.values(),
]

LAST_EVENT_ID = "Last-Event-ID"
# Any: OpenAPI is open JSON
STREAMED: list[dict[str, Any]] = [
    {**AFTER, "description": "As for `/v1/changes`; nothing: from now on."},
    parameter(
        "last_event_id",
        "The `id` of the last event that was received, for clients that cannot send the header "
        "`Last-Event-ID`. It goes before `after`.",
        pattern=AFTER["schema"]["pattern"],
    ),
    {
        "name": LAST_EVENT_ID,
        "in": "header",
        "required": False,
        "description": "The same, as it is sent by whoever connects again. It goes before both.",
        "schema": {"type": "string"},
    },
    *WANTED.values(),
]


def parse_asked(connection: Connection, query: QueryParams, viewer: Viewer) -> Asked:
    """Raises InvalidParameter."""
    only_once(query, {"after", "limit", "wait"})
    return Asked(
        after=position_of(connection, query, "after") or extent(connection).beginning,
        limit=parse_number(query, "limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT),
        wait_seconds=parse_number(query, "wait", 0, least=0, most=MAX_WAIT_SECONDS),
        wanted=parse_wanted(connection, query, viewer),
    )


def parse_streamed(
    connection: Connection, request: Request, viewer: Viewer
) -> tuple[Position, Wanted]:
    """From where on, and what. Raises InvalidParameter or InvalidHeader."""
    query = request.query_params
    only_once(query, {"after", "last_event_id"})
    sent = position_sent(request.headers.get(LAST_EVENT_ID))
    after = position_of(connection, query, "after")
    last = position_of(connection, query, "last_event_id")
    end = extent(connection).end
    return sent or last or after or end, parse_wanted(connection, query, viewer)


def position_sent(header: str | None) -> Position | None:
    if not header:
        return None
    try:
        return parse_position(header)
    except ValueError as error:
        detail = str(error)
        raise InvalidHeader(detail, errors=[{"header": LAST_EVENT_ID, "detail": detail}]) from None


def position_of(connection: Connection, query: QueryParams, name: str) -> Position | None:
    """None where none was sent."""
    text = query.get(name)
    if text is None:
        return None
    if text == NEWEST:
        return extent(connection).end
    try:
        return parse_position(text)
    except ValueError as error:
        raise refused(name, str(error)) from None


def parse_number(query: QueryParams, name: str, default: int, *, least: int, most: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise refused(name, f"{name} is a number from {least} to {most}.")
    return int(text)
