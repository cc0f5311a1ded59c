"""Clients of an application in this process."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import httpx2 as httpx
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

# Any: ASGI's own
Scope = dict[str, Any]
Headers = Sequence[tuple[bytes, bytes]]


class WholeAnswers(httpx.BaseTransport):
    """Crosses into the application's loop once a request, for the whole answer. Starlette's own
    crosses eight times to give it in parts, which takes longer than most requests."""

    def __init__(self, client: TestClient, address: tuple[str, int]) -> None:
        self.client = client
        self.address = address

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        scope = scope_of(request.method, urlsplit(str(request.url)), headers, self.address)
        scope["state"] = self.client.app_state.copy()
        content = request.read()
        with self.client._portal_factory() as portal:
            start, parts = portal.call(exchange, self.client.app, scope, content)
        whole = httpx.ByteStream(b"" if request.method == "HEAD" else b"".join(parts))
        return httpx.Response(start["status"], headers=start["headers"], stream=whole)


def scope_of(method: str, url: SplitResult, headers: Headers, address: tuple[str, int]) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": url.scheme,
        "path": unquote(url.path),
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "root_path": "",
        "headers": headers,
        "client": address,
        "server": (url.hostname, url.port or 80),
    }


async def exchange(app: ASGIApp, scope: Scope, content: bytes) -> tuple[Message, list[bytes]]:
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


@dataclass(frozen=True, slots=True)
class Answer:
    """To a GET; the names of its headers are lowercase."""

    address: str
    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def url(self) -> SplitResult:
        return urlsplit(self.address)

    # Any: whatever was answered
    def json(self) -> Any:
        return json.loads(self.content)


def get_each(client: TestClient, addresses: Sequence[str]) -> Iterator[Answer]:
    """Of one after the other, for whoever asks for thousands: with less ado than `client.get`."""
    with client._portal_factory() as portal:
        for address in addresses:
            url = urlsplit(f"http://testserver{address}")
            scope = scope_of("GET", url, [(b"host", b"testserver")], ("testclient", 50000))
            start, parts = portal.call(exchange, client.app, scope, b"")
            headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
            yield Answer(address, start["status"], headers, b"".join(parts))
