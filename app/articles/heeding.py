"""Writes to an article, whose answers tell who else holds the lease on it."""

from collections.abc import Callable
from math import ceil
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.leases import heed_lease
from app.database.acts import Act
from app.documents.leases import LeaseRead
from app.web.dependencies import writer_of
from app.web.requests import tell

P = ParamSpec("P")
T = TypeVar("T")


class ArticleWriter:
    """As a Writer; each function that it runs is given the article's name next to the session."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.writer = writer_of(request)
        self.viewer: Viewer = request.state.viewer

    @property
    def act(self) -> Act:
        return self.writer.act

    async def write(
        self,
        function: Callable[Concatenate[Session, str, P], T],
        name: str,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        return await self.writer.write(
            lambda session: self.heed(session, function, name, *args, **kwargs)
        )

    def heed(
        self,
        session: Session,
        function: Callable[Concatenate[Session, str, P], T],
        name: str,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """As a part of a write that is begun."""
        written, held = heed_lease(session, self.viewer, function, name, *args, **kwargs)
        if held is not None:
            tell(self.request.scope, {"Onrecord-Lease": lease_field(held)})
        return written


async def heeding(request: Request) -> ArticleWriter:
    return ArticleWriter(request)


Heeding = Annotated[ArticleWriter, Depends(heeding)]


def lease_field(lease: LeaseRead) -> str:
    """A lease as an item of structured fields (RFC 9651): its end as a date, of whole seconds, and
    the holder's name, which may hold any letters, as a display string."""
    holder = lease["holder"]
    name = f';name=%"{escaped(holder["name"])}"' if holder["name"] is not None else ""
    return f'held;by="{holder["id"]}"{name};until=@{ceil(lease["until"].timestamp())}'


def escaped(text: str) -> str:
    plain = range(0x20, 0x7F)
    return "".join(
        chr(byte) if byte in plain and byte not in b'%"' else f"%{byte:02x}"
        for byte in text.encode()
    )
