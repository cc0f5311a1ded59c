"""The index follows every write: after each it is what would be made anew from the content."""

from collections.abc import Callable
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, select, text
from starlette.testclient import TestClient

from app.database.session import Database
from app.search.entries import instant_of
from app.search.rebuilding import rebuild_index
from app.search.suggestions import NAMES
from app.search.tables import FOUND, KINDS, STATE, TERMS, TEXTS, metadata
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_picture,
    a_quote,
    an_article,
    an_entity,
    created,
    post,
    saved,
    text_body,
)
from tests.test_migrations import run_migrations

# Any: rows of the index, of whatever columns
Snapshot = dict[str, Any]


def snapshot(connection: Connection) -> Snapshot:
    """What the index holds, but for the slots of what has one instant."""
    held: Snapshot = {}
    for kind in KINDS:
        found, texts = FOUND[kind], TEXTS[kind]
        rows = connection.execute(
            select(found, texts.c.sketch, texts.c.headline, texts.c.words).join(
                texts, texts.c.position == found.c.position
            )
        ).all()
        held[kind] = {row.key: (instant_of(row.position), *row[2:]) for row in rows}
        assert len(rows) == connection.scalar(text(f"SELECT count(*) FROM search_{kind}_text"))
    terms = connection.execute(select(TERMS).where(TERMS.c.articles != 0))
    held["terms"] = {row.term: row.articles for row in terms}
    held["names"] = {tuple(row) for row in connection.execute(select(NAMES))}
    return held


def snapshots(database: Database) -> tuple[Snapshot, Snapshot]:
    """The index as it was kept, and as it would be made anew."""
    # What reads first and then writes would have to be alone for both.
    with database.engine.connect().execution_options(begins="IMMEDIATE") as connection:
        kept = snapshot(connection)
        rebuild_index(connection)
        made = snapshot(connection)
        connection.rollback()
    return kept, made


Step = Callable[[TestClient], object]
A, B = "01kaaaaaaaaaaaaaaaaaaaaaaa", "01kbbbbbbbbbbbbbbbbbbbbbbb"


def edited(changes: Document, article: str = A) -> Step:
    return lambda client: saved(client.patch(f"/v1/articles/{article}", json=changes, headers=ANY))


def change_quote(changes: Document) -> Step:
    def change(client: TestClient) -> None:
        quote = client.get(f"/v1/articles/{A}").json()["quotes"][0]
        saved(client.patch(f"/v1/quotes/{quote['id']}", json=changes, headers=ANY))

    return change


def delete_quote(client: TestClient) -> None:
    quote = client.get(f"/v1/articles/{A}").json()["quotes"][0]
    assert client.delete(f"/v1/quotes/{quote['id']}", headers=ANY).status_code == 204


def put(article: str, **changes: object) -> Step:
    document = an_article(**changes)
    new = {"If-None-Match": "*"}
    return lambda client: created(client.put(f"/v1/articles/{article}", json=document, headers=new))


