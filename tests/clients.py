"""Clients of an application in this process."""

import asyncio
from typing import Any
from urllib.parse import unquote

import httpx2 as httpx
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message


class WholeAnswers(httpx.BaseTransport):
    """Crosses into the application's loop once a request, for the whole answer. Starlette's own
    crosses eight times to give it in parts, which takes longer than most requests."""

    def __init__(self, client: TestClient, address: tuple[str, int]) -> None:
        self.client = client
        self.address = address

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": unquote(request.url.path),
            "raw_path": request.url.raw_path.partition(b"?")[0],
            "query_string": request.url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": self.address,
            "server": (request.url.host, request.url.port or 80),
            "state": self.client.app_state.copy(),
        }
        with self.client._portal_factory() as portal:
            start, parts = portal.call(exchange, self.client.app, scope, content)
        whole = httpx.ByteStream(b"" if request.method == "HEAD" else b"".join(parts))
        return httpx.Response(start["status"], headers=start["headers"], stream=whole)


# Any: ASGI's own
async def exchange(
    app: ASGIApp, scope: dict[str, Any], content: bytes
) -> tuple[Message, list[bytes]]:
    asked = [{"type": "http.request", "body": content}]
    sent: list[Message] = []
    is_whole = asyncio.Event()

    async def receive() -> Message:
        if asked:
            return asked.pop()
        await is_whole.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            is_whole.set()

    await app(scope, receive, send)
    start, *parts = sent
    return start, [one.get("body", b"") for one in parts]


class Client(TestClient):
    """Sends the token of a key, if one is given, and follows no redirects."""

    def __init__(
        self,
        app: ASGIApp,
        token: str | None = None,
        *,
        address: tuple[str, int] = ("testclient", 50000),
    ) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        super().__init__(app, headers=headers, follow_redirects=False)
        self._transport = WholeAnswers(self, address)


def beside(client: TestClient, token: str | None = None) -> Client:
    """Another client of the same application, which runs already."""
    made = Client(client.app, token)
    made.portal = client.portal
    return made
