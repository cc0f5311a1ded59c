"""Receivers that are down, slow, rude or gone; servers that die; databases and clocks that jump."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from app.database.engine import open_database
from app.main import create_app
from app.models.key import Scope
from app.settings import Settings
from app.web.application import Application
from app.webhooks.addresses import Resolve
from app.webhooks.delivering import Deliverer
from tests.api.test_webhooks import (
    Deliver,
    a_webhook,
    deliver,
    deliveries_of,
    receiver,
)
from tests.builders import ANY, Document, an_article, created, post, saved
from tests.commands import Command, running
from tests.conftest import Clock
from tests.receivers import Answer, Receiver, answering, receiving
from tests.servers import free_port, serving
from tests.test_faults import end_sessions, server_of

__all__ = ["deliver", "receiver"]

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, webhook_timeout_seconds=0.5)


@pytest.fixture
def webhook(admin: TestClient, receiver: Receiver) -> Document:
    return created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url)))


def state_of(admin: TestClient, webhook: Document) -> Document:
    return saved(admin.get(f"/v1/webhooks/{webhook['id']}"))


def write(client: TestClient, *headlines: str) -> None:
    for headline in headlines:
        post(client, "articles", an_article(headline=headline, section=None))


def closing(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.close()


def closing_within(handler: BaseHTTPRequestHandler) -> None:
    """After the first bytes of an answer that is to be longer."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
    closing(handler)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """10 MB, a little at a time, to who takes it."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n")
    for _ in range(10_240):
        handler.wfile.write(b"x" * 1024)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """One header after the other, none of them late."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(20):
        handler.wfile.write(f"X-{number}: {number}\r\n".encode())
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("answer", "status", "error", "response"),
    [
        pytest.param(answering(500, {}, b"no"), 500, None, "no", id="500"),
        pytest.param(answering(302, {"Location": "/else"}), 302, None, "", id="redirect"),
        pytest.param(closing, None, "RemoteProtocolError", "", id="closed"),
        pytest.param(silent, None, "There was no answer", "", id="slow"),
        pytest.param(dripping, None, "There was no answer", "", id="dripping"),
    ],
)
def test_what_has_not_arrived_is_tried_again_by_the_schedule(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    deliver: Deliver, clock: Clock,
    answer: Answer, status: int | None, error: str | None, response: str,
) -> None:  # fmt: skip
    receiver.answers = [answer]
    write(client, "First")

    deliver()
    (failed,) = deliveries_of(admin, webhook)
    whole = saved(admin.get(f"/v1/webhooks/{webhook['id']}/deliveries/{failed['id']}"))
    clock.advance(seconds=4.9)
    deliver()
    too_early = len(receiver.received)
    clock.advance(seconds=1.2)
    deliver()

    (attempt,) = whole["attempts"]
    assert failed["state"] == "waiting"
    assert (attempt["status"], attempt["response"]) == (status, response)
    assert (attempt["error"] or "").startswith(error or "")
    assert attempt["seconds"] < 3
    assert too_early == 1
    assert receiver.ids == [failed["id"]] * 2
    assert receiver.received[0].path == receiver.received[1].path == "/hook"
    stamps = [int(one.headers["webhook-timestamp"]) for one in receiver.received]
    assert stamps[1] - stamps[0] == 6
    assert receiver.received[1].is_signed_by(webhook["secret"])
    (arrived,) = deliveries_of(admin, webhook)
    assert (arrived["state"], arrived["attempts_made"]) == ("delivered", 2)


@pytest.mark.parametrize(
    ("answer", "response"),
    [
        pytest.param(endless, "x" * 4096, id="10 MB"),
        pytest.param(closing_within, "short", id="closed within"),
    ],
)
def test_a_status_is_enough_and_no_more_is_read_than_is_kept(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    deliver: Deliver, answer: Answer, response: str,
) -> None:  # fmt: skip
    receiver.answers = [answer]
    write(client, "First")

    deliver()

    (card,) = deliveries_of(admin, webhook)
    whole = saved(admin.get(f"/v1/webhooks/{webhook['id']}/deliveries/{card['id']}"))
    assert (card["state"], whole["attempts"][0]["response"]) == ("delivered", response)


