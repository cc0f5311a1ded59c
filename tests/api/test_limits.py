"""Keys that are limited to sections and channels: nothing that they write lies elsewhere."""

from collections.abc import Callable, Iterator

import httpx2 as httpx
import orjson
import pytest
from starlette.testclient import TestClient

from app.models.key import Scope
from app.web.application import Application
from tests.api.test_channels import a_bulletin, a_channel, a_programme
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_picture,
    a_quote,
    an_article,
    an_entity,
    created,
    post,
    problem_of,
    saved,
)
from tests.clients import beside

Limited = Callable[..., TestClient]

# What a limited key may write as any other: it lies in no section and on no channel.
SHARED = ("/v1/entities", "/v1/media", "/v1/publishers")
# Whose lines are refused each for itself: see the test of it.
MANY = "/v1/bulk"


@pytest.fixture
def limited(client: TestClient, keys: dict[Scope, str]) -> Limited:
    """Makes a client whose key is limited."""

    def make(**limits: object) -> TestClient:
        sent = {"name": "The desk", "scopes": ["write"], **limits}
        admin = {"Authorization": f"Bearer {keys['admin']}"}
        token = created(client.post("/v1/keys", json=sent, headers=admin))["token"]
        return beside(client, token)

    return make


@pytest.fixture
def desk(client: TestClient, limited: Limited) -> TestClient:
    """Limited to the harbour."""
    post(client, "sections", {"path": "news/harbour", "name": "Harbour"})
    return limited(sections=["news/harbour"])


def outside_of(response: httpx.Response) -> object:
    """Where it was to be written."""
    assert problem_of(response) == (403, "outside-limits"), response.text
    document = response.json()
    return document["channel"] if "channel" in document else document["section"]


def test_a_desk_writes_all_of_an_article_in_its_section(desk: TestClient) -> None:
    article = post(desk, "articles", an_article(status="draft", quotes=[a_quote()]))
    below = post(desk, "articles", an_article(section="news/harbour/ferries"))
    address = f"/v1/articles/{article['id']}"

    saved(desk.patch(address, json={"headline": "Strike over"}, headers=ANY))
    saved(desk.put(f"{address}/publication", json={}, headers=ANY))
    saved(desk.patch(address, json={"section": "news/harbour/ferries"}, headers=ANY))
    quote = post(desk, "quotes", a_quote(article=article["id"], text="Crews return"))
    saved(desk.patch(f"/v1/quotes/{quote['id']}", json={"cue": "told"}, headers=ANY))
    assert desk.delete(f"/v1/quotes/{quote['id']}", headers=ANY).status_code == 204
    assert desk.delete(address, headers=ANY).status_code == 204
    assert below["section"]["path"] == "news/harbour/ferries"
    post(desk, "entities", an_entity(name="Somebody Else"))
    post(desk, "media", a_picture())


@pytest.mark.parametrize("section", ["news", "news/harbourside", "news/harbour-old", None])
def test_a_desk_creates_nothing_elsewhere(
    desk: TestClient, client: TestClient, section: str | None
) -> None:
    refused = desk.post("/v1/articles", json=an_article(section=section))
    tried = desk.post("/v1/articles?dry_run=true", json=an_article(section=section))

    assert outside_of(refused) == section
    assert outside_of(tried) == section
    assert saved(client.get("/v1/articles?total=exact"))["total"] == 0
    if section:
        assert section in refused.json()["detail"]


def test_an_article_is_moved_neither_out_nor_in(desk: TestClient, client: TestClient) -> None:
    own = post(desk, "articles", an_article())
    other = post(client, "articles", an_article(section="sport"))

    out = desk.patch(f"/v1/articles/{own['id']}", json={"section": "sport"}, headers=ANY)
    into = desk.patch(f"/v1/articles/{other['id']}", json={"section": "news/harbour"}, headers=ANY)

    assert outside_of(out) == "sport"
    assert outside_of(into) == "sport"
    assert saved(client.get(f"/v1/articles/{own['id']}"))["section"]["path"] == "news/harbour"
    assert saved(client.get(f"/v1/articles/{other['id']}"))["section"]["path"] == "sport"


