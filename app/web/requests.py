"""The outermost layer, in plain ASGI: request ids, HEAD, the access log, and what nobody caught."""

import logging
import re
import time
from collections.abc import Mapping, Sequence
from random import Random

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.problems import answer_failure

USABLE_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

# Of a request: that its answer is to have no body, however it is made.
IS_HEAD = "is_head"
# Of a request: headers that its answer is to have, and none that is kept of it.
TOLD = "told"

access_log = logging.getLogger("onrecord.access")
log = logging.getLogger("onrecord.errors")


class RequestMiddleware:
    """Gives each request an id (or keeps the one of a proxy), which the answer and the log carry.

    The log holds the path without its query, since a query may hold a key. `always` are headers of
    every answer.
    """

    def __init__(self, app: ASGIApp, always: Sequence[tuple[bytes, bytes]] = ()) -> None:
        self.app = app
        self.always = always
        # Told apart from other processes' by chance; nobody is kept from guessing them.
        self.chance = Random()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = given_id(scope) or b"%016x" % self.chance.getrandbits(64)
        request_id = scope["request_id"] = number.decode()
        told: list[tuple[bytes, bytes]] = []
        scope[TOLD] = told
        method = scope["method"]
        if method == "HEAD":
            # A copy: the server looks at its own to know that no body may follow.
            scope = {**scope, "method": "GET", IS_HEAD: True}
        is_logged = access_log.isEnabledFor(logging.INFO)
        started = time.perf_counter() if is_logged else 0.0
        status = 0

        async def send_numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] += (*self.always, *told, (b"x-request-id", number))
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, send_numbered)
        except Exception:
            log.exception("request %s failed: %s %s", request_id, method, scope["path"])
            if not status:
                await answer_failure(Request(scope))(scope, receive, send_numbered)
        if is_logged:
            milliseconds = (time.perf_counter() - started) * 1000
            access_log.info(
                "%s %s %s %.1f ms %s", method, scope["path"], status, milliseconds, request_id
            )


def tell(scope: Scope, headers: Mapping[str, str]) -> None:
    """Have the answer to this request say something that is not for others."""
    for name, value in headers.items():
        scope[TOLD].append((name.lower().encode(), value.encode()))


def given_id(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given: bytes = value
            return given if USABLE_ID.fullmatch(given) else None
    return None
