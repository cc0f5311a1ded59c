"""A client of the live stream that takes too little."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from app.journal.filters import EVERYTHING
from app.journal.listeners import MOST_WAITING, Listener
from app.journal.stream import LiveStream


def test_what_a_listener_has_read_by_itself_is_not_told_again() -> None:
    listener = Listener(EVERYTHING, sees_all=False)
    listener.after = 2

    for number in range(1, 5):
        listener.offer(number, b"%d" % number)

    assert asyncio.run(listener.take(1)) == b"34"


def test_a_listener_that_takes_nothing_is_ended_and_keeps_nothing() -> None:
    listener = Listener(EVERYTHING, sees_all=False)

    for number in range(1, MOST_WAITING + 2):
        listener.offer(number, b"event")

    assert listener.has_ended
    assert asyncio.run(listener.take(1)) == b""


def test_a_client_that_takes_nothing_does_not_hold_its_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.journal.stream.STALLED_SECONDS", 0.01)

    async def events() -> AsyncIterator[bytes]:
        while True:
            yield b"event"

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {}

    async def run() -> None:
        async with asyncio.timeout(10):
            await LiveStream(events())({"type": "http"}, receive, send)

    asyncio.run(run())
