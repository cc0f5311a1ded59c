"""What a client sees of many writes in one request: lines of JSON in, a line on each out."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.bulk import running
from app.database.session import Database
from app.main import create_app
from app.models import Change
from app.models.key import Scope
from app.web.application import Application
from tests.api.test_channels import a_channel
from tests.builders import (
    AN_ID,
    Document,
    a_picture,
    a_quote,
    an_article,
    an_entity,
    assert_verbatim,
    post,
    problem_of,
    saved,
)
from tests.conftest import Clock
from tests.servers import at_once

NDJSON = {"Content-Type": "application/x-ndjson"}


def line(method: str, path: str, content: Any = ..., **members: Any) -> Document:  # Any: any JSON
    sent = {"method": method, "path": path, **members}
    return sent if content is ... else {**sent, "content": content}


def an_addition(headline: str = "Ferry strike ends", **changes: Any) -> Document:
    return line("POST", "/v1/articles", an_article(headline=headline, **changes))


def body_of(*lines: Document | bytes) -> bytes:
    return b"".join(
        (one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in lines
    )


def send(
    client: TestClient,
    *lines: Document | bytes,
    headers: dict[str, str] | None = None,
    **query: str,
) -> httpx.Response:
    return client.post(
        "/v1/bulk", content=body_of(*lines), params=query, headers={**NDJSON, **(headers or {})}
    )


def results_of(response: httpx.Response) -> list[Document]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    assert response.headers["cache-control"] == "no-store"
    results = [json.loads(text) for text in response.text.splitlines()]
    assert [result["line"] for result in results] == list(range(1, len(results) + 1))
    for result in results:
        if result["status"] >= 400:
            assert result["problem"]["status"] == result["status"]
            assert result["problem"]["request_id"] == response.headers["x-request-id"]
    return results


def statuses(response: httpx.Response) -> list[int]:
    return [result["status"] for result in results_of(response)]


def codes(response: httpx.Response) -> list[object]:
    """The status of each line that was done, the code of each that was not."""
    return [
        result["problem"]["code"] if "problem" in result else result["status"]
        for result in results_of(response)
    ]


def headlines(client: TestClient) -> list[str]:
    page = saved(client.get("/v1/articles", params={"sort": "headline"}))
    return [item["headline"] for item in page["items"]]


def test_each_line_is_written_as_a_request_of_its_own_would_be(client: TestClient) -> None:
    there = post(client, "articles", an_article(headline="There", quotes=[a_quote()]))
    tag = f'"{there["id"]}.1"'

    added, put, patched, published, deleted = results_of(
        send(
            client,
            an_addition("First", quotes=[a_quote()]),
            line("PUT", f"/v1/articles/{AN_ID}", an_article(headline="Second"), if_none_match="*"),
            line("PATCH", "/v1/articles/there", {"standfirst": "Agreed."}, if_match=tag),
            line("PUT", f"/v1/articles/{AN_ID}/publication", {}, if_match="*"),
            line("DELETE", "/v1/articles/first", if_match="*"),
        )
    )

    assert added == {
        "line": 1,
        "status": 201,
        "id": added["id"],
        "revision": 1,
        "etag": f'"{added["id"]}.1"',
        "location": f"/v1/articles/{added['id']}",
    }
    assert (put["status"], put["location"]) == (201, f"/v1/articles/{AN_ID}")
    assert patched == {
        "line": 3, "status": 200, "id": there["id"], "revision": 2, "etag": f'"{there["id"]}.2"',
    }  # fmt: skip
    assert (published["status"], published["revision"]) == (200, 2)
    assert deleted == {"line": 5, "status": 204}
    assert headlines(client) == ["Second", "There"]
    changed = saved(client.get("/v1/articles/there"))
    assert changed["standfirst"] == "Agreed."
    assert_verbatim(changed)


COLLECTIONS: dict[str, Callable[[], Document]] = {
    "articles": an_article,
    "entities": an_entity,
    "sections": lambda: {"path": "news/quay", "name": "Quay"},
    "publishers": lambda: {"name": "The Post"},
    "media": a_picture,
    "channels": a_channel,
}


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_collection_is_written(client: TestClient, collection: str) -> None:
    sent = COLLECTIONS[collection]()
    member = (
        "caption" if collection == "media" else "headline" if collection == "articles" else "name"
    )
    path = f"/v1/{collection}/{AN_ID}"

    response = send(
        client,
        line("PUT", path, sent, if_none_match="*"),
        line("PUT", path, sent, if_match=f'"{AN_ID}.1"'),
        line("PATCH", path, {member: "Another"}, if_match=f'"{AN_ID}.2"'),
        line(
            "PATCH",
            path,
            [{"op": "replace", "path": f"/{member}", "value": "A third"}],
            if_match="*",
        ),
    )
    there = saved(client.get(path))
    gone = send(
        client,
        line("DELETE", path, if_match=f'"{AN_ID}.4"'),
        line("POST", f"/v1/{collection}", sent),
    )

    assert statuses(response) == [201, 200, 200, 200]
    assert (there[member], there["revision"]) == ("A third", 4)
    assert statuses(gone) == [204, 201]
    assert client.get(path).status_code == 404


def test_quotes_are_written_and_retracted(client: TestClient) -> None:
    article = post(client, "articles", an_article())

    response = send(
        client,
        line("PUT", f"/v1/quotes/{AN_ID}", a_quote(article=article["id"]), if_none_match="*"),
        line("POST", "/v1/quotes", a_quote(article=article["id"], text="ferries will sail")),
        line("PATCH", f"/v1/quotes/{AN_ID}", {"cue": "added"}, if_match="*"),
        line("PUT", f"/v1/quotes/{AN_ID}/retraction", {"note": "She did not."}, if_match="*"),
        line("POST", "/v1/quotes", a_quote(article=article["id"], text="ferries sank")),
    )

    assert codes(response) == [201, 201, 200, 200, "quote-not-verbatim"]
    errors = results_of(response)[4]["problem"]["errors"]
    assert [error["pointer"] for error in errors] == ["/content/text"]
    whole = saved(client.get(f"/v1/articles/{article['id']}"))
    assert [quote["status"] for quote in whole["quotes"]] == ["retracted", "confirmed"]
    # Each write of a quote is one of its article.
    assert whole["revision"] == 5
    revisions = saved(client.get(f"/v1/articles/{article['id']}/revisions"))["items"]
    assert [revision["revision"] for revision in revisions] == [5, 4, 3, 2, 1]


ONE = "/v1/articles/there"
ALL = "/v1/articles"

BAD_LINES = [
    pytest.param(bad, code, id=name)
    for name, code, bad in [
        ("no JSON", "malformed-request", b"{"),
        ("blank", "malformed-request", b""),
        ("white space", "malformed-request", b" \t\r"),
        ("no UTF-8", "malformed-request", b'{"method": "POST\xff"}'),
        ("no number", "malformed-request", b'{"a": NaN}'),
        ("bottomless", "malformed-request", b"[" * 2000),
        ("a list", "validation-error", b"[]"),
        ("nothing in it", "validation-error", {}),
        ("unknown method", "validation-error", line("GET", ALL)),
        ("unknown member", "validation-error", line("POST", ALL, {}, colour="red")),
        ("unknown resource", "not-found", line("POST", "/v1/boats", {})),
        ("no version", "not-found", line("POST", "/articles", {})),
        ("itself", "not-found", line("POST", "/v1/bulk", {})),
        ("unknown part", "not-found", line("PUT", f"{ONE}/colour", {})),
        ("POST to one", "method-not-allowed", line("POST", ONE, {})),
        ("DELETE of all", "method-not-allowed", line("DELETE", ALL)),
        ("PATCH of a part", "method-not-allowed", line("PATCH", f"{ONE}/publication", {})),
        ("no content", "validation-error", line("POST", ALL)),
        ("null", "validation-error", line("POST", ALL, None)),
        ("unknown field", "validation-error", line("POST", ALL, {"headlin": "A"})),
        ("no patch", "patch-not-applicable", line("PATCH", ONE, "A", if_match="*")),
        ("no JSON Patch", "malformed-request", line("PATCH", ONE, [{"op": "x"}], if_match="*")),
        ("read-only", "validation-error", line("PATCH", ONE, {"revision": 9}, if_match="*")),
        ("no tag", "precondition-required", line("PUT", ONE, an_article())),
        ("stale", "precondition-failed", line("PUT", ONE, an_article(), if_match='"x.1"')),
        ("wrong tag", "invalid-header", line("PUT", ONE, an_article(), if_match="x")),
        ("not there", "article-not-found", line("DELETE", "/v1/articles/away", if_match="*")),
        ("taken", "slug-taken", line("POST", ALL, an_article(slug="there"))),
        ("false", "quote-not-verbatim", an_addition(quotes=[a_quote(text="No")])),
    ]
]


@pytest.mark.parametrize(("bad", "code"), BAD_LINES)
def test_a_bad_line_is_told_and_the_others_are_done(
    client: TestClient, bad: Document | bytes, code: str
) -> None:
    there = post(client, "articles", an_article(headline="There"))

    response = send(client, an_addition("First"), bad, an_addition("Third"))

    assert codes(response) == [201, code, 201]
    assert headlines(client) == ["First", "There", "Third"]
    assert saved(client.get("/v1/articles/there")) == there


@pytest.mark.parametrize(("bad", "code"), BAD_LINES)
def test_all_or_none_of_atomic_lines_are_done(
    client: TestClient, bad: Document | bytes, code: str
) -> None:
    post(client, "articles", an_article(headline="There"))

    response = send(client, an_addition("First"), bad, an_addition("Third"), atomic="true")

    assert codes(response) == ["not-done", code, "not-done"]
    assert {result["problem"].get("failed_line", 2) for result in results_of(response)} == {2}
    assert headlines(client) == ["There"]
    assert saved(client.get("/v1/entities"))["items"] == []


def test_atomic_lines_are_done_together(client: TestClient) -> None:
    response = send(
        client,
        line("PUT", f"/v1/articles/{AN_ID}", an_article(), if_none_match="*"),
        line("POST", "/v1/quotes", a_quote(article=AN_ID)),
        line("PATCH", f"/v1/articles/{AN_ID}", {"headline": "Sailing"}, if_match=f'"{AN_ID}.2"'),
        atomic="true",
    )

    assert statuses(response) == [201, 201, 200]
    article = saved(client.get(f"/v1/articles/{AN_ID}"))
    assert (article["headline"], article["revision"]) == ("Sailing", 3)
    assert_verbatim(article)
    found = saved(client.get("/v1/articles", params={"q": "sailing"}))["items"]
    assert [hit["id"] for hit in found] == [AN_ID]


def test_what_a_failed_line_began_is_not_there_for_the_next(client: TestClient) -> None:
    """A section, an entity and a slug that a line met first, and took back with it."""
    bad = an_article(section="sea/quay", quotes=[a_quote(), a_quote(text="Not there")])
    good = an_article(section="sea/quay", quotes=[a_quote()])

    response = send(
        client, line("POST", "/v1/articles", bad), *[line("POST", "/v1/articles", good)] * 2
    )

    assert codes(response) == ["quote-not-verbatim", 201, 201]
    assert [item["path"] for item in saved(client.get("/v1/sections?sort=path"))["items"]] == [
        "sea", "sea/quay",
    ]  # fmt: skip
    articles = saved(client.get("/v1/articles", params={"include": "quotes"}))["items"]
    assert {item["slug"] for item in articles} == {"ferry-strike-ends", "ferry-strike-ends-2"}
    assert len({item["quotes"][0]["speaker"]["id"] for item in articles}) == 1
    assert len(saved(client.get("/v1/entities"))["items"]) == 1


def test_a_former_name_leads_to_the_present_one(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    client.patch(
        f"/v1/articles/{article['id']}", json={"slug": "sailing"}, headers={"If-Match": "*"}
    )
    edit = line("PUT", "/v1/articles/ferry-strike-ends/publication", {}, if_match="*")

    moved, done = results_of(send(client, edit, an_addition("Second")))
    atomic = send(client, edit, an_addition("Third"), atomic="true")

    assert moved == {"line": 1, "status": 308, "location": "/v1/articles/sailing/publication"}
    assert done["status"] == 201
    assert statuses(atomic) == [308, 424]


@pytest.mark.parametrize("atomic", ["true", "false"])
def test_a_trial_shows_what_each_line_would_do(client: TestClient, atomic: str) -> None:
    response = send(
        client,
        line("PUT", f"/v1/articles/{AN_ID}", an_article(), if_none_match="*"),
        line("POST", "/v1/quotes", a_quote(article=AN_ID)),
        dry_run="true",
        atomic=atomic,
        headers={"Idempotency-Key": "once"},
    )
    really = send(
        client,
        line("PUT", f"/v1/articles/{AN_ID}", an_article(), if_none_match="*"),
        headers={"Idempotency-Key": "once"},
    )

    assert response.headers["Onrecord-Dry-Run"] == "true"
    assert statuses(response) == [201, 201]
    assert statuses(really) == [201]
    assert "Idempotency-Replayed" not in really.headers


def test_a_trial_tells_problems(client: TestClient) -> None:
    lines = an_addition("First"), b"{", an_addition(quotes=[a_quote(text="Not there")])

    each = send(client, *lines, dry_run="true")
    atomic = send(client, *lines, dry_run="true", atomic="true")

    assert codes(each) == [201, "malformed-request", "quote-not-verbatim"]
    assert codes(atomic) == ["not-done", "malformed-request", "not-done"]
    assert headlines(client) == []


def test_nothing_is_answered_for_no_lines(client: TestClient) -> None:
    assert results_of(send(client)) == []
    assert results_of(send(client, atomic="true")) == []


def test_the_last_line_needs_no_end(client: TestClient) -> None:
    body = body_of(an_addition("First"), an_addition("Second")).rstrip(b"\n")

    response = client.post("/v1/bulk", content=body, headers={"Content-Type": "application/jsonl"})

    assert statuses(response) == [201, 201]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Content-Type": "application/json"}, (415, "unsupported-media-type")),
        ({**NDJSON, "Accept": "application/json"}, (406, "not-acceptable")),
        ({**NDJSON, "Idempotency-Key": "a b"}, (400, "invalid-header")),
    ],
)
def test_the_request_itself_is_refused_before_a_line_is_written(
    client: TestClient, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    response = client.post("/v1/bulk", content=body_of(an_addition()), headers=headers)

    assert problem_of(response) == expected
    assert headlines(client) == []


@pytest.fixture
def narrow(app: Application, clock: Clock, keys: dict[Scope, str]) -> TestClient:
    settings = replace(
        app.state.settings, max_bulk_lines=3, max_bulk_bytes=20_000, max_request_bytes=4_000
    )
    headers = {"Authorization": f"Bearer {keys['write']}"}
    return TestClient(create_app(settings, clock=clock), headers=headers)


def test_a_line_may_be_as_long_as_a_request(narrow: TestClient) -> None:
    long = an_addition("Second", standfirst="x" * 4000)

    with narrow:
        response = send(narrow, an_addition("First"), long, an_addition("Third"))

        assert codes(response) == [201, "content-too-large", 201]
        assert headlines(narrow) == ["First", "Third"]


@pytest.mark.parametrize(
    "lines", [[an_addition()] * 4, [an_addition(standfirst="x" * 3000)] * 3 + [b" " * 12_000]]
)
@pytest.mark.parametrize("declared", [True, False])
def test_too_much_is_refused_before_a_line_is_written(
    narrow: TestClient, lines: list[Document | bytes], declared: bool
) -> None:
    body = body_of(*lines)

    with narrow:
        content = body if declared else iter([body])
        response = narrow.post("/v1/bulk", content=content, headers=NDJSON)

        assert problem_of(response) == (413, "content-too-large")
        assert headlines(narrow) == []


def test_a_request_that_is_sent_again_does_each_line_once(client: TestClient) -> None:
    lines = an_addition("First"), b"{", an_addition("Third")
    key = {"Idempotency-Key": "once"}

    first = send(client, *lines, headers=key)
    again = send(client, *lines, headers=key)
    other = send(client, *lines[:1], headers=key)

    done, bad, third = results_of(first)
    assert results_of(again) == [
        {**done, "replayed": True},
        {**bad, "problem": results_of(again)[1]["problem"]},
        {**third, "replayed": True},
    ]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert problem_of(other) == (422, "idempotency-key-reused")
    assert headlines(client) == ["First", "Third"]


def test_what_failed_is_tried_again_under_the_same_key(client: TestClient) -> None:
    lines = an_addition("First"), line("POST", "/v1/quotes", a_quote(article="sailing"))
    key = {"Idempotency-Key": "once"}

    first = send(client, *lines, headers=key)
    post(client, "articles", an_article(slug="sailing"))
    again = send(client, *lines, headers=key)

    assert codes(first) == [201, "reference-not-found"]
    assert statuses(again) == [201, 201]
    assert [result.get("replayed") for result in results_of(again)] == [True, None]


def test_a_key_is_forgotten_with_all_its_lines(client: TestClient, clock: Clock) -> None:
    key = {"Idempotency-Key": "once"}
    send(client, an_addition("First"), headers=key)
    clock.advance(hours=24, seconds=1)

    again = send(client, an_addition("First"), headers=key)

    assert [result.get("replayed") for result in results_of(again)] == [None]
    assert headlines(client) == ["First", "First"]


@pytest.mark.parametrize("atomic", ["true", "false"])
def test_a_service_that_fails_at_a_line_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, atomic: str
) -> None:
    write = running.Run.save_line

    def fail_at_second(run: running.Run, session: Any, one: Any) -> Any:
        result = write(run, session, one)
        assert one.number != 2
        return result

    monkeypatch.setattr(running.Run, "save_line", fail_at_second)

    response = send(client, *map(an_addition, ("First", "Second", "Third")), atomic=atomic)

    failed = "internal-error"
    assert codes(response) == (
        ["not-done", failed, "not-done"] if atomic == "true" else [201, failed, 201]
    )
    assert headlines(client) == ([] if atomic == "true" else ["First", "Third"])


def test_lines_are_committed_some_at_a_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are in a turn, all come of it in their order."""
    monkeypatch.setattr(running, "TURN_SECONDS", 0)
    monkeypatch.setattr(running, "BATCH", 4)
    lines = [b"{" if number % 5 == 0 else an_addition(f"No. {number:02}") for number in range(10)]

    response = send(client, *lines)

    assert codes(response) == ["malformed-request", *[201] * 4] * 2
    assert headlines(client) == [f"No. {number:02}" for number in range(10) if number % 5]


