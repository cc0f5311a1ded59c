"""Many items at once: each is imported as it would be alone, and readers see whole batches."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Select, func, select
from starlette.testclient import TestClient

from app.database.engine import open_database
from app.database.session import Database
from app.importers import runs
from app.importers.runs import BATCH, run_import
from app.models import Article, Change
from app.quotes.proof import find_faults
from app.search.tables import FOUND, TERMS, TEXTS
from app.settings import Settings
from benchmarks.kill_during_writes import find_halves
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_quote,
    an_article,
    an_entity,
    created,
    saved,
)
from tests.commands import run, running
from tests.conftest import Clock
from tests.search.test_keeping import snapshots

Import = Callable[..., int]
PATIENCE_SECONDS = 60


@pytest.fixture
def import_lines(database: Database, clock: Clock, tmp_path: Path) -> Import:
    """Import documents as the lines of a file, and return how much failed."""

    def run(documents: Sequence[Document], name: str = "articles.ndjson") -> int:
        path = tmp_path / name
        path.write_text("\n".join(map(json.dumps, documents)))
        return run_import(database, [str(path)], clock=clock)

    return run


def an_item(number: int, **changes: object) -> Document:
    return an_article(
        slug=f"item-{number}",
        headline=f"Bulletin {number}",
        quotes=[a_quote()],
        entities=[a_mention(), a_mention(name=f"Pier {number % 7}", type="place")],
        **changes,
    )


def count_articles(connection: Connection) -> int:
    return connection.scalars(select(func.count()).select_from(Article)).one()


def events(connection: Connection) -> list[str]:
    return list(connection.scalars(select(Change.event).order_by(Change.sequence)))


def total(client: TestClient, collection: str) -> int:
    number: int = client.get(f"/v1/{collection}?total=exact").json()["total"]
    return number


def test_a_bad_item_leaves_nothing_and_the_rest_of_its_batch_is_there(
    import_lines: Import,
    client: TestClient,
    database: Database,
    capsys: pytest.CaptureFixture[str],
) -> None:
    items = [an_item(number) for number in range(BATCH + 30)]
    never_said = a_quote(text="We never said this,", speaker={"name": "Nobody There"})
    items[57]["quotes"] = [a_quote(speaker={"name": "Only Here"}), never_said]
    items[90]["entities"] = [a_mention(id="01kzzzzzzzzzzzzzzzzzzzzzzz")]
    items[99]["headlin"] = "Misspelt"

    failed = import_lines(items)

    said = capsys.readouterr().err
    assert failed == 3
    for place in (
        "articles.ndjson:58: /quotes/1/text",
        "articles.ndjson:91: /entities/0/id",
        "articles.ndjson:100: /headlin",
    ):
        assert place in said
    assert f"articles: {BATCH + 27} created; 3 failed" in said
    assert total(client, "articles") == BATCH + 27
    assert total(client, "entities") == 8  # Ann Lee and seven piers
    assert client.get("/v1/articles/item-57").status_code == 404
    assert client.get("/v1/articles/item-99").status_code == 404
    happened = database.read_now(events)
    assert happened.count("article.created") == happened.count("quote.created") == BATCH + 27
    assert happened.count("entity.created") == 8
    assert database.read_now(find_faults) == []
    kept, made = snapshots(database)
    assert kept == made


def test_the_same_lines_again_change_nothing(
    import_lines: Import, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    items = [an_item(number) for number in range(BATCH + 10)]
    import_lines(items)
    before = database.read_now(events)
    capsys.readouterr()

    assert import_lines(items) == 0

    assert f"articles: {BATCH + 10} unchanged" in capsys.readouterr().err
    assert database.read_now(events) == before


@pytest.mark.parametrize(
    "known", [{"id": "01kaaaaaaaaaaaaaaaaaaaaaaa"}, {}], ids=["by its id", "by its slug"]
)
def test_an_article_that_stands_twice_in_a_batch_is_written_twice(
    known: Document, import_lines: Import, client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = an_item(1) | known, an_item(1, standfirst="Corrected") | known

    assert import_lines([first, an_item(2), second, second]) == 0

    assert "articles: 2 created, 1 updated, 1 unchanged" in capsys.readouterr().err
    article = client.get("/v1/articles/item-1").json()
    assert (article["revision"], article["standfirst"]) == (2, "Corrected")
    assert [quote["revision"] for quote in article["quotes"]] == [1]
    former = client.get(f"/v1/articles/{article['id']}/revisions/1").json()["article"]
    assert (former["revision"], former["standfirst"]) == (1, None)
    present = client.get(f"/v1/articles/{article['id']}/revisions/2").json()["article"]
    assert present == article


def test_a_revision_is_what_is_served(import_lines: Import, client: TestClient) -> None:
    import_lines([an_item(number) for number in range(3)])

    for number in range(3):
        article = client.get(f"/v1/articles/item-{number}").json()
        revision = client.get(f"/v1/articles/{article['id']}/revisions/1").json()
        assert revision["article"] == article


def test_who_is_first_named_in_a_batch_is_known_to_the_items_behind(
    import_lines: Import, client: TestClient, database: Database
) -> None:
    bea = {"name": "Bea Moss", "type": "person"}
    quoted = an_item(1) | {"quotes": [a_quote(speaker=bea)], "entities": []}
    mentioned = an_item(2) | {"quotes": [], "entities": [a_mention(**bea, role="about")]}

    import_lines([quoted, mentioned])

    (quote,) = client.get("/v1/articles/item-1").json()["quotes"]
    (mention,) = client.get("/v1/articles/item-2").json()["entities"]
    assert quote["speaker"]["id"] == mention["id"]
    assert database.read_now(events).count("entity.created") == 1


def test_an_entity_that_is_renamed_in_a_batch_is_found_by_its_new_name(
    import_lines: Import, client: TestClient, tmp_path: Path, database: Database, clock: Clock
) -> None:
    import_lines([an_entity(slug="ann-lee")], "entities.ndjson")
    (tmp_path / "entities.ndjson").write_text(
        json.dumps(an_entity(slug="ann-lee", name="Anna Moss", aliases=["Ann Lee"]))
    )
    items = [an_item(1), an_item(2) | {"entities": [a_mention(name="Anna Moss")]}]
    (tmp_path / "articles.ndjson").write_text("\n".join(map(json.dumps, items)))

    assert run_import(database, [str(tmp_path)], clock=clock) == 0

    for number in (1, 2):
        entities = client.get(f"/v1/articles/item-{number}").json()["entities"]
        assert entities[0]["slug"] == "ann-lee"


def test_entities_of_a_batch_come_in_between_its_articles(
    import_lines: Import, client: TestClient, tmp_path: Path, database: Database, clock: Clock
) -> None:
    """Their keys are the database's, those of what articles name were asked for before."""
    first = [an_item(1) | {"entities": [a_mention(name=f"Crew {n}") for n in range(3)]}]
    known = [an_entity(name=f"Person {number}") for number in range(3)]
    second = [an_item(2) | {"entities": [a_mention(name=f"Crew {n}") for n in range(5)]}]
    for name, lines in (("1", first), ("2", known), ("3", second)):
        (tmp_path / name).mkdir()
        resource = "entities" if lines is known else "articles"
        path = tmp_path / name / f"{resource}.ndjson"
        path.write_text("\n".join(map(json.dumps, lines)))

    assert run_import(database, [str(tmp_path)], clock=clock) == 0

    assert total(client, "entities") == 9  # Ann Lee, three persons, five crews
    names = [one["name"] for one in client.get("/v1/articles/item-2").json()["entities"]]
    assert names == [f"Crew {number}" for number in range(5)]
    kept, made = snapshots(database)
    assert kept == made


