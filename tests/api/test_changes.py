"""`/v1/changes`: what whoever keeps a copy is told, in order."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.models.key import Scope
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_picture,
    a_quote,
    an_article,
    an_entity,
    post,
    problem_of,
    saved,
    text_body,
)
from tests.conftest import Clock


def changes(client: TestClient, **query: Any) -> list[Document]:
    items: list[Document] = page(client, **query)["items"]
    return items


def page(client: TestClient, **query: Any) -> Document:
    response = client.get("/v1/changes", params=query)
    assert response.status_code == 200, response.text
    found: Document = response.json()
    return found


def told(client: TestClient, **query: Any) -> list[tuple[str, str]]:
    return [(one["event"], one["id"]) for one in changes(client, **query)]


def events(client: TestClient, resource_id: str, **query: Any) -> list[str]:
    return [event for event, one in told(client, **query) if one == resource_id]


def newest(client: TestClient) -> str:
    after: str = page(client, after="newest")["next_after"]
    return after


def test_a_change_tells_what_happened_and_where_to_go_on(client: TestClient) -> None:
    entity = post(client, "entities", an_entity())
    start = newest(client)

    edited = saved(
        client.patch(
            f"/v1/entities/{entity['id']}",
            json={"name": "Anne Lee", "slug": "anne-lee"},
            headers=ANY,
        )
    )
    found = page(client, after=start)

    [change] = found["items"]
    epoch, _, number = start.partition("-")
    assert change == {
        "sequence": int(number) + 1,
        "position": f"{epoch}-{int(number) + 1}",
        "at": "2026-11-20T12:00:00Z",
        "event": "entity.updated",
        "resource": "entity",
        "id": entity["id"],
        "slugs": ["anne-lee", "ann-lee"],
        "revision": edited["revision"],
        "fields": ["slug", "name"],
        "cause": None,
        "deleted": False,
        "url": f"/v1/entities/{entity['id']}",
    }
    assert found["next_after"] == change["position"]
    assert found["has_more"] is False


def test_pages_follow_each_other_without_gap_or_repeat(client: TestClient) -> None:
    start = newest(client)
    for number in range(7):
        post(client, "entities", an_entity(name=f"Somebody {number}"))

    first = page(client, after=start, limit=3)
    second = page(client, after=first["next_after"], limit=3)
    third = page(client, after=second["next_after"], limit=3)

    sequences = [one["sequence"] for part in (first, second, third) for one in part["items"]]
    assert sequences == list(range(sequences[0], sequences[0] + 7))
    assert [part["has_more"] for part in (first, second, third)] == [True, True, False]
    assert third["next_after"] == newest(client)


def test_readers_are_told_of_an_article_from_its_publication_to_its_end(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article(status="draft"))
    address = f"/v1/articles/{article['id']}"
    client.patch(address, json={"headline": "Not yet"}, headers=ANY)
    assert events(reader, article["id"]) == []

    client.put(f"{address}/publication", json={}, headers=ANY)
    client.patch(address, json={"headline": "Seen by all"}, headers=ANY)
    clock.advance(minutes=1)
    client.delete(f"{address}/publication", headers=ANY)
    client.patch(address, json={"headline": "Not any more"}, headers=ANY)
    client.delete(address, headers=ANY)

    assert events(reader, article["id"]) == [
        "article.published",
        "article.updated",
        "article.deleted",
    ]
    seen = [one for one in changes(reader) if one["id"] == article["id"]]
    assert [one["deleted"] for one in seen] == [False, False, True]
    assert [one["fields"] for one in seen] == [[], ["headline"], []]
    assert events(client, article["id"]) == [
        "article.created",
        "article.updated",
        "article.published",
        "article.updated",
        "article.withdrawn",
        "article.updated",
        "article.withdrawn",
        "article.deleted",
    ]


def test_a_public_article_that_is_deleted_ends_once(client: TestClient, reader: TestClient) -> None:
    article = post(client, "articles", an_article(status="live"))

    client.delete(f"/v1/articles/{article['id']}", headers=ANY)

    assert events(reader, article["id"]) == ["article.published", "article.deleted"]


def test_the_clock_tells_readers_of_what_becomes_public_and_is_over(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    until = {"at": "2026-11-20T13:00:00Z", "until": "2026-11-20T14:00:00Z"}
    article = post(client, "articles", an_article(status="draft"))
    client.put(f"/v1/articles/{article['id']}/publication", json=until, headers=ANY)
    assert events(reader, article["id"]) == []

    clock.advance(hours=1)
    assert events(reader, article["id"]) == ["article.published"]
    clock.advance(hours=1)
    seen = [one for one in changes(reader) if one["id"] == article["id"]]

    assert [(one["event"], one["cause"]) for one in seen] == [
        ("article.published", "clock"),
        ("article.deleted", "clock"),
    ]


def test_readers_are_told_of_a_quote_while_it_is_settled(
    client: TestClient, reader: TestClient
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote(status="proposed")]))
    quote = article["quotes"][0]["id"]
    address = f"/v1/quotes/{quote}"
    assert events(reader, quote) == []

    client.patch(address, json={"status": "confirmed"}, headers=ANY)
    client.patch(address, json={"cue": "shouted"}, headers=ANY)
    without = {"body": text_body("Nothing is said.")}
    client.patch(f"/v1/articles/{article['id']}", json=without, headers=ANY)
    client.delete(address, headers=ANY)

    assert events(reader, quote) == ["quote.updated", "quote.updated", "quote.deleted"]
    shown = [one for one in changes(reader) if one["id"] == quote]
    assert [one["fields"] for one in shown] == [[], ["cue"], []]


def test_readers_are_told_of_entities_and_sections_that_they_can_read(
    client: TestClient, reader: TestClient
) -> None:
    draft = post(
        client,
        "articles",
        an_article(status="draft", section="hidden", entities=[a_mention(name="Hidden One")]),
    )
    hidden = draft["entities"][0]["id"]
    live = post(client, "articles", an_article(section="shown", entities=[a_mention()]))
    shown = live["entities"][0]["id"]

    assert events(reader, hidden) == []
    assert events(reader, shown) == ["entity.created"]
    slugs = {
        slug for one in changes(reader) if one["resource"] == "section" for slug in one["slugs"]
    }
    assert slugs == {"shown"}

    # Vouched for, and then no more.
    entity = saved(client.get(f"/v1/entities/{hidden}"))
    client.put(f"/v1/entities/{hidden}", json=an_entity(name=entity["name"]), headers=ANY)
    unreviewed = an_entity(name=entity["name"], reviewed=False)
    client.put(f"/v1/entities/{hidden}", json=unreviewed, headers=ANY)
    assert events(reader, hidden) == ["entity.updated", "entity.deleted"]


def test_filters_by_section_and_entity_hold_for_what_is_gone(
    client: TestClient, reader: TestClient
) -> None:
    article = post(
        client,
        "articles",
        an_article(section="news/harbour", entities=[a_mention()], quotes=[a_quote()]),
    )
    other = post(client, "articles", an_article(section="sport"))
    news = saved(client.get("/v1/sections/news"))
    entity = article["entities"][0]
    client.patch(f"/v1/articles/{article['id']}", json={"section": {"path": "sport"}}, headers=ANY)
    client.delete(f"/v1/articles/{article['id']}", headers=ANY)
    client.delete(f"/v1/articles/{other['id']}", headers=ANY)

    assert events(client, article["id"], section="news") == [
        "article.created",
        "article.published",
        "article.updated",
    ]
    assert events(reader, article["id"], section=news["id"]) == [
        "article.published",
        "article.updated",
    ]
    assert events(client, article["id"], section="sport")[-1] == "article.deleted"
    assert events(reader, article["id"], entity=entity["id"])[-1] == "article.deleted"
    assert events(reader, other["id"], entity=entity["id"]) == []
    quotes = changes(reader, resource="quote", entity=entity["id"])
    assert [one["event"] for one in quotes] == ["quote.created", "quote.deleted"]


def test_filters_hold_for_what_the_clock_does(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    scheduled = an_article(
        section="news/harbour", entities=[a_mention()], published_at="2026-11-20T12:00:10Z"
    )
    article = post(client, "articles", scheduled)
    news = saved(client.get("/v1/sections/news"))
    clock.advance(seconds=10)

    for sees in (client, reader):
        for filters in ({"section": news["id"]}, {"entity": article["entities"][0]["id"]}):
            assert "article.published" in events(sees, article["id"], **filters)


def test_filters_by_kind_and_event_are_of_what_the_reader_is_told(
    client: TestClient, reader: TestClient
) -> None:
    article = post(client, "articles", an_article())
    client.delete(f"/v1/articles/{article['id']}/publication", headers=ANY)

    assert told(reader, event="article.deleted") == [("article.deleted", article["id"])]
    assert told(reader, event="article.withdrawn") == []
    assert told(client, event="article.withdrawn") == [("article.withdrawn", article["id"])]
    assert {one["resource"] for one in changes(client, resource="section,article")} == {
        "section",
        "article",
    }


@pytest.mark.parametrize(
    "query",
    [
        {"after": "x"},
        {"after": "-1"},
        {"after": "01"},
        {"limit": "0"},
        {"limit": "1001"},
        {"wait": "61"},
        {"resource": "key"},
        {"section": "nowhere"},
        {"entity": "nobody"},
        {"sort": "at"},
    ],
)
def test_what_cannot_be_meant_is_refused(reader: TestClient, query: dict[str, str]) -> None:
    assert problem_of(reader.get("/v1/changes", params=query)) == (400, "invalid-parameter")


@pytest.mark.parametrize(
    ("collection", "sent"),
    [
        ("entities", an_entity(reviewed=False)),
        ("media", a_picture()),
    ],
)
def test_readers_are_not_told_that_what_they_never_saw_is_gone(
    client: TestClient, reader: TestClient, collection: str, sent: Document
) -> None:
    hidden = post(client, collection, sent)
    client.delete(f"/v1/{collection}/{hidden['id']}", headers=ANY)

    assert saved(reader.get("/v1/changes?after=0"))["items"] == []
    events = [one["event"] for one in saved(client.get("/v1/changes?after=0"))["items"]]
    assert events[-1].endswith(".deleted")


def test_a_hidden_slug_is_no_more_than_an_unknown_one(
    client: TestClient, reader: TestClient
) -> None:
    post(client, "articles", an_article(status="draft", section="hidden", entities=[a_mention()]))

    for query in ({"section": "hidden"}, {"entity": "ann-lee"}):
        assert client.get("/v1/changes", params=query).status_code == 200
        assert problem_of(reader.get("/v1/changes", params=query)) == (400, "invalid-parameter")


def test_a_position_of_another_database_or_beyond_the_end_is_refused(
    client: TestClient, reader: TestClient
) -> None:
    post(client, "entities", an_entity())
    end = newest(client)
    epoch, _, number = end.partition("-")

    for after in (f"zzzzzzzzzzzz-{number}", f"{epoch}-{int(number) + 1}", str(int(number) + 1)):
        response = reader.get("/v1/changes", params={"after": after})
        assert problem_of(response) == (409, "position-unknown")
        assert response.json()["start_again"] == end
    assert page(reader, after=number)["next_after"] == end


def test_nobody_is_told_of_keys_nor_who_wrote(client: TestClient, keys: dict[Scope, str]) -> None:
    admin = {"Authorization": f"Bearer {keys['admin']}"}
    client.post("/v1/keys", json={"name": "another", "scopes": ["read"]}, headers=admin)
    client.post("/v1/entities", json=an_entity(), params={"note": "for the desk"})

    response = client.get("/v1/changes", headers=admin)

    assert {one["resource"] for one in response.json()["items"]} == {"entity"}
    assert "for the desk" not in response.text
    assert "actor" not in response.text


def test_a_write_that_is_only_tried_is_not_told(client: TestClient) -> None:
    start = newest(client)

    client.post("/v1/entities", json=an_entity(), params={"dry_run": "true"})

    assert page(client, after=start) == {"items": [], "next_after": start, "has_more": False}


def test_whoever_waits_is_answered_as_soon_as_something_happens(
    client: TestClient, reader: TestClient
) -> None:
    start = newest(client)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(page, reader, after=start, wait=30)
        # Nothing that concerns a reader.
        post(client, "articles", an_article(status="draft", section=None))
        made = post(client, "entities", an_entity())
        found = waiting.result(20)

    assert [one["id"] for one in found["items"]] == [made["id"]]


def test_whoever_waits_is_answered_at_once_where_there_is_something(client: TestClient) -> None:
    post(client, "entities", an_entity())

    started = time.monotonic()
    assert len(changes(client, wait=30)) == 1
    assert time.monotonic() - started < 20


def test_nobody_waits_longer_than_it_said(client: TestClient) -> None:
    start = newest(client)

    started = time.monotonic()
    found = page(client, after=start, wait=1)

    assert 0.9 < time.monotonic() - started < 20
    assert found == {"items": [], "next_after": start, "has_more": False}


def test_what_lies_beyond_what_one_request_looks_at_comes_with_the_next(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.journal.reads.MOST_LOOKED_AT", 3)
    monkeypatch.setattr("app.journal.reads.BATCH", 2)
    start = newest(client)
    for number in range(5):
        wanted = post(client, "entities", an_entity(name=f"Somebody {number}"))

    first = page(client, after=start, entity=wanted["id"])
    second = page(client, after=first["next_after"], entity=wanted["id"])

    assert (first["items"], first["has_more"]) == ([], True)
    assert [one["id"] for one in second["items"]] == [wanted["id"]]
    assert second["has_more"] is False


def test_nothing_depends_on_the_clock_which_may_be_set_back(
    client: TestClient, clock: Clock
) -> None:
    start = newest(client)
    post(client, "entities", an_entity(name="First"))
    clock.advance(days=-3)
    post(client, "entities", an_entity(name="Second"))

    first, second = changes(client, after=start)

    assert second["sequence"] == first["sequence"] + 1
    assert second["at"] < first["at"]
