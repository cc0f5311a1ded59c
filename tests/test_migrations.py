"""The schema: made by the migrations, equal to the models, and strict by itself."""

from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from app.database.session import Database
from app.models import Base
from app.quotes.proof import find_faults
from tests.builders import Document, a_mention, a_quote, an_article, created
from tests.commands import ROOT, begin

# What is done here would be left to the tests that follow.
pytestmark = pytest.mark.own_database

OWN_TABLE = "alembic_version"


def run_migrations(database: Database, act: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        act(config)


def tables(database: Database) -> set[str]:
    """All but those that a search index keeps for itself."""
    names = inspect(database.engine).get_table_names()
    return {name for name in names if not name.startswith("search_")}


def checks(database: Database) -> set[tuple[str, object]]:
    """The check constraints, by table and name: Alembic does not compare them."""
    inspector = inspect(database.engine)
    return {
        (table, check["name"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    run_migrations(database, command.check)

    assert tables(database) == {*Base.metadata.tables, OWN_TABLE}
    assert checks(database) == {
        (table.name, str(constraint.name))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }


def test_the_migrations_go_down_to_nothing_and_up_again(database: Database) -> None:
    run_migrations(database, lambda config: command.downgrade(config, "base"))
    emptied = tables(database)
    run_migrations(database, lambda config: command.upgrade(config, "head"))

    assert emptied == {OWN_TABLE}
    run_migrations(database, command.check)
    with database.engine.connect() as connection:
        made = connection.scalars(text("SELECT name FROM secrets ORDER BY name")).all()
        assert made == ["cursors", "previews"]


def test_processes_that_start_together_migrate_once(database: Database, database_url: str) -> None:
    run_migrations(database, lambda config: command.downgrade(config, "base"))

    started = [begin("migrate", database_url=database_url) for _ in range(3)]
    codes = [command.wait(60).returncode for command in started]

    assert codes == [0, 0, 0]
    run_migrations(database, command.check)


def a_whole_article(number: int) -> Document:
    ids = [{"scheme": "wikidata", "value": f"Q{number}"}]
    return an_article(
        publisher={"name": f"Courier {number}"},
        lead_media={"url": f"https://pictures.example/{number}.png"},
        quotes=[a_quote()],
        entities=[a_mention(name=f"Ann Lee {number}", external_ids=ids), a_mention()],
    )


def test_what_is_kept_survives_the_migrations(client: TestClient, database: Database) -> None:
    article = created(client.post("/v1/articles", json=a_whole_article(1)))

    run_migrations(database, lambda config: command.downgrade(config, "0002"))
    run_migrations(database, lambda config: command.upgrade(config, "head"))

    assert client.get(f"/v1/articles/{article['id']}").json() == article
    assert database.read_now(find_faults) == []


REFUSED = {
    "a live article without a date": "UPDATE articles SET published_at = NULL",
    "an unknown status": "UPDATE articles SET status = 'gone'",
    "revision 0": "UPDATE articles SET revision = 0",
    "a short id": "UPDATE articles SET id = 'short'",
    "one id twice": "UPDATE articles SET id = '01k00000000000000000000000'",
    "one slug twice": "UPDATE articles SET slug = 'same'",
    "no headline": "UPDATE articles SET headline = NULL",
    "an unknown section": "UPDATE articles SET section_key = 9999",
    "an unknown publisher": "UPDATE articles SET publisher_key = 9999",
    "an unknown picture": "UPDATE article_media SET media_key = 9999",
    "a revision twice": "UPDATE revisions SET article_key = (SELECT min(key) FROM articles)",
    "an unknown kind of quote": "UPDATE quotes SET kind = 'rumour'",
    "an unknown status of a quote": "UPDATE quotes SET status = 'gone'",
    "an unknown anchor": "UPDATE quotes SET anchor = 'lost'",
    "a quote without words": "UPDATE quotes SET text = ''",
    "an unknown speaker": "UPDATE quotes SET speaker_key = 9999",
    "a quote of no article": "UPDATE quotes SET article_key = 9999",
    "a span before the text": "UPDATE quote_spans SET start = -1, \"end\" = 16",
    "an empty span": "UPDATE quote_spans SET \"end\" = start, exact = ''",
    "a span of another length": "UPDATE quote_spans SET exact = 'We will not'",
    "an unknown role": "UPDATE mentions SET role = 'hero'",
    "a salience over 1": "UPDATE mentions SET salience = 1.5",
    "a mention twice": "UPDATE mentions SET entity_key = (SELECT min(key) FROM entities)",
    "an empty mention": "UPDATE mention_spans SET \"end\" = start",
    "an unknown type": "UPDATE entities SET type = 'ghost'",
    "an entity without a name": "UPDATE entities SET name = ''",
    "an external id twice": "UPDATE entity_external_ids SET value = 'Q1'",
    "an unknown kind of media": "UPDATE media SET kind = 'smell'",
    "a picture without width": "UPDATE media_renditions SET width = 0",
    "a picture without height": "UPDATE media_renditions SET height = 0",
    "a stream without bits": "UPDATE media_renditions SET bitrate = 0",
    "a file without bytes": "UPDATE media_renditions SET size = 0",
    "half a focal point": "UPDATE media SET focal_x = 0.5",
    "a focal point outside": "UPDATE media SET focal_x = 1.5, focal_y = 0.5",
    "a duration below 0": "UPDATE media SET duration_seconds = -1",
    "a poster of itself": "UPDATE media SET poster_key = key",
    "an unknown poster": "UPDATE media SET poster_key = 9999",
    "a window that is empty": "UPDATE media SET available_from = created_at,"
    " available_until = created_at",
    "a section in itself": "UPDATE sections SET parent_key = key",
    "a section twice": "UPDATE sections SET path = 'news'",
    "an entity deleted in use": "DELETE FROM entities",
    "a picture deleted in use": "DELETE FROM media",
    "a section deleted in use": "DELETE FROM sections WHERE path <> 'news'",
    "a publisher deleted in use": "DELETE FROM publishers",
}  # fmt: skip


def test_the_database_itself_refuses_what_cannot_be(client: TestClient, database: Database) -> None:
    for number in (1, 2):
        created(client.post("/v1/articles", json=a_whole_article(number)))

    accepted = []
    for what, statement in REFUSED.items():
        with database.engine.connect() as connection:
            try:
                connection.execute(text(statement))
                accepted.append(what)
            except IntegrityError:
                pass

    assert accepted == []


def test_an_article_takes_what_is_its_own_with_it(client: TestClient, database: Database) -> None:
    created(client.post("/v1/articles", json=a_whole_article(1)))
    own = ("quotes", "quote_spans", "mentions", "mention_spans", "article_media", "revisions")
    counts = [text(f"SELECT count(*) FROM {table}") for table in own]

    with database.engine.connect() as connection:
        before = [connection.scalar(count) for count in counts]
        connection.execute(text("DELETE FROM articles"))
        after = [connection.scalar(count) for count in counts]

    assert all(before)
    assert not any(after)


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_every_constraint_has_a_name_of_the_convention(table: str) -> None:
    prefixes = ("pk_", "fk_", "uq_", "ck_")

    names = [str(constraint.name) for constraint in Base.metadata.tables[table].constraints]

    assert [name for name in names if not name.startswith(prefixes)] == []


def test_quotes_that_were_there_before_are_found_by_their_words(
    client: TestClient, database: Database
) -> None:
    tricky = "We’ll “nót” sell 3.5% — ＡＢＣ har\u00adbour, мой 港口 ½"
    content = {"format": "text", "content": f"{tricky} Ann Lee said."}
    created(
        client.post("/v1/articles", json=an_article(body=content, quotes=[a_quote(text=tricky)]))
    )

    run_migrations(database, lambda config: command.downgrade(config, "0004-1"))
    run_migrations(database, lambda config: command.upgrade(config, "head"))
    found = client.post("/v1/quotes/check", json={"words": tricky}).json()

    assert database.read_now(find_faults) == []
    assert found["verdict"] == "exact"
