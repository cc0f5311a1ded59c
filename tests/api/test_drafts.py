"""What the desk and readers see of a draft beside a live article."""

from collections.abc import Callable
from threading import Thread

import pytest
from starlette.testclient import TestClient

from app.articles.due import do_what_is_due
from app.database.session import Database
from tests.api.test_schedules import ONE_O_CLOCK, TWO_O_CLOCK, a_draft, events_of, publication
from tests.builders import (
    ANY,
    TEXT,
    Document,
    a_quote,
    an_article,
    assert_verbatim,
    created,
    ids_of,
    pointers_of,
    post,
    problem_of,
    saved,
    text_body,
)
from tests.conftest import Clock

NEW = {"If-None-Match": "*"}
REWRITTEN = "Boats sail on Friday.\n\n“We will not sell,” union leader Ann Lee said."


@pytest.fixture
def article(client: TestClient) -> Document:
    return post(client, "articles", an_article(quotes=[a_quote()]))


def draft_of(article: Document) -> str:
    return f"/v1/articles/{article['id']}/draft"


def begun(client: TestClient, article: Document, **changes: object) -> Document:
    sent = an_article(headline="Boats sail", body=text_body(REWRITTEN))
    for name in ("status", "published_at"):
        del sent[name]
    return created(client.put(draft_of(article), json={**sent, **changes}, headers=NEW))


def publish(client: TestClient, article: Document, **sent: object) -> Document:
    return saved(client.put(publication(article), json=sent, headers=ANY))


def test_a_draft_changes_nothing_of_the_article(
    client: TestClient, reader: TestClient, article: Document
) -> None:
    before = reader.get(f"/v1/articles/{article['id']}")

    draft = begun(client, article)

    after = reader.get(f"/v1/articles/{article['id']}")
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])
    assert (draft["revision"], draft["base_revision"], draft["changed"]) == (1, 1, [])
    assert draft["article"] == article["id"]
    assert draft["content"]["headline"] == "Boats sail"
    assert saved(client.get(draft_of(article))) == draft


def test_a_published_draft_takes_the_place_of_what_was_live(
    client: TestClient, reader: TestClient, article: Document
) -> None:
    draft = begun(client, article)

    now = publish(client, article, revision=draft["revision"])

    assert (now["headline"], now["revision"], now["status"]) == ("Boats sail", 2, "live")
    assert now["published_at"] == article["published_at"]
    assert [one["id"] for one in now["quotes"]] == [article["quotes"][0]["id"]]
    assert_verbatim(now)
    assert saved(reader.get(f"/v1/articles/{article['id']}"))["headline"] == "Boats sail"
    assert problem_of(client.get(draft_of(article))) == (404, "draft-not-found")


def test_a_draft_is_read_as_it_would_be_published(client: TestClient, article: Document) -> None:
    begun(client, article)
    address = f"/v1/articles/{article['id']}"

    drafted = client.get(f"{address}?version=draft")
    utf16 = saved(client.get(f"{address}?version=draft&offsets=utf16&fields=headline,text"))

    assert saved(drafted)["headline"] == "Boats sail"
    assert_verbatim(drafted.json())
    assert utf16 == {"headline": "Boats sail", "text": REWRITTEN}
    assert saved(client.get(address)) == article


