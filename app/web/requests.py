"""The outermost layer, in plain ASGI: request ids, HEAD, the access log, and what nobody caught."""

import logging
import re
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import InternalError
from app.models.base import new_id
from app.web.problems import answer_problem

USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

access_log = logging.getLogger("onrecord.access")
log = logging.getLogger("onrecord.errors")


class RequestMiddleware:
    """Gives each request an id (or keeps the one of a proxy), which the answer and the log carry.

    The log holds the path without its query, since a query may hold a key.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if USABLE_ID.fullmatch(given) else new_id()
        scope["request_id"] = request_id
        method = scope["method"]
        if method == "HEAD":
            # A copy: the server looks at its own to know that no body may follow.
            scope = {**scope, "method": "GET"}
        started = time.perf_counter()
        status = 0

        async def send_numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message["headers"])["X-Request-Id"] = request_id
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, send_numbered)
        except Exception:
            log.exception("request %s failed: %s %s", request_id, method, scope["path"])
            if not status:
                detail = f"The service failed; its log has the reason under {request_id}."
                response = answer_problem(Request(scope), InternalError(detail))
                await response(scope, receive, send_numbered)
        if access_log.isEnabledFor(logging.INFO):
            milliseconds = (time.perf_counter() - started) * 1000
            access_log.info(
                "%s %s %s %.1f ms %s", method, scope["path"], status, milliseconds, request_id
            )
