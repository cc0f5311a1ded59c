"""What FastAPI gives to handlers that name it."""

from typing import Annotated

from fastapi import Depends, Request

from app.database.session import Database
from app.web.state import database_of


async def connected(request: Request) -> Database:
    return database_of(request)


Connected = Annotated[Database, Depends(connected)]
