"""What clients see of a lease on an article: who is at work on it, told and never enforced."""

import json
from threading import Barrier, Thread

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from app.database.session import Database
from app.models.key import Scope
from tests.builders import ANY, Document, an_article, created, ids_of, post, problem_of, saved
from tests.clients import beside
from tests.conftest import Clock

THREADS = 16


@pytest.fixture
def other(client: TestClient, keys: dict[Scope, str]) -> TestClient:
    """A client of another key, whose name is “admin”; the one of `client` is called “write”."""
    return beside(client, keys["admin"])


@pytest.fixture
def address(client: TestClient) -> str:
    return f"/v1/articles/{post(client, 'articles', an_article())['id']}"


def take(client: TestClient, address: str, query: str = "", **content: object) -> Document:
    response = client.put(f"{address}/lease{query}", json=content)
    assert response.status_code in (200, 201), response.text
    lease: Document = response.json()
    return lease


def holder_of(client: TestClient) -> Document:
    own = saved(client.get("/v1/whoami"))
    return {"id": own["id"], "name": own["name"]}


def test_a_lease_is_taken_and_shown(client: TestClient, other: TestClient, address: str) -> None:
    taken = client.put(f"{address}/lease", json={"seconds": 60, "note": "The lead"})

    assert created(taken) == {
        "holder": holder_of(client),
        "taken_at": "2026-11-20T12:00:00Z",
        "until": "2026-11-20T12:01:00Z",
        "note": "The lead",
    }
    assert taken.headers["Location"] == f"{address}/lease"
    assert saved(other.get(f"{address}/lease")) == taken.json()


def test_a_lease_is_for_five_minutes_and_no_longer_than_an_hour(
    client: TestClient, address: str
) -> None:
    assert take(client, address)["until"] == "2026-11-20T12:05:00Z"
    assert take(client, address, seconds=3600)["until"] == "2026-11-20T13:00:00Z"
    for seconds in (0, 3601):
        refused = client.put(f"{address}/lease", json={"seconds": seconds})
        assert problem_of(refused) == (422, "validation-error")


def test_who_holds_a_lease_renews_it(client: TestClient, address: str, clock: Clock) -> None:
    take(client, address, note="The lead")
    clock.advance(seconds=299)

    renewed = client.put(f"{address}/lease", json={})

    assert saved(renewed) == {
        "holder": holder_of(client),
        "taken_at": "2026-11-20T12:00:00Z",
        "until": "2026-11-20T12:09:59Z",
        "note": None,
    }


def test_a_lease_that_is_held_is_refused_and_names_its_holder(
    client: TestClient, other: TestClient, address: str
) -> None:
    lease = take(client, address)

    for refused in (other.put(f"{address}/lease", json={}), other.delete(f"{address}/lease")):
        assert problem_of(refused) == (409, "lease-held")
        assert refused.json()["lease"] == lease
        assert refused.json()["detail"] == "write holds the lease until 2026-11-20 12:05:00 UTC."
    assert saved(client.get(f"{address}/lease")) == lease


def test_a_lease_is_taken_over_on_demand(
    client: TestClient, other: TestClient, address: str, clock: Clock
) -> None:
    take(client, address)
    clock.advance(seconds=10)

    taken = take(other, address, "?take_over=true")

    assert taken["holder"] == holder_of(other)
    assert taken["taken_at"] == "2026-11-20T12:00:10Z"
    assert problem_of(client.delete(f"{address}/lease")) == (409, "lease-held")


def test_a_lease_is_over_by_the_clock(
    client: TestClient, other: TestClient, address: str, clock: Clock
) -> None:
    take(client, address, seconds=60)
    clock.advance(seconds=59)
    held = client.get(f"{address}/lease")
    clock.advance(seconds=1)

    assert held.status_code == 200
    assert problem_of(client.get(f"{address}/lease")) == (404, "lease-not-found")
    assert problem_of(client.delete(f"{address}/lease")) == (404, "lease-not-found")
    assert take(other, address)["holder"] == holder_of(other)


def test_a_lease_is_given_back(client: TestClient, other: TestClient, address: str) -> None:
    take(client, address)

    assert client.delete(f"{address}/lease").status_code == 204

    assert problem_of(client.get(f"{address}/lease")) == (404, "lease-not-found")
    assert take(other, address)["holder"] == holder_of(other)


def test_a_lease_that_is_only_tried_is_not_taken(client: TestClient, address: str) -> None:
    tried = client.put(f"{address}/lease?dry_run=true", json={})

    assert tried.json()["holder"] == holder_of(client)
    assert tried.headers["Onrecord-Dry-Run"] == "true"
    assert problem_of(client.get(f"{address}/lease")) == (404, "lease-not-found")