MOVED = text_body("Nobody spoke.\n\n“We will not sell,” said the union’s Ann Lee.")
STEPS: dict[str, Step] = {
    "a draft": put(A, status="draft", quotes=[a_quote()], entities=[a_mention(name="Port")]),
    "published": lambda client: saved(
        client.put(f"/v1/articles/{A}/publication", json={}, headers=ANY)
    ),
    "a second, earlier": put(
        B,
        headline="Ann Lee leads the union",
        published_at="2025-01-01T00:00:00Z",
        quotes=[a_quote()],
        entities=[a_mention(), a_mention(name="Harbour Union", type="organization")],
    ),
    "another headline": edited({"headline": "Ferries sail again"}),
    "another text, the quote moved": edited({"body": MOVED}),
    "the quote lost": edited({"body": text_body("Nobody spoke.")}),
    "the quote back": edited({"body": MOVED}),
    "another speaker": change_quote({"speaker": {"name": "Bea Moss", "type": "person"}}),
    "retracted": change_quote({"status": "retracted"}),
    "restored": change_quote({"status": "confirmed"}),
    "other mentions": edited({"entities": [a_mention(name="Quay", type="place")]}),
    "another section": edited({"section": {"path": "sport"}}),
    "another language": edited({"language": "fr"}),
    "a later date": edited({"published_at": "2026-11-19T08:00:00Z"}),
    "an embargo": edited({"embargoed_until": "2026-12-01T08:00:00Z", "status": "draft"}),
    "live under it": edited({"status": "live"}),
    "no embargo": edited({"embargoed_until": None}),
    "the first to speak of them goes": lambda client: saved(
        client.delete(f"/v1/articles/{B}/publication", headers=ANY)
    ),
    "and comes back": lambda client: saved(
        client.put(f"/v1/articles/{B}/publication", json={}, headers=ANY)
    ),
    "an entity renamed": lambda client: saved(
        client.patch(
            "/v1/entities/ann-lee",
            json={"name": "Anna Lee-Moss", "aliases": ["A. Lee"], "description": "Of the union"},
            headers=ANY,
        )
    ),
    "an entity of its own": lambda client: post(client, "entities", an_entity(name="Quite Alone")),
    "deleted": lambda client: client.delete(
        "/v1/entities/quite-alone", headers=ANY
    ).raise_for_status(),
    "a section moved": lambda client: saved(
        client.patch("/v1/sections/news", json={"path": "reports", "name": "Reports"}, headers=ANY)
    ),
    "a picture": lambda client: post(client, "media", a_picture()),
    "a publisher": edited({"publisher": {"name": "The Courier"}}),
    "a dry run": lambda client: saved(
        client.patch(f"/v1/articles/{A}?dry_run=true", json={"headline": "Never seen"}, headers=ANY)
    ),
    "a quote deleted": delete_quote,
    "withdrawn": lambda client: saved(client.delete(f"/v1/articles/{A}/publication", headers=ANY)),
    "an article deleted": lambda client: client.delete(
        f"/v1/articles/{B}", headers=ANY
    ).raise_for_status(),
    "the other one, too": lambda client: client.delete(
        f"/v1/articles/{A}", headers=ANY
    ).raise_for_status(),
}


def test_after_each_write_the_index_is_as_made_anew(client: TestClient, database: Database) -> None:
    different = {}
    for name, step in STEPS.items():
        before = snapshots(database)[0] if name == "a dry run" else None
        step(client)
        kept, made = snapshots(database)
        for part, held in kept.items():
            if held != made[part]:
                different[f"{name}: {part}"] = (held, made[part])
        assert before in (None, kept)

    assert different == {}
    assert kept["articles"] == kept["quotes"] == {}


def test_a_draft_leaves_no_word_in_the_index(client: TestClient, database: Database) -> None:
    post(client, "articles", an_article(status="draft", quotes=[a_quote()], entities=[a_mention()]))
    withdrawn = post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention()]))
    saved(client.delete(f"/v1/articles/{withdrawn['id']}/publication", headers=ANY))

    kept, _ = snapshots(database)

    assert kept["articles"] == kept["quotes"] == kept["entities"] == {}
    assert kept["names"] == set()
    assert all(term.startswith("_") for term in kept["terms"])
    with database.engine.connect() as connection:
        assert [row for kind in KINDS[:3] for row in connection.execute(select(TEXTS[kind]))] == []


@pytest.mark.own_database
def test_migrating_fills_the_index_with_what_is_there(
    client: TestClient, database: Database
) -> None:
    post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention()]))
    with database.engine.connect() as connection:
        kept = snapshot(connection)

    run_migrations(database, lambda config: command.downgrade(config, "0005"))
    run_migrations(database, lambda config: command.upgrade(config, "head"))

    with database.engine.connect() as connection:
        assert snapshot(connection) == kept


def test_an_index_of_an_earlier_version_is_made_anew(
    client: TestClient, database: Database
) -> None:
    post(client, "articles", an_article(quotes=[a_quote()]))
    with database.engine.begin() as connection:
        kept = snapshot(connection)
        connection.execute(STATE.update().values(version=0))
        connection.execute(TERMS.delete())

    run_migrations(database, lambda config: command.upgrade(config, "head"))

    with database.engine.connect() as connection:
        assert snapshot(connection) == kept


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_the_migrations_make_the_tables_of_the_index(table: str, database: Database) -> None:
    inspector = inspect(database.engine)
    declared = metadata.tables[table]

    columns = {one["name"]: one["nullable"] for one in inspector.get_columns(table)}
    indexes = {
        one["name"] for one in inspector.get_indexes(table) if not one.get("duplicates_constraint")
    }

    assert columns == {column.name: column.nullable for column in declared.columns}
    assert indexes - {f"{table.removesuffix('_text')}_words"} == {
        str(index.name) for index in declared.indexes
    }