def test_those_that_are_called_alike_in_a_batch_have_slugs_of_their_own(
    import_lines: Import, client: TestClient
) -> None:
    created(client.post("/v1/articles", json=an_article(headline="Strike 3")))
    headlines = ["Strike", "Strike", "Strike 2", "Strike 3", "Strike", "Tides"]
    names = ["Bo Ek", "Bo Ek!", "Bo-Ek"] * 2
    kinds = ["person", "place", "organization"] * 2
    items = [
        an_article(
            headline=headline,
            source_url=f"https://news.example/{number}",
            quotes=[a_quote(speaker={"name": name, "type": kind})],
        )
        for number, (headline, name, kind) in enumerate(zip(headlines, names, kinds, strict=True))
    ]

    assert import_lines(items) == 0

    slugs = [one["slug"] for one in client.get("/v1/articles").json()["items"]]
    assert sorted(slugs) == sorted(
        ["strike-3", "strike", "strike-2", "strike-2-2", "strike-3-2", "strike-4", "tides"]
    )
    entities = client.get("/v1/entities").json()["items"]
    assert len({one["slug"] for one in entities}) == len(entities) == 3


def rows_of_the_index(connection: Connection) -> list[list[object]]:
    """Of articles and quotes: their words, stems and sketches, and what is told of each. Entities
    of one instant may be in another order."""
    statements: list[Select[*tuple[Any, ...]]] = []  # Any: the columns of whatever table
    for kind in ("articles", "quotes"):
        texts, found = TEXTS[kind].c, FOUND[kind].c
        told = [column for column in found if column.name not in ("key", "digest")]
        statements += [
            select(*texts).order_by(texts.position),
            select(*told).order_by(found.position),
        ]
    statements.append(select(TERMS).where(TERMS.c.articles != 0).order_by(TERMS.c.term))
    return [list(connection.execute(one)) for one in statements]


