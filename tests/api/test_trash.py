"""What becomes of a deleted article: it waits in the trash, and comes back as it was."""

import pytest
from sqlalchemy import Table
from starlette.testclient import TestClient

from app.articles.archiving import BRANCHES, WHOLE, Branch
from app.database.session import Database
from app.models import Base
from tests.api.test_schedules import events_of
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_picture,
    a_quote,
    an_article,
    assert_verbatim,
    ids_of,
    post,
    problem_of,
    saved,
    text_body,
)
from tests.conftest import Clock

# What belongs to an article and is not worth keeping: it is made anew, or ends with it.
LEFT_BEHIND = {"rendered_articles", "leases"}


@pytest.fixture
def article(client: TestClient) -> Document:
    """With a history: another slug, another revision, and a quote that has lost its words."""
    picture = post(client, "media", a_picture())
    sent = an_article(
        quotes=[a_quote(), a_quote(text="Crews return", speaker={"name": "Somebody"})],
        entities=[a_mention()], lead_media=picture["id"], publisher={"name": "The Post"},
        body=[{"type": "paragraph", "text": "Crews return on Friday."},
              {"type": "image", "media": picture["id"]},
              {"type": "paragraph", "text": "“We will not sell,” union leader Ann Lee said."}],
    )  # fmt: skip
    made = post(client, "articles", sent)
    path = f"/v1/articles/{made['id']}"
    body = [{**made["body"][0], "text": "Crews come back on Friday."}, *made["body"][1:]]
    return saved(client.patch(path, json={"slug": "second", "body": body}, headers=ANY))


def thrown_away(client: TestClient, article: Document) -> str:
    address = f"/v1/articles/{article['id']}?note=A%20mistake"
    assert client.delete(address, headers=ANY).status_code == 204
    return f"/v1/trash/{article['id']}"


def restored(client: TestClient, article: Document) -> Document:
    path = f"/v1/trash/{article['id']}/restoration"
    return saved(client.put(path, headers=ANY))


def tables_below(table: Table) -> set[str]:
    """All tables whose rows go when those of this one do."""
    found: set[str] = set()
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and key.ondelete == "CASCADE":
                found |= {other.name} | tables_below(other)
    return found


def test_all_that_belongs_to_an_article_is_kept() -> None:
    def names(branch: Branch) -> set[str]:
        return {branch.table.name}.union(*(names(one) for one in branch.children))

    kept = names(WHOLE) - {"articles"}

    assert kept == tables_below(WHOLE.table) - LEFT_BEHIND
    assert len(BRANCHES) > 5


def test_a_deleted_article_is_nowhere_but_in_the_trash(
    client: TestClient, reader: TestClient, article: Document
) -> None:
    trashed = thrown_away(client, article)

    for asking in (client, reader):
        for name in (article["id"], "second", "ferry-strike-ends"):
            assert problem_of(asking.get(f"/v1/articles/{name}")) == (404, "article-not-found")
        assert ids_of(asking.get("/v1/articles")) == []
        assert ids_of(asking.get("/v1/quotes")) == []
        assert saved(asking.get("/v1/search?q=ferry"))["items"] == []
    found = saved(client.get(trashed))
    assert (found["slug"], found["revision"], found["note"]) == ("second", 2, "A mistake")
    assert found["section"] == "news/harbour"
    assert found["deleted_by"]["name"] == "write"
    assert found["deleted_at"] == "2026-11-20T12:00:00Z"
    assert found["purge_at"] == "2026-12-20T12:00:00Z"
    assert found["article"]["text"] == article["text"]
    assert ids_of(client.get("/v1/trash?slug=second")) == [article["id"]]
    assert ids_of(client.get("/v1/trash?section=sport")) == []


def test_a_restored_article_is_what_it_was_but_not_public(
    client: TestClient, reader: TestClient, article: Document, database: Database
) -> None:
    before = saved(client.get(f"/v1/articles/{article['id']}/revisions?fields=revision,cause"))
    thrown_away(client, article)

    again = restored(client, article)

    expected = {**article, "revision": 3, "status": "withdrawn"}
    assert again == expected
    path = f"/v1/articles/{article['id']}"
    assert saved(client.get(path)) == again
    assert problem_of(reader.get(path)) == (404, "article-not-found")
    assert client.get("/v1/articles/ferry-strike-ends").headers["Location"].endswith("/second")
    after = saved(client.get(f"{path}/revisions?fields=revision,cause"))["items"]
    assert after == [{"revision": 3, "cause": "article.restored"}, *before["items"]]
    assert ids_of(client.get("/v1/trash")) == []
    published = saved(client.put(f"{path}/publication", json={}, headers=ANY))
    assert published["published_at"] == article["published_at"]
    assert saved(reader.get(f"{path}?fields=quotes"))["quotes"] == [
        one for one in published["quotes"] if one["anchor"] == "moved"
    ]
    assert saved(reader.get("/v1/search?q=ferry"))["items"]


