"""What a client sees of the promise that quotes are verbatim: words, offsets and their refusal."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    AN_ID,
    Document,
    a_quote,
    an_article,
    assert_verbatim,
    pointers_of,
    post,
    problem_of,
    saved,
    text_body,
)

TWICE = "He said no in May.\n\nShe said no in June."


def an_article_saying(client: TestClient, text: str) -> Document:
    return post(client, "articles", an_article(body=text_body(text)))


@pytest.mark.parametrize(
    ("text", "words", "exact"),
    [
        pytest.param("“It’s over,” he said.", "It's over,", "It’s over,", id="straight mark"),
        pytest.param("\"It's over,\" he said.", "It’s over,", "It's over,", id="curly mark"),
        pytest.param("It – so he says – ended.", "It - so he says - ended",
                     "It – so he says – ended", id="dash"),
        pytest.param("It\u00a0is\u202fover.", "It is over.", "It\u00a0is\u202fover.", id="spaces"),
        pytest.param("It is\nover.", "It is over.", "It is\nover.", id="line break"),
        pytest.param("It is over.", "  It is  over. ", "It is over.", id="white space around"),
        pytest.param("Plań ‘A’", "Plan\u0301 ‘A’", "Plań ‘A’", id="not composed"),
        pytest.param("👩‍👩‍👧 won 𝒳 to 2", "won 𝒳 to", "won 𝒳 to", id="beyond the basic plane"),
    ],
)  # fmt: skip
def test_words_are_found_but_for_typography_and_kept_as_the_article_has_them(
    client: TestClient, text: str, words: str, exact: str
) -> None:
    article = an_article_saying(client, text)

    quote = post(client, "quotes", {"article": article["id"], "text": words})

    assert quote["text"] == exact
    start = article["text"].index(exact)
    assert quote["spans"] == [{"start": start, "end": start + len(exact), "exact": exact}]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("We will never sell,", id="another word"),
        pytest.param("we will not sell,", id="another case"),
        pytest.param("We will not sel", id="half a word"),
        pytest.param("Friday. We will not sell,", id="a word before"),
    ],
)
def test_only_the_words_of_the_article_are_taken(client: TestClient, words: str) -> None:
    article = post(client, "articles", an_article())

    response = client.post("/v1/quotes", json={"article": article["id"], "text": words})

    assert problem_of(response) == (422, "quote-not-verbatim")


def test_what_is_not_verbatim_is_told_with_the_nearest_passage(client: TestClient) -> None:
    article = post(client, "articles", an_article())

    response = client.post("/v1/quotes", json=a_quote(article=article["id"], text="We won't sell,"))

    assert problem_of(response) == (422, "quote-not-verbatim")
    (place,) = response.json()["errors"]
    assert place["pointer"] == "/text"
    nearest = place["nearest"]
    assert article["text"][nearest["start"] : nearest["end"]] == nearest["exact"]
    assert "will not sell" in nearest["exact"]
    assert 0 < nearest["score"] < 1
    assert "".join(part["given"] for part in place["difference"]) == "We won't sell,"
    assert "".join(part["article"] for part in place["difference"]) == nearest["exact"]
    assert saved(client.get(f"/v1/articles/{article['id']}")) == article


def test_words_of_nothing_have_no_nearest_passage(client: TestClient) -> None:
    article = post(client, "articles", {"headline": "Empty"})

    response = client.post("/v1/quotes", json=a_quote(article=article["id"]))

    assert problem_of(response) == (422, "quote-not-verbatim")
    assert response.json()["errors"][0]["nearest"] is None


def test_words_that_stand_twice_need_to_be_told_apart(client: TestClient) -> None:
    article = an_article_saying(client, TWICE)

    response = client.post("/v1/quotes", json={"article": article["id"], "text": "said no"})

    assert problem_of(response) == (422, "quote-ambiguous")
    assert pointers_of(response) == ["/text"]
    candidates = response.json()["errors"][0]["candidates"]
    assert [one["spans"][0]["start"] for one in candidates] == [3, 24]
    assert [one["prefix"] for one in candidates] == ["He ", "He said no in May.\n\nShe "]


@pytest.mark.parametrize(
    ("which", "start"),
    [
        pytest.param({"prefix": "She"}, 24, id="prefix"),
        pytest.param({"prefix": "He "}, 3, id="prefix with its space"),
        pytest.param({"suffix": " in June"}, 24, id="suffix"),
        pytest.param({"spans": [{"start": 3, "end": 10}]}, 3, id="spans"),
    ],
)
def test_context_or_offsets_say_which(client: TestClient, which: Document, start: int) -> None:
    article = an_article_saying(client, TWICE)

    quote = post(client, "quotes", {"article": article["id"], "text": "said no", **which})

    assert quote["spans"] == [{"start": start, "end": start + 7, "exact": "said no"}]


@pytest.mark.parametrize("given", ["It is over … we sail", "It is over ... we sail",
                                   "It is over […] we sail"])  # fmt: skip
def test_an_interrupted_quote_has_a_span_for_each_part(client: TestClient, given: str) -> None:
    article = an_article_saying(client, "“It is over,” said Lee, “we sail.”")

    quote = post(client, "quotes", {"article": article["id"], "text": given})

    assert quote["text"] == "It is over … we sail"
    assert [span["exact"] for span in quote["spans"]] == ["It is over", "we sail"]
    assert_verbatim({**article, "quotes": [quote]})


def test_an_interrupted_quote_is_not_taken_out_of_order(client: TestClient) -> None:
    article = an_article_saying(client, "“It is over,” said Lee, “we sail.”")

    response = client.post(
        "/v1/quotes", json={"article": article["id"], "text": "we sail … It is over"}
    )

    assert problem_of(response) == (422, "quote-not-verbatim")


def test_given_offsets_are_taken(client: TestClient) -> None:
    article = post(client, "articles", an_article())
    spans = [{"start": 26, "end": 33}, {"start": 38, "end": 42, "exact": "sell"}]

    quote = post(client, "quotes", {"article": article["id"], "spans": spans})

    assert quote["text"] == "We will … sell"
    assert_verbatim({**article, "quotes": [quote]})


@pytest.mark.parametrize(
    ("spans", "pointer", "why"),
    [
        pytest.param([(0, 999)], "/spans/0", "outside", id="beyond the end"),
        pytest.param([(7, 7)], "/spans/0", "holds nothing", id="empty"),
        pytest.param([(7, 6)], "/spans/0", "holds nothing", id="backwards"),
        pytest.param([(6, 9), (8, 12)], "/spans/1", "before", id="overlapping"),
        pytest.param([(9, 12), (3, 5)], "/spans/1", "before", id="out of order"),
        pytest.param([(0, 1)], "/spans/0", "inside a character", id="inside a family"),
    ],
)
def test_a_wrong_span_is_pointed_at(
    client: TestClient, spans: list[tuple[int, int]], pointer: str, why: str
) -> None:
    article = an_article_saying(client, "👩‍👩‍👧 won the race, they said.")
    sent = [{"start": start, "end": end} for start, end in spans]

    response = client.post("/v1/quotes", json={"article": article["id"], "spans": sent})

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == [pointer]
    assert why in response.json()["detail"]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"text": "We will sell"}, id="text"),
        pytest.param({"spans": [{"start": 26, "end": 33, "exact": "We won’t"}]}, id="exact"),
    ],
)
def test_offsets_and_words_must_agree(client: TestClient, said: Document) -> None:
    article = post(client, "articles", an_article())
    sent = {"article": article["id"], "spans": [{"start": 26, "end": 33}], **said}

    response = client.post("/v1/quotes", json=sent)

    assert problem_of(response) == (422, "quote-not-verbatim")
    assert response.json()["errors"][0]["nearest"]["exact"] == "We will"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"text": None}, "", id="neither words nor spans"),
        pytest.param({"text": " "}, "/text", id="blank words"),
        pytest.param({"kind": "drect"}, "/kind", id="unknown kind"),
        pytest.param({"spans": [{"start": -1, "end": 2}]}, "/spans/0/start", id="negative"),
        pytest.param({"spans": [{"start": 1.5, "end": 2}]}, "/spans/0/start", id="a fraction"),
        pytest.param({"spans": [{"start": "1", "end": 2}]}, "/spans/0/start", id="a string"),
        pytest.param({"spans": [{"start": True, "end": 2}]}, "/spans/0/start", id="a truth"),
        pytest.param({"speaker": {}}, "/speaker", id="nobody"),
        pytest.param({"speaker": {"nam": "Ann"}}, "/speaker/nam", id="unknown field"),
        pytest.param({"anchor": "moved", "xyz": 1}, "/xyz", id="unknown beside a served one"),
    ],
)
def test_a_malformed_quote_is_pointed_at(
    client: TestClient, changes: Document, pointer: str
) -> None:
    article = post(client, "articles", an_article())

    response = client.post("/v1/quotes", json=a_quote(article=article["id"], **changes))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response)[0] == pointer


def test_all_bad_quotes_of_an_article_are_listed(client: TestClient) -> None:
    quotes = [
        a_quote(text="We will never sell,"),
        a_quote(),
        a_quote(text="ferries may sail"),
        a_quote(text="the board meets"),
    ]

    response = client.post("/v1/articles", json=an_article(quotes=quotes))

    assert problem_of(response) == (422, "quote-not-verbatim")
    assert pointers_of(response) == [f"/quotes/{index}/text" for index in (0, 2, 3)]
    assert all(place["nearest"] for place in response.json()["errors"])
    assert saved(client.get("/v1/articles?total=exact"))["total"] == 0


def test_faults_of_several_kinds_are_all_listed(client: TestClient) -> None:
    quotes = [a_quote(text="said no"), a_quote(text="never"), {"spans": [{"start": 0, "end": 99}]}]

    response = client.post("/v1/articles", json=an_article(body=text_body(TWICE), quotes=quotes))

    assert response.status_code == 422
    assert pointers_of(response) == ["/quotes/0/text", "/quotes/1/text", "/quotes/2/spans/0"]


def test_an_id_stands_once_among_the_quotes_sent(client: TestClient) -> None:
    quotes = [a_quote(id=AN_ID), a_quote(id=AN_ID, text="ferries will sail")]

    response = client.post("/v1/articles", json=an_article(quotes=quotes))

    assert problem_of(response) == (409, "id-taken")
    assert pointers_of(response) == ["/quotes/1/id"]


def test_an_article_has_at_most_500_quotes(client: TestClient) -> None:
    words = [f"word{number}" for number in range(501)]
    quotes = [{"text": word} for word in words]
    sent = an_article(body=text_body(" ".join(words)))

    refused = client.post("/v1/articles", json={**sent, "quotes": quotes})
    article = post(client, "articles", {**sent, "quotes": quotes[:500]})
    alone = client.post("/v1/quotes", json={**quotes[500], "article": article["id"]})

    for response in (refused, alone):
        assert problem_of(response) == (422, "validation-error")
        assert "500" in response.json()["detail"]
    assert len(article["quotes"]) == 500
