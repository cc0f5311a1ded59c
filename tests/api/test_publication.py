"""What a client sees of publication: drafts, dates, embargoes and withdrawal."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    ANY,
    Document,
    an_article,
    ids_of,
    pointers_of,
    post,
    problem_of,
    saved,
    unchanged,
)
from tests.conftest import Clock


def is_public(reader: TestClient, article: Document) -> bool:
    status = reader.get(f"/v1/articles/{article['id']}").status_code
    assert status in (200, 404)
    assert (article["id"] in ids_of(reader.get("/v1/articles"))) == (status == 200)
    return status == 200


def a_draft(**changes: object) -> Document:
    draft = {**an_article(status="draft"), **changes}
    return {name: value for name, value in draft.items() if value is not None}


def test_a_draft_goes_live_and_is_withdrawn(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", a_draft(published_at=None))
    path = f"/v1/articles/{article['id']}/publication"
    shown = [is_public(reader, article)]
    clock.advance(minutes=5)

    published = saved(client.put(path, json={}, headers=unchanged(article)))
    shown.append(is_public(reader, article))
    withdrawn = saved(client.delete(path, headers=unchanged(published)))
    shown.append(is_public(reader, article))
    again = saved(client.put(path, json={}, headers=unchanged(withdrawn)))

    assert shown == [False, True, False]
    assert (published["status"], published["published_at"]) == ("live", "2026-11-20T12:05:00Z")
    assert (withdrawn["status"], withdrawn["revision"]) == ("withdrawn", 3)
    assert (again["status"], again["published_at"]) == ("live", published["published_at"])


def test_a_scheduled_article_appears_at_its_instant(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", a_draft(published_at=None))
    sent = {"at": "2026-11-20T14:00:00+01:00"}
    path = f"/v1/articles/{article['id']}/publication"

    scheduled = saved(client.put(path, json=sent, headers=ANY))
    shown = []
    for _ in range(2):
        shown.append(is_public(reader, article))
        clock.advance(minutes=59, seconds=59.999999)
    shown.append(is_public(reader, article))

    assert scheduled["published_at"] == "2026-11-20T13:00:00Z"
    assert shown == [False, False, True]


def test_an_embargo_is_lifted_at_its_instant(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article(embargoed_until="2026-11-20T13:00:00Z"))
    before = is_public(reader, article)

    clock.advance(hours=1)

    assert (before, is_public(reader, article)) == (False, True)


def test_publication_can_take_an_embargo_away(client: TestClient, reader: TestClient) -> None:
    article = post(client, "articles", an_article(embargoed_until="2030-01-01T00:00:00Z"))
    path = f"/v1/articles/{article['id']}/publication"

    kept = saved(client.put(path, json={}, headers=ANY))
    lifted = saved(client.put(path, json={"embargoed_until": None}, headers=ANY))

    assert kept["embargoed_until"] == "2030-01-01T00:00:00Z"
    assert lifted["embargoed_until"] is None
    assert is_public(reader, article)


def test_a_scheduled_article_can_be_published_now(client: TestClient, reader: TestClient) -> None:
    article = post(client, "articles", an_article(published_at="2030-01-01T00:00:00Z"))

    published = saved(client.put(f"/v1/articles/{article['id']}/publication", json={}, headers=ANY))

    assert published["published_at"] == "2026-11-20T12:00:00Z"
    assert is_public(reader, article)


def test_an_article_that_goes_live_without_a_date_is_published_now(client: TestClient) -> None:
    article = post(client, "articles", a_draft(published_at=None))

    live = client.patch(f"/v1/articles/{article['id']}", json={"status": "live"}, headers=ANY)

    assert saved(live)["published_at"] == "2026-11-20T12:00:00Z"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_publication_needs_a_precondition(client: TestClient, method: str) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}/publication"
    content: Document | None = {} if method == "PUT" else None

    without = client.request(method, path, json=content)
    stale = client.request(method, path, headers={"If-Match": f'"{article["id"]}.9"'}, json=content)

    assert problem_of(without) == (428, "precondition-required")
    assert problem_of(stale) == (412, "precondition-failed")


@pytest.mark.parametrize("instant", ["2026-11-20T14:00:00", "2026-11-20", "soon", 5, True])
def test_an_instant_has_a_zone(client: TestClient, instant: object) -> None:
    article = post(client, "articles", an_article())

    response = client.put(
        f"/v1/articles/{article['id']}/publication", json={"at": instant}, headers=ANY
    )

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == ["/at"]
