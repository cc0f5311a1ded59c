"""The viewer, as FastAPI gives it to handlers that name it."""

from typing import Annotated, cast

from fastapi import Depends, Request

from app.access.viewer import Viewer


async def viewer_of(request: Request) -> Viewer:
    return cast(Viewer, request.state.viewer)  # a Starlette state is untyped


Asking = Annotated[Viewer, Depends(viewer_of)]
