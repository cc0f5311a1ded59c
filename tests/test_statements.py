"""A read takes the same number of statements, however many rows it finds, and of steps, however
many it has passed; and what follows a change as many, however much there is beside."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from starlette.testclient import TestClient

from app.database.prepared import Prepared
from app.database.session import Database
from app.main import create_app
from app.media.reads import CAPTIONS, POSTERS, TRICK_PLAYS
from app.models.key import Scope
from app.settings import Settings
from app.web.application import Application
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_quote,
    a_video,
    an_article,
    created,
    if_match,
    saved,
    text_body,
)
from tests.clients import Client, beside
from tests.conftest import Clock
from tests.mirrors import mirror_of

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

FEW, MANY = 3, 30
# So many that each of them, looked at, would be seen among the steps of a page.
LATE = 150
# The cache has statements of its own.
UNCACHED = {"Cache-Control": "no-cache"}

# Who asks, the resources, and one for each of their collections.
MOST_STATEMENTS = 12


@contextmanager
def statements_of(app: Application) -> Iterator[list[str]]:
    """The statements that the application sends while the block runs."""
    database = app.state.database
    engines: set[Engine] = {database.engine}
    if hasattr(database, "reading_engine"):
        engines.add(database.reading_engine.sync_engine)
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def a_full_article(number: int) -> Document:
    """An article with two quotes, two mentions, two pictures, a section and a publisher."""
    sentence = f"“We will not sell,” union leader Ann Lee said. “Never {number},” Bo Ek said."
    return an_article(
        headline=f"Strike {number}",
        section=f"news/harbour-{number}",
        published_at=f"{2000 + number}-11-20T08:00:00Z",
        publisher={"name": f"Courier {number}"},
        body=text_body(sentence),
        lead_media={"url": f"https://pictures.example/{number}.png"},
        media=[{"url": f"https://pictures.example/{number}-2.png"}],
        quotes=[
            a_quote(),
            a_quote(text=f"Never {number},", speaker={"name": f"Bo Ek {number}"}),
        ],
        entities=[
            a_mention(),
            a_mention(
                name=f"Bo Ek {number}",
                external_ids=[{"scheme": "wikidata", "value": f"Q{number + 1}"}],
            ),
        ],
    )


LISTS = [
    "/v1/articles?limit=100",
    "/v1/articles?limit=100&include=quotes,entities,media,section",
    "/v1/articles?limit=100&include=quotes,entities,media,section&offsets=utf16&total=exact",
    "/v1/articles?limit=100&fields=headline,text,quotes.text",
    "/v1/articles?limit=100&section=news&speaker=ann-lee",
    "/v1/quotes?limit=100",
    "/v1/quotes?limit=100&offsets=utf16&total=estimate",
    "/v1/entities?limit=100",
    "/v1/sections?limit=100",
    "/v1/publishers?limit=100",
    "/v1/media?limit=100",
    "/v1/entities/ann-lee/articles?limit=100&include=quotes,entities,media,section",
    "/v1/entities/ann-lee/quotes?limit=100",
    "/v1/entities/ann-lee/cooccurring",
    "/v1/entities/ann-lee/timeline",
]

ARTICLE_READS = [
    "",
    "?include=section&offsets=utf16",
    "?fields=headline,quotes.text",
    ".txt",
    "/quotes",
    "/entities",
    "/revisions",
    "/revisions/1",
]


def statements_and_items(app: Application, client: TestClient, address: str) -> tuple[int, int]:
    with statements_of(app) as sent:
        response = client.get(address, headers=UNCACHED)
    assert response.status_code == 200, response.text
    return len(sent), len(response.json()["items"])


def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(
    app: Application, client: TestClient
) -> None:
    client.get("/v1/articles")  # the first list also reads the secret that signs cursors

    for number in range(FEW):
        created(client.post("/v1/articles", json=a_full_article(number)))
    few = {address: statements_and_items(app, client, address) for address in LISTS}
    for number in range(FEW, MANY):
        created(client.post("/v1/articles", json=a_full_article(number)))
    many = {address: statements_and_items(app, client, address) for address in LISTS}

    assert {address: statements for address, (statements, _) in many.items()} == {
        address: statements for address, (statements, _) in few.items()
    }
    grown = {address for address in LISTS if many[address][1] >= 5 * few[address][1]}
    assert grown == set(LISTS)
    assert max(statements for statements, _ in many.values()) <= MOST_STATEMENTS


@contextmanager
def prepared_statements() -> Iterator[list[Prepared]]:
    """The statements that are run by the driver itself while the block runs."""
    run: list[Prepared] = []
    usual = Prepared.all

    # Any: values of whatever parameters, and rows of whatever columns
    def note(self: Prepared, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        run.append(self)
        return usual(self, connection, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Prepared, "all", note)
        yield run


MEDIA_TRACKS = {CAPTIONS, TRICK_PLAYS, POSTERS}
MEDIA_LISTS = ["/v1/media?limit=100", "/v1/articles?limit=100&include=media"]


def prepared_of(client: TestClient, address: str) -> list[Prepared]:
    with prepared_statements() as run:
        saved(client.get(address, headers=UNCACHED))
    return run


def test_a_list_takes_as_many_statements_for_many_videos_as_for_few(client: TestClient) -> None:
    counts = []
    for numbers in (range(FEW), range(FEW, MANY)):
        for number in numbers:
            stream = {"url": f"https://videos.example/{number}.m3u8"}
            poster = {"url": f"https://pictures.example/{number}.png"}
            created(client.post("/v1/media", json=a_video(renditions=[stream], poster=poster)))
            created(client.post("/v1/articles", json=an_article(media=[stream])))
        counts.append([len(prepared_of(client, address)) for address in MEDIA_LISTS])

    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", MEDIA_LISTS)
def test_pictures_alone_ask_for_neither_captions_nor_posters(
    client: TestClient, address: str
) -> None:
    created(client.post("/v1/articles", json=a_full_article(1)))
    pictures = prepared_of(client, address)
    video = {"url": "https://videos.example/boat.m3u8"}
    created(client.post("/v1/articles", json=an_article(media=[video])))
    videos = prepared_of(client, address)

    assert MEDIA_TRACKS.isdisjoint(pictures)
    assert set(videos) - set(pictures) == MEDIA_TRACKS
    assert len(videos) == len(pictures) + len(MEDIA_TRACKS)


def test_an_article_takes_as_many_statements_for_many_quotes_as_for_one(
    app: Application, client: TestClient
) -> None:
    client.get("/v1/quotes")  # the first list also reads the secret that signs cursors
    one = client.post("/v1/articles", json=an_article_with_quotes(1))
    forty = client.post("/v1/articles", json=an_article_with_quotes(40))
    saved = client.put(
        forty.headers["Location"], json=an_article_with_quotes(40), headers=if_match(forty)
    )

    counts = []
    for response in (one, forty):
        count = {}
        for address in ARTICLE_READS:
            with statements_of(app) as sent:
                read = client.get(response.headers["Location"] + address, headers=UNCACHED)
            assert read.status_code == 200, read.text
            count[address] = len(sent)
        counts.append(count)

    assert len(saved.json()["quotes"]) == 40
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= MOST_STATEMENTS


# Whole items would be rendered meanwhile, which takes steps, too.
SORTED_LISTS = [
    "/v1/articles?limit=10&fields=headline",
    "/v1/articles?limit=10&fields=headline&sort=published_at",
    "/v1/articles?limit=10&fields=headline&sort=-updated_at",
    "/v1/articles?limit=10&fields=headline&published=2000-01-01..2025-12-31",
    "/v1/quotes?limit=10",
]


def a_day(number: int) -> str:
    """Another for each, none of which is to come."""
    return f"20{number % 25:02d}-01-{number // 25 + 1:02d}T08:00:00Z"


def steps_taken(database: Database) -> Callable[[], int]:
    """Tells how many steps SQLite has taken for it from now on."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    @event.listens_for(database.engine, "checkout")
    def count_steps(driver: sqlite3.Connection, *_: object) -> None:
        driver.set_progress_handler(step, 1)

    return lambda: steps


