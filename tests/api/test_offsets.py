"""What a client sees that counts as JavaScript does: `offsets=utf16`."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_quote,
    an_article,
    assert_verbatim,
    created,
    pointers_of,
    post,
    problem_of,
    saved,
    text_body,
    unchanged,
)

TEXT = "𝒳 marks it.\n\n“We 👍 sell,” Ann Lee said."


def units(text: str, span: Document) -> str:
    """What a JavaScript client cuts out."""
    return text.encode("utf-16-le")[2 * span["start"] : 2 * span["end"]].decode("utf-16-le")


def a_wide_article(**changes: object) -> Document:
    quotes = [a_quote(text="We 👍 sell,")]
    return {**an_article(body=text_body(TEXT), quotes=quotes, entities=[a_mention()]), **changes}


def test_all_offsets_are_converted(client: TestClient) -> None:
    marks = [{"type": "strong", "start": 2, "end": 7}]
    body: list[Document] = [
        {"type": "paragraph", "text": TEXT.partition("\n")[0], "marks": marks},
        {"type": "list", "items": [{"text": "𝒳 marks", "marks": marks}]},
        {"type": "paragraph", "text": TEXT.rpartition("\n")[2]},
    ]
    article = post(client, "articles", {**a_wide_article(), "body": body})

    served = saved(client.get(f"/v1/articles/{article['id']}?offsets=utf16"))
    listed = saved(
        client.get("/v1/articles?offsets=utf16&include=quotes,entities&fields=body,text")
    )["items"][0]

    assert served["body"][0]["marks"] == [{"type": "strong", "start": 3, "end": 8}]
    assert served["body"][1]["items"][0]["marks"] == [{"type": "strong", "start": 3, "end": 8}]
    (span,) = served["quotes"][0]["spans"]
    assert units(served["text"], span) == span["exact"] == "We 👍 sell,"
    assert units(served["text"], served["entities"][0]["spans"][0]) == "Ann Lee"
    assert listed == {name: served[name] for name in ("body", "text", "quotes", "entities")}


def test_the_quotes_of_every_list_are_converted(client: TestClient) -> None:
    article = post(client, "articles", a_wide_article())
    quote = article["quotes"][0]
    paths = (
        "/v1/quotes",
        f"/v1/articles/{article['id']}/quotes",
        f"/v1/entities/{quote['speaker']['id']}/quotes",
    )

    alone = saved(client.get(f"/v1/quotes/{quote['id']}?offsets=utf16"))
    lists = [saved(client.get(f"{path}?offsets=utf16"))["items"] for path in paths]

    assert units(article["text"], alone["spans"][0]) == "We 👍 sell,"
    assert lists == [[alone]] * 3


def test_sent_offsets_are_taken_as_units(client: TestClient) -> None:
    article = post(client, "articles", an_article(body=text_body(TEXT)))
    sent = {"article": article["id"], "spans": [{"start": 15, "end": 26}]}

    quote = created(client.post("/v1/quotes?offsets=utf16", json=sent))

    assert quote["spans"] == [{"start": 15, "end": 26, "exact": "We 👍 sell,"}]
    (kept,) = saved(client.get(f"/v1/articles/{article['id']}"))["quotes"]
    assert kept["spans"] == [{"start": 14, "end": 24, "exact": "We 👍 sell,"}]


def test_a_nested_write_takes_units(client: TestClient) -> None:
    quote = {"spans": [{"start": 15, "end": 26}]}
    mention = a_mention(spans=[{"start": 28, "end": 35}])

    response = client.post(
        "/v1/articles?offsets=utf16",
        json=an_article(body=text_body(TEXT), quotes=[quote], entities=[mention]),
    )

    answered = created(response)
    assert answered["quotes"][0]["spans"][0]["start"] == 15
    assert answered["entities"][0]["spans"] == mention["spans"]
    article = saved(client.get(f"/v1/articles/{answered['id']}"))
    assert_verbatim(article)
    assert article["quotes"][0]["text"] == "We 👍 sell,"
    span = article["entities"][0]["spans"][0]
    assert article["text"][span["start"] : span["end"]] == "Ann Lee"


@pytest.mark.parametrize(
    ("span", "why"),
    [
        pytest.param({"start": 1, "end": 9}, "surrogate pair", id="inside a pair"),
        pytest.param({"start": 3, "end": 999}, "outside", id="outside"),
    ],
)
@pytest.mark.parametrize("member", ["quotes", "entities"])
def test_a_wrong_unit_is_pointed_at(
    client: TestClient, span: Document, why: str, member: str
) -> None:
    item = {"spans": [span]} if member == "quotes" else a_mention(spans=[span])

    response = client.post(
        "/v1/articles?offsets=utf16", json=an_article(body=text_body(TEXT), **{member: [item]})
    )

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == [f"/{member}/0/spans/0"]
    assert why in response.json()["detail"]


def test_what_was_served_in_units_can_be_sent_back_with_another_text(client: TestClient) -> None:
    article = post(client, "articles", a_wide_article())
    path = f"/v1/articles/{article['id']}?offsets=utf16"
    served = saved(client.get(path))
    sent = a_wide_article(quotes=served["quotes"], body=text_body("🚢 Now.\n\n" + TEXT))
    del sent["entities"]

    response = client.put(path, json=sent, headers=unchanged(article))

    edited = saved(response)
    assert [quote["id"] for quote in edited["quotes"]] == [article["quotes"][0]["id"]]
    assert edited["quotes"][0]["anchor"] == "moved"
    assert_verbatim(saved(client.get(f"/v1/articles/{article['id']}")))


@pytest.mark.parametrize("text", ["We 👍 buy,", "𝒳"])
def test_a_problem_speaks_in_the_units_of_its_request(client: TestClient, text: str) -> None:
    article = post(client, "articles", an_article(body=text_body(TEXT + "\n\n𝒳 and 𝒳.")))

    response = client.post(
        "/v1/quotes?offsets=utf16", json={"article": article["id"], "text": text}
    )

    (place,) = response.json()["errors"]
    spans = place.get("candidates", [{}])[-1].get("spans") or [place["nearest"]]
    assert units(article["text"], spans[0]) == spans[0]["exact"]


def test_unknown_units_are_refused(client: TestClient) -> None:
    article = post(client, "articles", an_article())

    unknown = client.get(f"/v1/articles/{article['id']}?offsets=utf8")
    twice = client.get(f"/v1/articles/{article['id']}?offsets=utf16&offsets=codepoints")
    write = client.put(
        f"/v1/articles/{article['id']}?offsets=utf32", json=an_article(), headers=ANY
    )

    for response in (unknown, twice, write):
        assert problem_of(response) == (400, "invalid-parameter")
        assert response.json()["errors"][0]["parameter"] == "offsets"