def test_an_article_that_is_not_there_has_no_lease(client: TestClient) -> None:
    lease = "/v1/articles/none/lease"

    for response in (client.get(lease), client.put(lease, json={}), client.delete(lease)):
        assert problem_of(response) == (404, "article-not-found")


def test_a_former_slug_leads_to_the_lease(client: TestClient, address: str) -> None:
    take(client, address)
    saved(client.patch(address, json={"slug": "sailing"}, headers=ANY))

    assert saved(client.get("/v1/articles/sailing/lease"))["holder"] == holder_of(client)
    moved = client.get("/v1/articles/ferry-strike-ends/lease")
    assert moved.headers["Location"] == "/v1/articles/sailing/lease"


def test_a_lease_changes_nothing_of_the_article(client: TestClient, address: str) -> None:
    before = client.get(address)

    take(client, address)

    after = client.get(address)
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])
    [_] = saved(client.get(f"{address}/revisions"))["items"]


@pytest.mark.parametrize("status", ["live", "draft"])
def test_nobody_without_the_scope_preview_learns_of_a_lease(
    client: TestClient, reader: TestClient, keys: dict[Scope, str], status: str
) -> None:
    made = [post(client, "articles", an_article(status=status)) for _ in range(2)]
    take(client, f"/v1/articles/{made[0]['id']}")
    read = {"Authorization": f"Bearer {keys['read']}"}

    # With a lease and without, it is the same.
    for article in made:
        lease = f"/v1/articles/{article['id']}/lease"
        hidden = (404, "article-not-found")
        without, lesser = reader.get(lease), reader.get(lease, headers=read)
        assert problem_of(without) == ((401, "unauthenticated") if status == "live" else hidden)
        assert problem_of(lesser) == ((403, "forbidden") if status == "live" else hidden)
    for name in ("leased", "not_leased"):
        page = f"/v1/articles?{name}=true"
        assert problem_of(reader.get(page)) == (401, "unauthenticated")
        assert problem_of(reader.get(page, headers=read)) == (403, "forbidden")


def test_the_desk_lists_what_is_leased(client: TestClient, other: TestClient, clock: Clock) -> None:
    first, second, third = (post(client, "articles", an_article())["id"] for _ in range(3))
    take(client, f"/v1/articles/{first}", seconds=60)
    take(other, f"/v1/articles/{second}", seconds=120)

    def listed(query: str) -> set[str]:
        return set(ids_of(client.get(f"/v1/articles?{query}")))

    assert listed("leased=true") == listed("not_leased=false") == {first, second}
    assert listed("leased=false") == listed("not_leased=true") == {third}
    assert listed("leased=true,false") == {first, second, third}
    clock.advance(seconds=60)
    assert listed("leased=true") == {second}
    assert problem_of(client.get("/v1/articles?leased=maybe")) == (400, "invalid-parameter")


def edits(client: TestClient, address: str) -> dict[str, httpx.Response]:
    body = an_article(headline="Sailing")
    begins = {"If-None-Match": "*"}
    return {
        "draft": client.put(f"{address}/draft", json={"headline": "Soon"}, headers=begins),
        "patch the draft": client.patch(f"{address}/draft", json={"slug": "a"}, headers=ANY),
        "give up the draft": client.delete(f"{address}/draft", headers=ANY),
        "put": client.put(address, json=body, headers=ANY),
        "patch": client.patch(address, json={"headline": "Boats"}, headers=ANY),
        "withdraw": client.delete(f"{address}/publication", headers=ANY),
        "publish": client.put(f"{address}/publication", json={}, headers=ANY),
        "correct": client.post(f"{address}/corrections", json={"text": "It was Friday."}),
        "restore": client.put(f"{address}/restoration", json={"revision": 1}, headers=ANY),
        "try": client.put(f"{address}?dry_run=true", json=body, headers=ANY),
        "delete": client.delete(address, headers=ANY),
    }


def test_whoever_writes_while_another_holds_the_lease_is_told(
    client: TestClient, other: TestClient, address: str
) -> None:
    take(client, address)
    own = holder_of(client)["id"]

    told = edits(other, address)

    # 2026-11-20T12:05:00Z
    field = f'held;by="{own}";name=%"write";until=@1795176300'
    for name, response in told.items():
        assert response.is_success, (name, response.text)
        assert response.headers["Onrecord-Lease"] == field, name


@pytest.mark.parametrize("lease", ["own", "given back", "over", "none"])
def test_nobody_is_told_of_no_lease(
    client: TestClient, other: TestClient, address: str, clock: Clock, lease: str
) -> None:
    if lease != "none":
        take(client, address)
    if lease == "given back":
        client.delete(f"{address}/lease")
    if lease == "over":
        clock.advance(minutes=5)

    told = edits(client if lease == "own" else other, address)

    for name, response in told.items():
        assert response.is_success, (name, response.text)
        assert "Onrecord-Lease" not in response.headers, name


