"""Webhooks over HTTP: made, changed, tested, and what they are told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.database.session import Database
from app.models import IdempotencyRecord
from app.models.key import Scope
from app.web.application import Application
from tests.builders import (
    ANY,
    Document,
    a_quote,
    an_article,
    created,
    if_match,
    pointers_of,
    post,
    problem_of,
    saved,
)
from tests.conftest import Clock
from tests.receivers import Receiver, answering, receiving

UNKNOWN_ID = "01k00000000000000000000000"
ADDRESS = "https://hooks.example/news?to=1"

Deliver = Callable[[], None]


def a_webhook(**changes: Any) -> Document:
    return {"name": "The front page", "url": ADDRESS, **changes}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def deliver(client: TestClient, app: Application) -> Deliver:
    """Have all delivered that can be now."""
    portal = client.portal
    assert portal is not None
    return lambda: portal.call(app.state.deliverer.catch_up)


def deliveries_of(admin: TestClient, webhook: Document, query: str = "") -> list[Document]:
    items: list[Document] = saved(
        admin.get(f"/v1/webhooks/{webhook['id']}/deliveries?sort=created_at{query}")
    )["items"]
    return items


def test_a_webhook_is_made_and_its_secret_shown_once(admin: TestClient) -> None:
    article = post(admin, "articles", an_article(quotes=[a_quote()]))

    response = admin.post(
        "/v1/webhooks",
        json=a_webhook(
            events=["article.published", "article.deleted"],
            sections=["news"],
            entities=["ann-lee"],
        ),
    )

    webhook = created(response)
    secret = webhook.pop("secret")
    assert secret.startswith("whsec_")
    assert response.headers["Location"] == f"/v1/webhooks/{webhook['id']}"
    assert response.headers["Cache-Control"] == "private, no-store"
    newest = saved(admin.get("/v1/changes?after=newest"))["next_after"]
    assert webhook == {
        "id": webhook["id"],
        "revision": 1,
        "name": "The front page",
        "url": ADDRESS,
        "scope": "public",
        "resources": [],
        "events": ["article.deleted", "article.published"],
        "sections": [saved(admin.get("/v1/sections/news"))["id"]],
        "entities": [article["quotes"][0]["speaker"]["id"]],
        "enabled": True,
        "disabled_reason": None,
        "failing_since": None,
        "rest_until": None,
        "position": f"{newest.split('-')[0]}-{int(newest.split('-')[1]) - 1}",
        "overlap_ends_at": None,
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    }
    assert saved(admin.get(f"/v1/webhooks/{webhook['id']}")) == webhook
    assert saved(admin.get("/v1/webhooks?enabled=true"))["items"] == [webhook]
    assert saved(admin.get("/v1/webhooks?failing=true"))["items"] == []


@pytest.mark.parametrize("scope", ["read", "preview", "write"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/webhooks"),
        ("POST", "/v1/webhooks"),
        ("GET", f"/v1/webhooks/{UNKNOWN_ID}"),
        ("PATCH", f"/v1/webhooks/{UNKNOWN_ID}"),
        ("DELETE", f"/v1/webhooks/{UNKNOWN_ID}"),
        ("PUT", f"/v1/webhooks/{UNKNOWN_ID}/rotation"),
        ("PUT", f"/v1/webhooks/{UNKNOWN_ID}/replay"),
        ("POST", f"/v1/webhooks/{UNKNOWN_ID}/tests"),
        ("GET", f"/v1/webhooks/{UNKNOWN_ID}/deliveries"),
        ("GET", f"/v1/webhooks/{UNKNOWN_ID}/deliveries/1"),
        ("PUT", f"/v1/webhooks/{UNKNOWN_ID}/deliveries/1/repetition"),
    ],
)
def test_only_an_admin_manages_webhooks(
    reader: TestClient, keys: dict[Scope, str], scope: Scope, method: str, path: str
) -> None:
    refused = reader.request(method, path, headers={"Authorization": f"Bearer {keys[scope]}"})

    assert problem_of(refused) == (403, "forbidden")
    assert problem_of(reader.request(method, path)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"name": ""}, ["/name"]),
        ({"url": "hooks.example"}, ["/url"]),
        ({"url": "http://hooks.example/"}, ["/url"]),
        ({"url": "https://user:secret@hooks.example/"}, ["/url"]),
        ({"url": "https://10.0.0.1/"}, ["/url"]),
        ({"url": "https://[fd00::1]/"}, ["/url"]),
        ({"url": "https://169.254.169.254/latest"}, ["/url"]),
        ({"scope": "some"}, ["/scope"]),
        ({"resources": ["key"]}, ["/resources/0"]),
        ({"events": ["Published"]}, ["/events/0"]),
        ({"sections": ["no/such"]}, ["/sections/0"]),
        ({"entities": [UNKNOWN_ID, "nobody"]}, ["/entities/1"]),
        ({"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, ["/secret"]),
    ],
)
def test_what_cannot_be_a_webhook_is_refused(
    admin: TestClient, changes: Document, pointers: list[str]
) -> None:
    refused = admin.post("/v1/webhooks", json=a_webhook(**changes))

    assert refused.status_code == 422
    assert pointers_of(refused) == pointers
    assert saved(admin.get("/v1/webhooks"))["items"] == []


def test_a_repeated_request_tells_the_webhook_without_its_secret(
    admin: TestClient, database: Database
) -> None:
    once = {"Idempotency-Key": '"one"'}
    first = created(admin.post("/v1/webhooks", json=a_webhook(), headers=once))

    second = admin.post("/v1/webhooks", json=a_webhook(), headers=once)

    assert created(second) == {**first, "secret": None}
    with database.engine.connect() as connection:
        kept = connection.execute(select(IdempotencyRecord.body)).scalars().all()
    assert all(first["secret"].encode() not in bytes(body) for body in kept)


def test_a_trial_makes_no_webhook_and_shows_no_secret(admin: TestClient) -> None:
    tried = admin.post("/v1/webhooks?dry_run=true", json=a_webhook())

    assert created(tried)["secret"] is None
    assert saved(admin.get("/v1/webhooks"))["items"] == []


def test_a_webhook_is_patched_and_deleted(admin: TestClient) -> None:
    first = admin.post("/v1/webhooks", json=a_webhook())
    address = first.headers["Location"]

    patched = admin.patch(
        address, json={"name": "The app", "enabled": False}, headers=if_match(first)
    )
    stale = admin.patch(address, json={"name": "Another"}, headers=if_match(first))
    wrong = admin.patch(address, json={"position": "0"}, headers=if_match(patched))
    deleted = admin.delete(address, headers=if_match(patched))

    assert (saved(patched)["name"], saved(patched)["enabled"]) == ("The app", False)
    assert problem_of(stale) == (412, "precondition-failed")
    assert problem_of(wrong) == (422, "validation-error")
    assert deleted.status_code == 204
    assert problem_of(admin.get(address)) == (404, "webhook-not-found")
    audit = saved(admin.get("/v1/audit?resource=webhook"))["items"]
    assert [one["event"] for one in audit] == [
        "webhook.deleted", "webhook.updated", "webhook.created",
    ]  # fmt: skip


def test_no_follower_of_the_journal_is_told_of_webhooks(admin: TestClient) -> None:
    created(admin.post("/v1/webhooks", json=a_webhook()))

    assert saved(admin.get("/v1/changes"))["items"] == []


def test_a_webhook_is_told_what_readers_are_told(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    post(client, "articles", an_article(headline="Before"))
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url)))
    position = webhook["position"]
    draft = post(client, "articles", an_article(status="draft"))
    deliver()
    before = receiver.events
    address = f"/v1/articles/{draft['id']}"
    saved(client.put(f"{address}/publication", json={}, headers=ANY))
    saved(client.patch(address, json={"headline": "Ferry strike is over"}, headers=ANY))
    assert client.delete(f"{address}/publication", headers=ANY).status_code < 300

    deliver()

    assert before == []
    assert receiver.events == ["article.published", "article.updated", "article.deleted"]
    changes = saved(
        client.get(f"/v1/changes?after={position}&event=article.published,article.updated")
    )["items"]
    first = receiver.received[0]
    (published,) = [one for one in changes if one["event"] == "article.published"]
    assert first.document == {
        "type": "article.published",
        "timestamp": "2026-11-20T12:00:00Z",
        "data": published | {"fields": []},
    }
    assert first.id == f"{webhook['id']}_{published['position']}"
    assert first.path == "/hook"
    assert first.headers["content-type"] == "application/json"
    assert all(one.is_signed_by(webhook["secret"]) for one in receiver.received)
    assert all(len(one.body) < 20_000 for one in receiver.received)


def test_one_of_the_scope_all_is_told_of_drafts_too(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url, scope="all")))
    post(client, "articles", an_article(status="draft"))

    deliver()

    assert "article.created" in receiver.events


def test_a_webhook_is_told_of_what_it_wants_alone_and_of_its_end(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    kept = post(client, "articles", an_article(section="news/harbour"))
    wanted = a_webhook(url=receiver.url, resources=["article"], sections=["news"])
    created(admin.post("/v1/webhooks", json=wanted))
    post(client, "articles", an_article(section="sports"))
    post(client, "entities", {"name": "Bo Ek", "type": "person"})
    assert client.delete(f"/v1/articles/{kept['id']}", headers=ANY).status_code == 204

    deliver()

    assert [(one.document["type"], one.document["data"]["id"]) for one in receiver.received] == [
        ("article.deleted", kept["id"])
    ]


def test_the_log_tells_what_was_sent_and_what_came_of_it(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url)))
    receiver.answer = answering(202, {"Content-Type": "text/plain"}, b"Thank you\0")
    post(client, "articles", an_article(section=None))
    deliver()

    cards = deliveries_of(admin, webhook, "&state=delivered&event=article.published")

    (card,) = cards
    sent = receiver.received[0]
    assert card == {
        "id": sent.id,
        "event": "article.published",
        "sequence": sent.document["data"]["sequence"],
        "state": "delivered",
        "attempts_made": 1,
        "last_status": 202,
        "last_error": None,
        "next_attempt_at": None,
        "created_at": "2026-11-20T12:00:00Z",
        "settled_at": "2026-11-20T12:00:00Z",
    }
    whole = saved(admin.get(f"/v1/webhooks/{webhook['id']}/deliveries/{card['id']}"))
    (attempt,) = whole.pop("attempts")
    assert whole.pop("body").encode() == sent.body
    assert whole == card
    assert attempt.pop("id")
    assert attempt.pop("seconds") < 5
    assert attempt == {
        "at": "2026-11-20T12:00:00Z",
        "url": receiver.url,
        "headers": {name: sent.headers[name] for name in attempt["headers"]},
        "status": 202,
        "error": None,
        "response": "Thank you\ufffd",
    }
    assert set(attempt["headers"]) == {"webhook-id", "webhook-timestamp", "webhook-signature"}


def test_both_secrets_sign_while_one_is_rotated_out(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver, clock: Clock
) -> None:
    old = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url)))
    address = f"/v1/webhooks/{old['id']}"
    rotated = admin.put(f"{address}/rotation", json={"overlap_seconds": 3600}, headers=ANY)
    new = saved(rotated)

    def told() -> tuple[bool, bool]:
        deliver()
        last = receiver.received[-1]
        return last.is_signed_by(old["secret"]), last.is_signed_by(new["secret"])

    post(client, "articles", an_article())
    during = told()
    clock.advance(hours=1)
    post(client, "articles", an_article())
    after = told()

    assert rotated.headers["Cache-Control"] == "private, no-store"
    assert new["overlap_ends_at"] == "2026-11-20T13:00:00Z"
    assert saved(admin.get(address))["overlap_ends_at"] is None
    assert (during, after) == ((True, True), (False, True))


def test_a_test_is_sent_at_once_and_answered_with_what_came_of_it(
    admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url, enabled=False)))
    address = f"/v1/webhooks/{webhook['id']}/tests"

    arrived = admin.post(address)
    receiver.answer = answering(410)
    failed = admin.post(address)
    tried = admin.post(f"{address}?dry_run=true")
    deliver()

    assert (created(arrived)["state"], arrived.json()["last_status"]) == ("delivered", 204)
    assert (created(failed)["state"], failed.json()["next_attempt_at"]) == ("failed", None)
    assert created(tried)["attempts"] == []
    assert receiver.events == ["webhook.test", "webhook.test"]
    assert receiver.received[0].document["data"] == {"webhook": webhook["id"]}
    assert saved(admin.get(arrived.headers["Location"])) == arrived.json()
    assert saved(admin.get(f"/v1/webhooks/{webhook['id']}")) == {
        name: value for name, value in webhook.items() if name != "secret"
    }


def test_a_test_under_one_idempotency_key_is_sent_once(
    admin: TestClient, receiver: Receiver
) -> None:
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url)))
    address, once = f"/v1/webhooks/{webhook['id']}/tests", {"Idempotency-Key": '"one"'}

    first, second = (admin.post(address, headers=once) for _ in range(2))

    assert created(first)["id"] == created(second)["id"]
    assert second.headers["Location"] == first.headers["Location"]
    assert len(receiver.received) == 1


def test_a_delivery_is_sent_again_under_its_id(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url)))
    post(client, "articles", an_article(section=None))
    deliver()
    address = f"/v1/webhooks/{webhook['id']}"
    (sent,) = receiver.received

    again = admin.put(f"{address}/deliveries/{sent.id}/repetition")
    deliver()
    saved(admin.patch(address, json={"enabled": False}, headers=ANY))
    refused = admin.put(f"{address}/deliveries/{sent.id}/repetition")

    assert saved(again)["state"] == "waiting"
    assert receiver.ids == [sent.id, sent.id]
    assert receiver.received[1].body == sent.body
    assert problem_of(refused) == (409, "webhook-disabled")
    unknown = admin.put(f"{address}/deliveries/{UNKNOWN_ID}/repetition")
    assert problem_of(unknown) == (404, "delivery-not-found")


def test_a_replay_tells_again_what_came_after_a_position(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url)))
    address = f"/v1/webhooks/{webhook['id']}/replay"
    for number in range(3):
        post(client, "articles", an_article(headline=f"Article {number}", section=None))
    deliver()
    told = receiver.ids
    after = receiver.received[0].document["data"]["position"]

    saved(admin.put(address, json={"after": after}, headers=ANY))
    deliver()

    assert len(told) == 3
    assert receiver.ids == [*told, *told[1:]]
    beyond = admin.put(address, json={"after": "999999"}, headers=ANY)
    assert problem_of(beyond) == (409, "position-unknown")
    elsewhere = admin.put(address, json={"after": f"{'x' * 12}-1"}, headers=ANY)
    assert problem_of(elsewhere) == (409, "position-unknown")


def test_one_that_is_enabled_again_is_told_what_it_has_missed(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url, enabled=False)))
    post(client, "articles", an_article(section=None))
    deliver()
    missed = receiver.events

    enabled = {"enabled": True}
    saved(admin.patch(f"/v1/webhooks/{webhook['id']}", json=enabled, headers=ANY))
    deliver()

    assert (missed, receiver.events) == ([], ["article.published"])


def test_one_that_is_to_see_less_is_not_told_what_waits(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver, clock: Clock
) -> None:
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url, scope="all")))
    receiver.answers = [answering(500)]
    draft = post(client, "articles", an_article(status="draft", section=None))
    deliver()
    tried = receiver.events

    public = {"scope": "public"}
    saved(admin.patch(f"/v1/webhooks/{webhook['id']}", json=public, headers=ANY))
    client.put(f"/v1/articles/{draft['id']}/publication", json={}, headers=ANY)
    clock.advance(hours=1)
    deliver()

    assert (tried[0], receiver.events[1:]) == ("article.created", ["article.published"])


def test_the_log_is_kept_so_long_and_no_longer(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver, clock: Clock
) -> None:
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=receiver.url)))
    post(client, "articles", an_article())
    deliver()
    kept = len(deliveries_of(admin, webhook))
    clock.advance(days=31)

    deliver()

    assert kept > 0
    assert deliveries_of(admin, webhook) == []


def test_a_message_stays_small_however_many_slugs_were_given_up(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    article = post(client, "articles", an_article())
    for number in range(150):
        slug = {"slug": f"{'long-' * 20}{number}"}
        saved(client.patch(f"/v1/articles/{article['id']}", json=slug, headers=ANY))
    wanted = a_webhook(url=receiver.url, events=["article.deleted"])
    created(admin.post("/v1/webhooks", json=wanted))
    assert client.delete(f"/v1/articles/{article['id']}", headers=ANY).status_code == 204

    deliver()

    (sent,) = receiver.received
    assert len(sent.document["data"]["slugs"]) == 100
    assert len(sent.body) < 20_000


def test_secrets_are_in_no_answer_and_no_log(
    client: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level("DEBUG")
    webhook = created(admin.post("/v1/webhooks", json=a_webhook(url=f"{receiver.url}?token=abc")))
    receiver.answer = answering(500)
    post(client, "articles", an_article())
    deliver()

    address = f"/v1/webhooks/{webhook['id']}"
    shown = admin.get("/v1/webhooks").text + admin.get(f"{address}/deliveries").text
    shown += admin.get(f"{address}/deliveries/{receiver.ids[0]}").text
    assert webhook["secret"] not in shown
    assert webhook["secret"] not in caplog.text
    assert "token=abc" not in caplog.text
