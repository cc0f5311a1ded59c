"""Feeds of more items than are held in memory: made piece by piece, and sent as they are made."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.responses import StreamingResponse

from app.database.session import Database
from app.documents.feeds import FeedItem, FeedSource
from app.feeds.answers import cache_control
from app.feeds.links import Links
from app.feeds.reads import find_items
from app.feeds.selection import MAX_ITEMS, Wanted
from app.web.filters import Condition

PIECE_BYTES = 256 * 1024


class Pieces:
    """Each step reads on as far as the next piece takes, in a read of its own. What is published
    meanwhile is not in the feed; what is withdrawn is in it up to the step that comes to it."""

    def __init__(
        self,
        stream: Callable[[FeedSource, Iterable[FeedItem]], Iterator[bytes]],
        source: FeedSource,
        wanted: Wanted,
        at: datetime,
        links: Links,
        among: Sequence[Condition],
    ) -> None:
        self.wanted = wanted
        self.at = at
        self.links = links
        self.among = among
        self.connection: Connection | None = None
        self.pieces = stream(source, self.items())

    def items(self) -> Iterator[FeedItem]:
        wanted, left = self.wanted, self.wanted.limit
        while left > 0:
            assert self.connection is not None  # it is within a step
            batch = replace(wanted, limit=min(left, MAX_ITEMS))
            found = find_items(self.connection, batch, self.at, self.links, among=self.among)
            yield from found.items
            if found.behind is None:
                return
            left -= len(found.items)
            wanted = replace(wanted, after=found.behind)

    def step(self, connection: Connection) -> bytes:
        """The next piece, empty at the end."""
        self.connection = connection
        gathered: list[bytes] = []
        size = 0
        for piece in self.pieces:
            gathered.append(piece)
            size += len(piece)
            if size >= PIECE_BYTES:
                break
        return b"".join(gathered)


def stream_feed(request: Request, database: Database, pieces: Pieces, media_type: str) -> Response:
    """Without validators: they would have to be known before the first piece is sent."""

    async def body() -> AsyncIterator[bytes]:
        while piece := await database.read_long(pieces.step):
            yield piece

    headers = {"Cache-Control": cache_control(request)}
    return StreamingResponse(body(), media_type=media_type, headers=headers)