def test_a_slug_names_the_leased_article_too(
    client: TestClient, other: TestClient, address: str
) -> None:
    take(client, address)

    told = other.patch("/v1/articles/ferry-strike-ends", json={"headline": "B"}, headers=ANY)

    assert told.headers["Onrecord-Lease"].startswith("held;")


def test_a_writer_who_was_too_slow_is_told_who_is_at_work(
    client: TestClient, other: TestClient, address: str
) -> None:
    stale = {"If-Match": client.get(address).headers["ETag"]}
    lease = take(client, address)
    saved(client.patch(address, json={"headline": "Sailing"}, headers=stale))

    refused = other.patch(address, json={"headline": "Boats"}, headers=stale)
    late = other.post(f"{address}/corrections", json={"text": "It was Friday."}, headers=stale)
    own = client.patch(address, json={"headline": "Boats"}, headers=stale)

    assert problem_of(refused) == (412, "precondition-failed")
    assert problem_of(late) == (412, "precondition-failed")
    assert refused.json()["lease"] == late.json()["lease"] == lease
    assert problem_of(own) == (412, "precondition-failed")
    assert "lease" not in own.json()


def test_a_name_of_any_letters_is_told_in_a_header(
    client: TestClient, keys: dict[Scope, str], address: str
) -> None:
    admin = {"Authorization": f"Bearer {keys['admin']}"}
    sent = {"name": 'Büro "50%"', "scopes": ["write"]}
    token = created(client.post("/v1/keys", json=sent, headers=admin))["token"]
    holder = {"Authorization": f"Bearer {token}"}
    created(client.put(f"{address}/lease", json={}, headers=holder))

    told = client.patch(address, json={"headline": "Boats"}, headers=ANY)

    assert ';name=%"B%c3%bcro %2250%25%22";' in told.headers["Onrecord-Lease"]


def test_a_line_of_many_is_told_too(client: TestClient, other: TestClient, address: str) -> None:
    lease = take(client, address)
    lines = [
        {"method": "PATCH", "path": address, "content": {"headline": "B"}, "if_match": match}
        for match in ("*", '"x.9"')
    ]
    lines.append({"method": "PUT", "path": f"{address}/publication", "content": {},
                  "if_match": "*"})  # fmt: skip
    body = "\n".join(map(json.dumps, lines))

    def results(sender: TestClient) -> list[Document]:
        sent = {"Content-Type": "application/x-ndjson"}
        response = sender.post("/v1/bulk", content=body, headers=sent)
        return [json.loads(line) for line in response.text.splitlines()]

    done, failed, published = results(other)
    assert done["lease"] == failed["problem"]["lease"] == published["lease"] == lease
    assert all("lease" not in {**one, **one.get("problem", {})} for one in results(client))


def test_a_deleted_article_leaves_no_lease(
    client: TestClient, database: Database, address: str
) -> None:
    take(client, address)

    assert client.delete(address, headers=ANY).status_code == 204

    assert rows(database) == 0


def test_what_is_over_is_taken_away_by_the_next_lease(
    client: TestClient, database: Database, clock: Clock
) -> None:
    for seconds in (60, 120):
        article = post(client, "articles", an_article())["id"]
        take(client, f"/v1/articles/{article}", seconds=seconds)
    clock.advance(seconds=60)

    take(client, f"/v1/articles/{article}")

    assert rows(database) == 1


def rows(database: Database) -> int:
    count: int = database.read_now(
        lambda connection: connection.exec_driver_sql("SELECT count(*) FROM leases").scalar_one()
    )
    return count


def test_of_many_who_take_a_lease_at_once_one_gets_it(
    client: TestClient, keys: dict[Scope, str], address: str
) -> None:
    admin = {"Authorization": f"Bearer {keys['admin']}"}
    tokens = [
        created(client.post("/v1/keys", json={"name": f"{n}", "scopes": ["write"]}, headers=admin))
        for n in range(THREADS)
    ]
    ready = Barrier(THREADS)
    answers: list[httpx.Response] = []

    def ask(token: str) -> None:
        ready.wait()
        headers = {"Authorization": f"Bearer {token}"}
        answers.append(client.put(f"{address}/lease", json={}, headers=headers))

    threads = [Thread(target=ask, args=[made["token"]]) for made in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [winner] = [answer.json() for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code == 409]
    assert len(refused) == THREADS - 1
    assert all(answer.json()["lease"] == winner for answer in refused)