@on_sqlite
def test_a_late_page_takes_no_more_steps_than_the_first(
    client: TestClient, settings: Settings, clock: Clock
) -> None:
    for number in range(LATE):
        clock.advance(seconds=1)
        new = an_article(published_at=a_day(number), quotes=[a_quote()])
        created(client.post("/v1/articles", json=new))
    app = create_app(replace(settings, cache_megabytes=0), clock=clock)

    def steps_of(address: str) -> tuple[int, Document]:
        before = steps()
        page = saved(reader.get(address))
        return steps() - before, page

    steps = steps_taken(app.state.database)
    with TestClient(app) as reader:
        reader.get("/v1/quotes")  # the first list also reads the secret that signs cursors
        for address in SORTED_LISTS:
            first, page = steps_of(address)
            late = first
            for _ in range(LATE // 10 - 2):
                late, page = steps_of(f"{address}&cursor={page['next_cursor']}")

            assert len(page["items"]) == 10
            assert late < 1.2 * first, address


@contextmanager
def counted(
    settings: Settings, keys: dict[Scope, str], clock: Clock
) -> Iterator[tuple[Client, Callable[[], int]]]:
    """A client that may write, of an application without a cache, and how many steps it takes."""
    app = create_app(replace(settings, cache_megabytes=0), clock=clock)
    steps = steps_taken(app.state.database)
    with Client(app, keys["write"]) as client:
        yield client, steps


@on_sqlite
def test_a_write_takes_no_more_steps_however_many_articles_there_are(
    settings: Settings, keys: dict[Scope, str], clock: Clock
) -> None:
    counts: list[dict[str, int]] = []
    with counted(settings, keys, clock) as (client, steps):

        def article(number: int) -> str:
            # Of people who are spoken of nowhere else.
            new = an_article(
                headline=f"Strike {number}",
                quotes=[a_quote(speaker={"name": f"Bo Ek {number}"})],
                entities=[a_mention(name=f"Bo Ek {number}")],
            )
            clock.advance(seconds=1)
            return str(created(client.post("/v1/articles", json=new))["id"])

        for numbers in (range(FEW), range(FEW, LATE)):
            for number in numbers:
                article(number)
            before, taken = steps(), {}
            address = f"/v1/articles/{article(LATE + FEW)}"
            quote = f"/v1/quotes/{saved(client.get(address))['quotes'][0]['id']}"
            for path, changed in (
                (address, {"headline": "Strike over"}),
                (address, {"status": "withdrawn"}),
                (quote, {"context": "On Monday"}),
            ):
                saved(client.patch(path, json=changed, headers=ANY))
                taken[str(changed)] = steps() - before
                before = steps()
            assert client.delete(address, headers=ANY).status_code == 204
            taken["delete"] = steps() - before
            counts.append(taken)

    for act, few in counts[0].items():
        assert counts[1][act] < 1.2 * few, act


# What they show does not grow with what is beside it.
SAME_READS = [
    "/v1/articles?limit=3",
    "/v1/articles?limit=3&publisher=courier",
    "/v1/quotes?limit=3",
    "/v1/media?limit=3",
    "/v1/sections",
    "/v1/sections/secret",
    "/v1/entities?name=Bo Ek 1",
    "/v1/entities/bo-ek-1",
    "/v1/entities/bo-ek-1/articles",
    "/v1/entities/bo-ek-1/quotes",
    "/v1/entities/bo-ek-1/cooccurring",
    "/v1/entities/bo-ek-1/timeline",
    "/v1/export?resource=sections",
]


@on_sqlite
def test_a_read_takes_no_more_steps_however_many_articles_there_are(
    settings: Settings, keys: dict[Scope, str], clock: Clock
) -> None:
    counts: list[dict[str, int]] = []
    with counted(settings, keys, clock) as (client, steps):
        reader = beside(client)
        created(client.post("/v1/articles", json=an_article(status="draft", section="secret")))
        for numbers in (range(FEW + 1), range(FEW + 1, LATE)):
            for number in numbers:
                new = a_full_article(number) | {
                    "section": "news",
                    "published_at": a_day(number),
                    "publisher": {"name": "Courier"},
                    "quotes": [a_quote(speaker={"name": f"Bo Ek {number}"})],
                    "entities": [a_mention(name=f"Bo Ek {number}")],
                }
                created(client.post("/v1/articles", json=new))
            taken = {}
            for address in SAME_READS:
                before = steps()
                assert reader.get(address).status_code == (404 if "secret" in address else 200)
                taken[address] = steps() - before
            counts.append(taken)

    for address, few in counts[0].items():
        assert counts[1][address] < 1.3 * few, address


@on_sqlite
def test_a_mirror_copies_a_change_in_as_many_steps_however_many_articles_it_holds(
    client: TestClient, tmp_path: Path, clock: Clock
) -> None:
    mirror = mirror_of(client, tmp_path / "mirror.db", clock)
    steps = steps_taken(mirror.database)
    counts = []
    for numbers in (range(FEW), range(FEW, LATE)):
        for number in numbers:
            # Of people who are spoken of nowhere else.
            new = an_article(
                headline=f"Strike {number}",
                quotes=[a_quote(speaker={"name": f"Bo Ek {number}"})],
                entities=[a_mention(name=f"Bo Ek {number}")],
            )
            article = created(client.post("/v1/articles", json=new))
        mirror.copy()
        address = f"/v1/articles/{article['id']}"
        saved(client.patch(address, json={"headline": "Strike over"}, headers=ANY))

        before = steps()
        mirror.copy()
        counts.append(steps() - before)

    assert counts[1] < 1.2 * counts[0]


def an_article_with_quotes(number: int) -> Document:
    quotes = [f"We said {index} times" for index in range(number)]
    paragraphs = [f"“{words}”, Speaker {index} said." for index, words in enumerate(quotes)]
    return an_article(
        body=text_body("\n\n".join(paragraphs)),
        quotes=[
            a_quote(text=words, speaker={"name": f"Speaker {index}"})
            for index, words in enumerate(quotes)
        ],
        entities=[a_mention(name=f"Speaker {index}") for index in range(number)],
        media=[
            {"url": f"https://pictures.example/{number}-{index}.png"} for index in range(number)
        ],
        lead_media={"url": f"https://pictures.example/{number}-0.png"},
    )