def test_a_quote_is_moved_to_no_article_elsewhere(desk: TestClient, client: TestClient) -> None:
    own = post(desk, "articles", an_article(quotes=[a_quote()]))
    other = post(client, "articles", an_article(section="sport"))
    quote = f"/v1/quotes/{own['quotes'][0]['id']}"

    moved = desk.patch(quote, json={"article": other["id"]}, headers=ANY)

    assert outside_of(moved) == "sport"
    assert saved(client.get(quote))["article"]["id"] == own["id"]


def test_a_desk_changes_the_sections_below_its_own(desk: TestClient, client: TestClient) -> None:
    ferries = post(desk, "sections", {"path": "news/harbour/ferries", "name": "Ferries"})
    address = f"/v1/sections/{ferries['id']}"
    post(client, "sections", {"path": "sport", "name": "Sport"})

    renamed = saved(desk.patch(address, json={"path": "news/harbour/boats"}, headers=ANY))
    out = desk.patch(address, json={"path": "sport/boats"}, headers=ANY)
    captured = desk.patch("/v1/sections/sport", json={"path": "news/harbour/sport"}, headers=ANY)
    own = desk.patch("/v1/sections/news/harbour", json={"name": "Ours"}, headers=ANY)

    assert renamed["path"] == "news/harbour/boats"
    assert outside_of(out) == "sport/boats"
    assert outside_of(captured) == "sport"
    assert outside_of(own) == "news/harbour"


def test_a_limit_follows_its_section_when_that_moves(desk: TestClient, client: TestClient) -> None:
    moved = {"path": "local/port"}
    saved(client.patch("/v1/sections/news/harbour", json=moved, headers=ANY))

    post(desk, "articles", an_article(section="local/port"))
    refused = desk.post("/v1/articles", json=an_article(section="news/coast"))

    assert outside_of(refused) == "news/coast"


def test_a_channels_desk_writes_to_its_channel_alone(client: TestClient, limited: Limited) -> None:
    own = post(client, "channels", a_channel())
    other = post(client, "channels", a_channel(name="Other"))
    desk = limited(channels=[own["slug"]])

    post(desk, f"channels/{own['id']}/programmes", a_programme())
    saved(desk.patch(f"/v1/channels/{own['id']}", json={"number": 7}, headers=ANY))
    refused = desk.post(f"/v1/channels/{other['id']}/bulletins", json=a_bulletin())
    new = desk.post("/v1/channels", json=a_channel(name="Mine"))
    article = desk.post("/v1/articles", json=an_article())

    assert outside_of(refused) == other["id"]
    assert problem_of(new) == (403, "outside-limits")
    assert problem_of(article) == (403, "outside-limits")


def test_what_keys_are_limited_to_is_not_deleted(
    desk: TestClient, client: TestClient, limited: Limited, keys: dict[Scope, str]
) -> None:
    channel = post(client, "channels", a_channel())
    held = saved(limited(channels=[channel["id"]]).get("/v1/whoami"))

    section = client.delete("/v1/sections/news/harbour", headers=ANY)
    refused = client.delete(f"/v1/channels/{channel['id']}", headers=ANY)

    assert problem_of(section) == (409, "resource-in-use")
    assert problem_of(refused) == (409, "resource-in-use")
    assert held["prefix"] in refused.json()["detail"]
    assert held["channels"] == [channel["slug"]]
    admin = {"Authorization": f"Bearer {keys['admin']}", **ANY}
    assert client.delete(f"/v1/keys/{held['id']}", headers=admin).status_code == 204
    assert client.delete(f"/v1/channels/{channel['id']}", headers=ANY).status_code == 204


def test_limits_that_are_set_hold_from_the_next_write_on(
    client: TestClient, limited: Limited, keys: dict[Scope, str], desk: TestClient
) -> None:
    held = saved(desk.get("/v1/whoami"))
    post(client, "sections", {"path": "sport", "name": "Sport"})
    once = {"Idempotency-Key": '"one"'}
    first = created(desk.post("/v1/articles", json=an_article(), headers=once))

    admin = {"Authorization": f"Bearer {keys['admin']}", **ANY}
    saved(client.patch(f"/v1/keys/{held['id']}", json={"sections": ["sport"]}, headers=admin))

    assert outside_of(desk.post("/v1/articles", json=an_article())) == "news/harbour"
    # What it wrote while it might it may still be told: nothing is written again.
    assert created(desk.post("/v1/articles", json=an_article(), headers=once)) == first
    post(desk, "articles", an_article(section="sport"))


