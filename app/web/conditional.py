"""Conditional requests (RFC 9110 section 13): entity tags, 304, 412 and 428.

A tag is `"<id>.<revision>.<digest>"`. The digest is of the bytes, so that the tag changes with all
that is shown. If-Match holds when id and revision do, so that a rename elsewhere refuses nobody's
edit; `"<id>.<revision>"`, built from a document, holds as well.
"""

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, Protocol

from starlette.requests import Request

from app.errors import InvalidHeader, PreconditionFailed, PreconditionRequired

TAG = re.compile(r'\s*(?P<weak>W/)?"(?P<opaque>[\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')

# Of a change that needs no precondition, in OpenAPI.
OPTIONAL_MATCH: dict[str, Any] = {  # Any: OpenAPI is open JSON
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The entity tag that was read. Not needed; if it is sent, it has to hold.",
    "schema": {"type": "string"},
}


class Versioned(Protocol):
    id: str
    revision: int


def digest_of(body: bytes) -> str:
    return blake2b(body, digest_size=6).hexdigest()


def tags(header: str, *, name: str) -> Iterator[tuple[str, bool]]:
    """The opaque tags of a header and whether each is weak; tags may hold commas."""
    position = 0
    while position < len(header):
        match = TAG.match(header, position)
        if match is None:
            detail = f'{name} is a list of quoted entity tags, such as "01k….2.5f0c", or *.'
            raise InvalidHeader(detail, errors=[{"header": name, "detail": detail}])
        yield match["opaque"], match["weak"] is not None
        position = match.end()


def is_unchanged(request: Request, etag: str) -> bool:
    """Whether the client has this representation already (If-None-Match compares weakly)."""
    header = request.headers.get("if-none-match")
    if header is None:
        return False
    if header.strip() == "*":
        return True
    opaque = etag.strip('"')
    return any(tag == opaque for tag, _ in tags(header, name="If-None-Match"))


class Precondition:
    """What a change demands of the present state: If-Match, or `If-None-Match: *`."""

    def __init__(self, if_match: str | None, if_none_match: str | None) -> None:
        self.if_match = if_match
        self.creates = if_none_match is not None and if_none_match.strip() == "*"
        if if_none_match is not None and not self.creates:
            detail = "On a write, If-None-Match takes only *: create, but replace nothing."
            raise InvalidHeader(detail, errors=[{"header": "If-None-Match", "detail": detail}])

    def require(self, resource: Versioned) -> None:
        """Raise unless the client changes what it has read."""
        current = f"{resource.id}.{resource.revision}"
        # Any: members of a problem document
        state: dict[str, Any] = {
            "current_etag": f'"{current}"',
            "current_revision": resource.revision,
        }
        headers = {"ETag": f'"{current}"'}
        if self.creates:
            raise PreconditionFailed(f"There is {resource.id} already.", headers=headers, **state)
        if self.if_match is None:
            raise PreconditionRequired(
                "Send If-Match with the ETag that you read.", headers=headers, **state
            )
        if self.if_match.strip() == "*":
            return
        # Weak tags never match: they do not name one state.
        named = (tag for tag, weak in tags(self.if_match, name="If-Match") if not weak)
        if not any(".".join(tag.split(".")[:2]) == current for tag in named):
            raise PreconditionFailed(
                f"The resource is at revision {resource.revision} now: read it again.",
                headers=headers,
                **state,
            )

    def require_what_was_sent(self, resource: Versioned) -> None:
        """The same for a change that needs no precondition."""
        if self.creates or self.if_match is not None:
            self.require(resource)

    def require_absent(self) -> None:
        """Raise unless the client means to create."""
        if self.if_match is not None:
            raise PreconditionFailed("There is nothing here that If-Match could name.")
        if not self.creates:
            raise PreconditionRequired(
                "There is nothing here yet: send If-None-Match: * to create it."
            )


def precondition_of(request: Request) -> Precondition:
    return Precondition(request.headers.get("if-match"), request.headers.get("if-none-match"))
