"""Who may do what, and what nobody may see."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from app.access.keys import revoke_key
from app.access.tokens import prefix_of
from app.database.session import Database
from app.main import create_app
from app.models.key import Scope
from app.web.application import Application
from tests.builders import (
    ANY,
    an_article,
    post,
    problem_of,
    saved,
)
from tests.conftest import NOW, Clock


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    ("scope", "sees_drafts", "writes"),
    [
        ("read", False, False),
        ("preview", True, False),
        ("write", True, True),
        ("admin", True, True),
    ],
)
def test_a_key_allows_what_its_scope_says(
    client: TestClient,
    reader: TestClient,
    keys: dict[Scope, str],
    scope: Scope,
    sees_drafts: bool,
    writes: bool,
) -> None:
    draft = post(client, "articles", an_article(status="draft"))
    headers = bearer(keys[scope])

    read = reader.get(f"/v1/articles/{draft['id']}", headers=headers)
    written = reader.post("/v1/articles", json=an_article(), headers=headers)

    assert read.status_code == (200 if sees_drafts else 404)
    if writes:
        assert written.status_code == 201
    else:
        assert problem_of(written) == (403, "forbidden")
        assert written.json()["required_scope"] == "write"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/articles"),
        ("PUT", "/v1/quotes/x"),
        ("PATCH", "/v1/entities/x"),
        ("DELETE", "/v1/sections/x"),
        ("PUT", "/v1/articles/x/publication"),
    ],
)
def test_a_write_needs_a_key(reader: TestClient, method: str, path: str) -> None:
    response = reader.request(method, path, headers=ANY)

    assert problem_of(response) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="onrecord"'


def test_a_key_in_the_address_only_reads(
    client: TestClient, reader: TestClient, keys: dict[Scope, str]
) -> None:
    draft = post(client, "articles", an_article(status="draft"))
    key = {"key": keys["write"]}

    read = reader.get(f"/v1/articles/{draft['id']}", params=key)
    write = reader.delete(f"/v1/articles/{draft['id']}", params=key, headers=ANY)

    assert saved(read) == draft
    assert problem_of(write) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "sent",
    [
        "Bearer",
        "Bearer onr_00000000_",
        "Basic dTpw",
        "onr_00000000_" + "0" * 39,
        "Bearer onr_00000000_" + "0" * 39,
    ],
)
def test_an_unknown_key_is_refused_even_for_what_is_public(reader: TestClient, sent: str) -> None:
    response = reader.get("/v1/articles", headers={"Authorization": sent})

    assert problem_of(response) == (401, "unauthenticated")
    assert problem_of(reader.get("/v1/articles?key=x")) == (401, "unauthenticated")


def test_a_revoked_key_is_refused(
    client: TestClient, reader: TestClient, keys: dict[Scope, str], database: Database
) -> None:
    prefix = prefix_of(keys["read"])
    assert prefix is not None

    database.write_now(revoke_key, prefix, NOW)

    assert problem_of(reader.get("/v1/articles", headers=bearer(keys["read"])))[0] == 401
    assert client.get("/v1/articles").status_code == 200


def test_anonymous_reads_can_be_switched_off(
    app: Application, clock: Clock, keys: dict[Scope, str]
) -> None:
    settings = replace(app.state.settings, anonymous_reads=False)
    with TestClient(create_app(settings, clock=clock)) as closed:
        without = closed.get("/v1/articles")
        key = closed.get("/v1/articles", headers=bearer(keys["read"]))

    assert problem_of(without) == (401, "unauthenticated")
    assert key.status_code == 200
