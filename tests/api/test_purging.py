"""Revisions purged: what they held is nowhere, that they were there stays."""

import pytest
from sqlalchemy import Connection, select
from starlette.testclient import TestClient

from app.database.session import Database
from app.models import Change, Revision
from tests.builders import (
    ANY,
    Document,
    a_quote,
    an_article,
    if_match,
    post,
    problem_of,
    saved,
    text_body,
)
from tests.conftest import Clock


@pytest.fixture
def edited(client: TestClient) -> Document:
    """An article that was libellous in its first revision."""
    article = post(client, "articles", an_article(headline="Libel", quotes=[a_quote()]))
    patch = {"headline": "Sailing", "quotes": []}
    return saved(client.patch(f"/v1/articles/{article['id']}", json=patch, headers=ANY))


def events(database: Database) -> list[str]:
    def read(connection: Connection) -> list[str]:
        return list(connection.scalars(select(Change.event).order_by(Change.sequence)))

    return database.read_now(read)


def test_nothing_is_left_of_what_a_purged_revision_held(
    client: TestClient, edited: Document, clock: Clock, database: Database
) -> None:
    path = f"/v1/articles/{edited['id']}"
    tag = if_match(client.get(f"{path}/revisions/1"))
    clock.advance(hours=1)

    purged = client.delete(f"{path}/revisions/1?note=Court+order", headers=tag)

    assert purged.status_code == 204
    read = client.get(f"{path}/revisions/1")
    assert problem_of(read) == (410, "revision-purged")
    assert read.json()["purged_at"] == "2026-11-20T13:00:00Z"
    second, first = saved(client.get(f"{path}/revisions"))["items"]
    assert (second["headline"], second["purged_at"], second["purged_by"]) == ("Sailing", None, None)
    assert first == {
        "revision": 1,
        "saved_at": "2026-11-20T12:00:00Z",
        "headline": None,
        "author": second["author"],
        "note": None,
        "cause": "article.published",
        "purged_at": "2026-11-20T13:00:00Z",
        "purged_by": second["author"],
    }
    assert saved(client.get(path)) == edited
    assert events(database)[-1] == "article.revision_purged"
    kept = database.read_now(
        lambda connection: connection.execute(
            select(Revision.headline, Revision.document).where(Revision.revision == 1)
        ).one()
    )
    telling = {"status": "live", "published_at": "2026-11-20T08:00:00Z", "embargoed_until": None}
    assert tuple(kept) == ("", telling)


@pytest.mark.parametrize("action", ["", "/comparison", "/restoration", "?as_of"])
def test_a_purged_revision_is_gone_whatever_is_asked_of_it(
    client: TestClient, edited: Document, clock: Clock, action: str
) -> None:
    path = f"/v1/articles/{edited['id']}"
    clock.advance(hours=1)
    client.patch(path, json={}, headers=ANY)
    client.delete(f"{path}/revisions/2", headers=ANY)

    if action == "/restoration":
        response = client.put(f"{path}/restoration", json={"revision": 2}, headers=ANY)
    elif action == "?as_of":
        response = client.get(f"{path}?as_of=2026-11-20T12:30:00Z")
    else:
        response = client.get(f"{path}/revisions/2{action}")

    assert problem_of(response) == (410, "revision-purged")
    assert saved(client.get(path))["revision"] == 3


def test_a_revision_is_purged_once(client: TestClient, edited: Document) -> None:
    path = f"/v1/articles/{edited['id']}/revisions/1"
    client.delete(path, headers=ANY)

    again = client.delete(path, headers=ANY)

    assert problem_of(again) == (410, "revision-purged")


def test_a_purge_that_is_only_tried_purges_nothing(client: TestClient, edited: Document) -> None:
    path = f"/v1/articles/{edited['id']}/revisions/1"
    before = saved(client.get(path))

    tried = client.delete(f"{path}?dry_run=true", headers=ANY)

    assert (tried.status_code, tried.headers["Onrecord-Dry-Run"]) == (204, "true")
    assert saved(client.get(path)) == before


def test_a_purge_names_the_revision_that_was_read(client: TestClient, edited: Document) -> None:
    path = f"/v1/articles/{edited['id']}/revisions/1"

    without = client.delete(path)
    other = client.delete(path, headers=if_match(client.get(f"/v1/articles/{edited['id']}")))

    assert problem_of(without) == (428, "precondition-required")
    assert problem_of(other) == (412, "precondition-failed")


def test_the_present_revision_stays(client: TestClient, edited: Document) -> None:
    path = f"/v1/articles/{edited['id']}"

    response = client.delete(f"{path}/revisions/2", headers=ANY)

    assert problem_of(response) == (409, "revision-in-use")
    assert saved(client.get(f"{path}/revisions/2"))["article"] == edited


def test_a_revision_by_which_quotes_find_their_way_back_stays_until_they_are_settled(
    client: TestClient,
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    path, (quote,) = f"/v1/articles/{article['id']}", article["quotes"]
    saved(client.patch(path, json={"body": text_body("Nothing.")}, headers=ANY))

    refused = client.delete(f"{path}/revisions/1", headers=ANY)
    client.delete(f"/v1/quotes/{quote['id']}/anchor", headers=ANY)
    settled = client.delete(f"{path}/revisions/1", headers=ANY)

    assert problem_of(refused) == (409, "revision-in-use")
    assert refused.json()["quotes"] == [quote["id"]]
    assert quote["id"] in refused.json()["detail"]
    assert settled.status_code == 204


@pytest.mark.parametrize("number", ["0", "9", "-1", "9" * 20])
def test_an_unknown_revision_is_not_purged(
    client: TestClient, edited: Document, number: str
) -> None:
    response = client.delete(f"/v1/articles/{edited['id']}/revisions/{number}", headers=ANY)

    assert problem_of(response) == (404, "revision-not-found")


def test_who_may_not_write_purges_nothing(reader: TestClient, edited: Document) -> None:
    response = reader.delete(f"/v1/articles/{edited['id']}/revisions/1", headers=ANY)

    assert problem_of(response) == (401, "unauthenticated")


def test_that_an_article_was_public_is_known_after_a_purge_still(
    client: TestClient, database: Database, clock: Clock
) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"
    clock.advance(hours=1)
    saved(client.delete(f"{path}/publication", headers=ANY))
    client.delete(f"{path}/revisions/1", headers=ANY)

    client.delete(path, headers=ANY)

    assert events(database)[-2:] == ["article.withdrawn", "article.deleted"]
