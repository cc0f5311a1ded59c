"""API keys over HTTP: made, limited, rotated and revoked; and who one is."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.access.keys import revoke_key
from app.access.tokens import prefix_of
from app.database.session import Database
from app.models import ApiKey, Change, IdempotencyRecord
from app.models.key import Scope
from app.web.application import Application
from tests.api.test_access import bearer
from tests.builders import (
    ANY,
    Document,
    an_article,
    created,
    if_match,
    pointers_of,
    post,
    problem_of,
    saved,
)
from tests.conftest import Clock
from tests.servers import at_once, serving

UNKNOWN_ID = "01k00000000000000000000000"


def a_key(**changes: Any) -> Document:
    return {"name": "The harbour desk", "scopes": ["write"], **changes}


def status_with(reader: TestClient, token: str) -> int:
    return reader.get("/v1/whoami", headers=bearer(token)).status_code


def test_a_key_is_made_and_its_token_shown_once(admin: TestClient, reader: TestClient) -> None:
    sent = a_key(scopes=["write", "read", "write"], expires_at="2026-12-01T00:00:00Z")

    response = admin.post("/v1/keys", json=sent)

    key = created(response)
    token = key.pop("token")
    assert response.headers["Location"] == f"/v1/keys/{key['id']}"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert key == {
        "id": key["id"],
        "revision": 1,
        "name": "The harbour desk",
        "prefix": prefix_of(token),
        "scopes": ["read", "write"],
        "sections": [],
        "channels": [],
        "state": "valid",
        "expires_at": "2026-12-01T00:00:00Z",
        "overlap_ends_at": None,
        "last_used_at": None,
        "revoked_at": None,
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    }
    assert saved(admin.get(f"/v1/keys/{key['id']}")) == key
    assert saved(admin.get("/v1/keys?name=The harbour desk"))["items"] == [key]
    assert status_with(reader, token) == 200


@pytest.mark.parametrize("scope", ["read", "preview", "write"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/keys"),
        ("POST", "/v1/keys"),
        ("GET", f"/v1/keys/{UNKNOWN_ID}"),
        ("PATCH", f"/v1/keys/{UNKNOWN_ID}"),
        ("DELETE", f"/v1/keys/{UNKNOWN_ID}"),
        ("PUT", f"/v1/keys/{UNKNOWN_ID}/rotation"),
        ("GET", "/v1/audit"),
    ],
)
def test_only_an_admin_manages_keys_and_reads_the_audit(
    reader: TestClient, keys: dict[Scope, str], scope: Scope, method: str, path: str
) -> None:
    refused = reader.request(method, path, headers=bearer(keys[scope]))
    without = reader.request(method, path)
    in_address = reader.request(method, f"{path}?key={keys['admin']}")

    assert problem_of(refused) == (403, "forbidden")
    assert refused.json()["required_scope"] == "admin"
    assert problem_of(without) == (401, "unauthenticated")
    assert problem_of(in_address) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"name": ""}, ["/name"]),
        ({"scopes": []}, ["/scopes"]),
        ({"scopes": ["wirte"]}, ["/scopes/0"]),
        ({"expires_at": "2026-11-20T12:00:00Z"}, ["/expires_at"]),
        ({"scopes": ["read"], "sections": ["news"]}, [""]),
        ({"scopes": ["admin"], "channels": ["one"]}, [""]),
        ({"sections": ["no/such"]}, ["/sections/0"]),
        ({"channels": ["none"]}, ["/channels/0"]),
        ({"token": "onr_1"}, ["/token"]),
    ],
)
def test_what_cannot_be_a_key_is_refused(
    admin: TestClient, changes: Document, pointers: list[str]
) -> None:
    refused = admin.post("/v1/keys", json=a_key(**changes))

    assert refused.status_code == 422
    assert pointers_of(refused) == pointers
    assert saved(admin.get("/v1/keys?total=exact"))["total"] == 4


def test_a_repeated_request_tells_the_key_without_its_token(
    admin: TestClient, database: Database
) -> None:
    once = {"Idempotency-Key": '"one"'}
    first = created(admin.post("/v1/keys", json=a_key(), headers=once))

    second = admin.post("/v1/keys", json=a_key(), headers=once)

    assert created(second) == {**first, "token": None}
    assert second.headers["Idempotency-Replayed"] == "true"
    with database.engine.connect() as connection:
        [body] = connection.scalars(select(IdempotencyRecord.body))
    assert first["token"].encode() not in body


def test_a_key_on_trial_has_no_token(admin: TestClient) -> None:
    tried = created(admin.post("/v1/keys?dry_run=true", json=a_key()))

    assert tried["token"] is None
    assert admin.get(f"/v1/keys/{tried['id']}").status_code == 404


def test_a_key_is_changed(admin: TestClient, client: TestClient) -> None:
    post(client, "articles", an_article())
    key = post(admin, "keys", a_key())
    address = f"/v1/keys/{key['id']}"
    change = {"name": "Harbour", "sections": ["news/harbour"]}

    unconditional = admin.patch(address, json=change)
    changed = saved(admin.patch(address, json=change, headers=ANY))
    stale = admin.patch(address, json=change, headers={"If-Match": f'"{key["id"]}.1"'})
    freed = saved(admin.patch(address, json={"sections": None}, headers=ANY))

    assert problem_of(unconditional) == (428, "precondition-required")
    assert (changed["name"], changed["sections"]) == ("Harbour", ["news/harbour"])
    assert problem_of(stale) == (412, "precondition-failed")
    assert freed["sections"] == []
    read_only = admin.patch(address, json={"prefix": "onr_00000000"}, headers=ANY)
    assert problem_of(read_only) == (422, "validation-error")


def test_an_expired_key_is_refused_and_may_be_given_another_date(
    admin: TestClient, reader: TestClient, clock: Clock
) -> None:
    key = post(admin, "keys", a_key(scopes=["read"], expires_at="2026-11-20T13:00:00Z"))
    headers = bearer(key["token"])
    for _ in range(2):  # the second from memory
        assert reader.get("/v1/articles", headers=headers).status_code == 200
    clock.advance(hours=1)

    refused = reader.get("/v1/articles", headers=headers)

    assert problem_of(refused) == (401, "unauthenticated")
    assert "expired at 2026-11-20 13:00:00 UTC" in refused.json()["detail"]
    assert [one["id"] for one in saved(admin.get("/v1/keys?state=expired"))["items"]] == [key["id"]]
    address = f"/v1/keys/{key['id']}"
    saved(admin.patch(address, json={"expires_at": "2026-11-21T00:00:00Z"}, headers=ANY))
    assert status_with(reader, key["token"]) == 200


def test_a_revoked_key_stays_for_the_audit(admin: TestClient, reader: TestClient) -> None:
    key = post(admin, "keys", a_key())
    address = f"/v1/keys/{key['id']}"

    first = admin.delete(address, headers=ANY)
    again = admin.delete(address, headers=ANY)

    assert (first.status_code, again.status_code) == (204, 204)
    assert "revoked" in reader.get("/v1/whoami", headers=bearer(key["token"])).json()["detail"]
    shown = saved(admin.get(address))
    assert (shown["state"], shown["revision"]) == ("revoked", 2)
    assert problem_of(admin.patch(address, json={"name": "x"}, headers=ANY)) == (409, "key-revoked")
    rotation = admin.put(f"{address}/rotation", json={}, headers=ANY)
    assert problem_of(rotation) == (409, "key-revoked")


def test_the_last_admin_key_cannot_be_given_up(
    admin: TestClient, keys: dict[Scope, str], clock: Clock
) -> None:
    own = saved(admin.get("/v1/whoami"))
    address = f"/v1/keys/{own['id']}"
    fewer = {"scopes": ["write"]}

    revoked = admin.delete(address, headers=ANY)
    changed = admin.patch(address, json=fewer, headers=ANY)
    post(admin, "keys", a_key(scopes=["admin"], expires_at="2026-11-20T13:00:00Z"))
    clock.advance(hours=1)
    expired = admin.delete(address, headers=ANY)
    other = post(admin, "keys", a_key(scopes=["admin"]))
    given_up = admin.delete(address, headers=ANY)

    assert problem_of(revoked) == (409, "last-admin-key")
    assert problem_of(changed) == (409, "last-admin-key")
    assert problem_of(expired) == (409, "last-admin-key")
    assert given_up.status_code == 204
    assert admin.get("/v1/keys", headers=bearer(other["token"])).status_code == 200
    assert problem_of(admin.get("/v1/keys")) == (401, "unauthenticated")


def test_a_rotated_key_has_two_tokens_until_the_overlap_ends(
    admin: TestClient, reader: TestClient, clock: Clock
) -> None:
    key = post(admin, "keys", a_key(scopes=["read"]))
    rotation = f"/v1/keys/{key['id']}/rotation"

    response = admin.put(rotation, json={"overlap_seconds": 60}, headers=ANY)

    rotated = saved(response)
    assert rotated["prefix"] == key["prefix"]
    assert rotated["token"] != key["token"]
    assert response.headers["Cache-Control"] == "private, no-store"
    assert rotated["overlap_ends_at"] == "2026-11-20T12:01:00Z"
    held = saved(reader.get("/v1/whoami", headers=bearer(key["token"])))
    assert (held["id"], held["expires_at"]) == (key["id"], "2026-11-20T12:01:00Z")
    for _ in range(2):  # the second from memory
        assert reader.get("/v1/articles", headers=bearer(key["token"])).status_code == 200
    clock.advance(seconds=60)
    refused = reader.get("/v1/articles", headers=bearer(key["token"]))
    assert problem_of(refused) == (401, "unauthenticated")
    assert "rotated" in refused.json()["detail"]
    assert status_with(reader, rotated["token"]) == 200


def test_a_rotation_without_overlap_ends_all_earlier_tokens(
    admin: TestClient, reader: TestClient
) -> None:
    key = post(admin, "keys", a_key())
    rotation = f"/v1/keys/{key['id']}/rotation"
    second = saved(admin.put(rotation, json={}, headers=ANY))
    assert second["overlap_ends_at"] == "2026-11-21T12:00:00Z"

    third = saved(admin.put(rotation, json={"overlap_seconds": 0}, headers=ANY))

    statuses = [status_with(reader, one["token"]) for one in (key, second, third)]
    assert statuses == [401, 401, 200]
    too_long = admin.put(rotation, json={"overlap_seconds": 30 * 86_400 + 1}, headers=ANY)
    assert problem_of(too_long) == (422, "validation-error")


def test_of_two_rotations_at_once_one_wins(
    database_url: str, keys: dict[Scope, str], admin: TestClient, reader: TestClient
) -> None:
    response = admin.post("/v1/keys", json=a_key())
    key = created(response)
    headers = {**bearer(keys["admin"]), **if_match(response)}
    with (
        serving(database_url, count=2, public_url="https://news.example") as addresses,
        httpx.Client(timeout=60) as sender,
    ):
        requests = [
            sender.build_request(
                "PUT", f"{address}/v1/keys/{key['id']}/rotation", json={}, headers=headers
            )
            for address in addresses * 4
        ]
        answers = at_once([(sender, one) for one in requests])

    statuses = sorted(one.status_code for one in answers)
    assert statuses == [200] + [412] * 7
    [rotated] = [one.json() for one in answers if one.status_code == 200]
    assert status_with(reader, rotated["token"]) == 200
    assert status_with(reader, key["token"]) == 200


def test_a_key_tells_who_it_is(
    client: TestClient, reader: TestClient, keys: dict[Scope, str]
) -> None:
    response = reader.get("/v1/whoami", headers=bearer(keys["read"]))

    held = saved(response)
    assert held == {
        "id": held["id"],
        "name": "read",
        "prefix": prefix_of(keys["read"]),
        "scopes": ["read"],
        "sections": [],
        "channels": [],
        "expires_at": None,
        "rate_limits": [],
    }
    assert response.headers["Cache-Control"] == "private, no-store"
    again = reader.get("/v1/whoami", headers=bearer(keys["read"]))
    assert "hit" not in again.headers["Cache-Status"]
    assert problem_of(reader.get("/v1/whoami")) == (401, "unauthenticated")


def test_the_last_use_is_kept_to_the_minute(
    admin: TestClient, reader: TestClient, app: Application, clock: Clock, database: Database
) -> None:
    key = post(admin, "keys", a_key(scopes=["read"]))
    usage = app.state.key_usage
    assert admin.portal is not None

    def used_at() -> object:
        assert admin.portal is not None
        admin.portal.call(usage.keep)
        return saved(admin.get(f"/v1/keys/{key['id']}"))["last_used_at"]

    seen = []
    for seconds in (0, 59, 1):
        clock.advance(seconds=seconds)
        reader.get(
            "/v1/articles?limit=1", headers={**bearer(key["token"]), "Cache-Control": "no-cache"}
        )
        seen.append(used_at())

    assert seen == ["2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z", "2026-11-20T12:01:00Z"]
    assert saved(admin.get(f"/v1/keys/{key['id']}"))["revision"] == 1


def test_the_last_use_is_written_once_under_load(
    admin: TestClient, reader: TestClient, app: Application
) -> None:
    keys = [post(admin, "keys", a_key(scopes=["read"])) for _ in range(3)]
    usage, database = app.state.key_usage, app.state.database
    assert admin.portal is not None
    admin.portal.call(usage.keep)
    commits = database.commits

    def read(number: int) -> int:
        headers = {**bearer(keys[number % 3]["token"]), "Cache-Control": "no-cache"}
        return reader.get("/v1/sections", headers=headers).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = set(threads.map(read, range(60)))
    admin.portal.call(usage.keep)

    assert statuses == {200}
    # What was waiting may have been begun by the pause itself.
    assert commits < database.commits <= commits + 3
    used = [saved(admin.get(f"/v1/keys/{key['id']}"))["last_used_at"] for key in keys]
    assert used == ["2026-11-20T12:00:00Z"] * 3


def test_where_nothing_can_be_written_keys_are_answered_all_the_same(
    admin: TestClient,
    app: Application,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def refuse(*_: object) -> None:
        raise RuntimeError("the database is read-only")

    usage = app.state.key_usage
    assert admin.portal is not None
    admin.portal.call(usage.keep)
    monkeypatch.setattr(usage.database, "write", refuse)
    for key_id in ("one", "two"):
        usage.waiting[key_id] = app.state.clock()
        admin.portal.call(usage.keep)

    assert saved(admin.get("/v1/whoami"))["name"] == "admin"
    told = [one for one in caplog.messages if "use of keys" in one]
    assert told == ["the use of keys is not kept: RuntimeError: the database is read-only"]


def test_what_is_done_to_keys_is_in_the_audit(
    admin: TestClient, client: TestClient, database: Database, keys: dict[Scope, str]
) -> None:
    key = post(admin, "keys", a_key())
    address = f"/v1/keys/{key['id']}"
    saved(admin.patch(address + "?note=Renamed", json={"name": "Other"}, headers=ANY))
    saved(admin.put(f"{address}/rotation", json={}, headers=ANY))
    assert admin.delete(address, headers=ANY).status_code == 204

    entries = saved(admin.get(f"/v1/audit?id={key['id']}"))["items"]

    own = saved(admin.get("/v1/whoami"))
    events = ["key.revoked", "key.rotated", "key.updated", "key.created"]
    assert [one["event"] for one in entries] == events
    assert [one["revision"] for one in entries] == [4, 3, 2, 1]
    assert [one["note"] for one in entries] == [None, None, "Renamed", None]
    author = {"id": own["id"], "name": "admin", "prefix": own["prefix"]}
    assert all(one["author"] == author for one in entries)
    assert entries[0] == {
        "sequence": entries[0]["sequence"],
        "at": "2026-11-20T12:00:00Z",
        "event": "key.revoked",
        "resource": "key",
        "id": key["id"],
        "revision": 4,
        "cause": None,
        "note": None,
        "author": author,
    }


def test_the_audit_tells_who_wrote_what(
    admin: TestClient, client: TestClient, clock: Clock, keys: dict[Scope, str]
) -> None:
    article = post(client, "articles", an_article())
    clock.advance(days=1)
    assert client.delete(f"/v1/articles/{article['id']}?note=Libel", headers=ANY).status_code == 204

    def events(query: str) -> list[str]:
        return [one["event"] for one in saved(admin.get(f"/v1/audit?{query}"))["items"]]

    prefix = prefix_of(keys["write"])
    assert events("resource=article") == [
        "article.deleted", "article.withdrawn", "article.published", "article.created",
    ]  # fmt: skip
    assert events("at=2026-11-21&event=article.deleted,article.created") == ["article.deleted"]
    assert events(f"author={prefix}&resource=section&cause=article.created") != []
    assert set(events("author=none")) == {"key.created"}
    assert events("author=onr_00000000") == []
    page = admin.get("/v1/audit?limit=2")
    assert "next" in page.links
    following = admin.get(page.links["next"]["url"])
    sequences = [one["sequence"] for one in (*saved(page)["items"], *saved(following)["items"])]
    assert sequences == sorted(sequences, reverse=True)
    assert len(set(sequences)) == 4


def test_a_revoked_author_is_named_by_the_audit(
    admin: TestClient, client: TestClient, database: Database, keys: dict[Scope, str], clock: Clock
) -> None:
    article = post(client, "articles", an_article())
    prefix = prefix_of(keys["write"])
    assert prefix is not None
    database.write_now(revoke_key, prefix, clock())

    [entry, *_] = saved(admin.get(f"/v1/audit?id={article['id']}"))["items"]

    assert entry["author"]["prefix"] == prefix


def test_nothing_of_a_token_is_kept_or_logged(
    admin: TestClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    key = post(admin, "keys", a_key())
    secret = key["token"].rpartition("_")[2]

    rotated = saved(admin.put(f"/v1/keys/{key['id']}/rotation", json={}, headers=ANY))

    assert secret not in caplog.text
    assert rotated["token"].rpartition("_")[2] not in caplog.text
    with database.engine.connect() as connection:
        rows = repr(connection.execute(select(ApiKey)).all())
        rows += repr(connection.execute(select(Change)).all())
    assert secret not in rows
