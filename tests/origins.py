"""Small web servers beside the service: files that may be read from anywhere, and a stand-in."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

# Shared memory, which the simulator needs, is for pages that are cut off from all other origins;
# and what such a page loads from elsewhere has to say that it may.
ISOLATED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
}


class Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - as its base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".m3u8": "application/vnd.apple.mpegurl",
        ".ts": "video/mp2t",
        ".mjs": "text/javascript",
    }

    def __init__(self, *arguments: Any, headers: Mapping[str, str], **named: Any) -> None:
        self.more_headers = headers
        super().__init__(*arguments, **named)  # it answers the request at once

    def end_headers(self) -> None:
        for name, value in self.more_headers.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Answer:
    """What the stand-in says at an address."""

    body: Any  # a document, or text that is none
    status: int = 200
    delay_seconds: float = 0


@dataclass
class StandIn:
    """A server that knows the addresses it is told, and answers 404 at all others."""

    address: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving_files(folder: Path, headers: Mapping[str, str] = ISOLATED) -> Iterator[str]:
    """The address of a folder's files."""
    handler = partial(Files, directory=folder, headers=headers)
    with listening(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as address:
        yield address


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """A server to tell what to answer."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            stand_in.asked.append(self.path)
            missing = Answer({"title": "Not found", "status": 404}, status=404)
            answer = stand_in.answers.get(self.path, missing)
            time.sleep(answer.delay_seconds)
            text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            body = text.encode()
            is_problem = answer.status >= 400
            self.send_response(answer.status)
            self.send_header(
                "Content-Type", "application/problem+json" if is_problem else "application/json"
            )
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            # A browser may keep an answer that says nothing of it, as 404 and 410.
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with listening(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        stand_in.address = address
        yield stand_in


@contextmanager
def listening(server: ThreadingHTTPServer) -> Iterator[str]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
