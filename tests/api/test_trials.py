"""`dry_run=true` on every operation that writes: told as it would be, and nothing kept."""

import orjson
from starlette.testclient import TestClient

from app.database.session import Database
from app.models.key import Scope
from app.web.application import Application
from tests.writing import WRITES, Write, a_newsroom, changed, dump, operations

METHODS = ("POST", "PUT", "PATCH", "DELETE")
# Edits of an article tell on trial what would become of its quotes.
PREVIEWS = {
    "PUT /v1/articles/{article_id}",
    "PATCH /v1/articles/{article_id}",
    "PUT /v1/articles/{article_id}/restoration",
}
# What a token is, and what an id, differs each time; and so do lines which tell them.
UNFORESEEN = ("POST", "PUT /v1/keys", "PUT /v1/webhooks")


def test_each_operation_that_writes_is_walked(app: Application) -> None:
    assert sorted(write.operation for write in WRITES) == sorted(operations(app, *METHODS))


def test_what_is_tried_is_told_as_it_would_be_and_changes_nothing(
    app: Application, client: TestClient, keys: dict[Scope, str], database: Database
) -> None:
    client.headers["Authorization"] = f"Bearer {keys['admin']}"
    names = a_newsroom(client)

    for write in WRITES:
        before = dump(database)
        tried = write.send(client, names, "?dry_run=true", {"Idempotency-Key": "a"})
        assert tried.is_success, (write.operation, tried.text)
        assert tried.headers["Onrecord-Dry-Run"] == "true", write.operation
        assert not {"ETag", "Location"} & set(tried.headers), write.operation
        assert changed(before, dump(database)) == set(), write.operation

        done = write.send(client, names)
        assert "Onrecord-Dry-Run" not in done.headers
        assert tried.status_code == done.status_code, (write.operation, done.text)
        assert changed(before, dump(database)), write.operation
        if write.operation in PREVIEWS:
            assert {"text_changed", "quotes"} <= tried.json().keys()
        elif write.operation.startswith(UNFORESEEN):
            assert members(write, tried.content) == members(write, done.content), write.operation
        else:
            assert tried.content == done.content, write.operation


def members(write: Write, answer: bytes) -> list[set[str]]:
    return [set(orjson.loads(line)) for line in answer.splitlines()]


def test_an_article_that_is_tried_is_shown_with_its_quotes_in_their_places(
    client: TestClient,
) -> None:
    sent = next(write for write in WRITES if write.operation == "POST /v1/articles")

    tried = sent.send(client, {}, "?dry_run=true").json()

    [quote] = tried["quotes"]
    [span] = quote["spans"]
    assert tried["text"][span["start"] : span["end"]] == quote["text"] == span["exact"]
    assert quote["anchor"] == "anchored"
    assert (tried["slug"], tried["revision"], tried["status"]) == ("another", 1, "live")
