"""That the process is asked to end: a server waits for open answers before it says so itself."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def noticing_the_end(event: asyncio.Event) -> Iterator[None]:
    """Set the event in the running loop as soon as the process is asked to end. The server goes on
    hearing of it as before."""
    if threading.current_thread() is not threading.main_thread():
        # Signals come to the main thread alone: whoever runs the application here ends it so.
        yield
        return
    loop = asyncio.get_running_loop()
    former = {number: signal.getsignal(number) for number in ENDING}

    def hear(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(event.set)
        heard = former[signal.Signals(number)]
        if callable(heard):
            heard(number, frame)

    for number, heard in former.items():
        if callable(heard):
            signal.signal(number, hear)
    try:
        yield
    finally:
        for number, heard in former.items():
            if callable(heard) and signal.getsignal(number) is hear:
                signal.signal(number, heard)
