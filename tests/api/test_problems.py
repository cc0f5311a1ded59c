"""What a client sees when something is wrong: one shape of problem, and nothing half-written."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web.application import Application
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_quote,
    an_article,
    pointers_of,
    post,
    problem_of,
    saved,
    text_body,
)

JSON = {"Content-Type": "application/json"}
COLLECTIONS = ("articles", "quotes", "entities", "sections", "publishers", "media")


def kept(client: TestClient) -> dict[str, int]:
    """How much there is of everything."""
    pages = {name: saved(client.get(f"/v1/{name}?total=exact")) for name in COLLECTIONS}
    return {name: page["total"] for name, page in pages.items()}


NOTHING = dict.fromkeys(COLLECTIONS, 0)


@pytest.mark.parametrize(
    "path", ["/", "/v2/articles", "/v1", "/v1/artcles", "/v1/articles/", "/v1/articles/a/b/c", "/x"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_an_unknown_address_is_not_found(client: TestClient, method: str, path: str) -> None:
    assert problem_of(client.request(method, path)) == (404, "not-found")


@pytest.mark.parametrize("name", ["a%00b", "%ED%A0%80", "a" * 3000, "..%2Fx", "%FF", "-"])
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_strange_name_is_not_found(client: TestClient, collection: str, name: str) -> None:
    response = client.get(f"/v1/{collection}/{name}")

    assert problem_of(response)[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/articles", "GET, HEAD, OPTIONS, POST"),
        ("POST", "/v1/articles/x", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ("POST", "/v1/articles/x/publication", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("DELETE", "/v1/entities/x/quotes", "GET, HEAD, OPTIONS"),
        ("TRACE", "/v1/quotes", "GET, HEAD, OPTIONS, POST"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
        ("DELETE", "/openapi.json", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    client: TestClient, method: str, path: str, allow: str
) -> None:
    response = client.request(method, path)
    options = client.options(path)

    assert problem_of(response) == (405, "method-not-allowed")
    assert response.headers["Allow"] == allow
    assert (options.status_code, options.headers["Allow"], options.content) == (204, allow, b"")


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/articles/ferry-strike-ends", "/v1/none"])
def test_head_is_get_without_its_body(client: TestClient, path: str) -> None:
    post(client, "articles", an_article())

    read = client.get(path, headers={"X-Request-Id": "a-request"})
    head = client.head(path, headers={"X-Request-Id": "a-request"})

    assert head.status_code == read.status_code
    assert head.headers == read.headers
    assert head.content == b""


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("text/html, application/*;q=0.1", 200),
        ("", 200),
        ("application/problem+json", 406),
    ],
)
def test_what_cannot_be_served_is_not_acceptable(
    client: TestClient, accept: str, status: int
) -> None:
    post(client, "articles", an_article())

    response = client.get("/v1/articles/ferry-strike-ends", headers={"Accept": accept})

    assert response.status_code == status
    if status == 406:
        assert problem_of(response) == (406, "not-acceptable")
        assert response.json()["supported"] == ["application/json", "text/plain"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_what_could_not_be_answered_is_not_done(client: TestClient, method: str) -> None:
    article = post(client, "articles", an_article())
    path = "/v1/articles" if method == "POST" else f"/v1/articles/{article['id']}"

    response = client.request(
        method, path, json=an_article(headline="B"), headers={**ANY, "Accept": "text/html"}
    )

    assert problem_of(response) == (406, "not-acceptable")
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article
    assert kept(client)["articles"] == 1


@pytest.mark.parametrize(
    "declared", ["text/plain", "application/xml", "application/json; charset=latin-1", ""]
)
def test_a_body_of_another_type_is_not_read(client: TestClient, declared: str) -> None:
    response = client.post(
        "/v1/articles", content=b'{"headline": "A"}', headers={"Content-Type": declared}
    )

    assert problem_of(response) == (415, "unsupported-media-type")
    assert response.json()["supported"] == ["application/json"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"{'headline': 'A'}", id="single quotes"),
        pytest.param(b'{"headline": "A"} x', id="something behind"),
        pytest.param(b'{"headline": NaN}', id="NaN"),
        pytest.param(b'{"headline": "\xff"}', id="not UTF-8"),
        pytest.param(b'{"headline": "\\ud800"}', id="half of a surrogate pair"),
        pytest.param(b'{"headline": "\xed\xa0\x80"}', id="an encoded surrogate"),
        pytest.param(b"[" * 10_000 + b"]" * 10_000, id="deep nesting of lists"),
        pytest.param(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, id="deep nesting of objects"),
        pytest.param(b'{"headline": "A\x00"}', id="a bare NUL"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_is_no_json_is_malformed(client: TestClient, method: str, body: bytes) -> None:
    before = post(client, "articles", an_article())
    path = "/v1/articles" if method == "POST" else "/v1/articles/ferry-strike-ends"

    response = client.request(method, path, content=body, headers={**JSON, **ANY})

    status, code = problem_of(response)
    assert (status, code) in ((400, "malformed-request"), (422, "validation-error"))
    if body:
        assert status == 400
    assert saved(client.get("/v1/articles/ferry-strike-ends")) == before


@pytest.mark.parametrize("body", ["[]", '"A"', "5", "null", "true"])
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_resource_is_an_object(client: TestClient, collection: str, body: str) -> None:
    response = client.post(f"/v1/{collection}", content=body, headers=JSON)

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == [""]


@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
def test_a_body_over_the_limit_is_not_read(client: TestClient, chunked: bool) -> None:
    content = json.dumps(an_article(standfirst="A" * 2 * 1024 * 1024)).encode()

    response = client.post(
        "/v1/articles", content=iter([content]) if chunked else content, headers=JSON
    )

    assert problem_of(response) == (413, "content-too-large")
    assert "2097152" in response.json()["detail"]
    assert kept(client) == NOTHING


# Any: whatever JSON a client might send
@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        pytest.param({"headline": None}, ["/headline"], id="null for what is needed"),
        pytest.param({"headline": 5}, ["/headline"], id="a number for a text"),
        pytest.param({"headline": "A\0B"}, ["/headline"], id="NUL"),
        pytest.param({"headline": "A\nB"}, ["/headline"], id="two lines"),
        pytest.param({"headline": "\u200b"}, ["/headline"], id="nothing visible"),
        pytest.param({"headline": "A" * 501}, ["/headline"], id="too long"),
        pytest.param({"standfirst": ""}, ["/standfirst"], id="empty"),
        pytest.param({"status": "publishd"}, ["/status"], id="unknown status"),
        pytest.param({"language": "english"}, ["/language"], id="no language tag"),
        pytest.param({"published_at": "2026-11-20T14:00:00"}, ["/published_at"], id="no zone"),
        pytest.param({"published_at": 1_700_000_000}, ["/published_at"], id="seconds"),
        pytest.param(
            {"published_at": "0001-01-01T00:00:00+14:00"}, ["/published_at"], id="before year 1"
        ),
        pytest.param({"source_url": "javascript:alert(1)"}, ["/source_url"], id="no web address"),
        pytest.param({"section": "News Harbour"}, ["/section/path"], id="no path"),
        pytest.param({"section": {}}, ["/section"], id="an empty reference"),
        pytest.param({"bylines": ["A", {"nme": "B"}]}, ["/bylines/1/nme"], id="unknown below"),
        pytest.param({"headlin": "A", "x/y~": 1}, ["/headlin", "/x~1y~0"], id="unknown fields"),
        pytest.param({"quotes": {}}, ["/quotes"], id="an object for a list"),
        pytest.param({"quotes": [a_quote(), 5]}, ["/quotes/1"], id="a number for a quote"),
        pytest.param(
            {"quotes": [a_quote(kind="x"), a_quote(txt="y")]},
            ["/quotes/0/kind", "/quotes/1/txt"],
            id="two bad quotes",
        ),
        pytest.param(
            {"entities": [a_mention(salience=2, role="x")]},
            ["/entities/0/role", "/entities/0/salience"],
            id="two bad members",
        ),
        pytest.param(
            {"entities": [a_mention(spans=[{"start": 1e400, "end": 2}])]}, None, id="infinity"
        ),
    ],
)
def test_wrong_content_is_pointed_at_and_nothing_is_kept(
    client: TestClient, changes: dict[str, Any], pointers: list[str] | None
) -> None:
    content = json.dumps(an_article(**changes)).encode()

    response = client.post("/v1/articles", content=content, headers=JSON)

    if pointers is None:
        assert problem_of(response) == (400, "malformed-request")
    else:
        assert problem_of(response) == (422, "validation-error")
        assert sorted(pointers_of(response)) == pointers
    assert kept(client) == NOTHING


def test_an_unknown_field_is_told_the_nearest(client: TestClient) -> None:
    response = client.post("/v1/articles", json=an_article(headlin="A"))

    assert "Did you mean “headline”?" in response.json()["errors"][0]["detail"]


def test_many_faults_are_cut_short(client: TestClient) -> None:
    response = client.post("/v1/articles", json=an_article(quotes=[{}] * 500))

    assert problem_of(response) == (422, "validation-error")
    assert len(response.json()["errors"]) == 50
    assert "500 errors in all" in response.json()["detail"]


def test_a_late_failure_keeps_nothing(client: TestClient) -> None:
    sent: Document = an_article(
        section="new/section",
        publisher={"name": "New Post"},
        lead_media={"caption": "New"},
        quotes=[a_quote()],
        entities=[{"name": "New Name"}, a_mention(spans=[{"start": 0, "end": 9999}])],
    )

    response = client.post("/v1/articles", json=sent)

    assert problem_of(response) == (422, "validation-error")
    assert kept(client) == NOTHING


def test_html_is_text_where_text_is_meant(client: TestClient) -> None:
    script = "<script>alert(1)</script>"

    article = post(
        client, "articles", an_article(headline=script, body=text_body(script), quotes=[])
    )

    assert (article["headline"], article["text"]) == (script, script)
    response = client.get(f"/v1/articles/{article['id']}.txt")
    assert response.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["/v1/articles/x", "/v1/articles/x/entities", "/v1/sections/x"])
def test_an_unknown_parameter_is_refused_before_anything_is_looked_for(
    client: TestClient, path: str
) -> None:
    for method in ("GET", "DELETE"):
        response = client.request(method, f"{path}?dry_runs=true", headers=ANY)

        assert response.status_code == 400 or response.headers["Allow"]
        assert problem_of(response)[1] in ("invalid-parameter", "method-not-allowed")


def test_a_failure_is_told_by_its_number_alone(
    app: Application, reader: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(app.state.database, "read", fail)

    response = reader.get("/v1/articles", headers={"X-Request-Id": "a-request-1"})

    assert problem_of(response) == (500, "internal-error")
    assert response.json()["request_id"] == "a-request-1"
    assert "swordfish" not in response.text


@pytest.mark.parametrize("given", ["short", "has space", "a" * 65, "né-request"])
def test_an_impossible_request_id_is_replaced(client: TestClient, given: str) -> None:
    response = client.get("/healthz", headers=[(b"X-Request-Id", given.encode())])

    assert response.headers["X-Request-Id"] != given
    assert len(response.headers["X-Request-Id"]) == 16


def test_a_problem_is_explained_at_its_address(client: TestClient) -> None:
    problem = client.get("/v1/articles/none").json()

    path = problem["type"].removeprefix("https://news.example")
    explained = saved(client.get(path))
    assert (explained["code"], explained["status"]) == ("article-not-found", 404)
    assert problem_of(client.get("/problems/none")) == (404, "not-found")
    assert explained in saved(client.get("/problems"))["items"]


def test_what_a_delete_is_told_is_in_its_address(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    address = f"/v1/articles/{article['id']}/publication"

    refused = client.request("DELETE", address, json={"public_note": "Gone"}, headers=ANY)

    assert problem_of(refused) == (400, "malformed-request")
    assert saved(client.get(f"/v1/articles/{article['id']}"))["status"] == "live"
