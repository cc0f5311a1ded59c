"""The floor: the least that a Python server can do with an answer of the same size."""

import os
from pathlib import Path
from typing import Any

BODY = Path(os.environ["FLOOR_BODY"]).read_bytes() if "FLOOR_BODY" in os.environ else b"x" * 5_500
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


# Any: ASGI's own dictionaries and functions
async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
