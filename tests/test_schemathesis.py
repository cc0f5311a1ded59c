"""Requests made of the OpenAPI document, valid and not: each is answered as the document says."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.schemas import APIOperation
from starlette.testclient import TestClient

from app.main import create_app
from app.models.key import Scope
from app.settings import Settings
from app.web.application import Application
from app.web.routing import LINES_TYPES
from tests.api.test_channels import a_bulletin, a_channel, a_programme
from tests.builders import a_mention, a_picture, a_quote, an_article, created
from tests.conftest import Clock
from tests.walking import is_endless

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


# Any: whatever was generated
@schemathesis.serializer(*LINES_TYPES)
def as_line(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A body of lines has the schema of one."""
    return json.dumps(value).encode()


steady = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=int(os.environ.get("ONRECORD_TEST_EXAMPLES", "2")),
    # A failure is told as it was found: shrinking it would take longer than all else.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def served(settings: Settings, clock: Clock) -> Iterator[Application]:
    """Beside the one of `client`, which runs in a loop of its own as this one does."""
    yield create_app(settings, clock=clock)
    shutdown_lifespans()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", GenerationMode)
def test_every_operation_answers_as_documented(
    served: Application,
    client: TestClient,
    keys: dict[Scope, str],
    mode: GenerationMode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = known_names(client)
    schema = schemathesis.openapi.from_asgi("/openapi.json", served)
    headers = {"Authorization": f"Bearer {keys['admin']}"}
    names["key_id"] = key_of(client, headers)
    # Nobody is to wait for changes that do not come.
    monkeypatch.setattr("app.journal.asking.MAX_WAIT_SECONDS", 0)
    names |= webhook_names(client, headers)

    failures = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if is_endless(operation.definition.raw):
            continue
        try:
            exercise(operation, mode, names, headers)
        except Unsatisfiable:
            # It takes nothing that could be invalid.
            continue
        except Exception as failure:
            failures[operation.label] = told(failure)

    assert not failures, "\n\n".join(f"{label}: {text}" for label, text in failures.items())


def known_names(client: TestClient) -> dict[str, str]:
    """Path parameters that name something."""
    sent = an_article(quotes=[a_quote()], entities=[a_mention()], publisher={"name": "Courier"})
    article = created(client.post("/v1/articles", json=sent))
    trashed = created(client.post("/v1/articles", json=an_article()))
    client.delete(f"/v1/articles/{trashed['id']}", headers={"If-Match": "*"})
    picture = created(client.post("/v1/media", json=a_picture()))
    channel = created(client.post("/v1/channels", json=a_channel()))
    schedule = f"/v1/channels/{channel['id']}"
    programme = created(client.post(f"{schedule}/programmes", json=a_programme()))
    bulletin = created(client.post(f"{schedule}/bulletins", json=a_bulletin()))
    return {
        "article_id": article["id"],
        "quote_id": article["quotes"][0]["id"],
        "entity_id": article["entities"][0]["id"],
        "publisher_id": article["publisher"]["id"],
        "section_id": article["section"]["path"],
        "media_id": picture["id"],
        "number": "1",
        "trashed_id": trashed["id"],
        "channel_id": channel["id"],
        "programme_id": programme["id"],
        "bulletin_id": bulletin["id"],
        "item_id": article["id"],
    }


def key_of(client: TestClient, headers: dict[str, str]) -> str:
    """The id of a key, which may be revoked."""
    sent = {"name": "To be changed", "scopes": ["read"]}
    return str(created(client.post("/v1/keys", json=sent, headers=headers))["id"])


def webhook_names(client: TestClient, headers: dict[str, str]) -> dict[str, str]:
    """Of a webhook at which nothing listens, and of a test that was sent there."""
    sent = {"name": "To be changed", "url": "http://127.0.0.1:1/"}
    webhook = created(client.post("/v1/webhooks", json=sent, headers=headers))
    tested = created(client.post(f"/v1/webhooks/{webhook['id']}/tests", headers=headers))
    return {"webhook_id": webhook["id"], "delivery_id": tested["id"]}


# Any: schemathesis's own parameters of an operation
def exercise(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    names: dict[str, str],
    headers: dict[str, str],
) -> None:
    """Send requests to one operation, every second one to something that is there."""

    @steady
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def send(case: Case[Any], is_known: bool) -> None:
        if is_known:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = names[name]
            if case.method in ("PUT", "PATCH", "DELETE"):
                case.headers.pop("If-None-Match", None)
                case.headers["If-Match"] = "*"
        # `fields` leaves out what is required otherwise, which a schema cannot say.
        is_trimmed = "fields" in (case.query or {})
        excluded = [response_schema_conformance] if is_trimmed else []
        case.call_and_validate(headers=headers, checks=CHECKS, excluded_checks=excluded)

    send()


def told(failure: Exception) -> str:
    """What went wrong; of several failures in one answer, all."""
    inner = getattr(failure, "exceptions", [])
    return "\n".join([str(failure), *(str(one) for one in inner)])
