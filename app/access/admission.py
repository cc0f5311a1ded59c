"""Who may call a route: decided once, before anything of the request is read."""

from typing import cast

from fastapi import Request

from app.access.keys import find_viewer
from app.access.viewer import anonymous
from app.errors import Forbidden, Unauthenticated
from app.models.key import Scope
from app.web.state import database_of, now, settings_of


async def admit(request: Request, scope: str) -> None:
    """Set `request.state.viewer`. Raises Unauthenticated or Forbidden."""
    needed = cast(Scope, scope)  # a route declares one of the four
    token, by_query = sent_key(request)
    if token is None:
        if needed != "read" or not settings_of(request).anonymous_reads:
            raise Unauthenticated("Send an API key as Authorization: Bearer.")
        request.state.viewer = anonymous(now(request))
        return
    viewer = await database_of(request).read(find_viewer, token, now(request))
    if viewer is None:
        raise Unauthenticated("The API key is not known, or was revoked.")
    if by_query and needed != "read":
        raise Unauthenticated("A key in the address can only read: send Authorization: Bearer.")
    if needed not in viewer.scopes:
        raise Forbidden(needed)
    request.state.viewer = viewer


def sent_key(request: Request) -> tuple[str | None, bool]:
    """The key, and whether it stood in the address."""
    sent = [value for name, value in request.scope["headers"] if name == b"authorization"]
    if sent:
        kind, _, token = sent[0].decode("latin-1").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise Unauthenticated("Authorization takes the form: Bearer KEY.")
        return token.strip(), False
    return request.query_params.get("key"), True
