"""What the clock does to articles, and what readers, desk and journal see of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import Connection, select
from starlette.testclient import TestClient

from app.articles.due import do_what_is_due
from app.database.session import Database
from app.main import create_app
from app.models import Change
from app.web.application import Application
from tests.builders import (
    ANY,
    Document,
    a_quote,
    an_article,
    ids_of,
    pointers_of,
    post,
    problem_of,
    saved,
    unchanged,
)
from tests.conftest import Clock

ONE_O_CLOCK, TWO_O_CLOCK = "2026-11-20T13:00:00Z", "2026-11-20T14:00:00Z"


def events_of(connection: Connection, article_id: str) -> list[tuple[str, str | None]]:
    """Each with its cause, in the order of the journal."""
    statement = select(Change.event, Change.cause).where(Change.resource_id == article_id)
    rows = connection.execute(statement.order_by(Change.sequence))
    return [(row.event, row.cause) for row in rows]


def publication(article: Document) -> str:
    return f"/v1/articles/{article['id']}/publication"


def a_draft(client: TestClient) -> Document:
    return post(client, "articles", an_article(status="draft"))


@contextmanager
def a_second_server(app: Application, clock: Clock) -> Iterator[TestClient]:
    with TestClient(create_app(app.state.settings, clock=clock)) as client:
        yield client


def test_the_journal_tells_when_the_instant_comes(
    client: TestClient, reader: TestClient, database: Database, clock: Clock
) -> None:
    article = a_draft(client)
    client.put(publication(article), json={"at": ONE_O_CLOCK}, headers=ANY)
    before = database.read_now(events_of, article["id"])

    clock.advance(hours=1)
    reader.get("/v1/articles")
    reader.get("/v1/articles")

    after = database.read_now(events_of, article["id"])
    assert before == [("article.created", None), ("article.scheduled", None)]
    assert after[2:] == [("article.published", "clock")]


def test_what_is_published_at_once_is_told_of_once(
    client: TestClient, database: Database, clock: Clock
) -> None:
    article = post(client, "articles", an_article())
    clock.advance(hours=1)

    client.get("/v1/articles")

    events = [event for event, _ in database.read_now(events_of, article["id"])]
    assert events == ["article.created", "article.published"]


def test_two_servers_tell_of_it_once(
    app: Application, client: TestClient, database: Database, clock: Clock
) -> None:
    article = a_draft(client)
    client.put(publication(article), json={"at": ONE_O_CLOCK}, headers=ANY)
    with a_second_server(app, clock) as other:
        other.get("/v1/articles")
        clock.advance(hours=1)

        for each in (client, other, client, other):
            assert article["id"] in ids_of(each.get("/v1/articles"))
        # As one would that had looked before the other wrote.
        assert database.write_now(do_what_is_due, clock()) == 0

    events = [event for event, _ in database.read_now(events_of, article["id"])]
    assert events.count("article.published") == 1


def test_a_publication_ends_by_itself(
    client: TestClient, reader: TestClient, database: Database, clock: Clock
) -> None:
    article = a_draft(client)
    path = f"/v1/articles/{article['id']}"
    live = saved(client.put(publication(article), json={"until": ONE_O_CLOCK}, headers=ANY))
    shown = []
    for _ in range(2):
        hits = saved(reader.get("/v1/search?q=ferry"))["items"]
        found = saved(reader.get("/v1/articles?q=ferry&total=exact"))["total"]
        shown.append((len(hits) > 0, found, reader.get(path).status_code))
        clock.advance(minutes=59, seconds=59.999999)
        clock.advance(seconds=0.000001)
    over = saved(client.get(path))

    assert live["published_until"] == ONE_O_CLOCK
    assert shown == [(True, 1, 200), (False, 0, 404)]
    assert (over["status"], over["revision"]) == ("withdrawn", live["revision"] + 1)
    assert database.read_now(events_of, article["id"])[-1] == ("article.withdrawn", "clock")


def test_a_cached_answer_does_not_outlive_the_publication(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = a_draft(client)
    path = f"/v1/articles/{article['id']}"
    client.put(publication(article), json={"until": ONE_O_CLOCK}, headers=ANY)
    kept = [reader.get(path).status_code for _ in range(3)]

    clock.advance(minutes=59, seconds=59.999999)
    last = reader.get(path).status_code
    clock.advance(seconds=0.000001)

    assert (kept, last) == ([200, 200, 200], 200)
    assert reader.get(path).status_code == 404


def test_what_was_over_is_published_anew_for_good(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = a_draft(client)
    client.put(publication(article), json={"until": ONE_O_CLOCK}, headers=ANY)
    clock.advance(hours=2)

    again = saved(client.put(publication(article), json={}, headers=ANY))

    assert (again["status"], again["published_until"]) == ("live", None)
    assert again["published_at"] == article["published_at"]
    assert reader.get(f"/v1/articles/{article['id']}").status_code == 200


@pytest.mark.parametrize(
    ("sent", "problem", "pointer"),
    [
        ({"at": "2026-11-20T11:59:59.999999Z"}, (422, "schedule-invalid"), "/at"),
        ({"until": "2026-11-20T12:00:00Z"}, (422, "schedule-invalid"), "/until"),
        ({"at": TWO_O_CLOCK, "until": ONE_O_CLOCK}, (422, "schedule-invalid"), "/until"),
        (
            {"embargoed_until": TWO_O_CLOCK, "until": ONE_O_CLOCK},
            (422, "schedule-invalid"),
            "/until",
        ),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(
    client: TestClient, sent: Document, problem: tuple[int, str], pointer: str
) -> None:
    article = a_draft(client)

    response = client.put(publication(article), json=sent, headers=ANY)

    assert problem_of(response) == problem
    assert pointers_of(response) == [pointer]
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article


@pytest.mark.parametrize("sent", [{"at": ONE_O_CLOCK}, {"embargoed_until": ONE_O_CLOCK}])
def test_what_readers_know_is_not_held_back_any_more(
    client: TestClient, reader: TestClient, sent: Document
) -> None:
    article = post(client, "articles", an_article())

    response = client.put(publication(article), json=sent, headers=ANY)

    assert problem_of(response) == (409, "already-public")
    assert reader.get(f"/v1/articles/{article['id']}").status_code == 200


def test_an_edit_cannot_put_what_is_public_under_embargo(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"

    refused = client.patch(path, json={"embargoed_until": ONE_O_CLOCK}, headers=ANY)
    with_draft = client.patch(
        path, json={"embargoed_until": ONE_O_CLOCK, "status": "draft"}, headers=ANY
    )

    assert problem_of(refused) == (409, "already-public")
    assert saved(with_draft)["embargoed_until"] == ONE_O_CLOCK


def test_a_scheduled_article_is_shown_and_found_as_such(client: TestClient, clock: Clock) -> None:
    article = a_draft(client)
    scheduled = saved(client.put(publication(article), json={"at": ONE_O_CLOCK}, headers=ANY))
    found = {
        status: ids_of(client.get(f"/v1/articles?status={status}"))
        for status in ("draft", "scheduled", "live", "withdrawn")
    }
    clock.advance(hours=1)

    live = saved(client.get(f"/v1/articles/{article['id']}"))

    assert scheduled["status"] == "scheduled"
    assert found == {"draft": [], "scheduled": [article["id"]], "live": [], "withdrawn": []}
    assert live["status"] == "live"
    assert ids_of(client.get("/v1/articles?status=live")) == [article["id"]]
    assert ids_of(client.get("/v1/articles?not_status=scheduled")) == [article["id"]]


def test_the_desk_finds_what_ends_soon(client: TestClient) -> None:
    article = a_draft(client)
    post(client, "articles", an_article())
    client.put(publication(article), json={"until": ONE_O_CLOCK}, headers=ANY)

    assert ids_of(client.get("/v1/articles?expires=2026-11-20")) == [article["id"]]
    assert ids_of(client.get("/v1/articles?expires=2026-11-21..")) == []


def test_what_was_scheduled_and_is_taken_back_is_a_draft_again(
    client: TestClient, reader: TestClient, database: Database, clock: Clock
) -> None:
    article = a_draft(client)
    client.put(publication(article), json={"at": ONE_O_CLOCK}, headers=ANY)

    taken = saved(client.delete(publication(article), headers=ANY))
    clock.advance(hours=2)

    assert taken["status"] == "draft"
    assert reader.get(f"/v1/articles/{article['id']}").status_code == 404
    assert database.read_now(events_of, article["id"])[-1] == ("article.unpublished", None)


def test_a_scheduled_article_can_be_edited_and_stays_scheduled(
    client: TestClient, clock: Clock
) -> None:
    article = a_draft(client)
    scheduled = saved(client.put(publication(article), json={"at": ONE_O_CLOCK}, headers=ANY))
    path = f"/v1/articles/{article['id']}"

    edited = client.patch(path, json={"headline": "Sailing"}, headers=unchanged(scheduled))
    stale = client.put(publication(article), json={}, headers=unchanged(scheduled))

    assert (saved(edited)["status"], edited.json()["headline"]) == ("scheduled", "Sailing")
    assert problem_of(stale) == (412, "precondition-failed")


def test_scheduled_means_an_instant_to_come(client: TestClient) -> None:
    sent = an_article(status="scheduled", published_at="2026-11-20T11:00:00Z")

    refused = client.post("/v1/articles", json=sent)
    kept = client.post("/v1/articles", json={**sent, "published_at": ONE_O_CLOCK})

    assert problem_of(refused) == (422, "schedule-invalid")
    assert pointers_of(refused) == ["/published_at"]
    assert kept.json()["status"] == "scheduled"


def test_what_was_due_while_nobody_watched_is_told_in_full(
    client: TestClient, database: Database, clock: Clock
) -> None:
    article = a_draft(client)
    sent = {"at": ONE_O_CLOCK, "until": TWO_O_CLOCK}
    client.put(publication(article), json=sent, headers=ANY)
    clock.advance(hours=3)

    database.write_now(do_what_is_due, clock())

    events = database.read_now(events_of, article["id"])[2:]
    assert events == [("article.published", "clock"), ("article.withdrawn", "clock")]


def test_one_that_is_created_for_later_is_told_of_then(
    client: TestClient, database: Database, clock: Clock
) -> None:
    article = post(client, "articles", an_article(published_at=ONE_O_CLOCK))
    clock.advance(hours=1)

    client.get("/v1/articles")

    assert article["status"] == "scheduled"
    events = database.read_now(events_of, article["id"])
    assert events[1:] == [("article.scheduled", None), ("article.published", "clock")]


def test_what_comes_due_together_is_done_to_the_last(
    client: TestClient, database: Database, clock: Clock
) -> None:
    for _ in range(3):
        client.put(publication(a_draft(client)), json={"at": ONE_O_CLOCK}, headers=ANY)
    clock.advance(hours=1)
    at: datetime = clock()

    client.get("/v1/articles")

    assert database.write_now(do_what_is_due, at) == 0
    assert len(ids_of(client.get("/v1/articles?status=live"))) == 3


def test_a_withdrawal_is_silent_or_told_in_public(client: TestClient, reader: TestClient) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"
    by_slug = f"/v1/articles/{article['slug']}"

    client.delete(publication(article), params={"public_note": "It was untrue."}, headers=ANY)
    told = [reader.get(address) for address in (path, by_slug, f"{path}.txt")]
    saved(client.put(publication(article), json={}, headers=ANY))
    again = reader.get(path)
    client.delete(publication(article), headers=ANY)
    silent = reader.get(path)

    assert [problem_of(one) for one in told] == [(410, "article-withdrawn")] * 3
    assert told[0].json()["detail"] == "It was untrue."
    assert again.status_code == 200
    assert problem_of(silent) == (404, "article-not-found")
    assert saved(client.get(path))["status"] == "withdrawn"


def test_what_is_hidden_is_answered_as_what_is_unknown(
    client: TestClient, reader: TestClient
) -> None:
    """With the same answer but for the name."""
    hidden = a_draft(client)
    unknown = hidden["id"][:-1] + ("0" if hidden["id"][-1] != "0" else "1")

    answers = [reader.get(f"/v1/articles/{name}") for name in (hidden["id"], unknown)]

    shown = [
        {**one.json(), "detail": one.json()["detail"][:20], "request_id": ""} for one in answers
    ]
    assert shown[0] == shown[1]


def test_an_edit_can_lift_an_embargo(client: TestClient, reader: TestClient) -> None:
    article = post(client, "articles", an_article(embargoed_until=ONE_O_CLOCK))

    lifted = client.patch(
        f"/v1/articles/{article['id']}", json={"embargoed_until": None}, headers=ANY
    )

    assert (article["status"], saved(lifted)["status"]) == ("scheduled", "live")
    assert reader.get(f"/v1/articles/{article['id']}").status_code == 200


def test_a_draft_that_is_dated_back_keeps_its_forms_to_itself(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()], status="draft"))
    (quote,) = article["quotes"]
    clock.advance(hours=1)
    address = f"/v1/quotes/{quote['id']}"
    saved(client.patch(address, json={"speaker_role": "leader"}, headers=ANY))
    clock.advance(hours=1)
    saved(client.put(publication(article), json={}, headers=ANY))

    forms = saved(reader.get(f"{address}/history"))["items"]

    assert [form["speaker_role"] for form in forms] == ["leader"]


def test_a_later_beginning_cannot_lie_behind_the_end(client: TestClient) -> None:
    article = a_draft(client)
    sent = {"at": ONE_O_CLOCK, "until": TWO_O_CLOCK}
    scheduled = saved(client.put(publication(article), json=sent, headers=ANY))
    path = f"/v1/articles/{article['id']}"

    moved = client.put(publication(article), json={"at": TWO_O_CLOCK}, headers=ANY)
    edited = client.patch(path, json={"published_at": TWO_O_CLOCK}, headers=ANY)

    assert (problem_of(moved), pointers_of(moved)) == ((422, "schedule-invalid"), ["/until"])
    assert (problem_of(edited)[1], pointers_of(edited)) == ("schedule-invalid", ["/published_at"])
    assert saved(client.get(path)) == scheduled


def test_an_edit_cannot_date_what_is_public_later(client: TestClient) -> None:
    article = post(client, "articles", an_article())

    refused = client.patch(
        f"/v1/articles/{article['id']}", json={"published_at": ONE_O_CLOCK}, headers=ANY
    )

    assert problem_of(refused) == (409, "already-public")
    assert pointers_of(refused) == ["/published_at"]


def test_what_was_over_goes_live_for_good_by_an_edit_too(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = a_draft(client)
    client.put(publication(article), json={"until": ONE_O_CLOCK}, headers=ANY)
    clock.advance(hours=2)
    path = f"/v1/articles/{article['id']}"

    live = saved(client.patch(path, json={"status": "live"}, headers=ANY))

    assert (live["status"], live["published_until"]) == ("live", None)
    assert reader.get(path).status_code == 200
