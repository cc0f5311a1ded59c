"""A receiver of webhooks on this machine, which answers as a test has it do."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook as Verifier

from tests.builders import Document


@dataclass(frozen=True)
class Received:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def document(self) -> Document:
        document: Document = json.loads(self.body)
        return document

    def is_signed_by(self, secret: str) -> bool:
        """As the library has it, whose own clock it is verified by."""
        verifier = Verifier(secret)
        signatures = self.headers["webhook-signature"].split()
        return any(self.signed(verifier) == one for one in signatures)

    def signed(self, verifier: Verifier) -> str:
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        return verifier.sign(self.id, at, self.body.decode())


Answer = Callable[[BaseHTTPRequestHandler], None]


def answering(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@dataclass
class Receiver:
    """`answers` are given in their order, and `answer` when there are none left."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    answer: Answer = field(default_factory=lambda: answering(204))

    @property
    def events(self) -> list[str]:
        return [one.document["type"] for one in self.received]

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.received]


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # The answer is two segments, the second of which would wait for the first to be confirmed.
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # The sender was killed.
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            answer = receiver.answers.pop(0) if receiver.answers else receiver.answer
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """Who has sent does not wait for the whole answer."""

    server = Server(("127.0.0.1", port), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