def test_a_receiver_that_is_down_is_asked_once_in_a_while_and_told_all_when_it_is_back(
    client: TestClient, admin: TestClient, deliver: Deliver, clock: Clock
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=url)))
    write(client, *(f"Article {number}" for number in range(8)))

    deliver()
    first = [one["attempts_made"] for one in deliveries_of(admin, webhook)]
    resting = state_of(admin, webhook)
    deliver()
    still = [one["attempts_made"] for one in deliveries_of(admin, webhook)]
    clock.advance(minutes=10)
    with receiving(port) as back:
        deliver()

    assert first == still == [1, 1, 1, 0, 0, 0, 0, 0]
    assert resting["failing_since"] == "2026-11-20T12:00:00Z"
    assert resting["rest_until"] > "2026-11-20T12:00:05"
    assert [one.document["data"]["slugs"] for one in back.received] == [
        [f"article-{number}"] for number in range(8)
    ]
    assert state_of(admin, webhook)["failing_since"] is None
    assert {one["state"] for one in deliveries_of(admin, webhook)} == {"delivered"}


def test_one_message_that_cannot_be_taken_holds_up_no_other(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document, deliver: Deliver
) -> None:
    receiver.answers = [answering(500)]
    write(client, "Poison", "Second", "Third")

    deliver()

    assert [one["state"] for one in deliveries_of(admin, webhook)] == [
        "waiting", "delivered", "delivered",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "600"}, 600),
        (503, {"Retry-After": "Fri, 20 Nov 2026 12:02:00 GMT"}, 120),
        (429, {}, 60),
        (502, {}, 60),
        (504, {}, 60),
        (429, {"Retry-After": "99999999999"}, 86_400),
    ],
)
def test_a_receiver_that_asks_for_it_is_left_in_peace(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    deliver: Deliver, clock: Clock, status: int, headers: dict[str, str], seconds: int,
) -> None:  # fmt: skip
    receiver.answers = [answering(status, headers)]
    write(client, "First", "Second")

    deliver()
    clock.advance(seconds=seconds - 1)
    deliver()
    before = len(receiver.received)
    clock.advance(seconds=2)
    deliver()

    assert before == 1
    assert len(receiver.received) == 3
    assert {one["state"] for one in deliveries_of(admin, webhook)} == {"delivered"}


