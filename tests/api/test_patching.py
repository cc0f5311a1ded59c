"""What a client sees of PATCH: merge patch and JSON Patch."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web.patching import merge
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
)

MERGE = {**ANY, "Content-Type": "application/merge-patch+json"}
OPERATIONS = {**ANY, "Content-Type": "application/json-patch+json"}


# Any: any JSON
@pytest.mark.parametrize(
    ("target", "patch", "merged"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merging_is_as_rfc_7396_says(target: Any, patch: Any, merged: Any) -> None:
    assert merge(target, patch) == merged


@pytest.fixture
def article(client: TestClient) -> Document:
    sent = an_article(
        standfirst="Agreed.", bylines=["Bo Reed"], quotes=[a_quote()], entities=[a_mention()]
    )
    return post(client, "articles", sent)


def patched(client: TestClient, article: Document, patch: object, **headers: str) -> Document:
    response = client.patch(
        f"/v1/articles/{article['id']}", json=patch, headers={**MERGE, **headers}
    )
    return saved(response)


def test_a_patch_touches_nothing_else(client: TestClient, article: Document) -> None:
    merged = patched(client, article, {"headline": "Sailing", "standfirst": None})
    operated = patched(
        client,
        article,
        [{"op": "replace", "path": "/bylines/0/name", "value": "Kim Oh"}],
        **OPERATIONS,
    )

    assert merged == {**article, "headline": "Sailing", "standfirst": None, "revision": 2}
    byline = {**article["bylines"][0], "name": "Kim Oh"}
    assert operated == {**merged, "bylines": [byline], "revision": 3}


def test_plain_json_is_a_merge_patch(client: TestClient, article: Document) -> None:
    response = client.patch("/v1/articles/ferry-strike-ends", json={"slug": "a"}, headers=ANY)

    assert saved(response) == {**article, "slug": "a", "revision": 2}


def test_a_patch_of_one_quote_leaves_the_others_alone(client: TestClient) -> None:
    article = post(
        client, "articles", an_article(quotes=[a_quote(), a_quote(text="ferries will sail")])
    )

    changed = patched(
        client,
        article,
        [{"op": "replace", "path": "/quotes/1/cue", "value": "added"}],
        **OPERATIONS,
    )

    first, second = article["quotes"]
    assert changed["quotes"] == [first, {**second, "cue": "added", "revision": 2}]


@pytest.mark.parametrize("member", ["quotes", "entities"])
def test_null_takes_a_collection_away(client: TestClient, article: Document, member: str) -> None:
    assert patched(client, article, {member: None})[member] == []


def test_a_patch_moves_copies_and_tests(client: TestClient, article: Document) -> None:
    operations = [
        {"op": "test", "path": "/revision", "value": 1},
        {"op": "test", "path": "/published_at", "value": "2026-11-20T08:00:00Z"},
        {"op": "copy", "from": "/headline", "path": "/standfirst"},
        {"op": "add", "path": "/bylines/-", "value": "Kim Oh"},
        {"op": "move", "from": "/bylines/1", "path": "/bylines/0"},
        {"op": "remove", "path": "/section"},
    ]

    changed = patched(client, article, operations, **OPERATIONS)

    assert changed["standfirst"] == "Ferry strike ends"
    assert [byline["name"] for byline in changed["bylines"]] == ["Kim Oh", "Bo Reed"]
    assert changed["section"] is None


@pytest.mark.parametrize(
    ("operations", "expected", "pointer"),
    [
        pytest.param(
            [{"op": "remove", "path": "/section"}, {"op": "test", "path": "/slug", "value": "x"}],
            (409, "patch-test-failed"),
            "/1",
            id="a test that fails",
        ),
        pytest.param(
            [{"op": "remove", "path": "/nothing"}],
            (422, "patch-not-applicable"),
            "/0",
            id="no place",
        ),
        pytest.param(
            [{"op": "add", "path": "/slug"}], (422, "patch-not-applicable"), "/0", id="no value"
        ),
        pytest.param(
            [{"op": "add", "path": "/bylines/9", "value": "A"}],
            (422, "patch-not-applicable"),
            "/0",
            id="beyond a list",
        ),
        pytest.param(
            [{"op": "add", "path": "/headlin", "value": "A"}],
            (422, "validation-error"),
            "/headlin",
            id="an unknown field",
        ),
        pytest.param(
            [{"op": "replace", "path": "/headline", "value": 5}],
            (422, "validation-error"),
            "/headline",
            id="a wrong value",
        ),
        pytest.param(
            [{"op": "remove", "path": "/headline"}],
            (422, "validation-error"),
            "/headline",
            id="what is needed",
        ),
    ],
)
def test_a_patch_is_all_or_nothing(
    client: TestClient,
    article: Document,
    operations: object,
    expected: tuple[int, str],
    pointer: str,
) -> None:
    path = f"/v1/articles/{article['id']}"

    response = client.patch(path, json=operations, headers=OPERATIONS)

    assert problem_of(response) == expected
    assert pointers_of(response) == [pointer]
    assert saved(client.get(path)) == article


@pytest.mark.parametrize("patch", [b"[]", b'"headline"', b"null"])
def test_a_merge_patch_is_an_object(client: TestClient, article: Document, patch: bytes) -> None:
    response = client.patch(f"/v1/articles/{article['id']}", content=patch, headers=MERGE)

    assert problem_of(response) == (422, "patch-not-applicable")


@pytest.mark.parametrize(
    "operations",
    [
        pytest.param({"op": "remove", "path": "/slug"}, id="no list"),
        pytest.param([{"op": "remove"}], id="no path"),
        pytest.param([{"op": "rename", "path": "/slug"}], id="unknown operation"),
        pytest.param([{"op": "remove", "path": "slug"}], id="no pointer"),
        pytest.param([5], id="no object"),
        pytest.param([{"op": "remove", "path": 5}], id="a number for a path"),
        pytest.param([{"op": "test", "path": "", "value": 1}] * 101, id="101 operations"),
    ],
)
def test_what_is_no_json_patch_is_malformed(
    client: TestClient, article: Document, operations: object
) -> None:
    path = f"/v1/articles/{article['id']}"

    response = client.patch(path, json=operations, headers=OPERATIONS)

    assert problem_of(response) == (400, "malformed-request")
    assert saved(client.get(path)) == article


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", "0" * 26),
        ("revision", 9),
        ("text", "Other words."),
        ("text_version", 2),
        ("created_at", "2020-01-01T00:00:00Z"),
        ("updated_at", None),
        ("text", None),
    ],
)
def test_what_the_service_sets_cannot_be_patched(
    client: TestClient, article: Document, member: str, value: object
) -> None:
    path = f"/v1/articles/{article['id']}"

    response = client.patch(path, json={member: value}, headers=MERGE)

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == [f"/{member}"]
    assert saved(client.get(path)) == article


@pytest.mark.parametrize(
    ("member", "value"), [("revision", 9), ("anchor", "orphaned"), ("retraction", {"note": "No"})]
)
def test_what_the_service_sets_of_a_quote_cannot_be_patched_in_its_article(
    client: TestClient, article: Document, member: str, value: object
) -> None:
    path = f"/v1/articles/{article['id']}"
    quotes = [{**article["quotes"][0], member: value}]
    operations = [{"op": "replace", "path": f"/quotes/0/{member}", "value": value}]

    refused = [
        client.patch(path, json={"quotes": quotes}, headers=MERGE),
        client.patch(path, json=operations, headers=OPERATIONS),
    ]

    for response in refused:
        assert problem_of(response) == (422, "validation-error")
        assert pointers_of(response) == [f"/quotes/0/{member}"]
    assert saved(client.get(path)) == article


def test_what_the_service_sets_may_be_sent_as_it_is(client: TestClient, article: Document) -> None:
    sent = {**article, "headline": "Sailing"}

    assert patched(client, article, sent) == {**sent, "revision": 2}


def test_the_formats_of_patches_are_told(client: TestClient, article: Document) -> None:
    path = f"/v1/articles/{article['id']}"

    response = client.patch(path, content=b"{}", headers={**ANY, "Content-Type": "text/plain"})

    assert problem_of(response) == (415, "unsupported-media-type")
    expected = "application/merge-patch+json, application/json-patch+json"
    assert response.headers["Accept-Patch"] == expected
