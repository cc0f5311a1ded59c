"""What a client sees of sections: a tree of paths."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    AN_ID,
    ANY,
    Document,
    an_article,
    created,
    pointers_of,
    post,
    problem_of,
    saved,
    unchanged,
)


def a_section(path: str, **changes: object) -> Document:
    return {"path": path, "name": path.rpartition("/")[2].title(), **changes}


def paths_in(client: TestClient, query: str = "") -> list[str]:
    return [item["path"] for item in saved(client.get(f"/v1/sections{query}"))["items"]]


def test_a_section_adds_those_above_it(client: TestClient) -> None:
    response = client.post("/v1/sections", json=a_section("news/far-east", description="Ports."))

    section = created(response)
    assert section == {
        "id": section["id"],
        "path": "news/far-east",
        "name": "Far-East",
        "revision": 1,
        "description": "Ports.",
        "parent": "news",
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    }
    assert saved(client.get("/v1/sections/news/far-east")) == section
    assert saved(client.get(f"/v1/sections/{section['id']}")) == section
    above = saved(client.get("/v1/sections/news"))
    assert (above["name"], above["parent"]) == ("News", None)


def test_an_article_adds_its_section_by_path(client: TestClient) -> None:
    article = post(client, "articles", an_article(section="news/far-east/ports"))

    assert article["section"] == {"path": "news/far-east/ports", "name": "Ports"}
    assert paths_in(client) == ["news", "news/far-east", "news/far-east/ports"]


def test_the_tree_is_read_by_branches(client: TestClient) -> None:
    for path in ("news/a/b", "news-2", "sport/c"):
        post(client, "sections", a_section(path))
    news = saved(client.get("/v1/sections/news"))["id"]

    assert paths_in(client, "?parent=none") == ["news", "news-2", "sport"]
    assert paths_in(client, "?parent=news") == paths_in(client, f"?parent={news}") == ["news/a"]
    assert paths_in(client, "?below=news") == ["news", "news/a", "news/a/b"]
    assert paths_in(client, f"?below={news}") == ["news", "news/a", "news/a/b"]
    assert paths_in(client, "?not_below=news&sort=-path") == ["sport/c", "sport", "news-2"]


def test_a_moved_section_takes_along_what_is_below_it(client: TestClient) -> None:
    article = post(client, "articles", an_article(section="news/harbour/quay"))
    section = saved(client.get("/v1/sections/news/harbour"))

    response = client.patch(
        f"/v1/sections/{section['id']}", json={"path": "ports"}, headers=unchanged(section)
    )

    assert saved(response) == {**section, "path": "ports", "parent": None, "revision": 2}
    assert paths_in(client) == ["news", "ports", "ports/quay"]
    moved = client.get("/v1/sections/news/harbour/quay?fields=name")
    assert (moved.status_code, moved.headers["Location"]) == (
        308,
        "/v1/sections/ports/quay?fields=name",
    )
    served = saved(client.get(f"/v1/articles/{article['id']}"))
    assert served["section"] == {"path": "ports/quay", "name": "Quay"}
    assert saved(client.get("/v1/articles?section=ports&total=exact"))["total"] == 1


def test_an_article_filed_under_a_former_path_is_filed_where_it_is_now(
    client: TestClient,
) -> None:
    post(client, "sections", a_section("news/harbour"))
    saved(client.patch("/v1/sections/news/harbour", json={"path": "ports"}, headers=ANY))

    article = post(client, "articles", an_article(section="news/harbour"))

    assert article["section"]["path"] == "ports"
    assert paths_in(client) == ["news", "ports"]


def test_a_section_is_created_at_a_chosen_id(client: TestClient) -> None:
    response = client.put(
        f"/v1/sections/{AN_ID}", json=a_section("news"), headers={"If-None-Match": "*"}
    )

    assert created(response)["id"] == AN_ID


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("sport", id="another's"),
        pytest.param("old", id="another's former"),
        pytest.param("news/below", id="below itself"),
    ],
)
def test_a_section_cannot_move_there(client: TestClient, path: str) -> None:
    section = post(client, "sections", a_section("news"))
    post(client, "sections", a_section("sport"))
    post(client, "sections", a_section("old"))
    saved(client.patch("/v1/sections/old", json={"path": "new"}, headers=ANY))

    response = client.patch("/v1/sections/news", json={"path": path}, headers=unchanged(section))

    assert problem_of(response) == (409, "slug-taken")
    assert pointers_of(response) == ["/path"]
    assert paths_in(client) == ["new", "news", "sport"]


@pytest.mark.parametrize(
    "use", ["articles", "sections"], ids=["it holds an article", "it holds a section"]
)
def test_a_section_that_holds_something_cannot_be_deleted(client: TestClient, use: str) -> None:
    if use == "articles":
        post(client, "articles", an_article(section="news"))
    else:
        post(client, "sections", a_section("news/harbour"))

    response = client.delete("/v1/sections/news", headers=ANY)

    assert problem_of(response) == (409, "resource-in-use")
    assert client.get("/v1/sections/news").status_code == 200


def test_an_empty_section_is_deleted(client: TestClient) -> None:
    section = post(client, "sections", a_section("news/harbour"))

    response = client.delete("/v1/sections/news/harbour", headers=unchanged(section))

    assert response.status_code == 204
    assert problem_of(client.get("/v1/sections/news/harbour")) == (404, "section-not-found")


@pytest.mark.parametrize(
    "path", ["", "/news", "news/", "News", "news//a", "news/../a", "a" * 26, "a" * 301]
)
def test_an_impossible_path_is_refused(client: TestClient, path: str) -> None:
    response = client.post("/v1/sections", json=a_section(path, name="News"))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == ["/path"]
