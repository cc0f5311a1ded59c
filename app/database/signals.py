"""How a server process learns that something was committed, by itself or by another process."""

from abc import ABC, abstractmethod


class CommitSignal(ABC):
    """`version()` is another after each commit; None while commits cannot be heard of."""

    @abstractmethod
    async def start(self) -> None:
        """Begin to listen, in the event loop that asks."""

    @abstractmethod
    def version(self) -> object | None: ...

    @abstractmethod
    async def close(self) -> None: ...
