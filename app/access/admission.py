"""Who may call a route: decided once, before anything of the request is read."""

from typing import TYPE_CHECKING, cast

from fastapi import Request

from app.access.keys import find_viewer
from app.access.usage import KeyUsage
from app.access.viewer import Viewer, anonymous
from app.errors import Forbidden, Unauthenticated
from app.models.key import Scope
from app.web.addresses import client_of
from app.web.requests import tell
from app.web.state import database_of, now, settings_of

if TYPE_CHECKING:
    from app.access.rates import Rates


async def admit(request: Request, scope: str) -> None:
    """Set `request.state.viewer`. Raises Unauthenticated, Forbidden or RateLimited."""
    needed = cast(Scope, scope)  # a route declares one of the four
    try:
        viewer = await find_out(request, needed)
    except Unauthenticated:
        # Whoever tries keys is counted by the address.
        await count(request, needed, None)
        raise
    await count(request, needed, viewer.key_id)
    if needed not in viewer.scopes:
        raise Forbidden(needed)
    request.state.viewer = viewer


async def find_out(request: Request, needed: Scope) -> Viewer:
    """Who asks. Raises Unauthenticated."""
    token, by_query = sent_key(request)
    if token is None:
        if needed != "read" or not settings_of(request).anonymous_reads:
            raise Unauthenticated("Send an API key as Authorization: Bearer.")
        return anonymous(now(request))
    viewer = await database_of(request).read(find_viewer, token, now(request))
    if by_query and needed != "read":
        raise Unauthenticated("A key in the address can only read: send Authorization: Bearer.")
    assert viewer.key_id is not None
    usage: KeyUsage = request.app.state.key_usage
    usage.note(viewer.key_id, viewer.at)
    return viewer


def sent_key(request: Request) -> tuple[str | None, bool]:
    """The key, and whether it stood in the address."""
    sent = [value for name, value in request.scope["headers"] if name == b"authorization"]
    if sent:
        kind, _, token = sent[0].decode("latin-1").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise Unauthenticated("Authorization takes the form: Bearer KEY.")
        return token.strip(), False
    return request.query_params.get("key"), True


async def count(request: Request, needed: Scope, key_id: str | None) -> None:
    """Raises RateLimited."""
    rates: Rates | None = request.app.state.rates
    if rates is None:
        return
    if key_id is None:
        address = client_of(request.scope, settings_of(request).trusted_proxies or ())
        headers = await rates.count("anonymous", address)
    else:
        reads = request.method == "GET" or needed == "read"
        headers = await rates.count("reads" if reads else "writes", key_id)
    tell(request.scope, headers)
