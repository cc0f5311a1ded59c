"""The examples that follow the content do so: a receiver of webhooks, and one that purges a CDN."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO

import httpx2 as httpx
import pytest

from app.models.key import Scope
from tests.api.test_webhooks import a_webhook
from tests.builders import Document, an_article
from tests.commands import ROOT
from tests.servers import free_port, serving
from tests.test_webhook_faults import until

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@contextmanager
def running(*command: str, **environment: str) -> Iterator[IO[str]]:
    """What a program prints, while it runs."""
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            yield process.stdout
        finally:
            process.kill()


@contextmanager
def purging() -> Iterator[tuple[str, list[str]]]:
    """The address of a CDN that is purged by POST, and the keys that it was sent."""
    keys: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            keys.extend(self.headers["Surrogate-Key"].split())
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/purge", keys
        server.shutdown()


def post(service: str, path: str, sent: Document, keys: dict[Scope, str]) -> Document:
    headers = {"Authorization": f"Bearer {keys['admin']}"}
    answer = httpx.post(f"{service}{path}", json=sent, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text
    document: Document = answer.json()
    return document


@on_sqlite
def test_the_receiver_takes_what_is_signed_and_nothing_else(
    database_url: str, keys: dict[Scope, str]
) -> None:
    program, port = "examples/webhook_receiver/receiver.py", free_port()
    url = f"http://127.0.0.1:{port}/"
    with serving(database_url, webhook_loopback="true") as [service]:
        secret = post(service, "/v1/webhooks", a_webhook(url=url), keys)["secret"]
        with running(program, "--port", str(port), ONRECORD_WEBHOOK_SECRET=secret) as printed:
            assert printed.readline() == f"receiving at {url}\n"
            forged = httpx.post(url, content=b'{"type": "article.deleted"}')
            article = post(service, "/v1/articles", an_article(section=None), keys)
            told = printed.readline()

    assert forged.status_code == 401
    assert told.split()[1:] == ["article.published", f"/v1/articles/{article['id']}"]


@on_sqlite
def test_what_changed_is_purged_by_its_surrogate_keys(
    database_url: str, keys: dict[Scope, str], tmp_path: object
) -> None:
    state = f"{tmp_path}/after.txt"
    with serving(database_url) as [service], purging() as (cdn, purged):
        with running("examples/cdn_purge/purge.py", service, cdn, "--state", state):
            until(lambda: os.path.exists(state))
            first = post(service, "/v1/articles", an_article(), keys)
            until(lambda: first["id"] in purged)
        second = post(service, "/v1/articles", an_article(), keys)
        with running("examples/cdn_purge/purge.py", service, cdn, "--state", state):
            until(lambda: second["id"] in purged)
        shown = httpx.get(f"{service}/v1/articles/{second['id']}", timeout=60)
        listed = httpx.get(f"{service}/v1/articles", timeout=60)

    # What each answer is known by at the CDN was purged.
    for answer in (shown, listed):
        assert set(answer.headers["Surrogate-Key"].split()) & set(purged)
    assert {"articles", "feeds", "search"} <= set(purged)