def without_names(article: Document) -> Document:
    """What is the same of two articles with the same content."""
    quotes = [{**one, "id": None} for one in article["quotes"]]
    return {**article, "id": None, "quotes": quotes}


def test_an_import_leaves_what_requests_leave(
    import_lines: Import, client: TestClient, database: Database
) -> None:
    days = ("10", "11", "11", "12", "09")
    items = [
        an_item(
            number,
            standfirst=f"Pier {number} – the café’s",
            published_at=f"2026-11-{day}T08:00:00Z",
        )
        for number, day in enumerate(days, start=1)
    ]
    addresses = [f"/v1/articles/item-{number}" for number in range(1, 6)]
    for item in items:
        created(client.post("/v1/articles", json=item))
    served = [client.get(address).json() for address in addresses]
    kept = database.read_now(rows_of_the_index)
    for address in addresses:
        assert client.delete(address, headers=ANY).status_code == 204

    assert import_lines(items) == 0

    imported = [client.get(address).json() for address in addresses]
    assert list(map(without_names, imported)) == list(map(without_names, served))
    assert database.read_now(rows_of_the_index) == kept


def test_a_former_slug_is_named_and_the_rest_goes_on(
    import_lines: Import, client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    article = created(client.post("/v1/articles", json=an_article(slug="before")))
    address = f"/v1/articles/{article['id']}"
    saved(client.patch(address, json={"slug": "after"}, headers=ANY))

    assert import_lines([an_item(1), an_article(slug="before"), an_item(2)]) == 1

    said = capsys.readouterr().err
    assert "articles.ndjson:2: before redirects now" in said
    assert "articles: 2 created; 1 failed" in said


def test_what_is_unchanged_among_changes_gets_no_revision(
    import_lines: Import, client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    entities = [an_entity(name=f"Person {number}") for number in range(5)]
    import_lines(entities, "entities.ndjson")
    entities[1]["description"] = entities[3]["description"] = "Known for something"
    capsys.readouterr()

    assert import_lines(entities, "entities.ndjson") == 0

    assert "entities: 2 updated, 3 unchanged" in capsys.readouterr().err
    revisions = [
        client.get(f"/v1/entities/person-{number}").json()["revision"] for number in range(5)
    ]
    assert revisions == [1, 2, 1, 2, 1]


def test_whoever_reads_meanwhile_sees_whole_batches(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "articles.ndjson"
    path.write_text("\n".join(json.dumps(an_item(number)) for number in range(2 * BATCH + 5)))
    seen: list[int] = []

    def look() -> datetime:
        """Asked for the time of each item."""
        seen.append(database.read_now(count_articles))
        return clock()

    run_import(database, [str(path)], clock=look)

    assert seen == [0] * BATCH + [BATCH] * BATCH + [2 * BATCH] * 5
    assert database.read_now(count_articles) == 2 * BATCH + 5


def test_elsewhere_than_on_a_terminal_a_line_says_how_far_it_is(
    import_lines: Import, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runs, "LINES_BETWEEN_REPORTS", BATCH)

    import_lines([{"headline": f"Draft {number}"} for number in range(2 * BATCH + 1)])

    assert capsys.readouterr().err.splitlines() == [
        f"imported {BATCH} of {2 * BATCH + 1}",
        f"imported {2 * BATCH} of {2 * BATCH + 1}",
        f"articles: {2 * BATCH + 1} created",
    ]


def test_on_a_terminal_there_is_a_bar(
    import_lines: Import, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    import_lines([{"headline": f"Draft {number}"} for number in range(3)])

    said = capsys.readouterr().err
    assert "importing" in said
    assert "imported" not in said


def test_an_import_that_is_killed_loses_the_batch_it_was_at(
    database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "articles.ndjson"
    size = 12 * BATCH
    path.write_text("\n".join(json.dumps(an_item(number)) for number in range(size)))
    database = open_database(Settings(database_url=database_url))

    with running("import", str(path), database_url=database_url):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while database.read_now(count_articles) < BATCH and time.monotonic() < deadline:
            time.sleep(0.02)

    kept = database.read_now(count_articles)
    assert BATCH <= kept < size
    assert kept % BATCH == 0
    database.read_now(find_halves)
    again = run("import", str(path), database_url=database_url)
    assert again.returncode == 0, again.stderr
    assert f"articles: {size - kept} created, {kept} unchanged" in again.stderr
    assert database.read_now(count_articles) == size
    database.read_now(find_halves)
    assert database.read_now(find_faults) == []
    database.engine.dispose()
