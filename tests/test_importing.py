"""Pages and lines of documents, imported through the command and read over HTTP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.database.session import Database
from app.importers.runs import run_import
from tests.builders import Document
from tests.conftest import ROOT, Clock

NEWSROOM = ROOT / "examples" / "newsroom"
SAMPLES = [
    path for path in [ROOT.parent / "shared" / "samples" / "article-page.txt"] if path.exists()
]

PAGE = """News / Harbour

Ferry crews return to work after nine days

Crews at the quay on Friday morning

The first ferry in nine days left the harbour on Friday, with eleven people and a dog on board.

“We will not sell,” union leader Ann Lee said. "But we will sail."

The board meets again on Monday.

Harbour Post’s website can also be accessed at the following alternate addresses:

harbourpost.example

www.harbourpost2.example

Harbour Post Roku
"""

Import = Callable[..., int]


@pytest.fixture
def import_paths(database: Database, clock: Clock) -> Import:
    """Run the import on the test's database, and return how much failed."""

    def run(*paths: Path | str) -> int:
        return run_import(database, [str(path) for path in paths], clock=clock)

    return run


def the_article(client: TestClient) -> Document:
    (card,) = client.get("/v1/articles").json()["items"]
    article: Document = client.get(f"/v1/articles/{card['id']}").json()
    return article


def test_a_page_becomes_an_article(
    import_paths: Import, tmp_path: Path, reader: TestClient
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)

    assert import_paths(page) == 0

    article = the_article(reader)
    assert article["headline"] == "Ferry crews return to work after nine days"
    assert article["section"] == {"path": "news/harbour", "name": "Harbour"}
    assert article["lead_media"]["caption"] == "Crews at the quay on Friday morning"
    assert [block["type"] for block in article["body"]] == ["paragraph"] * 3
    assert article["text"].endswith("The board meets again on Monday.")
    assert article["publisher"]["name"] == "Harbour Post"
    publisher = reader.get(f"/v1/publishers/{article['publisher']['id']}").json()
    assert publisher["addresses"] == [
        "https://harbourpost.example",
        "https://www.harbourpost2.example",
    ]
    assert publisher["apps"] == [{"platform": "roku", "name": "Harbour Post Roku"}]
    assert "alternate addresses" in publisher["address_notice"]


def test_the_same_page_twice_changes_nothing(
    import_paths: Import, tmp_path: Path, client: TestClient
) -> None:
    (tmp_path / "page.txt").write_text(PAGE)
    (tmp_path / "copy.txt").write_text(PAGE)
    import_paths(tmp_path / "page.txt")
    before = the_article(client)

    assert import_paths(tmp_path / "page.txt", tmp_path / "copy.txt", tmp_path) == 0

    assert the_article(client) == before
    revisions = client.get(f"/v1/articles/{before['id']}/revisions").json()["items"]
    assert [revision["revision"] for revision in revisions] == [1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("on Monday.", "on Tuesday."),
        ("Ferry crews return to work after nine days", "Ferries sail again"),
        ("Crews at the quay on Friday morning", "The quay on Friday morning"),
    ],
    ids=["paragraph", "headline", "caption"],
)
def test_a_changed_page_makes_a_new_revision(
    old: str, new: str, import_paths: Import, tmp_path: Path, client: TestClient
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    import_paths(page)
    first = the_article(client)
    page.write_text(PAGE.replace(old, new))

    assert import_paths(page) == 0

    second = the_article(client)
    assert (second["id"], second["revision"]) == (first["id"], 2)
    assert new in str(second)
    assert second["published_at"] == first["published_at"]


def test_another_article_in_the_same_file_is_another_article(
    import_paths: Import, tmp_path: Path, client: TestClient
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    import_paths(page)
    page.write_text("A headline of its own\n\nA paragraph that stands in no other article.\n")

    assert import_paths(page) == 0

    assert client.get("/v1/articles?total=exact").json()["total"] == 2


def test_quotes_survive_a_changed_page(
    import_paths: Import, tmp_path: Path, client: TestClient
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    import_paths(page)
    article = the_article(client)
    words = {"article": article["id"], "text": "We will not sell,"}
    quote = client.post("/v1/quotes", json=words).json()
    page.write_text(PAGE.replace("eleven people", "eleven people, two bicycles"))

    assert import_paths(page) == 0

    changed = the_article(client)
    (kept,) = changed["quotes"]
    (span,) = kept["spans"]
    assert (kept["id"], kept["anchor"]) == (quote["id"], "moved")
    assert changed["text"][span["start"] : span["end"]] == "We will not sell,"


def test_what_is_bad_is_named_and_the_rest_goes_on(
    import_paths: Import,
    tmp_path: Path,
    client: TestClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a-bad.txt").write_bytes(b"Headline\n\n\xff\xfe")
    (tmp_path / "b-good.txt").write_text(PAGE)
    (tmp_path / "c-empty.txt").write_text("")
    (tmp_path / "lines.ndjson").write_text(
        '{"headline": "One", "body": {"format": "text", "content": "Words."}, "status": "live"}\n'
        '{"headline": \n'
        '{"headlin": "Two"}\n'
        '{"headline": "Three", "quotes": [{"text": "nowhere"}]}\n'
        '{"headline": "Four", "status": "live"}\n'
    )

    failed = import_paths(tmp_path, tmp_path / "missing.txt")

    said = capsys.readouterr().err
    assert failed == 6
    for place in ("a-bad.txt: line 3", "c-empty.txt", "lines.ndjson:2", "lines.ndjson:3",
                  "lines.ndjson:4: /quotes/0/text", "missing.txt"):  # fmt: skip
        assert place in said
    assert "headline" in said
    assert client.get("/v1/articles?total=exact").json()["total"] == 3
    assert "pages: 1 created; articles: 2 created; 6 failed" in said


def test_the_sample_newsroom_loads_and_loads_again(
    import_paths: Import, reader: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_paths(NEWSROOM) == 0
    first = capsys.readouterr().err
    assert import_paths(NEWSROOM) == 0
    second = capsys.readouterr().err

    assert "articles: 30 created" in first
    assert "entities: 15 created" in first
    assert "created" not in second
    assert "updated" not in second
    quotes = reader.get("/v1/quotes?total=exact&limit=100").json()
    assert quotes["total"] >= 45
    for quote in quotes["items"]:
        text = reader.get(f"/v1/articles/{quote['article']['id']}.txt").text
        for span in quote["spans"]:
            assert text[span["start"] : span["end"]] == span["exact"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_quotes_of_a_real_page_are_anchored_by_their_words(
    sample: Path, import_paths: Import, client: TestClient
) -> None:
    assert import_paths(sample) == 0
    article = the_article(client)
    assert article["section"]["path"] == "news/russia"
    assert len(article["body"]) == 17
    paragraphs = article["text"].split("\n\n")
    direct = [p.split('"')[1] for p in paragraphs if p.startswith('"')]
    mixed = [p[1:].split('"')[0] for p in paragraphs if p.startswith("“")]
    words = [quote.replace("’", "'") for quote in mixed + direct]

    response = client.put(
        f"/v1/articles/{article['id']}",
        json={
            "headline": article["headline"],
            "section": article["section"],
            "body": article["body"],
            "quotes": [{"text": text} for text in words],
        },
        headers={"If-Match": f'"{article["id"]}.1"'},
    )

    assert response.status_code == 200, response.text
    saved = response.json()
    assert len(saved["quotes"]) == 4
    for quote in saved["quotes"]:
        (span,) = quote["spans"]
        assert saved["text"][span["start"] : span["end"]] == span["exact"] == quote["text"]
