"""The history of a quote: first form, corrections, and retraction with a public note."""

from starlette.testclient import TestClient

from tests.api.test_quote_anchors import CHANGED, DRIFTED, with_text
from tests.builders import (
    WORDS,
    Document,
    a_quote,
    an_article,
    ids_of,
    post,
    problem_of,
    saved,
    unchanged,
)
from tests.conftest import Clock

NOTE = "The union never said so: the recording was of another meeting."


def forms_of(client: TestClient, quote: Document) -> list[Document]:
    forms: list[Document] = saved(client.get(f"/v1/quotes/{quote['id']}/history"))["items"]
    return forms


def test_the_history_of_a_quote_has_all_its_forms(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    (quote,) = article["quotes"]
    address = f"/v1/quotes/{quote['id']}"
    clock.advance(hours=1)
    with_text(client, article, DRIFTED)
    clock.advance(hours=1)
    lost = saved(client.get(address))
    accepted = saved(client.put(f"{address}/anchor", json={}, headers=unchanged(lost)))
    clock.advance(hours=1)
    renamed = saved(
        client.patch(address, json={"speaker": {"name": "Bo Ek"}}, headers=unchanged(accepted))
    )

    forms = forms_of(client, quote)

    told = [(one["event"], one["text"], one["anchor"], one["speaker"]["name"]) for one in forms]
    assert told == [
        ("quote.created", WORDS, "anchored", "Ann Lee"),
        ("quote.drifted", WORDS, "drifted", "Ann Lee"),
        ("quote.corrected", CHANGED, "anchored", "Ann Lee"),
        ("quote.updated", CHANGED, "anchored", "Bo Ek"),
    ]
    assert forms[0]["since"] == quote["created_at"]
    assert [one["until"] for one in forms] == [one["since"] for one in forms[1:]] + [None]
    assert forms[-1]["revision"] == renamed["revision"]
    # The public reads what it could read at the time.
    public = [one for one in forms if one["anchor"] == "anchored"]
    assert forms_of(reader, quote) == public


def test_what_a_quote_was_before_its_article_was_published_is_not_public(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()], status="draft"))
    (quote,) = article["quotes"]
    clock.advance(hours=1)
    saved(
        client.patch(
            f"/v1/quotes/{quote['id']}", json={"speaker_role": "leader"}, headers=unchanged(quote)
        )
    )
    clock.advance(hours=1)
    saved(
        client.put(
            f"/v1/articles/{article['id']}/publication",
            json={"at": "2026-11-20T14:00:00Z"},
            headers={"If-Match": "*"},
        )
    )

    assert [one["speaker_role"] for one in forms_of(client, quote)] == ["union leader", "leader"]
    assert [one["speaker_role"] for one in forms_of(reader, quote)] == ["leader"]


def test_a_retraction_with_its_note_is_read_at_the_quotes_address_alone(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    (quote,) = article["quotes"]
    clock.advance(hours=1)
    address = f"/v1/quotes/{quote['id']}"

    retracted = saved(
        client.put(f"{address}/retraction", json={"note": NOTE}, headers=unchanged(quote))
    )

    assert (retracted["status"], retracted["retraction"]["note"]) == ("retracted", NOTE)
    assert saved(reader.get(address)) == saved(client.get(address))
    assert saved(reader.get(f"/v1/articles/{article['id']}"))["quotes"] == []
    assert ids_of(reader.get("/v1/quotes")) == []
    assert [one["event"] for one in forms_of(reader, quote)] == ["quote.created", "quote.retracted"]
    restored = saved(client.delete(f"{address}/retraction", headers=unchanged(retracted)))
    assert (restored["status"], restored["retraction"]) == ("confirmed", None)
    assert ids_of(reader.get("/v1/quotes")) == [quote["id"]]
    assert forms_of(reader, quote)[1]["retraction"]["note"] == NOTE


def test_a_retraction_without_a_note_or_of_a_withdrawn_article_is_not_public(
    client: TestClient, reader: TestClient
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote(), a_quote(text="on Monday")]))
    first, second = article["quotes"]
    saved(
        client.patch(
            f"/v1/quotes/{first['id']}", json={"status": "retracted"}, headers=unchanged(first)
        )
    )
    saved(
        client.put(
            f"/v1/quotes/{second['id']}/retraction", json={"note": NOTE}, headers=unchanged(second)
        )
    )
    assert reader.get(f"/v1/quotes/{second['id']}").status_code == 200

    client.delete(f"/v1/articles/{article['id']}/publication", headers={"If-Match": "*"})

    for quote in (first, second):
        for path in ("", "/history", "/anchor"):
            response = reader.get(f"/v1/quotes/{quote['id']}{path}")
            assert problem_of(response) == (404, "quote-not-found")
    empty = client.put(
        f"/v1/quotes/{first['id']}/retraction", json={"note": " "}, headers={"If-Match": "*"}
    )
    assert problem_of(empty) == (422, "validation-error")