def test_a_quote_that_comes_back_is_carried_by_the_next_edit(
    client: TestClient, article: Document
) -> None:
    thrown_away(client, article)
    restored(client, article)

    body = text_body("Crews return on Friday.\n\n“We will not sell,” union leader Ann Lee said.")
    now = saved(client.patch(f"/v1/articles/{article['id']}", json={"body": body}, headers=ANY))

    assert [one["anchor"] for one in article["quotes"]] == ["moved", "drifted"]
    assert [one["id"] for one in now["quotes"]] == [one["id"] for one in article["quotes"]]
    assert_verbatim(now)


@pytest.mark.parametrize(("status", "again"), [("draft", "draft"), ("withdrawn", "withdrawn")])
def test_what_was_not_public_comes_back_as_it_was(
    client: TestClient, status: str, again: str
) -> None:
    article = post(client, "articles", an_article(status=status))
    thrown_away(client, article)

    assert restored(client, article)["status"] == again


def test_what_was_scheduled_comes_back_as_a_draft(client: TestClient, clock: Clock) -> None:
    article = post(client, "articles", an_article(published_at="2026-11-21T08:00:00Z"))
    thrown_away(client, article)
    clock.advance(days=3)

    assert restored(client, article)["status"] == "draft"


def test_what_an_article_referred_to_may_be_gone(client: TestClient, article: Document) -> None:
    thrown_away(client, article)
    gone = [
        f"entities/{article['quotes'][1]['speaker']['id']}",
        f"entities/{article['entities'][0]['id']}",
        f"media/{article['lead_media']['id']}",
        f"publishers/{article['publisher']['id']}",
        "sections/news/harbour",
    ]
    for one in gone:
        assert client.delete(f"/v1/{one}", headers=ANY).status_code == 204, one

    again = restored(client, article)

    assert (again["section"], again["publisher"], again["lead_media"]) == (None, None, None)
    assert (again["media"], again["entities"]) == ([], [])
    assert [one["type"] for one in again["body"]] == ["paragraph", "paragraph"]
    assert again["text"] == article["text"]
    assert [one["speaker"] for one in again["quotes"]] == [None, None]
    assert [one["speaker_label"] for one in again["quotes"]] == ["Ann Lee", "Somebody"]


def test_a_slug_that_is_anothers_by_now_stays_the_others(
    client: TestClient, article: Document
) -> None:
    thrown_away(client, article)
    other = post(client, "articles", an_article(slug="second"))
    former = post(client, "articles", an_article(slug="ferry-strike-ends"))

    again = restored(client, article)

    assert again["slug"] not in ("second", "ferry-strike-ends")
    assert saved(client.get("/v1/articles/second"))["id"] == other["id"]
    assert saved(client.get("/v1/articles/ferry-strike-ends"))["id"] == former["id"]


def test_the_id_of_what_is_in_the_trash_stays_its_own(
    client: TestClient, article: Document
) -> None:
    thrown_away(client, article)

    path = f"/v1/articles/{article['id']}"
    refused = client.put(path, json=an_article(), headers={"If-None-Match": "*"})

    assert problem_of(refused) == (409, "id-taken")


def test_an_article_is_purged_by_hand(
    client: TestClient, article: Document, database: Database
) -> None:
    trashed = thrown_away(client, article)

    assert problem_of(client.delete(trashed)) == (428, "precondition-required")
    stale = {"If-Match": f'"{article["id"]}.1"'}
    assert problem_of(client.delete(trashed, headers=stale)) == (412, "precondition-failed")
    assert client.delete(trashed, headers=ANY).status_code == 204

    gone = (404, "trashed-article-not-found")
    assert problem_of(client.get(trashed)) == gone
    assert problem_of(client.delete(trashed, headers=ANY)) == gone
    assert problem_of(client.put(f"{trashed}/restoration", headers=ANY)) == gone
    assert database.read_now(events_of, article["id"])[-1] == ("article.purged", None)


def test_the_clock_purges_what_was_deleted_long_ago(
    client: TestClient, article: Document, clock: Clock, database: Database
) -> None:
    trashed = thrown_away(client, article)
    clock.advance(days=29, hours=23)
    assert client.get(trashed).status_code == 200

    clock.advance(hours=1)

    assert problem_of(client.get(trashed)) == (404, "trashed-article-not-found")
    assert database.read_now(events_of, article["id"])[-1] == ("article.purged", "clock")


def test_a_restoration_can_be_tried(client: TestClient, article: Document) -> None:
    trashed = thrown_away(client, article)

    tried = client.put(f"{trashed}/restoration?dry_run=true", headers=ANY)

    assert saved(tried)["text"] == article["text"]
    assert client.get(trashed).status_code == 200
    assert client.get(f"/v1/articles/{article['id']}").status_code == 404


def test_the_trash_is_for_the_desk(
    client: TestClient, reader: TestClient, article: Document
) -> None:
    trashed = thrown_away(client, article)

    for address in ("/v1/trash", trashed, "/v1/trash/unknown"):
        assert problem_of(reader.get(address)) == (401, "unauthenticated")


def test_restored_twice_it_keeps_its_history(client: TestClient, article: Document) -> None:
    for _ in range(2):
        thrown_away(client, article)
        again = restored(client, article)

    assert again["revision"] == 4
    assert again["quotes"] == article["quotes"]
