"""Answers kept ready: used where they are true, and never else."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.access.keys import revoke_key
from app.access.tokens import prefix_of
from app.caching.store import CacheKey, Entry, Store
from app.database.session import Database
from app.main import create_app
from app.models.key import Scope
from app.settings import Settings
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_picture,
    a_quote,
    an_article,
    ids_of,
    post,
    problem_of,
    saved,
    text_body,
)
from tests.conftest import NOW, Clock
from tests.servers import cut_listeners

UNCACHED = {"Cache-Control": "no-cache"}


@pytest.fixture(autouse=True)
def listening(reader: TestClient) -> None:
    """Until commits are heard of nothing is kept."""
    wait_until(lambda: "bypass" not in status_of(reader.get("/v1/sections")))


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def status_of(response: httpx.Response) -> str:
    return str(response.headers["Cache-Status"])


def is_hit(response: httpx.Response) -> bool:
    return status_of(response) == "onrecord; hit"


def a_full_article(**changes: Any) -> Document:
    return an_article(quotes=[a_quote()], entities=[a_mention()], **changes)


def test_the_second_answer_is_the_first_once_more(client: TestClient, reader: TestClient) -> None:
    path = f"/v1/articles/{post(client, 'articles', a_full_article())['id']}"

    first, second = reader.get(path), reader.get(path)
    head = reader.head(path)
    uncached = reader.get(path, headers=UNCACHED)

    assert status_of(first) == "onrecord; fwd=uri-miss; stored"
    assert is_hit(second)
    assert is_hit(head)
    assert status_of(uncached) == "onrecord; fwd=request"
    assert first.content == second.content == uncached.content
    assert head.content == b""
    own = ("cache-status", "x-request-id")
    for other in (second, head, uncached):
        assert {k: v for k, v in first.headers.items() if k not in own} == {
            k: v for k, v in other.headers.items() if k not in own
        }
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_what_a_client_has_already_is_not_sent_again(
    client: TestClient, reader: TestClient
) -> None:
    path = f"/v1/articles/{post(client, 'articles', a_full_article())['id']}"
    etag = reader.get(path, headers=UNCACHED).headers["ETag"]

    answers = [reader.get(path, headers={"If-None-Match": one}) for one in (etag, f"W/{etag}", "*")]
    several = reader.get(path, headers={"If-None-Match": f'"other", {etag}'})
    other = reader.get(path, headers={"If-None-Match": '"other"'})
    broken = reader.get(path, headers={"If-None-Match": "no tag"})

    assert [one.status_code for one in [*answers, several]] == [304] * 4
    assert [is_hit(one) for one in [*answers, several]] == [False, True, True, True]
    assert all(one.content == b"" and one.headers["ETag"] == etag for one in answers)
    assert (other.status_code, is_hit(other)) == (200, True)
    assert problem_of(broken) == (400, "invalid-header")


def test_a_query_is_the_same_in_any_order(client: TestClient, reader: TestClient) -> None:
    post(client, "articles", a_full_article())

    first = reader.get("/v1/articles?limit=5&include=quotes&language=und")
    again = reader.get("/v1/articles?language=und&limit=5&include=quotes")
    other = reader.get("/v1/articles?language=und&limit=6&include=quotes")

    assert [is_hit(one) for one in (first, again, other)] == [False, True, False]
    assert first.content == again.content


def test_each_representation_is_kept_apart(client: TestClient, reader: TestClient) -> None:
    path = f"/v1/articles/{post(client, 'articles', a_full_article())['id']}"
    for kind in ("application/json", "text/plain"):
        for expected in (False, True):
            answer = reader.get(path, headers={"Accept": kind})
            assert answer.headers["content-type"].startswith(kind)
            assert is_hit(answer) == expected


def test_only_what_a_write_changes_is_read_anew(client: TestClient, reader: TestClient) -> None:
    changed, other = (
        post(client, "articles", an_article(headline=f"Headline {number}")) for number in (1, 2)
    )
    paths = [f"/v1/articles/{one['id']}" for one in (changed, other)]
    for path in [*paths, "/v1/articles"]:
        reader.get(path)

    saved(client.patch(paths[0], json={"headline": "Changed"}, headers=ANY))
    answers = [reader.get(path) for path in [*paths, "/v1/articles"]]

    assert [is_hit(one) for one in answers] == [False, True, False]
    assert answers[0].json()["headline"] == "Changed"
    assert "Changed" in answers[2].text


def test_an_answer_names_what_it_shows(client: TestClient, reader: TestClient) -> None:
    article = post(client, "articles", a_full_article())
    expected = {article["id"], article["quotes"][0]["id"], article["entities"][0]["id"]}

    named = reader.get(f"/v1/articles/{article['id']}").headers["Surrogate-Key"].split()
    listed = reader.get("/v1/articles").headers["Surrogate-Key"].split()

    assert {"articles", *expected} <= set(named)
    assert {"articles", article["id"]} <= set(listed)


def test_a_scheduled_article_appears_in_what_was_kept(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article(published_at="2026-11-20T13:00:00Z"))
    held = post(client, "articles", an_article(embargoed_until="2026-11-20T14:00:00Z"))
    seen = []
    for _ in range(3):
        pages = [ids_of(reader.get("/v1/articles")) for _ in range(2)]
        assert pages[0] == pages[1]
        assert is_hit(reader.get("/v1/articles"))
        seen.append({one for one in (article["id"], held["id"]) if one in pages[0]})
        clock.advance(hours=1)

    assert seen == [set(), {article["id"]}, {article["id"], held["id"]}]


def test_each_key_has_its_own_answers(
    client: TestClient,
    reader: TestClient,
    keys: dict[Scope, str],
    database: Database,
) -> None:
    path = f"/v1/articles/{post(client, 'articles', a_full_article())['id']}"
    bearer = {"Authorization": f"Bearer {keys['read']}"}
    by_query = f"{path}?key={keys['read']}"
    public = [reader.get(path) for _ in range(2)]
    private = [reader.get(path, headers=bearer) for _ in range(2)]
    queried = [reader.get(by_query) for _ in range(2)]
    drafts = [
        reader.get(path, headers={"Authorization": f"Bearer {keys['preview']}"}) for _ in range(2)
    ]

    for answers, expected in ((public, True), (private, True), (queried, True), (drafts, False)):
        assert [is_hit(one) for one in answers] == [False, expected]
    assert public[1].headers["Cache-Control"] == "public, no-cache"
    assert private[1].headers["Cache-Control"] == "private, no-cache"

    prefix = prefix_of(keys["read"])
    assert prefix is not None
    assert database.write_now(revoke_key, prefix, NOW)
    # On PostgreSQL another process's commit is known of when its notification has come.
    wait_until(lambda: reader.get(path, headers=bearer).status_code == 401)
    assert problem_of(reader.get(by_query)) == (401, "unauthenticated")


def test_errors_and_redirects_are_not_kept(client: TestClient, reader: TestClient) -> None:
    article = post(client, "articles", an_article())
    saved(client.patch(f"/v1/articles/{article['id']}", json={"slug": "new"}, headers=ANY))

    for path, status in (
        (f"/v1/articles/{article['slug']}", 308),
        ("/v1/articles/nothing", 404),
        ("/v1/articles?limit=none", 400),
        ("/v1/search", 400),
    ):
        answers = [reader.get(path) for _ in range(2)]
        assert [one.status_code for one in answers] == [status, status]
        assert not any(is_hit(one) for one in answers)


def test_without_anonymous_reads_nothing_is_shown_to_whom_has_no_key(
    settings: Settings, clock: Clock, keys: dict[Scope, str]
) -> None:
    closed = create_app(replace(settings, anonymous_reads=False), clock=clock)
    with TestClient(closed) as client:
        bearer = {"Authorization": f"Bearer {keys['read']}"}
        for _ in range(2):
            assert client.get("/v1/articles", headers=bearer).status_code == 200
            assert client.get("/v1/articles").status_code == 401


def test_the_cache_can_be_off(settings: Settings, clock: Clock) -> None:
    with TestClient(create_app(replace(settings, cache_megabytes=0), clock=clock)) as client:
        assert "Cache-Status" not in client.get("/v1/articles").headers


def test_a_lost_connection_is_bypassed_until_it_is_back(
    client: TestClient, reader: TestClient, database_kind: str, database: Database
) -> None:
    if database_kind == "sqlite":
        return  # Its question is asked of the file.
    path = f"/v1/articles/{post(client, 'articles', an_article())['id']}"
    # It listens a moment after the start, and rendering the article is a write of its own.
    wait_until(lambda: is_hit(reader.get(path)))

    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        cut_listeners(connection)
        wait_until(lambda: "bypass" in status_of(reader.get(path)))
        connection.execute("UPDATE articles SET headline = 'Written meanwhile'")
        # As a write of the service would: it may have been rendered meanwhile.
        connection.execute("DELETE FROM rendered_articles")
    wait_until(lambda: "bypass" not in status_of(reader.get(path)))

    assert reader.get(path).json()["headline"] == "Written meanwhile"


def writes(client: TestClient, article: Document) -> Iterator[tuple[str, httpx.Response]]:
    """Changes of all that an article shows, one after the other."""
    path = f"/v1/articles/{article['id']}"
    quote = f"/v1/quotes/{article['quotes'][0]['id']}"
    speaker = f"/v1/entities/{article['quotes'][0]['speaker']['id']}"
    (picture,) = client.get("/v1/media").json()["items"]
    (publisher,) = client.get("/v1/publishers").json()["items"]
    yield "article", client.patch(path, json={"headline": "Other"}, headers=ANY)
    yield "quote", client.patch(quote, json={"cue": "stressed"}, headers=ANY)
    yield "speaker", client.patch(speaker, json={"name": "Anne Lee"}, headers=ANY)
    yield "section", client.patch("/v1/sections/news", json={"path": "local"}, headers=ANY)
    yield (
        "picture",
        client.patch(f"/v1/media/{picture['id']}", json={"caption": "Other"}, headers=ANY),
    )
    yield (
        "publisher",
        client.patch(f"/v1/publishers/{publisher['id']}", json={"name": "Mail"}, headers=ANY),
    )
    yield "new quote", client.post("/v1/quotes", json={"article": article["id"], "text": "ferries"})
    yield "quote gone", client.delete(quote, headers=ANY)
    yield "body", client.patch(path, json={"body": text_body("Nothing else.")}, headers=ANY)
    yield "withdrawn", client.delete(f"{path}/publication", headers=ANY)
    yield "article gone", client.delete(path, headers=ANY)


def test_whatever_changes_what_is_kept_is_what_is_read(
    client: TestClient, reader: TestClient
) -> None:
    article = post(
        client,
        "articles",
        a_full_article(publisher={"name": "Courier"}, lead_media=a_picture()),
    )
    path = f"/v1/articles/{article['id']}"
    asked = [
        path,
        f"{path}?fields=id,headline,quotes.speaker.name",
        f"{path}.txt",
        f"{path}.jsonld",
        f"{path}/quotes",
        f"/v1/quotes/{article['quotes'][0]['id']}",
        f"/v1/entities/{article['entities'][0]['id']}",
        f"/v1/entities/{article['entities'][0]['id']}/quotes",
        "/v1/articles?include=quotes,entities",
        "/v1/sections",
        "/v1/search?q=ferry",
        "/v1/suggest?q=ann",
    ]
    for name, written in writes(client, article):
        assert written.status_code < 300, (name, written.text)
        for _ in range(2):
            for one in asked:
                kept, fresh = reader.get(one), reader.get(one, headers=UNCACHED)
                assert kept.status_code == fresh.status_code, (name, one)
                if kept.status_code == 200:
                    assert kept.content == fresh.content, (name, one)


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 20_000), st.sets(st.integers(0, 5))),
        max_size=60,
    ),
    st.sets(st.integers(0, 5)),
)
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_is_bounded_and_found_by_its_tags(
    stored: list[tuple[int, int, set[int]]], evicted: set[int]
) -> None:
    store = Store(200_000)
    for number, size, tags in stored:
        key = CacheKey(f"/v1/{number}", b"", b"", b"")
        entry = Entry([], b"x" * size, b'"e"', frozenset(map(str, tags)))
        assert store.put(key, entry) == (entry.size * 8 <= store.max_bytes)
        assert store.size == sum(one.size for one in store.entries.values()) <= store.max_bytes

    store.evict(map(str, evicted))

    left = {tag for one in store.entries.values() for tag in one.tags}
    assert left.isdisjoint(map(str, evicted))
    assert set(store.by_tag) == left
    assert store.size == sum(one.size for one in store.entries.values())
