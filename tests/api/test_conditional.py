"""What a client sees of entity tags and preconditions."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    AN_ID,
    ANY,
    Document,
    a_quote,
    an_article,
    an_entity,
    post,
    problem_of,
    saved,
    unchanged,
)

COLLECTIONS = {
    "articles": an_article(),
    "entities": an_entity(),
    "sections": {"path": "news", "name": "News"},
    "publishers": {"name": "The Post"},
    "media": {"caption": "Quay"},
}


@pytest.fixture
def path(client: TestClient) -> str:
    return f"/v1/articles/{post(client, 'articles', an_article(quotes=[a_quote()]))['id']}"


@pytest.mark.parametrize(
    "below",
    ["", ".txt", "?fields=headline", "/quotes", "/entities", "/revisions", "/revisions/1"],
)
def test_what_the_client_has_is_not_sent_again(client: TestClient, path: str, below: str) -> None:
    first = client.get(path + below)
    etag = first.headers["ETag"]

    for sent in (etag, f"W/{etag}", f'"other", {etag}', f'"a,b",W/{etag}', "*"):
        second = client.get(path + below, headers={"If-None-Match": sent})

        assert (second.status_code, second.content) == (304, b"")
        for header in ("ETag", "Vary", "Cache-Control"):
            assert second.headers[header] == first.headers[header]
    assert client.get(path + below, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_tag_names_id_revision_and_representation(client: TestClient, path: str) -> None:
    whole, part = client.get(path), client.get(f"{path}?fields=id")
    text = client.get(path, headers={"Accept": "text/plain"})

    tags = [response.headers["ETag"] for response in (whole, part, text)]

    article_id = saved(whole)["id"]
    assert all(tag.startswith(f'"{article_id}.1.') for tag in tags)
    assert len(set(tags)) == 3


def test_a_renamed_speaker_changes_the_tag_but_refuses_nobodys_edit(
    client: TestClient, path: str
) -> None:
    before = client.get(path)
    saved(client.patch("/v1/entities/ann-lee", json={"name": "Ann Oh"}, headers=ANY))

    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    edit = client.patch(path, json={"language": "de"}, headers={"If-Match": before.headers["ETag"]})

    assert saved(after)["quotes"][0]["speaker"]["name"] == "Ann Oh"
    assert after.headers["ETag"] != before.headers["ETag"]
    assert saved(edit)["revision"] == 2


def test_a_changed_quote_refuses_a_stale_edit_of_its_article(client: TestClient, path: str) -> None:
    article = saved(client.get(path))
    quote = article["quotes"][0]["id"]
    saved(client.patch(f"/v1/quotes/{quote}", json={"cue": "added"}, headers=ANY))

    response = client.put(path, json=an_article(quotes=[]), headers=unchanged(article))

    assert problem_of(response) == (412, "precondition-failed")


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_change_names_the_state_that_it_changes(
    client: TestClient, collection: str, method: str
) -> None:
    document = post(client, collection, COLLECTIONS[collection])
    address = f"/v1/{collection}/{document['id']}"
    content = None if method == "DELETE" else COLLECTIONS[collection]
    saved(client.patch(address, json={}, headers=unchanged(document)))
    current = f'"{document["id"]}.2"'

    without = client.request(method, address, json=content)
    stale = client.request(method, address, headers=unchanged(document), json=content)
    fresh = client.request(method, address, headers={"If-Match": f'"x", {current}'}, json=content)

    assert problem_of(without) == (428, "precondition-required")
    assert problem_of(stale) == (412, "precondition-failed")
    for refused in (without, stale):
        assert refused.headers["ETag"] == refused.json()["current_etag"] == current
        assert refused.json()["current_revision"] == 2
    assert fresh.status_code in (200, 204)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param('W/"{id}.1.{digest}"', 412, id="weak"),
        pytest.param('"{id}.1"', 200, id="built from the document"),
        pytest.param('"{id}.1.{digest}"', 200, id="as served"),
        pytest.param('"{id}.1.of-another-representation"', 200, id="of a part"),
        pytest.param('"{id}.10"', 412, id="another revision"),
        pytest.param('"{id}"', 412, id="no revision"),
        pytest.param("*", 200, id="any"),
        pytest.param("", 400, id="empty"),
        pytest.param("{id}.1", 400, id="not quoted"),
        pytest.param('"{id}.1', 400, id="not closed"),
    ],
)
def test_if_match_compares_strongly(client: TestClient, path: str, sent: str, status: int) -> None:
    etag = client.get(path).headers["ETag"].strip('"')
    article_id, _, digest = etag.split(".")
    header = sent.format(id=article_id, digest=digest)

    response = client.patch(path, json={"language": "de"}, headers={"If-Match": header})

    assert response.status_code in ((status,) if sent else (400, 412, 428))
    assert saved(client.get(path))["language"] == ("de" if status == 200 else "en")


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_put_creates_only_when_it_says_so(client: TestClient, collection: str) -> None:
    address = f"/v1/{collection}/{AN_ID}"
    content = COLLECTIONS[collection]

    without = client.put(address, json=content)
    matching = client.put(address, json=content, headers=ANY)
    created = client.put(address, json=content, headers={"If-None-Match": "*"})
    again = client.put(address, json=content, headers={"If-None-Match": "*"})

    assert problem_of(without) == (428, "precondition-required")
    assert problem_of(matching) == (412, "precondition-failed")
    assert (created.status_code, created.json()["id"]) == (201, AN_ID)
    assert created.headers["Location"] == address
    assert problem_of(again) == (412, "precondition-failed")
    assert again.json()["current_etag"] == f'"{AN_ID}.1"'


def test_a_write_takes_no_other_if_none_match(client: TestClient, path: str) -> None:
    response = client.put(path, json=an_article(), headers={"If-None-Match": '"a.1"'})

    assert problem_of(response) == (400, "invalid-header")
    assert response.json()["errors"][0]["header"] == "If-None-Match"


def test_nothing_is_changed_where_nothing_is(client: TestClient) -> None:
    for method in ("PATCH", "DELETE"):
        content: Document | None = None if method == "DELETE" else {}
        response = client.request(method, f"/v1/articles/{AN_ID}", headers=ANY, json=content)

        assert problem_of(response) == (404, "article-not-found")


def test_answers_to_a_key_are_private(client: TestClient, reader: TestClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "private, no-cache"
    assert reader.get(path).headers["Cache-Control"] == "public, no-cache"
    assert "Authorization" in reader.get(path).headers["Vary"]
