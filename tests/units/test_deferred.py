"""What is built when it is first needed: once, beside the event loop, and for all who wait."""

import asyncio
from threading import Event, get_ident
from typing import cast

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.deferred import Built, Deferred

PATIENCE_SECONDS = 10


class Making:
    """Makes an application that answers 200, when it may; or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.may_end = Event()
        self.error = error
        self.threads: list[int] = []

    def __call__(self) -> Built:
        self.threads.append(get_ident())
        assert self.may_end.wait(PATIENCE_SECONDS)
        if self.error is not None:
            raise self.error
        return Built(cast(FastAPI, None), answer_whole)  # nobody asks for it here


async def answer_whole(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(status_code=200)(scope, receive, send)


async def answer_meanwhile(request: Request) -> Response:
    return Response(status_code=202)


async def status_of(app: ASGIApp, path: str) -> int:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    await app(scope, receive, send)
    status: int = sent[0]["status"]
    return status


def test_it_is_built_once_for_all_who_ask_at_the_same_time() -> None:
    making = Making()
    app = Deferred(making, {})

    async def ask() -> list[int]:
        asked = [asyncio.create_task(status_of(app, "/v1/articles")) for _ in range(20)]
        await asyncio.sleep(0.05)
        assert not any(one.done() for one in asked)
        making.may_end.set()
        return await asyncio.gather(*asked)

    assert asyncio.run(ask()) == [200] * 20
    assert len(making.threads) == 1
    assert making.threads[0] != get_ident()
    assert app.app is answer_whole


def test_what_does_not_need_it_is_answered_meanwhile() -> None:
    making = Making()
    app = Deferred(making, {"/healthz": answer_meanwhile})

    async def ask() -> tuple[int, int]:
        waiting = asyncio.create_task(status_of(app, "/readyz"))
        await asyncio.sleep(0.05)
        health = await status_of(app, "/healthz")
        assert not waiting.done()
        making.may_end.set()
        return health, await waiting

    assert asyncio.run(ask()) == (202, 200)
    assert asyncio.run(status_of(app, "/healthz")) == 200


def test_one_who_gives_up_does_not_keep_it_from_the_others() -> None:
    making = Making()
    app = Deferred(making, {})

    async def ask() -> int:
        first, second = (asyncio.create_task(status_of(app, "/v1/articles")) for _ in range(2))
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.sleep(0.05)
        making.may_end.set()
        return await second

    assert asyncio.run(ask()) == 200


def test_a_failure_is_told_to_all_and_not_tried_again() -> None:
    making = Making(RuntimeError("broken"))
    making.may_end.set()
    app = Deferred(making, {})

    for _ in range(3):
        with pytest.raises(RuntimeError, match="broken"):
            asyncio.run(status_of(app, "/v1/articles"))

    assert len(making.threads) == 1
    assert not app.is_built
