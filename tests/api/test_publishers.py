"""What a client sees of publishers."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    ANY,
    Document,
    an_article,
    created,
    ids_of,
    pointers_of,
    post,
    problem_of,
    saved,
    unchanged,
)

MIRRORS = ["https://post-1.example", "https://post-2.example"]


def a_publisher(**changes: object) -> Document:
    return {"name": "The Harbour Post", **changes}


def test_a_publisher_is_kept_as_sent(client: TestClient) -> None:
    sent = a_publisher(
        site="https://post.example",
        addresses=MIRRORS,
        address_notice="Also at these addresses:",
        apps=[{"platform": "roku", "name": "Post TV"}],
    )

    response = client.post("/v1/publishers", json=sent)

    publisher = created(response)
    assert publisher == {
        **sent,
        "id": publisher["id"],
        "slug": "the-harbour-post",
        "revision": 1,
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    }
    assert saved(client.get("/v1/publishers/the-harbour-post")) == publisher


def test_a_publisher_is_replaced_patched_and_deleted(client: TestClient) -> None:
    publisher = post(client, "publishers", a_publisher(addresses=MIRRORS))
    path = f"/v1/publishers/{publisher['id']}"

    patched = saved(
        client.patch(path, json={"addresses": MIRRORS[::-1]}, headers=unchanged(publisher))
    )
    replaced = saved(client.put(path, json=a_publisher(), headers=unchanged(patched)))
    deleted = client.delete(path, headers=unchanged(replaced))

    assert patched == {**publisher, "addresses": MIRRORS[::-1], "revision": 2}
    assert replaced == {**publisher, "addresses": [], "revision": 3}
    assert deleted.status_code == 204
    assert problem_of(client.get(path)) == (404, "publisher-not-found")


def test_an_article_finds_or_adds_its_publisher(client: TestClient) -> None:
    publisher = post(client, "publishers", a_publisher())
    references: list[object] = [
        publisher["id"], "the-harbour-post", {"name": "the  harbour post"}, {"name": "New Post"}
    ]  # fmt: skip

    articles = [post(client, "articles", an_article(publisher=one)) for one in references]

    slugs = [article["publisher"]["slug"] for article in articles]
    assert slugs == ["the-harbour-post"] * 3 + ["new-post"]
    of_it = client.get("/v1/articles?publisher=the-harbour-post&sort=created_at")
    assert len(ids_of(of_it)) == 3


def test_a_publisher_is_found_by_name_and_mirror(client: TestClient) -> None:
    publisher = post(client, "publishers", a_publisher(addresses=MIRRORS))
    post(client, "publishers", a_publisher(name="Another"))

    for query in ("name=THE HARBOUR POST", f"address={MIRRORS[1]}", "slug=the-harbour-post"):
        assert ids_of(client.get(f"/v1/publishers?{query}")) == [publisher["id"]]


def test_a_mirror_belongs_to_one_publisher(client: TestClient) -> None:
    owner = post(client, "publishers", a_publisher(addresses=MIRRORS[1:]))

    response = client.post("/v1/publishers", json=a_publisher(name="Other", addresses=MIRRORS))

    assert problem_of(response) == (409, "conflict")
    assert pointers_of(response) == ["/addresses/1"]
    assert response.json()["conflicting_id"] == owner["id"]


def test_a_former_slug_of_a_publisher_redirects(client: TestClient) -> None:
    post(client, "publishers", a_publisher())
    saved(client.patch("/v1/publishers/the-harbour-post", json={"slug": "post"}, headers=ANY))

    response = client.get("/v1/publishers/the-harbour-post")

    assert (response.status_code, response.headers["Location"]) == (308, "/v1/publishers/post")


def test_a_publisher_with_articles_cannot_be_deleted(client: TestClient) -> None:
    post(client, "articles", an_article(publisher=a_publisher()))

    response = client.delete("/v1/publishers/the-harbour-post", headers=ANY)

    assert problem_of(response) == (409, "resource-in-use")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"name": ""}, "/name", id="no name"),
        pytest.param({"site": "post.example"}, "/site", id="no scheme"),
        pytest.param({"addresses": ["ftp://a.example"]}, "/addresses/0", id="another scheme"),
        pytest.param({"addresses": [MIRRORS[0]] * 2}, "", id="an address twice"),
        pytest.param({"apps": [{"platform": "Roku", "name": "A"}]}, "/apps/0/platform", id="app"),
        pytest.param({"adresses": []}, "/adresses", id="unknown field"),
    ],
)
def test_a_wrong_publisher_is_pointed_at(
    client: TestClient, changes: Document, pointer: str
) -> None:
    response = client.post("/v1/publishers", json=a_publisher(**changes))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == [pointer]
