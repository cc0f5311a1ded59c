"""Two revisions of an article, compared over HTTP."""

import pytest
from starlette.testclient import TestClient

from app.models.key import Scope
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_picture,
    a_quote,
    an_article,
    post,
    problem_of,
    saved,
    text_body,
)


def compared(client: TestClient, article: Document, number: int, query: str = "") -> Document:
    path = f"/v1/articles/{article['id']}/revisions/{number}/comparison{query}"
    return saved(client.get(path))


def test_a_revision_is_compared_with_the_one_before(client: TestClient) -> None:
    article = post(client, "articles?note=First", an_article(standfirst="Crews return."))
    path = f"/v1/articles/{article['id']}"
    saved(client.patch(f"{path}?note=Second", json={"headline": "Ferry strike is over",
                       "standfirst": None, "section": "news"}, headers=ANY))  # fmt: skip

    found = compared(client, article, 2)

    assert (found["older"]["note"], found["newer"]["note"]) == ("First", "Second")
    assert found["fields"] == [
        {
            "name": "headline",
            "before": "Ferry strike ends",
            "after": "Ferry strike is over",
            "difference": [
                {"op": "equal", "before": "Ferry strike ", "after": "Ferry strike "},
                {"op": "replace", "before": "ends", "after": "is over"},
            ],
        },
        {
            "name": "standfirst",
            "before": "Crews return.",
            "after": None,
            "difference": [{"op": "delete", "before": "Crews return.", "after": ""}],
        },
        {
            "name": "section",
            "before": {"path": "news/harbour", "name": "Harbour"},
            "after": {"path": "news", "name": "News"},
            "difference": [],
        },
    ]
    assert (found["blocks"], found["quotes"], found["entities"]) == ([], [], [])


def test_blocks_are_compared_by_their_ids(client: TestClient) -> None:
    picture = post(client, "media", a_picture())
    article = post(client, "articles", an_article())
    first, second, third = article["body"]
    changed = {**second, "text": second["text"].replace("Ann Lee", "Bo Lee")}
    added = {"id": "b9", "type": "image", "media": picture["id"]}
    saved(client.patch(f"/v1/articles/{article['id']}",
                       json={"body": [third, added, changed]}, headers=ANY))  # fmt: skip

    found = compared(client, article, 2)

    told = {one["id"]: one for one in found["blocks"]}
    assert told[added["id"]]["change"] == "added"
    assert (told[first["id"]]["change"], told[first["id"]]["after"]) == ("removed", None)
    assert told[second["id"]]["change"] == "changed"
    assert told[second["id"]]["before"] == second
    assert told[second["id"]]["difference"][1] == {
        "op": "replace", "before": "Ann ", "after": "Bo "
    }  # fmt: skip
    assert [one["moved"] for one in found["blocks"]].count(True) == 1
    (media,) = found["fields"]
    assert media == {"name": "media", "before": [], "after": [picture["id"]], "difference": []}


def test_quotes_and_entities_are_compared_by_their_ids(client: TestClient) -> None:
    quotes = [a_quote(), a_quote(text="Crews return on Friday.")]
    article = post(client, "articles", an_article(quotes=quotes, entities=[a_mention()]))
    kept, gone = article["quotes"]
    sent = {**kept, "speaker": {"name": "Bo Lee"}, "speaker_role": "captain"}
    mention = {"name": "Port Board", "type": "organization"}
    patch = {
        "quotes": [sent, a_quote(text="ferries will sail as planned")],
        "entities": [{"id": article["entities"][0]["id"], "role": "mentions"}, mention],
    }
    edited = saved(client.patch(f"/v1/articles/{article['id']}", json=patch, headers=ANY))

    found = compared(client, article, 2)

    changed, added, removed = found["quotes"]
    assert (changed["id"], changed["change"]) == (kept["id"], "changed")
    assert changed["fields"] == ["speaker_role", "speaker"]
    assert (changed["before"], changed["after"]) == (kept, edited["quotes"][0])
    assert (added["change"], added["before"], added["after"]) == (
        "added", None, edited["quotes"][1]
    )  # fmt: skip
    assert (removed["change"], removed["before"], removed["after"]) == ("removed", gone, None)
    role, new = found["entities"]
    assert (role["change"], role["fields"]) == ("changed", ["role"])
    assert (new["change"], new["after"]["name"]) == ("added", "Port Board")


def test_a_quote_that_goes_along_with_its_block_is_no_difference(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    first, second, third = article["body"]
    body = [{**first, "text": "All crews return on Friday."}, second, third]
    path = f"/v1/articles/{article['id']}"
    shifted = saved(client.patch(path, json={"body": body}, headers=ANY))
    saved(client.patch(path, json={"body": text_body("Nothing.")}, headers=ANY))

    assert shifted["quotes"][0]["anchor"] == "moved"
    assert compared(client, article, 2)["quotes"] == []
    (lost,) = compared(client, article, 3)["quotes"]
    assert (lost["change"], lost["fields"]) == ("changed", ["place"])


def test_any_two_are_compared_from_the_older_to_the_newer(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    path = f"/v1/articles/{article['id']}"
    for headline in ("Second", "Third"):
        saved(client.patch(path, json={"headline": headline}, headers=ANY))

    forth, back = compared(client, article, 3, "?with=1"), compared(client, article, 1, "?with=3")

    assert forth == back
    assert (forth["older"]["revision"], forth["newer"]["revision"]) == (1, 3)
    assert [one["after"] for one in forth["fields"]] == ["Third"]
    same = compared(client, article, 2, "?with=2")
    assert (same["fields"], same["blocks"]) == ([], [])


@pytest.mark.parametrize("path", ["1/comparison", "2/comparison?with=1", "1/comparison?with=9"])
def test_what_is_compared_has_to_be_there(client: TestClient, path: str) -> None:
    article = post(client, "articles", an_article())

    response = client.get(f"/v1/articles/{article['id']}/revisions/{path}")

    assert problem_of(response) == (404, "revision-not-found")


@pytest.mark.parametrize("query", ["with=", "with=x", "with=-1", "with=1&with=2", "wiht=1"])
def test_what_to_compare_with_is_a_number(client: TestClient, query: str) -> None:
    article = post(client, "articles", an_article())

    response = client.get(f"/v1/articles/{article['id']}/revisions/1/comparison?{query}")

    assert problem_of(response) == (400, "invalid-parameter")


def test_a_comparison_needs_the_scope_preview(
    client: TestClient, reader: TestClient, keys: dict[Scope, str]
) -> None:
    article = post(client, "articles", an_article())
    saved(client.patch(f"/v1/articles/{article['id']}", json={}, headers=ANY))
    path = f"/v1/articles/{article['id']}/revisions/2/comparison"

    assert problem_of(reader.get(path)) == (401, "unauthenticated")
    assert problem_of(reader.get(path, params={"key": keys["read"]})) == (403, "forbidden")
    assert reader.get(path, params={"key": keys["preview"]}).status_code == 200
