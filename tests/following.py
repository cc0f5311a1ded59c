"""A client of the live stream, in a thread of its own, as a front end would have one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import httpx2 as httpx
import orjson

SECONDS = 20.0


class Event(NamedTuple):
    """`comment` is what a line said that is no event."""

    name: str = ""
    id: str = ""
    data: Any = None  # Any: what JSON holds
    comment: str = ""
    retry: str = ""


class Stream:
    """What one connection has received so far, and whether it was ended from the other side."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.events: SimpleQueue[Event | None] = SimpleQueue()
        threading.Thread(target=self.receive, daemon=True).start()

    def receive(self) -> None:
        try:
            for event in events_in(self.response.iter_lines()):
                self.events.put(event)
        except (httpx.HTTPError, httpx.StreamError):
            pass
        self.events.put(None)

    def next(self, seconds: float = SECONDS) -> Event:
        """The next event; comments and the first message are passed over."""
        while True:
            event = self.events.get(timeout=seconds)
            assert event is not None, "the stream has ended"
            if event.name:
                return event

    def next_of_any_kind(self, seconds: float = SECONDS) -> Event | None:
        """None at the end."""
        return self.events.get(timeout=seconds)

    def is_silent(self, seconds: float) -> bool:
        try:
            event = self.next(seconds)
        except Empty:
            return True
        raise AssertionError(event)

    def ends(self, seconds: float = SECONDS) -> bool:
        while self.events.get(timeout=seconds) is not None:
            pass
        return True


@contextmanager
def streaming(
    address: str, headers: dict[str, str] | None = None, **query: str
) -> Iterator[Stream]:
    with (
        httpx.Client(base_url=address, timeout=httpx.Timeout(SECONDS, read=None)) as client,
        client.stream("GET", "/v1/changes/stream", params=query, headers=headers) as response,
    ):
        if response.status_code != 200:
            response.read()
        response.raise_for_status()
        yield Stream(response)


def events_in(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name or "comment"] = value.removeprefix(" ")
        elif fields:
            data = fields.get("data")
            yield Event(
                fields.get("event", ""),
                fields.get("id", ""),
                None if data is None else orjson.loads(data),
                fields.get("comment", ""),
                fields.get("retry", ""),
            )
            fields = {}
