"""What becomes of an article's quotes when the article is edited."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    TEXT,
    WORDS,
    Document,
    a_mention,
    a_quote,
    an_article,
    assert_verbatim,
    post,
    problem_of,
    saved,
    text_body,
    unchanged,
)


def an_edit(client: TestClient, article: Document, **changes: object) -> Document:
    """The article after a PUT that keeps its text unless told otherwise."""
    response = client.put(
        f"/v1/articles/{article['id']}",
        json={"headline": article["headline"], "body": article["body"], **changes},
        headers=unchanged(article),
    )
    return saved(response)


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        pytest.param(TEXT + "\n\nMore.", 0, id="a paragraph after"),
        pytest.param("🚢 Soon.\n\n" + TEXT, 9, id="a paragraph before"),
        pytest.param(TEXT.replace("Crews", "All crews"), 4, id="words before"),
        pytest.param(TEXT.replace("return on ", ""), -10, id="words taken away before"),
        pytest.param(TEXT.replace("union leader ", ""), 0, id="words taken away after"),
    ],
)
def test_an_edit_elsewhere_moves_a_quote(client: TestClient, text: str, shift: int) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention()]))
    quote = article["quotes"][0]

    edited = an_edit(client, article, body=text_body(text))

    assert_verbatim(edited)
    (moved,) = edited["quotes"]
    start = quote["spans"][0]["start"] + shift
    assert moved["spans"] == [{"start": start, "end": start + len(WORDS), "exact": WORDS}]
    assert (moved["id"], moved["text"]) == (quote["id"], quote["text"])
    if shift:
        assert (moved["anchor"], moved["revision"]) == ("moved", 2)
    (mention,) = edited["entities"]
    (name,) = mention["spans"]
    assert edited["text"][name["start"] : name["end"]] == "Ann Lee"


def test_an_edit_of_the_headline_leaves_the_quotes_alone(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))

    edited = an_edit(client, article, headline="Ferries sail")

    assert edited["quotes"] == article["quotes"]


def test_an_interrupted_quote_is_carried_whole(client: TestClient) -> None:
    quote = {"text": "We will not sell, … ferries will sail"}
    article = post(client, "articles", an_article(quotes=[quote]))

    text = TEXT.replace("The port’s board", "The board").replace("Crews", "All crews")
    edited = an_edit(client, article, body=text_body(text))

    assert_verbatim(edited)
    assert edited["quotes"][0]["text"] == article["quotes"][0]["text"]


def test_quotes_sent_with_a_new_text_are_known_added_and_removed(client: TestClient) -> None:
    quotes = [a_quote(), a_quote(text="ferries will sail"), a_quote(text="on Monday")]
    article = post(client, "articles", an_article(quotes=quotes))
    first, second, third = article["quotes"]
    sent = [
        a_quote(text="return on Friday", cue="announced"),
        {"text": third["text"], "kind": "partial"},
        {"id": first["id"], "text": "We will not sell, ever,"},
    ]
    text = TEXT.replace("not sell,", "not sell, ever,").replace("Crews", "All crews")

    edited = an_edit(client, article, body=text_body(text), quotes=sent)

    assert_verbatim(edited)
    added, kept, changed = edited["quotes"]
    assert added["id"] not in {quote["id"] for quote in article["quotes"]}
    assert (kept["id"], kept["kind"], kept["speaker"]) == (third["id"], "partial", None)
    assert (changed["id"], changed["text"]) == (first["id"], "We will not sell, ever,")
    assert problem_of(client.get(f"/v1/quotes/{second['id']}")) == (404, "quote-not-found")


def test_quotes_sent_back_as_served_go_along_with_a_new_text(client: TestClient) -> None:
    quotes = [a_quote(), {"text": "We will not sell, … ferries will sail"}]
    article = post(client, "articles", an_article(quotes=quotes))

    edited = an_edit(client, article, body=text_body("Soon.\n\n" + TEXT), quotes=article["quotes"])

    assert_verbatim(edited)
    assert [quote["id"] for quote in edited["quotes"]] == [q["id"] for q in article["quotes"]]
    assert {quote["anchor"] for quote in edited["quotes"]} == {"moved"}


def test_quotes_sent_back_as_served_do_not_change(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention()]))

    edited = an_edit(client, article, quotes=article["quotes"], entities=article["entities"])

    assert edited["quotes"] == article["quotes"]
    assert edited["entities"] == article["entities"]


def test_words_sent_with_a_text_that_lacks_them_are_refused(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))

    response = client.put(
        f"/v1/articles/{article['id']}",
        json=an_article(body=text_body("Nothing."), quotes=[a_quote()]),
        headers=unchanged(article),
    )

    assert problem_of(response) == (422, "quote-not-verbatim")
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article


def test_the_quote_of_another_article_cannot_be_taken(client: TestClient) -> None:
    other = post(client, "articles", an_article(quotes=[a_quote()]))["quotes"][0]

    response = client.post("/v1/articles", json=an_article(quotes=[a_quote(id=other["id"])]))

    assert problem_of(response) == (409, "id-taken")


def test_an_empty_list_takes_quotes_and_mentions_away(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention()]))

    edited = an_edit(client, article, quotes=[], entities=[])

    assert (edited["quotes"], edited["entities"]) == ([], [])


def test_quotes_follow_their_own_utterance(client: TestClient) -> None:
    first, second = "Lee said no in May.", "Oh said no in June."
    quotes = [{"text": "said no", "prefix": "Lee"}, {"text": "said no", "prefix": "Oh"}]
    article = post(
        client, "articles", an_article(body=text_body(f"{first}\n\n{second}"), quotes=quotes)
    )

    edited = an_edit(client, article, body=text_body(f"{second}\n\nSo.\n\n{first}"))

    assert_verbatim(edited)
    assert [quote["prefix"][-4:].strip() for quote in edited["quotes"]] == ["Lee", "Oh"]


def test_new_places_of_a_name_are_found_after_an_edit(client: TestClient) -> None:
    article = post(client, "articles", an_article(entities=[a_mention()]))

    edited = an_edit(client, article, body=text_body("Ann Lee won.\n\n" + TEXT))

    spans = edited["entities"][0]["spans"]
    assert [edited["text"][one["start"] : one["end"]] for one in spans] == ["Ann Lee"] * 2
