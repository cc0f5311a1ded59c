"""What FastAPI gives to handlers that name it."""

from typing import Annotated

from fastapi import Depends, Request

from app.database.session import Database, Writer
from app.web.acts import act_of_request
from app.web.state import database_of


async def connected(request: Request) -> Database:
    return database_of(request)


async def writing(request: Request) -> Writer:
    return writer_of(request)


def writer_of(request: Request) -> Writer:
    """Raises InvalidParameter for what is said of the write."""
    return Writer(database_of(request), act_of_request(request))


Connected = Annotated[Database, Depends(connected)]
Writing = Annotated[Writer, Depends(writing)]
