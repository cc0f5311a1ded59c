"""docs/newsroom.md says what happens: its requests are sent in their order."""

import json
import re
from datetime import datetime
from typing import Any

import httpx2 as httpx
from starlette.testclient import TestClient

from tests.commands import ROOT
from tests.conftest import Clock

BLOCK = re.compile(r"```http\n(.*?)```", re.DOTALL)


def test_the_day_goes_as_the_page_says(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    blocks = BLOCK.findall((ROOT / "docs/newsroom.md").read_text())
    known: dict[str, str] = {}

    for request, answer in zip(blocks[::2], blocks[1::2], strict=True):
        response = send(request, known, client, reader, clock)
        status, _, shown = answer.partition("\n")
        assert response.status_code == int(status), (request, response.text)
        if shown.strip():
            assert_holds(json.loads(shown), response.json(), known, request)

    assert len(blocks) > 20


def send(
    request: str,
    known: dict[str, str],
    client: TestClient,
    reader: TestClient,
    clock: Clock,
    admin: str = "",
) -> httpx.Response:
    """`admin` is a key that may do everything, for where a page asks as one."""
    for name, value in known.items():
        request = request.replace(f"{{{name}}}", value)
    head, _, body = request.partition("\n\n")
    first, *lines = head.strip().split("\n")
    headers = dict(line.split(": ", 1) for line in lines)
    if "At" in headers:
        clock.advance(seconds=(datetime.fromisoformat(headers.pop("At")) - clock()).total_seconds())
    who = headers.pop("As", None)
    asking = reader if who else client
    if who == "an admin":
        headers["Authorization"] = f"Bearer {admin}"
    method, path = first.split(" ")
    content = json.loads(body) if body.strip() else None
    return asking.request(method, path, json=content, headers=headers)


# Any: what JSON holds
def assert_holds(shown: Any, answered: Any, known: dict[str, str], request: str) -> None:
    """What is shown is a part of the answer; a name in braces is whatever it is the first time."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            assert_holds(value, answered[name], known, request)
    elif isinstance(shown, list):
        assert len(answered) >= len(shown), request
        assert shown or not answered, request
        for one, other in zip(shown, answered, strict=False):
            assert_holds(one, other, known, request)
    elif isinstance(shown, str) and re.fullmatch(r"{\w+}", shown):
        assert known.setdefault(shown[1:-1], answered) == answered, request
    else:
        assert answered == shown, request
