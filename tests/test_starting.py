"""What a server process does before all of it is built, and when that fails."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx2 as httpx
import pytest
from starlette.datastructures import State
from starlette.testclient import TestClient

from app import api
from app.articles.rendering import keep_rendered
from app.database.session import Database
from app.main import prepare_app
from app.models.key import Scope
from app.settings import Settings
from app.web.deferred import Built
from tests.builders import an_article, created, problem_of
from tests.commands import ROOT
from tests.conftest import NOW, Clock
from tests.servers import at_once, free_port, serving

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

# The server itself, in which nothing but a request has FastAPI built; and what it has loaded when
# it has answered one.
ASKED = """
import asyncio, http.client, json, os, sys, threading, time
from app.__main__ import main
from app.web.application import Application

async def never(self, seconds):
    await asyncio.Event().wait()

def ask(port, path):
    deadline = time.monotonic() + 60
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", path)
            break
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    response = connection.getresponse()
    response.read()
    print(json.dumps([response.status, sorted(sys.modules)]), flush=True)
    os._exit(0)

Application.built_soon = never
port, path = int(sys.argv[1]), sys.argv[2]
threading.Thread(target=ask, args=(port, path)).start()
sys.argv = ["onrecord", "serve", "--port", str(port)]
main()
"""

# The server itself, from which a part is missing.
BROKEN = """
import sys
from app.__main__ import main

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "app.quotes.routes":
            raise RuntimeError("a part is missing")

sys.meta_path.insert(0, Missing())
sys.argv = ["onrecord", "serve", "--port", sys.argv[1]]
main()
"""
HEAVY = {"alembic", "fastapi", "jsonpatch", "langcodes", "lark", "lxml", "markdown_it", "nh3"}
HEAVY |= {"greenlet", "pydantic", "rapidfuzz", "regex", "rich", "slugify", "spacy", "typer"}


def environment_for(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "ONRECORD_DATABASE_URL": url,
        "ONRECORD_PUBLIC_URL": "https://news.example",
    }


def test_a_rendered_article_is_answered_before_fastapi_is_loaded(
    database: Database, database_kind: str, database_url: str, client: TestClient
) -> None:
    article = created(client.post("/v1/articles", json=an_article()))
    database.write_now(keep_rendered, [article["id"]], NOW)

    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(free_port()), f"/v1/articles/{article['id']}"],
        cwd=ROOT, env=environment_for(database_url), capture_output=True, text=True, check=True,
    )  # fmt: skip

    status, modules = json.loads(done.stdout.splitlines()[-1])
    packages = {name.partition(".")[0] for name in modules}
    assert status == 200
    assert packages & HEAVY == set()
    assert {"app.api", "app.articles.reads", "app.search"} & set(modules) == set()
    assert ("psycopg" in packages) == (database_kind == "postgresql")


def test_requests_that_come_first_are_all_answered(
    database_url: str, keys: dict[Scope, str]
) -> None:
    headers = {"Authorization": f"Bearer {keys['write']}"}
    with serving(database_url) as [address], httpx.Client(base_url=address, timeout=60) as client:
        requests = [client.build_request("GET", "/v1/articles?limit=1") for _ in range(8)]
        requests += [client.build_request("GET", "/readyz") for _ in range(2)]
        posts = [
            client.build_request("POST", "/v1/articles", json=an_article(), headers=headers)
            for _ in range(2)
        ]

        answers = at_once([(client, one) for one in requests + posts])

    assert [one.status_code for one in answers] == [200] * 10 + [201] * 2


@on_sqlite
def test_several_workers_are_all_answering(database_url: str) -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--workers", "2", "--port", str(port)],
        cwd=ROOT, env=environment_for(database_url), stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        address = f"http://127.0.0.1:{port}/readyz"
        answers = [first_answer(process, address) for _ in range(8)]
        process.terminate()
        _, log = process.communicate(timeout=30)

    assert [one.status_code for one in answers] == [200] * 8
    assert "Traceback" not in log


def test_a_server_is_healthy_at_once_and_ready_when_all_is_built(
    settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_build, build = Event(), api.build_api

    def build_later(state: State) -> Built:
        assert may_build.wait(10)
        return build(state)

    monkeypatch.setattr(api, "build_api", build_later)
    with TestClient(prepare_app(settings, clock=clock)) as client, ThreadPoolExecutor(1) as other:
        readiness = other.submit(client.get, "/readyz")
        health = [client.get("/healthz"), client.head("/healthz")]
        time.sleep(0.1)
        was_ready = readiness.done()
        may_build.set()

        assert [one.status_code for one in health] == [200, 200]
        assert health[0].json() == {"status": "ok"}
        assert not was_ready
        assert readiness.result(10).status_code == 200


def test_it_is_built_though_nobody_asks(settings: Settings, clock: Clock) -> None:
    app = prepare_app(settings, clock=clock)
    with TestClient(app):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not app.inner.is_built:
            time.sleep(0.05)

    assert app.inner.is_built


@on_sqlite
def test_a_server_stops_while_it_is_built(
    settings: Settings,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    may_build, has_built = Event(), Event()

    def build(state: object) -> Built:
        assert may_build.wait(10)
        has_built.set()
        raise RuntimeError("too late")

    monkeypatch.setattr(api, "build_api", build)
    app = prepare_app(settings, clock=clock)
    with TestClient(app) as client:
        client.get("/healthz")  # after the first answer it is built
        while app.inner.building is None:
            time.sleep(0.01)
    may_build.set()

    assert has_built.wait(10)
    assert caplog.records == []


@on_sqlite
def test_a_server_that_cannot_be_built_says_so_and_ends(database_url: str) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [sys.executable, "-c", BROKEN, str(port)],
        cwd=ROOT, env=environment_for(database_url), stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        answer = first_answer(process, address + "/readyz")
        _, log = process.communicate(timeout=30)

    assert problem_of(answer) == (500, "internal-error")
    assert "the service cannot be built" in log
    assert "RuntimeError: a part is missing" in log
    assert process.returncode == 1


def first_answer(process: "subprocess.Popen[str]", address: str) -> httpx.Response:
    deadline = time.monotonic() + 60
    while True:
        try:
            return httpx.get(address, timeout=30)
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("DATABASE_POOL_SIZE", "0", "ONRECORD_DATABASE_POOL_SIZE is 0: it is at least 1."),
        ("DATABASE_POOL_SIZE", "201", "ONRECORD_DATABASE_POOL_SIZE is 201: it is at most 200."),
        ("DATABASE_POOL_SIZE", "few", "ONRECORD_DATABASE_POOL_SIZE is “few”: a whole number is"),
        ("SEARCH_TIMEOUT_SECONDS", "0", "ONRECORD_SEARCH_TIMEOUT_SECONDS is 0.0: it is more than"),
        ("ANONYMOUS_READS", "perhaps", "ONRECORD_ANONYMOUS_READS is “perhaps”: true or false is"),
        ("LOG_LEVEL", "loud", "ONRECORD_LOG_LEVEL is “loud”: it is one of debug, info, warning,"),
        ("MEDIA_FOLDER", "no/such", "ONRECORD_MEDIA_FOLDER is no/such, which is no folder."),
    ],
)
def test_a_wrong_setting_is_told_at_the_start(
    tmp_path: Path, variable: str, value: str, told: str
) -> None:
    environment = environment_for(f"sqlite:///{tmp_path}/onrecord.db")

    done = subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", "0"],
        cwd=ROOT, env={**environment, f"ONRECORD_{variable}": value},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith(told)
