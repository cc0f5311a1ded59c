"""docs/integrations.md says what happens: its requests are sent in their order."""

import json

from starlette.testclient import TestClient

from app.models.key import Scope
from tests.commands import ROOT
from tests.conftest import Clock
from tests.test_newsroom_page import BLOCK, assert_holds, send


def test_following_goes_as_the_page_says(
    client: TestClient, reader: TestClient, clock: Clock, keys: dict[Scope, str]
) -> None:
    blocks = BLOCK.findall((ROOT / "docs/integrations.md").read_text())
    known: dict[str, str] = {}

    for request, answer in zip(blocks[::2], blocks[1::2], strict=True):
        response = send(request, known, client, reader, clock, keys["admin"])
        status, shown = answer.split("\n", 1)
        assert response.status_code == int(status), (request, response.text)
        assert_holds(json.loads(shown), response.json(), known, request)

    assert len(blocks) > 15
