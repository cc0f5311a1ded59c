"""What the application keeps for its handlers, and how they get it."""

from datetime import datetime
from typing import cast

from starlette.requests import Request

from app.database.session import Database
from app.settings import Settings


def database_of(request: Request) -> Database:
    return cast(Database, request.app.state.database)  # a Starlette state is untyped


def settings_of(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)  # a Starlette state is untyped


def now(request: Request) -> datetime:
    return cast(datetime, request.app.state.clock())  # a Starlette state is untyped
