"""Receive webhooks: verify each by the library of Standard Webhooks, and print what it tells.

    ONRECORD_WEBHOOK_SECRET=whsec_... python examples/webhook_receiver/receiver.py --port 9000

Needs `standardwebhooks`. The verification is the library's: signature, and age up to five minutes.
"""

import argparse
import os
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

MAX_BODY_BYTES = 20_000
# A message may come more than once: so many ids are remembered.
REMEMBERED = 10_000
# Who sends nothing for so long is not waited for.
TIMEOUT_SECONDS = 10


class Receiver:
    def __init__(self, secret: str) -> None:
        self.verifier = Webhook(secret)
        self.seen: OrderedDict[str, None] = OrderedDict()
        # One message after the other: what comes a second time waits for the first.
        self.turn = Lock()

    def receive(self, headers: dict[str, str], body: bytes) -> None:
        """Do once what a message asks for. Raises WebhookVerificationError, and whatever the work
        raises: the message comes again then."""
        message: dict[str, Any] = self.verifier.verify(body, headers)  # Any: what JSON holds
        with self.turn:
            if headers["webhook-id"] in self.seen:
                return
            work(message)
            self.seen[headers["webhook-id"]] = None
            if len(self.seen) > REMEMBERED:
                self.seen.popitem(last=False)


# Any: what JSON holds
def work(message: dict[str, Any]) -> None:
    """What is yours to do."""
    print(message["timestamp"], message["type"], message["data"].get("url"), flush=True)


def handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT_SECONDS

        def do_POST(self) -> None:
            self.send_response(self.answer(self.headers.get("Content-Length", "")))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def answer(self, length: str) -> int:
            if not (length.isascii() and length.isdigit()):
                return 411
            if len(length) > 9 or int(length) > MAX_BODY_BYTES:
                return 413
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                receiver.receive(headers, self.rfile.read(int(length)))
            except (WebhookVerificationError, ValueError):
                return 401
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
