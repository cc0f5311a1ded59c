"""What a client sees of articles."""

from starlette.testclient import TestClient

from tests.builders import a_mention, a_quote, an_article, created


def test_an_article_is_written_with_its_quotes_and_entities(client: TestClient) -> None:
    sent = an_article(
        body={
            "format": "text",
            "content": 'Crews return on Friday.\n\n"We will not sell," union leader Ann Lee said.',
        },
        quotes=[a_quote()],
        entities=[a_mention()],
    )

    response = client.post("/v1/articles", json=sent)

    article = created(response)
    assert response.headers["Location"] == f"/v1/articles/{article['id']}"
    assert response.headers["ETag"].startswith(f'"{article["id"]}.1.')
    assert article["slug"] == "ferry-strike-ends"
    assert article["section"] == {"path": "news/harbour", "name": "Harbour"}
    assert article["text"] == sent["body"]["content"]
    speaker = {
        "id": article["quotes"][0]["speaker"]["id"],
        "slug": "ann-lee",
        "type": "person",
        "name": "Ann Lee",
    }
    quote = article["quotes"][0]
    assert quote["spans"] == [{"start": 26, "end": 43, "exact": "We will not sell,"}]
    assert quote["text"] == "We will not sell,"
    assert quote["speaker"] == speaker
    assert (quote["anchor"], quote["status"]) == ("anchored", "confirmed")
    assert article["entities"] == [
        {**speaker, "role": "about", "salience": None, "spans": [{"start": 58, "end": 65}]}
    ]
    assert client.get(response.headers["Location"]).json() == article