def test_a_draft_begins_as_the_article_and_is_patched(
    client: TestClient, article: Document
) -> None:
    first = client.patch(draft_of(article), json={"headline": "Boats"}, headers=NEW)
    second = client.patch(
        draft_of(article),
        json={"standfirst": "At last"},
        headers={"If-Match": first.headers["ETag"]},
    )

    assert created(first)["content"]["headline"] == "Boats"
    assert first.headers["Location"] == draft_of(article)
    content = saved(second)["content"]
    assert (content["headline"], content["standfirst"]) == ("Boats", "At last")
    assert [one["id"] for one in content["body"]] == [one["id"] for one in article["body"]]
    now = publish(client, article, revision=2)
    assert (now["text"], now["quotes"][0]["anchor"]) == (article["text"], "anchored")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (428, "precondition-required")),
        (NEW, (412, "precondition-failed")),
        ({"If-Match": '"x.9"'}, (412, "precondition-failed")),
    ],
)
def test_a_draft_is_changed_by_who_has_read_it(
    client: TestClient, article: Document, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    draft = begun(client, article)

    for method in ("PUT", "PATCH", "DELETE"):
        body = None if method == "DELETE" else {"headline": "Other"}
        refused = client.request(method, draft_of(article), json=body, headers=headers)
        assert problem_of(refused) == expected, method
    assert saved(client.get(draft_of(article))) == draft


def test_a_draft_that_was_saved_meanwhile_is_not_published(
    client: TestClient, article: Document
) -> None:
    begun(client, article)
    saved(client.patch(draft_of(article), json={"headline": "Later"}, headers=ANY))

    refused = client.put(publication(article), json={"revision": 1}, headers=ANY)

    assert problem_of(refused) == (412, "precondition-failed")
    assert refused.json()["current_revision"] == 2
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article


def test_a_draft_that_would_take_back_later_changes_is_refused(
    client: TestClient, article: Document
) -> None:
    begun(client, article)
    path = f"/v1/articles/{article['id']}"
    saved(client.patch(path, json={"standfirst": "New", "section": "sport"}, headers=ANY))

    refused = client.put(publication(article), json={"revision": 1}, headers=ANY)

    assert problem_of(refused) == (409, "draft-outdated")
    assert sorted(refused.json()["changed"]) == ["section", "standfirst"]
    assert sorted(saved(client.get(draft_of(article)))["changed"]) == ["section", "standfirst"]
    known = client.patch(f"{draft_of(article)}?base_revision=2", json={}, headers=ANY)
    assert saved(known)["changed"] == []
    assert publish(client, article, revision=2)["headline"] == "Boats sail"


def test_a_draft_that_leaves_corrections_and_slug_alone_knows_of_them(
    client: TestClient, article: Document
) -> None:
    begun(client, article)
    path = f"/v1/articles/{article['id']}"
    created(client.post(f"{path}/corrections", json={"text": "It was Friday."}))
    saved(client.patch(path, json={"slug": "ferries"}, headers=ANY))

    unsaid = saved(client.get(draft_of(article)))["changed"]
    said = {"slug": "boats", "corrections": []}
    changed = saved(client.patch(draft_of(article), json=said, headers=ANY))["changed"]
    refused = client.put(publication(article), json={"revision": 2}, headers=ANY)

    assert unsaid == []
    assert sorted(changed) == ["corrections", "slug"]
    assert problem_of(refused) == (409, "draft-outdated")


def test_a_new_quote_makes_no_draft_outdated(client: TestClient, article: Document) -> None:
    begun(client, article)
    post(client, "quotes", a_quote(article=article["id"], text="ferries will sail as planned"))

    draft = saved(client.get(draft_of(article)))

    assert (draft["base_revision"], draft["changed"]) == (1, [])


def test_a_draft_in_which_a_quote_no_longer_stands_is_refused_with_the_list(
    client: TestClient, article: Document
) -> None:
    begun(client, article, body=text_body("“We would never sell it,” union leader Ann Lee said."))

    refused = client.put(publication(article), json={"revision": 1}, headers=ANY)

    assert problem_of(refused) == (422, "draft-not-publishable")
    [error] = refused.json()["errors"]
    assert error["quote"] == article["quotes"][0]["id"]
    assert error["anchor"] in ("drifted", "orphaned")
    assert "We will not sell," in error["detail"]
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article
    saved(client.patch(draft_of(article), json={"quotes": []}, headers=ANY))
    assert publish(client, article, revision=2)["quotes"] == []


@pytest.mark.parametrize("sent", [{"at": TWO_O_CLOCK}, {}])
def test_a_quote_of_the_draft_that_does_not_stand_is_refused(
    client: TestClient, article: Document, sent: Document
) -> None:
    begun(client, article, quotes=[a_quote(text="Nobody said this")])

    refused = client.put(publication(article), json={"revision": 1, **sent}, headers=ANY)

    assert problem_of(refused) == (422, "quote-not-verbatim")
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article
    assert saved(client.get(draft_of(article)))["publish_at"] is None


@pytest.mark.parametrize("name", ["status", "published_at", "embargoed_until"])
def test_a_draft_says_nothing_of_its_publication(
    client: TestClient, article: Document, name: str
) -> None:
    value = "live" if name == "status" else TWO_O_CLOCK
    whole = {"headline": "Boats", name: value}

    put = client.put(draft_of(article), json=whole, headers=NEW)
    patched = client.patch(draft_of(article), json={name: value}, headers=NEW)

    for refused in (put, patched) if name != "status" else (put,):
        assert problem_of(refused) == (422, "validation-error")
        assert pointers_of(refused) == [f"/{name}"]


def test_a_draft_goes_out_from_no_later_revision(client: TestClient, article: Document) -> None:
    sent = {"headline": "Boats"}
    later = client.put(f"{draft_of(article)}?base_revision=2", json=sent, headers=NEW)
    none = client.put(f"{draft_of(article)}?base_revision=x", json=sent, headers=NEW)

    assert problem_of(later) == (422, "validation-error")
    assert problem_of(none) == (400, "invalid-parameter")


def test_a_scheduled_draft_takes_the_place_at_its_instant(
    client: TestClient, reader: TestClient, article: Document, clock: Clock, database: Database
) -> None:
    begun(client, article)
    scheduled = publish(client, article, revision=1, at=TWO_O_CLOCK)
    address = f"/v1/articles/{article['id']}"

    assert scheduled == article
    assert saved(client.get(draft_of(article)))["publish_at"] == TWO_O_CLOCK
    clock.advance(hours=1, minutes=59)
    assert saved(reader.get(address))["headline"] == article["headline"]
    clock.advance(minutes=1)
    now = saved(reader.get(address))
    assert (now["headline"], now["updated_at"]) == ("Boats sail", TWO_O_CLOCK)
    assert problem_of(client.get(draft_of(article))) == (404, "draft-not-found")
    assert database.read_now(events_of, article["id"])[-1] == ("article.updated", "clock")


def test_a_scheduled_draft_that_cannot_be_published_then_says_why(
    client: TestClient, reader: TestClient, article: Document, clock: Clock
) -> None:
    begun(client, article)
    publish(client, article, revision=1, at=TWO_O_CLOCK)
    path = f"/v1/articles/{article['id']}"
    changed = saved(client.patch(path, json={"standfirst": "New"}, headers=ANY))

    clock.advance(hours=2)

    assert saved(reader.get(path))["headline"] == changed["headline"]
    draft = saved(client.get(draft_of(article)))
    assert draft["publish_at"] is None
    assert draft["failure"]["code"] == "draft-outdated"
    assert draft["failure"]["at"] == TWO_O_CLOCK


def test_a_draft_of_a_scheduled_article_is_put_in_its_place_at_once(client: TestClient) -> None:
    article = a_draft(client)
    publish(client, article, at=ONE_O_CLOCK)
    begun(client, article)

    now = publish(client, article, revision=1, at=TWO_O_CLOCK)

    assert (now["headline"], now["status"]) == ("Boats sail", "scheduled")
    assert now["published_at"] == TWO_O_CLOCK


def test_a_withdrawal_takes_the_schedule_of_the_draft(
    client: TestClient, article: Document, clock: Clock
) -> None:
    begun(client, article)
    publish(client, article, revision=1, at=TWO_O_CLOCK)
    saved(client.delete(publication(article), headers=ANY))

    clock.advance(hours=3)

    assert saved(client.get(f"/v1/articles/{article['id']}"))["headline"] == article["headline"]
    assert saved(client.get(draft_of(article)))["publish_at"] is None


@pytest.mark.parametrize("name", ["until", "embargoed_until"])
def test_what_is_the_articles_is_not_said_of_a_scheduled_draft(
    client: TestClient, article: Document, name: str
) -> None:
    begun(client, article)

    sent = {"revision": 1, "at": ONE_O_CLOCK, name: TWO_O_CLOCK}
    refused = client.put(publication(article), json=sent, headers=ANY)

    assert problem_of(refused) == (422, "schedule-invalid")
    assert pointers_of(refused) == [f"/{name}"]


def test_drafts_are_for_the_desk(client: TestClient, reader: TestClient, article: Document) -> None:
    begun(client, article)
    addresses = [
        draft_of(article), publication(article), f"/v1/articles/{article['id']}?version=draft",
        "/v1/articles?draft=true", "/v1/articles?not_never_published=true",
    ]  # fmt: skip

    for address in addresses:
        assert problem_of(reader.get(address)) == (401, "unauthenticated"), address


def test_the_desk_finds_what_was_changed_and_what_was_never_published(
    client: TestClient, article: Document, clock: Clock
) -> None:
    begun(client, article)
    never, planned, over = a_draft(client), a_draft(client), a_draft(client)
    publish(client, planned, at=TWO_O_CLOCK)
    publish(client, over, until="2026-11-20T12:30:00Z")
    clock.advance(minutes=45)

    def found(query: str) -> set[str]:
        return set(ids_of(client.get(f"/v1/articles?{query}")))

    assert found("draft=true") == {article["id"]}
    assert found("not_draft=true") == {never["id"], planned["id"], over["id"]}
    assert found("never_published=true") == {never["id"], planned["id"]}
    assert found("never_published=true&status=draft") == {never["id"]}
    assert found("never_published=false") == {article["id"], over["id"]}


def test_a_publication_tells_who_did_what_and_why(client: TestClient, clock: Clock) -> None:
    article = a_draft(client)
    sent = {"at": ONE_O_CLOCK, "embargoed_until": TWO_O_CLOCK, "embargo_note": "Agreed by mail"}
    saved(client.put(f"{publication(article)}?note=As%20agreed", json=sent, headers=ANY))
    begun(client, article)
    clock.advance(hours=2)

    found = saved(client.get(publication(article)))

    assert (found["status"], found["embargo_note"]) == ("live", "Agreed by mail")
    assert (found["published_at"], found["embargoed_until"]) == (ONE_O_CLOCK, TWO_O_CLOCK)
    assert found["draft"]["revision"] == 1
    told = [(step["event"], step["note"], step["cause"]) for step in found["history"]]
    assert told == [
        ("article.published", None, "clock"),
        ("article.scheduled", "As agreed", None),
        ("article.created", None, None),
    ]
    assert found["history"][0]["author"] is None
    assert found["history"][1]["author"]["name"] == "write"


def test_an_embargo_note_is_public_nowhere(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = a_draft(client)
    sent = {"embargoed_until": ONE_O_CLOCK, "embargo_note": "Veiled note"}
    publish(client, article, **sent)
    clock.advance(hours=1)

    shown = reader.get(f"/v1/articles/{article['id']}").text

    assert "Veiled" not in shown
    assert article["id"] in shown


def test_a_draft_is_tried_and_not_kept(client: TestClient, article: Document) -> None:
    tried = client.put(f"{draft_of(article)}?dry_run=true", json={"headline": "Boats"}, headers=NEW)

    assert created(tried)["content"] == {"headline": "Boats"}
    assert problem_of(client.get(draft_of(article))) == (404, "draft-not-found")
    begun(client, article)
    trial = f"{publication(article)}?dry_run=true"
    shown = saved(client.put(trial, json={"revision": 1}, headers=ANY))
    assert shown["headline"] == "Boats sail"
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article
    assert client.get(draft_of(article)).status_code == 200


def test_a_draft_is_given_up(client: TestClient, article: Document) -> None:
    begun(client, article)

    assert client.delete(draft_of(article), headers=ANY).status_code == 204

    assert problem_of(client.get(draft_of(article))) == (404, "draft-not-found")
    assert problem_of(client.delete(draft_of(article), headers=ANY)) == (404, "draft-not-found")
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article


def test_the_clock_publishes_a_draft_once(
    client: TestClient, article: Document, clock: Clock, database: Database
) -> None:
    begun(client, article)
    publish(client, article, revision=1, at=TWO_O_CLOCK)
    clock.advance(hours=2)

    assert database.write_now(do_what_is_due, clock()) == 1
    assert database.write_now(do_what_is_due, clock()) == 0
    assert saved(client.get(f"/v1/articles/{article['id']}"))["revision"] == 2


def at_once(*acts: Callable[[], object]) -> None:
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_publications_at_once_one_wins(
    client: TestClient, article: Document, database: Database
) -> None:
    begun(client, article)
    etag = client.get(f"/v1/articles/{article['id']}").headers["ETag"]
    answers: list[int] = []

    def act() -> None:
        sent = {"revision": 1}
        response = client.put(publication(article), json=sent, headers={"If-Match": etag})
        answers.append(response.status_code)

    at_once(*[act] * 8)

    assert sorted(answers) == [200, *[412] * 7]
    events = [event for event, _ in database.read_now(events_of, article["id"])]
    assert events.count("article.updated") == 1


def test_a_schedule_and_an_edit_at_once_leave_one_of_both(
    client: TestClient, article: Document, clock: Clock
) -> None:
    """Either the edit came first and the draft is refused, or the draft goes out from what was
    there, and says so when its instant comes: no edit is taken back unseen."""
    begun(client, article)
    answers: dict[str, int] = {}
    path = f"/v1/articles/{article['id']}"

    def schedule() -> None:
        sent = {"revision": 1, "at": TWO_O_CLOCK}
        answers["schedule"] = client.put(publication(article), json=sent, headers=ANY).status_code

    def edit() -> None:
        sent = {"standfirst": "Edited"}
        answers["edit"] = client.patch(path, json=sent, headers=ANY).status_code

    at_once(schedule, edit)
    clock.advance(hours=2)

    assert answers["edit"] == 200
    assert answers["schedule"] in (200, 409)
    now = saved(client.get(path))
    assert (now["headline"], now["standfirst"]) == (article["headline"], "Edited")
    assert saved(client.get(draft_of(article)))["changed"] == ["standfirst"]


def test_a_publication_leaves_the_draft_where_it_is_not_named(
    client: TestClient, article: Document
) -> None:
    draft = begun(client, article)

    now = publish(client, article)

    assert now["text"] == TEXT
    assert saved(client.get(draft_of(article))) == draft


def test_nothing_of_a_refused_draft_is_kept(client: TestClient, article: Document) -> None:
    too_long = {"headline": "x" * 501}
    too_large = {"headline": "x", "body": [{"type": "paragraph", "text": "x"}] * 2_001}

    for sent in (too_long, too_large):
        refused = client.put(draft_of(article), json=sent, headers=NEW)
        assert problem_of(refused) == (422, "validation-error"), refused.text

    assert problem_of(client.get(draft_of(article))) == (404, "draft-not-found")
