"""What every write takes: whether it is only tried, and a note; and what is kept of who wrote."""

import pytest
from sqlalchemy import Connection, select
from starlette.testclient import TestClient

from app.database.session import Database
from app.models import ApiKey, Change, Revision
from tests.builders import (
    ANY,
    a_picture,
    an_article,
    an_entity,
    ids_of,
    post,
    problem_of,
    saved,
)

NEW = {
    "articles": an_article(),
    "entities": an_entity(),
    "sections": {"path": "news", "name": "News"},
    "publishers": {"name": "The Post"},
    "media": a_picture(),
}


def acts(connection: Connection) -> list[tuple[str, str | None, str | None]]:
    """Event, name of the key and note, of each row of the journal."""
    statement = (
        select(Change.event, ApiKey.name, Change.note)
        .outerjoin(ApiKey, ApiKey.id == Change.actor)
        .where(Change.resource == "article", Change.cause.is_(None))
        .order_by(Change.sequence)
    )
    return [(row.event, row.name, row.note) for row in connection.execute(statement)]


@pytest.mark.parametrize("collection", NEW)
def test_what_is_tried_is_answered_and_not_kept(client: TestClient, collection: str) -> None:
    path = f"/v1/{collection}"

    tried = client.post(f"{path}?dry_run=true", json=NEW[collection])

    assert tried.status_code == 201
    assert tried.headers["Onrecord-Dry-Run"] == "true"
    assert not {"ETag", "Location"} & set(tried.headers)
    assert ids_of(client.get(path)) == []
    assert post(client, collection, NEW[collection]).keys() == tried.json().keys()


def test_a_deletion_can_be_tried(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"

    tried = client.delete(f"{path}?dry_run=true", headers=ANY)

    assert (tried.status_code, tried.headers["Onrecord-Dry-Run"]) == (204, "true")
    assert saved(client.get(path)) == article


def test_what_is_wrong_is_told_on_trial_too(client: TestClient) -> None:
    article = post(client, "articles", an_article())

    stale = client.delete(
        f"/v1/articles/{article['id']}?dry_run=true", headers={"If-Match": '"x.9"'}
    )
    invalid = client.post("/v1/articles?dry_run=true", json={})

    assert problem_of(stale) == (412, "precondition-failed")
    assert problem_of(invalid) == (422, "validation-error")


def test_a_trial_leaves_its_idempotency_key_free(client: TestClient) -> None:
    headers = {"Idempotency-Key": "a"}

    client.post("/v1/articles?dry_run=true", json=an_article(), headers=headers)
    made = client.post("/v1/articles", json=an_article(), headers=headers)

    assert made.status_code == 201
    assert "Idempotency-Replayed" not in made.headers


def test_who_wrote_and_why_is_kept(client: TestClient, database: Database) -> None:
    article = post(client, "articles?note=From the desk", an_article(quotes=[], entities=[]))
    path = f"/v1/articles/{article['id']}"
    client.patch(path, params={"note": "A typo"}, json={"headline": "Sailing"}, headers=ANY)
    client.delete(f"{path}/publication", headers=ANY)

    assert database.read_now(acts) == [
        ("article.created", "write", "From the desk"),
        ("article.published", "write", "From the desk"),
        ("article.updated", "write", "A typo"),
        ("article.withdrawn", "write", None),
    ]
    kept = database.read_now(
        lambda connection: connection.execute(
            select(Revision.note, Revision.cause).order_by(Revision.revision)
        ).all()
    )
    assert [tuple(row) for row in kept] == [
        ("From the desk", "article.published"),
        ("A typo", "article.updated"),
        (None, "article.withdrawn"),
    ]


@pytest.mark.parametrize("note", ["", " ", "a\nb", "x" * 501])
def test_a_note_is_one_line(client: TestClient, note: str) -> None:
    response = client.post("/v1/articles", params={"note": note}, json=an_article())

    assert problem_of(response) == (400, "invalid-parameter")
    assert ids_of(client.get("/v1/articles")) == []


def test_a_read_takes_no_note(client: TestClient) -> None:
    assert problem_of(client.get("/v1/articles?note=x")) == (400, "invalid-parameter")