def test_one_that_is_gone_is_disabled_and_that_is_told(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    deliver: Deliver, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    receiver.answers = [answering(410)]
    write(client, "First", "Second")

    deliver()
    disabled = state_of(admin, webhook)
    (told, *_) = saved(admin.get("/v1/audit?resource=webhook"))["items"]
    sent = len(receiver.received)
    saved(admin.patch(f"/v1/webhooks/{webhook['id']}", json={"enabled": True}, headers=ANY))
    waiting = deliveries_of(admin, webhook)[0]["id"]
    saved(admin.put(f"/v1/webhooks/{webhook['id']}/deliveries/{waiting}/repetition"))
    deliver()

    assert sent == 1
    assert (disabled["enabled"], disabled["disabled_reason"]) == (False, "gone")
    assert disabled["revision"] == 2
    assert (told["event"], told["author"]) == ("webhook.disabled", None)
    assert "is disabled: it is gone" in caplog.text
    assert state_of(admin, webhook)["disabled_reason"] is None
    assert {one["state"] for one in deliveries_of(admin, webhook)} == {"delivered"}


def test_one_that_fails_for_long_is_disabled_and_keeps_what_waits(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    deliver: Deliver, clock: Clock,
) -> None:  # fmt: skip
    receiver.answer = answering(500)

    def state_after(days: int) -> tuple[bool, str | None]:
        for _ in range(days):
            write(client, "Another")
            deliver()
            clock.advance(days=1)
        now = state_of(admin, webhook)
        return now["enabled"], now["disabled_reason"]

    assert state_after(days=3) == (True, None)
    assert state_after(days=1) == (False, "failing")
    assert {one["state"] for one in deliveries_of(admin, webhook)} == {"waiting"}


def test_a_delivery_that_failed_to_the_end_of_the_schedule_is_given_up(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    deliver: Deliver, clock: Clock,
) -> None:  # fmt: skip
    def unable(handler: BaseHTTPRequestHandler) -> None:
        is_poison = receiver.received[-1].document["data"]["slugs"] == ["poison"]
        answering(500 if is_poison else 204)(handler)

    receiver.answer = unable
    write(client, "Poison")
    for _ in range(32):
        # Others arrive meanwhile.
        write(client, "Another")
        deliver()
        clock.advance(hours=4)
    poison, *others = deliveries_of(admin, webhook, "&limit=100")

    assert (poison["state"], poison["attempts_made"]) == ("failed", 10)
    assert {one["state"] for one in others} == {"delivered"}
    assert state_of(admin, webhook)["enabled"] is True


def test_a_clock_that_was_set_back_delays_nothing(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    deliver: Deliver, clock: Clock,
) -> None:  # fmt: skip
    receiver.answers = [answering(429), answering(204)]
    write(client, "First")
    deliver()
    clock.advance(hours=-3)
    write(client, "Second")

    deliver()

    assert len(receiver.received) == 3
    assert {one["state"] for one in deliveries_of(admin, webhook)} == {"delivered"}


def deliverer_for(settings: Settings, clock: Clock, resolve: Resolve) -> Deliverer:
    return Deliverer(open_database(settings), settings, clock, resolve=resolve)


async def deliver_once(deliverer: Deliverer) -> None:
    await deliverer.catch_up()
    await deliverer.database.close()


def test_a_name_that_turns_to_a_private_address_is_refused_at_the_second_attempt(
    client: TestClient, admin: TestClient, receiver: Receiver, settings: Settings, clock: Clock
) -> None:
    port = receiver.url.rpartition(":")[2]
    url = f"https://hooks.example:{port}"
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=url)))
    found: list[Sequence[str]] = [["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1", "192.168.0.1"]]
    asked = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return found[len(asked) - 1]

    write(client, "First")
    for _ in range(3):
        asyncio.run(deliver_once(deliverer_for(settings, clock, resolve)))
        clock.advance(minutes=10)

    (card,) = deliveries_of(admin, webhook)
    whole = saved(admin.get(f"/v1/webhooks/{webhook['id']}/deliveries/{card['id']}"))
    errors = [one["error"] for one in whole["attempts"]]
    # The first comes to the receiver, which does not speak TLS.
    assert errors[0].startswith("ConnectError")
    assert errors[1] == "10.0.0.1 is no address of the public internet."
    assert errors[2] == "192.168.0.1 is no address of the public internet."
    assert asked == ["hooks.example"] * 3


def test_loopback_is_refused_where_it_is_not_allowed(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    settings: Settings, clock: Clock,
) -> None:  # fmt: skip
    write(client, "First")

    closed = Deliverer(open_database(settings), replace(settings, webhook_loopback=False), clock)
    asyncio.run(deliver_once(closed))

    (card,) = deliveries_of(admin, webhook)
    assert card["last_error"] == "127.0.0.1 is no address of the public internet."
    assert receiver.received == []


def test_two_deliverers_on_one_database_deliver_each_once_and_in_order(
    client: TestClient, admin: TestClient, settings: Settings, clock: Clock
) -> None:
    async def deliver_by_two() -> None:
        both = [Deliverer(open_database(settings), settings, clock) for _ in range(2)]
        for _ in range(5):
            await asyncio.gather(*(one.catch_up() for one in both))
        for one in both:
            await one.database.close()

    with receiving() as one, receiving() as other, receiving() as third:
        for each in (one, other, third):
            created(admin.post("/v1/webhooks", json=a_webhook(url=each.url)))
        write(client, *(f"Article {number}" for number in range(40)))
        asyncio.run(deliver_by_two())

        for each in (one, other, third):
            slugs = [received.document["data"]["slugs"][0] for received in each.received]
            assert slugs == [f"article-{number}" for number in range(40)]


def test_what_a_dead_server_had_claimed_is_taken_over_when_its_lease_is_over(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    settings: Settings, clock: Clock,
) -> None:  # fmt: skip
    write(client, "First")

    async def claim_and_die() -> None:
        dead = Deliverer(open_database(settings), settings, clock)
        dead.serve = lambda webhook_key: None  # type: ignore[method-assign]  # it dies here
        await deliver_once(dead)

    asyncio.run(claim_and_die())
    asyncio.run(deliver_once(Deliverer(open_database(settings), settings, clock)))
    before = len(receiver.received)
    clock.advance(seconds=4)
    asyncio.run(deliver_once(Deliverer(open_database(settings), settings, clock)))

    assert (before, len(receiver.received)) == (0, 1)