def test_a_line_of_many_is_refused_by_itself(desk: TestClient) -> None:
    sent = [("news/harbour", "Own"), ("sport", "Elsewhere"), ("news/harbour", "Own too")]
    lines = [
        {"method": "POST", "path": "/v1/articles", "content": an_article(section=at, headline=name)}
        for at, name in sent
    ]
    body = b"\n".join(orjson.dumps(line) for line in lines)

    response = desk.post(MANY, content=body, headers={"Content-Type": "application/x-ndjson"})

    results = [orjson.loads(line) for line in response.content.splitlines()]
    assert [result["status"] for result in results] == [201, 403, 201]
    assert results[1]["problem"]["section"] == "sport"


# Each body is one that would be taken of a key without limits.
BODIES: dict[str, Document] = {
    "POST /v1/articles": an_article(section="sport"),
    "PUT /v1/articles/{article_id}": an_article(section="news/harbour"),
    "POST /v1/articles/{article_id}/corrections": {"text": "It was Friday."},
    "PUT /v1/articles/{article_id}/lease": {},
    "PUT /v1/articles/{article_id}/publication": {},
    "PUT /v1/articles/{article_id}/restoration": {"revision": 1},
    "PUT /v1/articles/{article_id}/draft": {"headline": "Mine"},
    "PUT /v1/trash/{trashed_id}/restoration": {},
    "POST /v1/channels": a_channel(name="Mine"),
    "PUT /v1/channels/{channel_id}": a_channel(),
    "POST /v1/channels/{channel_id}/bulletins": a_bulletin(),
    "PUT /v1/channels/{channel_id}/bulletins/{bulletin_id}": a_bulletin(),
    "POST /v1/channels/{channel_id}/programmes": a_programme(),
    "PUT /v1/channels/{channel_id}/programmes/{programme_id}": a_programme(),
    "POST /v1/quotes": a_quote(text="Crews return"),
    "PUT /v1/quotes/{quote_id}": a_quote(),
    "PUT /v1/quotes/{quote_id}/anchor": {},
    "PUT /v1/quotes/{quote_id}/retraction": {"note": "Never said"},
    "POST /v1/sections": {"path": "weather", "name": "Weather"},
    "PUT /v1/sections/{section_id}": {"path": "news/harbour/sport", "name": "Sport"},
}


def writing(app: Application) -> Iterator[tuple[str, str]]:
    """The method and path of each operation that writes within sections and channels."""
    for path, operations in app.openapi()["paths"].items():
        for method in ("post", "put", "patch", "delete"):
            operation = operations.get(method, {"x-reads-only": True})
            if "x-reads-only" in operation or "x-scope" in operation:
                continue
            if path.startswith((*SHARED, MANY)):
                continue
            yield method.upper(), path


def test_no_route_writes_elsewhere(app: Application, client: TestClient, desk: TestClient) -> None:
    sent = an_article(section="sport", quotes=[a_quote()], entities=[a_mention()])
    article = post(client, "articles", sent)
    channel = post(client, "channels", a_channel())
    schedule = f"channels/{channel['id']}"
    trashed = post(client, "articles", an_article(section="sport"))
    client.delete(f"/v1/articles/{trashed['id']}", headers=ANY)
    draft = f"/v1/articles/{article['id']}/draft"
    client.put(draft, json={"headline": "Theirs"}, headers={"If-None-Match": "*"})
    names = {
        "article_id": article["id"],
        "quote_id": article["quotes"][0]["id"],
        "section_id": "sport",
        "number": "1",
        "trashed_id": trashed["id"],
        "channel_id": channel["id"],
        "programme_id": post(client, f"{schedule}/programmes", a_programme())["id"],
        "bulletin_id": post(client, f"{schedule}/bulletins", a_bulletin())["id"],
    }
    before = saved(client.get(f"/v1/articles/{article['id']}"))
    walked = 0
    for method, path in writing(app):
        body = {} if method == "PATCH" else BODIES.get(f"{method} {path}")
        assert body is not None or method == "DELETE", f"{method} {path} is to be walked, too"
        if body is not None and path.startswith("/v1/quotes") and "text" in body:
            body = {**body, "article": article["id"]}
        headers = {} if method == "POST" else ANY
        refused = desk.request(method, path.format(**names), json=body, headers=headers)
        assert problem_of(refused) == (403, "outside-limits"), (method, path, refused.text)
        walked += 1

    assert walked >= 24
    assert saved(client.get(f"/v1/articles/{article['id']}")) == before
