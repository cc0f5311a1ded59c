"""`GET /v1/quotes/{id}/variants`: the forms in which one utterance was published."""

from typing import Any

from starlette.testclient import TestClient

from app.models.key import Scope
from app.web.application import Application
from tests.builders import AN_ID, Document, a_quote, an_article, post, problem_of, saved, text_body
from tests.conftest import Clock
from tests.test_statements import UNCACHED, statements_of

LONG = "We will not sell the port to anyone in this town, not this year and not next"

# What is asked of the quote, and then of the first one: candidates, their words, their documents.
TWO_ROUNDS = 14


def publish(
    client: TestClient, hour: int, words: str, speaker: str | None = "Ann Lee", **changes: Any
) -> str:
    """The id of a quote in an article of its own, published at an hour of the day."""
    name = None if speaker is None else {"name": speaker, "type": "person"}
    text = " and ".join(f"“{part}”" for part in words.split(" … "))
    sent = an_article(
        headline=f"Bulletin of {hour}",
        published_at=f"2026-11-20T{hour:02}:00:00Z",
        body=text_body(f"A report.\n\n{text}, somebody said."),
        quotes=[a_quote(text=words, speaker=name, status=changes.pop("quote_status", "confirmed"))],
        **changes,
    )
    quote_id: str = post(client, "articles", sent)["quotes"][0]["id"]
    return quote_id


def variants(client: TestClient, quote_id: str, query: str = "") -> Document:
    return saved(client.get(f"/v1/quotes/{quote_id}/variants{query}", headers=UNCACHED))


def relations(found: Document) -> dict[str, str]:
    return {item["id"]: item["relation"] for item in found["items"]}


def test_the_forms_of_an_utterance_are_one_cluster(
    app: Application, client: TestClient, reader: TestClient
) -> None:
    shortened = publish(client, 5, "not sell the port to anyone")
    changed = publish(client, 6, "We will never sell the port to anybody in this town")
    same = publish(client, 4, LONG.upper().replace(",", " –"))
    first = publish(client, 3, LONG)
    extended = publish(client, 7, f"Listen to me. {LONG}. Never")
    nobodys = publish(client, 8, LONG, None)
    parts = publish(client, 9, "We will not sell the port … not this year and not next")
    others = [
        publish(client, 2, LONG, "Bo Ek"),
        publish(client, 2, "the port"),
        publish(client, 2, "We will sell the ferries to a company in another town next year"),
    ]

    with statements_of(app) as sent:
        found = variants(reader, changed, "?offsets=utf16")
    whole = variants(reader, first)

    expected = {
        first: "same",
        same: "same",
        shortened: "shortened",
        changed: "changed",
        extended: "extended",
        nobodys: "same",
        parts: "shortened",
    }
    assert relations(found) == expected
    assert list(relations(found)) == list(expected)
    assert found == whole
    assert found["first"] == found["items"][0]
    assert found["first"]["id"] == first
    assert not found["truncated"]
    assert {item["score"] for item in found["items"] if item["id"] != changed} == {1.0}
    item = found["items"][3]
    assert 0.8 <= item["score"] < 1
    assert item["article"]["headline"] == "Bulletin of 6"
    assert item["difference"][:2] == [
        {"op": "equal", "given": "We will ", "article": "We will "},
        {"op": "replace", "given": "not ", "article": "never "},
    ]
    assert "".join(step["given"] for step in item["difference"]) == LONG
    assert len(sent) <= TWO_ROUNDS
    assert [relations(variants(reader, other)) for other in others] == [
        {other: "same"} if other != others[0] else {other: "same", nobodys: "same"}
        for other in others
    ]


def test_the_variants_are_those_of_now_and_of_whom_may_see_them(
    client: TestClient, reader: TestClient, keys: dict[Scope, str], clock: Clock
) -> None:
    shown = publish(client, 9, LONG)
    hidden = [
        publish(client, 3, LONG, status="draft"),
        publish(client, 4, LONG, status="withdrawn"),
        publish(client, 5, LONG, quote_status="proposed"),
        publish(client, 6, LONG, quote_status="retracted"),
        publish(client, 7, LONG, embargoed_until="2026-11-22T08:00:00Z"),
    ]
    preview = {"Authorization": f"Bearer {keys['preview']}"}

    public = variants(reader, shown)
    addresses = [reader.get(f"/v1/quotes/{one}/variants") for one in (*hidden, AN_ID)]
    seen = saved(reader.get(f"/v1/quotes/{shown}/variants", headers=preview))
    clock.advance(days=3)
    later = variants(reader, shown)
    quote = client.get(f"/v1/quotes/{hidden[4]}")
    client.delete(f"/v1/quotes/{hidden[4]}", headers={"If-Match": quote.headers["ETag"]})

    assert list(relations(public)) == [shown]
    assert {problem_of(answer) for answer in addresses} == {(404, "quote-not-found")}
    assert list(relations(seen)) == [hidden[0], hidden[1], hidden[2], hidden[4], shown]
    assert list(relations(later)) == [hidden[4], shown]
    assert list(relations(variants(reader, shown))) == [shown]
