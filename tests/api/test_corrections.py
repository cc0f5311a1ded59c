"""What a client sees of a correction that is added to an article."""

from threading import Barrier, Thread

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    AN_ID,
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
    unchanged,
)
from tests.conftest import Clock

NOW = "2026-11-20T12:00:00Z"
FORMER = {"at": "2026-11-20T10:00:00Z", "text": "The port is public."}


def corrections_at(article: Document) -> str:
    return f"/v1/articles/{article['id']}/corrections"


def test_a_correction_is_added_and_all_else_stays(client: TestClient) -> None:
    article = post(client, "articles", an_article(corrections=[FORMER], quotes=[a_quote()]))

    response = client.post(corrections_at(article), json={"text": "It was Friday."})

    corrected = created(response)
    assert corrected == {
        **article,
        "revision": 2,
        "corrections": [FORMER, {"at": NOW, "text": "It was Friday."}],
    }
    assert response.headers["Location"] == f"/v1/articles/{article['id']}"
    read = client.get(f"/v1/articles/{article['id']}")
    assert (saved(read), read.headers["ETag"]) == (corrected, response.headers["ETag"])


def test_readers_see_a_correction_at_once(client: TestClient, reader: TestClient) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"
    read = reader.get(path)

    created(client.post(f"{path}/corrections", json={"text": "It was Friday."}))

    again = reader.get(path, headers={"If-None-Match": read.headers["ETag"]})
    listed = saved(reader.get("/v1/articles"))["items"][0]
    correction = {"at": NOW, "text": "It was Friday."}
    assert saved(again)["corrections"] == listed["corrections"] == [correction]


def test_a_correction_is_found_by_its_slug_and_keeps_the_instant_that_was_sent(
    client: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article())
    clock.advance(hours=1)
    sent = {"text": "It was\r\nFriday.", "at": "2026-11-20T13:30:00+01:00"}

    corrected = created(client.post("/v1/articles/ferry-strike-ends/corrections", json=sent))

    assert corrected["corrections"] == [{"at": "2026-11-20T12:30:00Z", "text": "It was\nFriday."}]
    assert corrected["updated_at"] == "2026-11-20T13:00:00Z"
    assert corrected["published_at"] == article["published_at"]


def test_the_history_and_the_audit_tell_of_a_correction(
    client: TestClient, keys: dict[str, str]
) -> None:
    article = post(client, "articles", an_article())
    sent = {"text": "It was Friday."}

    created(client.post(f"{corrections_at(article)}?note=She%20called", json=sent))

    revisions = saved(client.get(f"/v1/articles/{article['id']}/revisions?fields=cause,note"))
    assert revisions["items"][0] == {"cause": "article.corrected", "note": "She called"}
    admin = {"Authorization": f"Bearer {keys['admin']}"}
    told = saved(client.get(f"/v1/audit?id={article['id']}", headers=admin))["items"]
    assert [(one["event"], one["revision"]) for one in told[:1]] == [("article.corrected", 2)]


def test_a_correction_can_be_tried(client: TestClient) -> None:
    article = post(client, "articles", an_article())

    tried = client.post(f"{corrections_at(article)}?dry_run=true", json={"text": "It was Friday."})

    assert [one["text"] for one in created(tried)["corrections"]] == ["It was Friday."]
    assert tried.headers["Onrecord-Dry-Run"] == "true"
    assert "ETag" not in tried.headers
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article


def test_a_correction_that_is_sent_again_under_its_key_is_added_once(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    path, sent, key = corrections_at(article), {"text": "It was Friday."}, {"Idempotency-Key": "1"}

    first, second = (client.post(path, json=sent, headers=key) for _ in range(2))

    assert created(second) == created(first)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(saved(client.get(f"/v1/articles/{article['id']}"))["corrections"]) == 1


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({}, "/text"),
        ({"text": ""}, "/text"),
        ({"text": " \u200b "}, "/text"),
        ({"text": "a\u0000b"}, "/text"),
        ({"text": "x" * 2001}, "/text"),
        ({"text": "It was Friday.", "at": "2026-11-20T12:00:00.000001Z"}, "/at"),
        ({"text": "It was Friday.", "at": "2026-11-20T11:00:00"}, "/at"),
        ({"text": "It was Friday.", "of": "x"}, "/of"),
    ],
    ids=["no text", "empty", "blank", "control", "long", "to come", "no zone", "unknown"],
)
def test_what_is_no_correction_is_refused(client: TestClient, sent: Document, pointer: str) -> None:
    article = post(client, "articles", an_article())

    refused = client.post(corrections_at(article), json=sent)

    assert problem_of(refused) == (422, "validation-error")
    assert pointers_of(refused) == [pointer]
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article


def test_a_correction_of_the_longest_text_made_now_is_taken(client: TestClient) -> None:
    article = post(client, "articles", an_article())

    corrected = created(client.post(corrections_at(article), json={"text": "é" * 2000, "at": NOW}))

    assert corrected["corrections"] == [{"at": NOW, "text": "é" * 2000}]


def test_the_hundredth_correction_is_the_last(client: TestClient) -> None:
    article = post(client, "articles", an_article(corrections=[FORMER] * 99))

    created(client.post(corrections_at(article), json={"text": "The last."}))
    refused = client.post(corrections_at(article), json={"text": "One more."})

    assert problem_of(refused) == (422, "validation-error")
    assert len(saved(client.get(f"/v1/articles/{article['id']}"))["corrections"]) == 100


def test_a_tag_is_not_needed_but_has_to_hold(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    path, sent = corrections_at(article), {"text": "It was Friday."}

    first = client.post(path, json=sent, headers=unchanged(article))
    stale = client.post(path, json=sent, headers=unchanged(article))
    next_ = client.post(path, json=sent, headers=if_match(first))
    whatever = client.post(path, json=sent, headers=ANY)
    new = client.post(path, json=sent, headers={"If-None-Match": "*"})

    assert [one.status_code for one in (first, next_, whatever)] == [201] * 3
    assert problem_of(stale) == problem_of(new) == (412, "precondition-failed")
    assert whatever.json()["revision"] == 4


def test_an_article_that_is_not_there_is_not_corrected(
    client: TestClient, reader: TestClient
) -> None:
    draft = post(client, "articles", an_article(status="draft"))

    missing = client.post(f"/v1/articles/{AN_ID}/corrections", json={"text": "It was Friday."})
    unknown = reader.post(corrections_at(draft), json={"text": "It was Friday."})

    assert problem_of(missing) == (404, "article-not-found")
    assert problem_of(unknown) == (401, "unauthenticated")


def test_a_correction_changes_nothing_of_the_publication(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    withdrawn = saved(client.delete(f"/v1/articles/{article['id']}/publication", headers=ANY))

    corrected = created(client.post(corrections_at(article), json={"text": "It was Friday."}))

    assert (withdrawn["status"], corrected["status"]) == ("withdrawn", "withdrawn")


def test_corrections_that_are_sent_at_once_are_all_kept(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    texts, ready = {f"Correction {number}." for number in range(6)}, Barrier(6)

    def correct(text: str) -> None:
        ready.wait()
        created(client.post(corrections_at(article), json={"text": text}))

    threads = [Thread(target=correct, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = saved(client.get(f"/v1/articles/{article['id']}"))
    assert {one["text"] for one in kept["corrections"]} == texts
    assert kept["revision"] == 7