@on_sqlite
def test_a_server_that_only_reads_sends_nothing(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document,
    settings: Settings,
) -> None:  # fmt: skip
    def sent_by(settings: Settings) -> int:
        with TestClient(create_app(settings)):
            until(lambda: bool(receiver.received) or time.monotonic() > ends)
        return len(receiver.received)

    write(client, "First")
    ends = time.monotonic() + 1
    by_reader = sent_by(replace(settings, deliver=True, read_only=True))
    ends += 60
    by_another = sent_by(replace(settings, deliver=True))

    assert (by_reader, by_another) == (0, 1)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def delivering(database_url: str) -> Iterator[Command]:
    """A process of `onrecord deliver`."""
    settings = {"webhook_loopback": "true", "webhook_timeout_seconds": "0.5"}
    with running("deliver", database_url=database_url, **settings) as command:
        yield command


def test_what_a_killed_deliverer_had_begun_is_delivered_after_a_restart_under_the_same_id(
    client: TestClient, admin: TestClient, receiver: Receiver, webhook: Document, database_url: str
) -> None:
    asked, killed = threading.Event(), threading.Event()

    def held(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        killed.wait(10)

    receiver.answers = [held]
    write(client, "First", "Second")
    with delivering(database_url) as command:
        assert asked.wait(30)
        command.kill()
    killed.set()
    with delivering(database_url) as command:
        until(lambda: len(receiver.received) == 3)
        command.process.terminate()
        ended = command.wait(20)

    assert ended.returncode == 0
    assert receiver.ids[1] == receiver.ids[0]
    assert [one.document["data"]["slugs"] for one in receiver.received] == [
        ["first"], ["first"], ["second"],
    ]  # fmt: skip
    assert {one["attempts_made"] for one in deliveries_of(admin, webhook)} == {1}


def test_what_was_committed_before_a_kill_is_delivered_by_the_next_server(
    database_url: str, keys: dict[Scope, str], tmp_path: Path
) -> None:
    headers = {"Authorization": f"Bearer {keys['admin']}"}
    with receiving() as receiver:
        # It is killed when the block ends, and sends nothing before.
        with serving(database_url, deliver="false", webhook_loopback="true") as [address]:
            sent = a_webhook(url=receiver.url)
            httpx.post(f"{address}/v1/webhooks", json=sent, headers=headers, timeout=60)
            article = an_article(headline="First", section=None)
            httpx.post(f"{address}/v1/articles", json=article, headers=headers, timeout=60)
        before = receiver.events
        with serving(database_url, webhook_loopback="true") as [address]:
            until(lambda: receiver.events == ["article.published"])
            began = time.monotonic()
            httpx.post(f"{address}/v1/articles", json=article, headers=headers, timeout=60)
            until(lambda: len(receiver.received) == 2)
            took = time.monotonic() - began

    assert before == []
    assert took < 5


@on_postgresql
@pytest.mark.own_database
def test_sessions_that_the_database_ends_lose_no_delivery(
    client: TestClient, app: Application, admin: TestClient, receiver: Receiver,
    webhook: Document, deliver: Deliver, database_url: str,
) -> None:  # fmt: skip
    write(client, "First")
    deliver()
    write(client, "Second", "Third")

    def cut(handler: BaseHTTPRequestHandler) -> None:
        with server_of(database_url) as (server, name):
            end_sessions(server, name)
        answering(204)(handler)

    def all_are_delivered() -> bool:
        told = admin.get(f"/v1/webhooks/{webhook['id']}/deliveries")
        # The sessions of this client were ended, too.
        if told.status_code == 503:
            return False
        return [one["state"] for one in saved(told)["items"]] == 3 * ["delivered"]

    # The sessions take their time to end.
    app.state.deliverer.settings = replace(app.state.settings, webhook_timeout_seconds=30)
    receiver.answers = [cut]
    portal = client.portal
    assert portal is not None
    running = portal.start_task_soon(app.state.deliverer.run)
    try:
        until(all_are_delivered)
    finally:
        running.cancel()

    assert [one.document["data"]["slugs"] for one in receiver.received] == [
        ["first"], ["second"], ["third"],
    ]  # fmt: skip
