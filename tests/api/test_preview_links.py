"""What whoever has a preview link sees, and until when."""

from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from app.models.key import Scope
from tests.api.test_drafts import begun
from tests.api.test_schedules import a_draft
from tests.builders import ANY, Document, an_article, created, post, problem_of, saved
from tests.conftest import Clock


def link_to(client: TestClient, article: Document, **sent: object) -> str:
    given = created(client.post(f"/v1/articles/{article['id']}/preview-links", json=sent))
    parts = urlsplit(given["url"])
    assert f"{parts.scheme}://{parts.netloc}" == "https://news.example"
    return f"{parts.path}?{parts.query}"


def test_a_link_shows_an_article_that_is_not_public(client: TestClient, reader: TestClient) -> None:
    article = a_draft(client)

    seen = reader.get(link_to(client, article))

    assert saved(seen) == article
    assert seen.headers["Cache-Control"] == "private, no-store"
    assert seen.headers["X-Robots-Tag"] == "noindex"
    assert reader.get(f"/v1/articles/{article['id']}").status_code == 404


def test_a_link_shows_what_is_there_when_it_is_opened(
    client: TestClient, reader: TestClient
) -> None:
    article = a_draft(client)
    link = link_to(client, article)
    reader.get(link)

    changed = {"headline": "Changed"}
    saved(client.patch(f"/v1/articles/{article['id']}", json=changed, headers=ANY))

    assert saved(reader.get(link))["headline"] == "Changed"


def test_a_link_shows_the_draft_beside_a_live_article(
    client: TestClient, reader: TestClient
) -> None:
    article = post(client, "articles", an_article())
    begun(client, article)

    seen = reader.get(link_to(client, article, version="draft"))

    assert saved(seen)["headline"] == "Boats sail"
    assert saved(reader.get(f"/v1/articles/{article['id']}"))["headline"] == article["headline"]


def test_a_link_expires(client: TestClient, reader: TestClient, clock: Clock) -> None:
    link = link_to(client, a_draft(client), expires_in_seconds=60)

    clock.advance(seconds=59)
    before = reader.get(link)
    clock.advance(seconds=1)

    assert before.status_code == 200
    assert problem_of(reader.get(link)) == (410, "preview-link-expired")


@pytest.mark.parametrize(
    "change", [lambda link: link[:-9] + ("A" if link[-9] != "A" else "B") + link[-8:],
               lambda link: link.replace("=", "=x", 1), lambda _: "/v1/previews",
               lambda link: f"{link}&link=x"],
)  # fmt: skip
def test_a_link_that_was_not_given_shows_nothing(
    client: TestClient, reader: TestClient, change: object
) -> None:
    assert callable(change)
    link = change(link_to(client, a_draft(client)))

    assert problem_of(reader.get(link)) == (400, "invalid-parameter")


def test_a_link_to_what_was_deleted_shows_nothing(client: TestClient, reader: TestClient) -> None:
    article = a_draft(client)
    link = link_to(client, article)
    client.delete(f"/v1/articles/{article['id']}", headers=ANY)

    assert problem_of(reader.get(link)) == (404, "article-not-found")


def test_who_only_previews_gives_no_links(client: TestClient, keys: dict[Scope, str]) -> None:
    path = f"/v1/articles/{a_draft(client)['id']}/preview-links"
    headers = {"Authorization": f"Bearer {keys['preview']}"}

    assert problem_of(client.post(path, json={}, headers=headers)) == (403, "forbidden")


def test_no_link_is_given_to_a_draft_that_is_not_there(client: TestClient) -> None:
    article = a_draft(client)
    path = f"/v1/articles/{article['id']}/preview-links"

    assert problem_of(client.post(path, json={"version": "draft"})) == (404, "draft-not-found")
    for seconds in (59, 30 * 86_400 + 1):
        refused = client.post(path, json={"expires_in_seconds": seconds})
        assert problem_of(refused) == (422, "validation-error")
