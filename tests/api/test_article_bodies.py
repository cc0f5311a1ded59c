"""What a client sees of an article's body: blocks, formats and limits."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    Document,
    a_picture,
    an_article,
    pointers_of,
    post,
    problem_of,
    saved,
    text_body,
    unchanged,
)


def paragraph(text: str, **changes: object) -> Document:
    return {"type": "paragraph", "text": text, **changes}


def test_blocks_are_served_as_sent_with_ids_of_their_own(client: TestClient) -> None:
    picture = post(client, "media", a_picture())
    marks = [
        {"type": "link", "start": 0, "end": 5, "href": "https://crews.example"},
        {"type": "strong", "start": 2, "end": 12},
    ]
    sent: list[Document] = [
        {"type": "heading", "level": 2, "text": "Sailing", "marks": []},
        paragraph("Crews return.", marks=marks),
        {
            "type": "list",
            "ordered": True,
            "items": [{"text": "One", "marks": []}, {"text": "Two", "marks": [marks[1]]}],
        },
        {"type": "blockquote", "text": "We sail.", "marks": []},
        {"type": "image", "media": picture["id"]},
        {"type": "embed", "url": "https://video.example/1", "title": "The quay"},
    ]
    sent[2]["items"][1]["marks"] = [{"type": "emphasis", "start": 0, "end": 3}]

    article = post(client, "articles", an_article(body=sent))

    ids = [f"b{number}" for number in range(1, 7)]
    assert article["body"] == [{"id": name, **block} for name, block in zip(ids, sent, strict=True)]
    assert article["text"] == "Sailing\n\nCrews return.\n\nOne\nTwo\n\nWe sail."
    assert [media["id"] for media in article["media"]] == [picture["id"]]


@pytest.mark.parametrize(
    ("language", "content"),
    [
        pytest.param("text", "Crews\r\nreturn.\r\n\r\n \r\nThey sail.", id="text"),
        pytest.param("markdown", "Crews\\\nreturn.\n\nThey **sail**.", id="markdown"),
        pytest.param(
            "html", "<p>Crews<br>return.</p><p>They <b>sail</b>.<script>no()</script>", id="html"
        ),
    ],
)
def test_every_format_becomes_paragraphs(client: TestClient, language: str, content: str) -> None:
    body = {"format": language, "content": content}

    article = post(client, "articles", an_article(body=body))

    assert article["text"] == "Crews\nreturn.\n\nThey sail."
    assert [block["type"] for block in article["body"]] == ["paragraph", "paragraph"]


def test_the_text_is_normalised_and_nothing_else_is_folded(client: TestClient) -> None:
    kept = "“Plań” – so\u00a0it ‘is’ … \u200bthere"

    article = post(client, "articles", an_article(body=text_body(kept.replace("ń", "n\u0301"))))

    assert article["text"] == kept


def test_blocks_keep_their_ids_through_an_edit(client: TestClient) -> None:
    article = post(client, "articles", an_article(body=text_body("One.\n\nTwo.\n\nThree.")))
    edited = text_body("Nought.\n\nOne.\n\nThree.")

    response = client.put(
        f"/v1/articles/{article['id']}", json=an_article(body=edited), headers=unchanged(article)
    )

    ids = {block["text"]: block["id"] for block in saved(response)["body"]}
    assert ids == {"Nought.": "b4", "One.": "b1", "Three.": "b3"}


def test_a_body_can_be_sent_back_as_it_was_served(client: TestClient) -> None:
    body = {"format": "html", "content": "<h2>A</h2><p>B <a href='/c'>c</a></p><ul><li>d</ul>"}
    article = post(client, "articles", an_article(body=body))

    response = client.put(
        f"/v1/articles/{article['id']}",
        json=an_article(body=article["body"]),
        headers=unchanged(article),
    )

    assert saved(response)["body"] == article["body"]


def test_a_picture_of_the_body_is_added_by_its_address(client: TestClient) -> None:
    html = '<p>Quay</p><img src="https://pictures.example/quay.png" alt="A quay"><p>End</p>'

    article = post(client, "articles", an_article(body={"format": "html", "content": html}))

    (picture,) = article["media"]
    assert picture["alt"] == "A quay"
    assert picture["renditions"][0]["url"] == "https://pictures.example/quay.png"
    assert {"id": "b2", "type": "image", "media": picture["id"]} in article["body"]


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("javascript:alert(1)", id="script"),
        pytest.param("data:text/html,x", id="data"),
        pytest.param("vbscript:x", id="another script"),
    ],
)
def test_a_link_leads_nowhere_dangerous(client: TestClient, link: str) -> None:
    mark = {"type": "link", "start": 0, "end": 5, "href": link}
    html = {"format": "html", "content": f'<p onclick="x()"><a href="{link}">Crews</a></p>'}

    refused = client.post("/v1/articles", json=an_article(body=[paragraph("Crews", marks=[mark])]))
    article = post(client, "articles", an_article(body=html))

    assert problem_of(refused) == (422, "validation-error")
    assert pointers_of(refused) == ["/body/0/marks/0/href"]
    assert article["body"] == [{"id": "b1", **paragraph("Crews", marks=[])}]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param("Crews", "/body", id="neither blocks nor format"),
        pytest.param([paragraph("A"), 5], "/body/1", id="not a block"),
        pytest.param([{"text": "A"}], "/body/0", id="no type"),
        pytest.param([{"type": "paragrph", "text": "A"}], "/body/0", id="unknown type"),
        pytest.param([paragraph("A", txt="B")], "/body/0/txt", id="unknown field"),
        pytest.param([paragraph(" ")], "/body/0/text", id="blank text"),
        pytest.param(
            [paragraph("A", marks=[{"type": "strong", "start": 0, "end": 2}])],
            "/body/0/marks",
            id="mark outside",
        ),
        pytest.param(
            [paragraph("A", marks=[{"type": "strong", "start": 1, "end": 1}])],
            "/body/0/marks/0",
            id="empty mark",
        ),
        pytest.param([paragraph("A", id="B 1")], "/body/0/id", id="impossible id"),
        pytest.param([paragraph("A", id="x"), paragraph("B", id="x")], "/body", id="an id twice"),
        pytest.param([{"type": "list", "items": []}], "/body/0/items", id="empty list"),
        pytest.param([{"type": "heading", "level": 7, "text": "A"}], "/body/0/level", id="level 7"),
        pytest.param([{"type": "video", "media": "quay"}], "/body/0/media", id="video"),
        pytest.param({"format": "rtf", "content": "A"}, "/body/format", id="unknown format"),
        pytest.param({"format": "text"}, "/body/content", id="no content"),
        pytest.param({"format": "text", "content": "A\0"}, "/body/content", id="NUL"),
    ],
)
def test_a_wrong_body_is_pointed_at(client: TestClient, body: object, pointer: str) -> None:
    response = client.post("/v1/articles", json=an_article(body=body))

    assert problem_of(response) == (422, "validation-error")
    assert pointers_of(response) == [pointer]


def test_the_nearest_known_block_type_is_named(client: TestClient) -> None:
    response = client.post(
        "/v1/articles", json=an_article(body=[{"type": "paragrph", "text": "A"}])
    )

    assert "Did you mean “paragraph”?" in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        pytest.param([paragraph("A")] * 2001, "2000", id="blocks"),
        pytest.param(text_body("A\n\n" * 2001), "2000", id="paragraphs of a text"),
        pytest.param(text_body("A" * 1024 * 1024 + "A"), "1048576", id="bytes of a text"),
        pytest.param([paragraph("ń" * 512 * 1024 + "A")], "1048576", id="bytes of blocks"),
    ],
)
def test_a_body_over_a_limit_is_refused_by_its_name(
    client: TestClient, body: object, limit: str
) -> None:
    response = client.post("/v1/articles", json=an_article(body=body))

    assert response.status_code in (413, 422)
    assert limit in response.json()["detail"]
    assert pointers_of(response)[0].startswith("/body")
    assert saved(client.get("/v1/articles?total=exact"))["total"] == 0


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param({"alt": "A" * 5001}, id="alt"),
        pytest.param({"caption": "A" * 5001}, id="caption"),
        pytest.param({"credit": "A" * 301}, id="credit"),
        pytest.param({"url": "https://pictures.example/" + "a" * 2000}, id="address"),
    ],
)
def test_the_limits_of_pictures_hold_in_a_body(client: TestClient, picture: Document) -> None:
    media = {"url": "https://pictures.example/quay.png", **picture}
    html = f'<figure><img src="{media["url"]}" alt="{media.get("alt", "")}"></figure>'

    as_block = client.post(
        "/v1/articles", json=an_article(body=[{"type": "image", "media": media}])
    )
    as_html = client.post("/v1/articles", json=an_article(body={"format": "html", "content": html}))

    assert problem_of(as_block) == (422, "validation-error")
    (pointer,) = pointers_of(as_block)
    assert pointer.startswith("/body/0/media")
    assert as_html.status_code in (201, 422)
