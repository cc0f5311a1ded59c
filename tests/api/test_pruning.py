"""What the journal forgets, and what it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.database.session import Database
from app.journal.pruning import prune
from app.main import create_app
from app.web.application import Application
from tests.api.test_changes import changes, newest, told
from tests.builders import ANY, a_quote, an_article, an_entity, post, problem_of, saved
from tests.conftest import Clock


def forget_older(database: Database, clock: Clock, **age: float) -> None:
    while database.write_now(prune, clock() - timedelta(**age)):
        pass


def test_a_position_before_what_was_forgotten_is_too_old(
    client: TestClient, reader: TestClient, clock: Clock, database: Database
) -> None:
    old = newest(client)
    entity = post(client, "entities", an_entity())
    path = f"/v1/entities/{entity['id']}"
    client.patch(path, json={"name": "Anne Lee"}, headers=ANY)
    kept = newest(client)
    clock.advance(days=10)
    client.patch(path, json={"name": "Anna Lee"}, headers=ANY)

    forget_older(database, clock, days=5)

    refused = reader.get("/v1/changes", params={"after": old})
    assert problem_of(refused) == (410, "position-too-old")
    assert refused.json()["start_again"] == newest(client)
    assert problem_of(reader.get("/v1/changes?after=0")) == (410, "position-too-old")
    assert [one["fields"] for one in changes(reader, after=kept)] == [["name"]]
    # From the oldest that is kept.
    assert told(reader) == [("entity.updated", entity["id"])]


def test_numbers_go_on_after_everything_is_old(
    client: TestClient, clock: Clock, database: Database
) -> None:
    post(client, "entities", an_entity())
    end = newest(client)
    clock.advance(days=100)

    forget_older(database, clock, days=1)
    post(client, "entities", an_entity(name="Later"))

    [change] = changes(client, after=end)
    assert change["sequence"] == int(end.partition("-")[2]) + 1


def test_an_id_that_was_used_is_not_free_again(
    client: TestClient, clock: Clock, database: Database
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    client.delete(f"/v1/articles/{article['id']}", headers=ANY)
    post(client, "entities", an_entity(name="Later"))
    clock.advance(days=100)

    forget_older(database, clock, days=1)

    creating = {"If-None-Match": "*"}
    for path, sent in (
        (f"articles/{article['id']}", an_article()),
        (f"quotes/{article['quotes'][0]['id']}", {**a_quote(), "article": article["id"]}),
    ):
        assert problem_of(client.put(f"/v1/{path}", json=sent, headers=creating)) == (
            409,
            "id-taken",
        )


def test_an_entity_that_readers_know_of_ends_for_them_however_long_ago_that_was(
    client: TestClient, reader: TestClient, clock: Clock, database: Database
) -> None:
    entity = post(client, "entities", an_entity())
    post(client, "entities", an_entity(name="Later"))
    clock.advance(days=100)
    forget_older(database, clock, days=1)
    start = newest(client)

    client.put(f"/v1/entities/{entity['id']}", json=an_entity(reviewed=False), headers=ANY)

    assert told(reader, after=start) == [("entity.deleted", entity["id"])]


def test_what_a_quote_was_before_its_article_was_public_stays_hidden(
    client: TestClient, reader: TestClient, clock: Clock, database: Database
) -> None:
    article = post(client, "articles", an_article(status="draft", quotes=[a_quote()]))
    quote = f"/v1/quotes/{article['quotes'][0]['id']}"
    client.patch(quote, json={"cue": "hissed"}, headers=ANY)
    clock.advance(minutes=1)
    client.patch(f"/v1/articles/{article['id']}", json={"status": "live"}, headers=ANY)
    before = saved(reader.get(f"{quote}/history"))
    client.patch(f"/v1/articles/{article['id']}", json={"standfirst": "New"}, headers=ANY)
    clock.advance(days=100)

    forget_older(database, clock, days=1)

    assert saved(reader.get(f"{quote}/history")) == before


def test_the_service_forgets_by_itself_where_that_is_wanted(
    app: Application, client: TestClient, clock: Clock
) -> None:
    old = newest(client)
    entity = post(client, "entities", an_entity())
    path = f"/v1/entities/{entity['id']}"
    client.patch(path, json={"name": "Anne Lee"}, headers=ANY)
    clock.advance(days=10)
    client.patch(path, json={"name": "Anna Lee"}, headers=ANY)

    settings = replace(app.state.settings, journal_days=5)
    with TestClient(create_app(settings, clock=clock)) as forgetful:
        for _ in range(100):
            answer = forgetful.get("/v1/changes", params={"after": old, "wait": 1})
            if answer.status_code == 410:
                break
    assert problem_of(answer) == (410, "position-too-old")


@pytest.mark.parametrize("days", [0, -1])
def test_no_days_at_all_are_refused(app: Application, days: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        replace(app.state.settings, journal_days=days)
