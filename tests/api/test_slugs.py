"""Former slugs: where they lead, and what the journal tells of them."""

from typing import Any

import pytest
from sqlalchemy import Connection, select
from starlette.testclient import TestClient

from app.database.session import Database
from app.models import Change
from tests.api.test_channels import a_channel
from tests.builders import ANY, Document, an_article, an_entity, post, problem_of, saved
from tests.conftest import Clock

NAMED: dict[str, tuple[str, Document]] = {
    "article": ("articles", an_article()),
    "entity": ("entities", an_entity()),
    "publisher": ("publishers", {"name": "The Post"}),
    "channel": ("channels", a_channel()),
    "section": ("sections", {"name": "Old"}),
}


def slug_member(resource: str) -> str:
    return "path" if resource == "section" else "slug"


def renamed(client: TestClient, resource: str, *slugs: str) -> str:
    """The id of something that was called by each of these in turn."""
    collection, sent = NAMED[resource]
    member = slug_member(resource)
    document = post(client, collection, {**sent, member: slugs[0]})
    path = f"/v1/{collection}/{document['id']}"
    for slug in slugs[1:]:
        saved(client.patch(path, json={member: slug}, headers=ANY))
    return str(document["id"])


def told(database: Database, resource_id: str) -> list[tuple[str, list[str]]]:
    """Each event of a resource, with its slugs."""

    def read(connection: Connection) -> list[Any]:  # Any: rows
        statement = select(Change.event, Change.slugs).where(Change.resource_id == resource_id)
        return [tuple(row) for row in connection.execute(statement.order_by(Change.sequence))]

    return database.read_now(read)


@pytest.mark.parametrize("resource", NAMED)
def test_a_former_slug_leads_reads_and_writes_to_the_present_one(
    client: TestClient, reader: TestClient, resource: str
) -> None:
    collection = NAMED[resource][0]
    renamed(client, resource, "old", "new")

    read = reader.get(f"/v1/{collection}/old?fields=id")
    writes = [
        client.patch(f"/v1/{collection}/old", json={}, headers=ANY),
        client.put(f"/v1/{collection}/old", json=NAMED[resource][1] | {"path": "old"}
                   if resource == "section" else NAMED[resource][1], headers=ANY),
        client.delete(f"/v1/{collection}/old", headers=ANY),
    ]  # fmt: skip

    assert (read.status_code, read.headers["Location"]) == (308, f"/v1/{collection}/new?fields=id")
    for write in writes:
        assert (write.status_code, write.headers["Location"]) == (308, f"/v1/{collection}/new")
    assert saved(reader.get(f"/v1/{collection}/new"))["revision"] == 2


@pytest.mark.parametrize("resource", NAMED)
def test_no_slug_of_what_is_deleted_leads_anywhere(client: TestClient, resource: str) -> None:
    collection = NAMED[resource][0]
    renamed(client, resource, "old", "new")

    client.delete(f"/v1/{collection}/new", headers=ANY)

    for slug in ("old", "new"):
        response = client.get(f"/v1/{collection}/{slug}")
        assert problem_of(response) == (404, f"{resource}-not-found")


def test_a_former_slug_of_a_withdrawn_article_leads_no_reader_to_it(
    client: TestClient, reader: TestClient
) -> None:
    renamed(client, "article", "old", "new")

    saved(client.delete("/v1/articles/new/publication", headers=ANY))

    assert problem_of(reader.get("/v1/articles/old")) == (404, "article-not-found")
    assert client.get("/v1/articles/old").status_code == 308


@pytest.mark.parametrize("resource", NAMED)
def test_the_journal_tells_by_which_slugs_something_was_known(
    client: TestClient, database: Database, resource: str
) -> None:
    resource_id = renamed(client, resource, "first", "second", "third")
    client.delete(f"/v1/{NAMED[resource][0]}/third", headers=ANY)

    created, *between, deleted = told(database, resource_id)

    updated = f"{resource}.updated"
    assert created == (f"{resource}.created", ["first"]) or resource == "article"
    assert [one for one in between if one[0] == updated] == [
        (updated, ["second", "first"]),
        (updated, ["third", "second"]),
    ]
    assert deleted == (f"{resource}.deleted", ["third", "first", "second"])


def test_the_withdrawal_that_a_deletion_is_tells_all_slugs_too(
    client: TestClient, database: Database, clock: Clock
) -> None:
    article_id = renamed(client, "article", "first", "second")
    clock.advance(hours=1)

    client.delete(f"/v1/articles/{article_id}", headers=ANY)

    assert told(database, article_id)[-2:] == [
        ("article.withdrawn", ["second", "first"]),
        ("article.deleted", ["second", "first"]),
    ]


def test_the_journal_tells_the_paths_of_sections_that_move_along(
    client: TestClient, database: Database
) -> None:
    child = post(client, "sections", {"path": "news/ports", "name": "Ports"})

    saved(client.patch("/v1/sections/news", json={"path": "world"}, headers=ANY))

    assert told(database, child["id"])[-1] == ("section.updated", ["world/ports", "news/ports"])


def test_what_has_no_slug_has_none_in_the_journal(client: TestClient, database: Database) -> None:
    picture = post(client, "media", {"caption": "Crews"})

    assert told(database, picture["id"]) == [("media.created", [])]