def test_the_history_says_who_wrote_a_line_and_why(client: TestClient, database: Database) -> None:
    results_of(send(client, an_addition("First"), an_addition("Second"), note="From the archive"))

    own = saved(client.get("/v1/whoami"))["id"]
    for slug in ("first", "second"):
        [revision] = saved(client.get(f"/v1/articles/{slug}/revisions"))["items"]
        assert revision["author"]["id"] == own
        assert revision["note"] == "From the archive"
    acts = database.read_now(
        lambda connection: connection.execute(
            select(Change.actor, Change.note).where(Change.resource != "key").distinct()
        ).all()
    )
    assert [tuple(act) for act in acts] == [(own, "From the archive")]


def test_a_request_that_is_sent_many_times_at_once_does_each_line_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    body = body_of(*(an_addition(f"No. {number:02}") for number in range(10)))
    headers = {**NDJSON, "Idempotency-Key": "once"}
    requests = [
        client.build_request("POST", "/v1/bulk", content=body, headers=headers) for _ in range(4)
    ]

    responses = at_once([(client, request) for request in requests])

    assert [statuses(response) for response in responses] == [[201] * 10] * 4
    told = {tuple(result["id"] for result in results_of(response)) for response in responses}
    assert len(told) == 1
    assert headlines(client) == [f"No. {number:02}" for number in range(10)]
