"""Whether the process answers, and whether it can answer everything."""

from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import Response

from app.models import Secret
from app.web.json import dump
from app.web.state import database_of


async def get_health(request: Request) -> Response:
    """Whether the process answers."""
    return Response(dump({"status": "ok"}), media_type="application/json")


async def get_readiness(request: Request) -> Response:
    """Whether everything is built, and the database answers and has its schema."""
    await database_of(request).read(ask_schema)
    return Response(dump({"status": "ok"}), media_type="application/json")


def ask_schema(connection: Connection) -> None:
    connection.execute(select(Secret.name).limit(1)).all()
