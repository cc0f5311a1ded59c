"""Receive webhooks: verify each by the library of Standard Webhooks, and print what it tells.

    ONRECORD_WEBHOOK_SECRET=whsec_... python examples/webhook_receiver/receiver.py --port 9000

Needs `standardwebhooks`. The verification is the library's: signature, and age up to five minutes.
"""

import argparse
import os
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

MAX_BODY_BYTES = 20_000
# A message may come more than once: so many ids are remembered.
REMEMBERED = 10_000


class Receiver:
    def __init__(self, secret: str) -> None:
        self.verifier = Webhook(secret)
        self.seen: OrderedDict[str, None] = OrderedDict()

    # Any: what JSON holds
    def receive(self, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        """The message; None when it came before. Raises WebhookVerificationError."""
        message: dict[str, Any] = self.verifier.verify(body, headers)
        known = headers["webhook-id"]
        if known in self.seen:
            return None
        self.seen[known] = None
        if len(self.seen) > REMEMBERED:
            self.seen.popitem(last=False)
        return message


def handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.send_response(self.answer(length))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def answer(self, length: int) -> int:
            if length > MAX_BODY_BYTES:
                return 413
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                message = receiver.receive(headers, self.rfile.read(length))
            except (WebhookVerificationError, ValueError):
                return 401
            if message is not None:
                print(message["timestamp"], message["type"], message["data"].get("url"), flush=True)
            return 204

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description="Receive webhooks, and print what they tell.")
    parser.add_argument("--port", type=int, default=9000)
    port = parser.parse_args().port
    receiver = Receiver(os.environ["ONRECORD_WEBHOOK_SECRET"])
    with ThreadingHTTPServer(("127.0.0.1", port), handler_of(receiver)) as server:
        print(f"receiving at http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
