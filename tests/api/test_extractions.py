"""`/v1/extractions`: what a client is told of a text or an article."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.database.session import Database
from app.importers.runs import run_import
from app.main import create_app
from app.models.article import MAX_BODY_BYTES
from app.models.key import Scope
from app.settings import Settings
from app.web.application import Application
from tests.builders import ANY, an_article, pointers_of, post, problem_of, saved, text_body
from tests.conftest import Clock
from tests.test_importing import SAMPLES

TEXT = "“We 👍 stay,” said union leader Ann Lee."
FOUND = {
    "quotes": [
        {
            "kind": "direct",
            "spans": [{"start": 1, "end": 11}],
            "speaker": {"name": "Ann Lee", "start": 31, "end": 38, "kind": "person"},
            "cue": {"start": 13, "end": 17},
            "role": "union leader",
            "rule": "cue-after",
            "confidence": 0.97,
        }
    ],
    "entities": [{"type": "person", "name": "Ann Lee", "mentions": [{"start": 31, "end": 38}]}],
}
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def test_quotes_are_found_in_an_article_that_the_viewer_may_see(
    client: TestClient, reader: TestClient
) -> None:
    live = post(client, "articles", an_article(slug="first-name", body=text_body(TEXT)))
    draft = post(client, "articles", an_article(status="draft", body=text_body(TEXT)))
    saved(client.patch(f"/v1/articles/{live['id']}", json={"slug": "second-name"}, headers=ANY))
    before = client.get("/v1/articles?total=exact&include=quotes").json()

    for name in (live["id"], "second-name", "first-name"):
        assert saved(reader.post("/v1/extractions", json={"article": name})) == FOUND

    sent = {"article": {"id": draft["id"]}}
    assert saved(client.post("/v1/extractions", json=sent)) == FOUND
    for hidden in (draft["id"], draft["slug"], "nothing"):
        refused = reader.post("/v1/extractions", json={"article": hidden})
        assert problem_of(refused) == (404, "article-not-found")
    assert client.get("/v1/articles?total=exact&include=quotes").json() == before


@on_sqlite
def test_quotes_are_found_in_a_text_by_whoever_may_read(
    app: Application, clock: Clock, reader: TestClient, keys: dict[Scope, str]
) -> None:
    answer = reader.post("/v1/extractions", json={"text": TEXT})
    wide = saved(reader.post("/v1/extractions?offsets=utf16", json={"text": TEXT}))
    foreign = {"text": "„Wir bleiben hier“, sagte Ann Lee.", "language": "de-AT"}
    by_marks = saved(reader.post(f"/v1/extractions?key={keys['read']}", json=foreign))
    nothing = saved(reader.post("/v1/extractions", json={"text": ""}))

    assert saved(answer) == FOUND
    assert answer.headers["content-type"] == "application/json"
    assert wide["quotes"][0]["spans"] == [{"start": 1, "end": 12}]
    assert wide["quotes"][0]["cue"] == {"start": 14, "end": 18}
    assert wide["quotes"][0]["speaker"]["start"] == 32
    assert wide["entities"][0]["mentions"] == [{"start": 32, "end": 39}]
    assert [quote["rule"] for quote in by_marks["quotes"]] == ["marks"]
    assert nothing == {"quotes": [], "entities": []}

    settings = replace(app.state.settings, anonymous_reads=False)
    with TestClient(create_app(settings, clock=clock)) as closed:
        refused = closed.post("/v1/extractions", json={"text": TEXT})
    assert problem_of(refused) == (401, "unauthenticated")


@on_sqlite
@pytest.mark.parametrize(
    ("sent", "problem", "pointers"),
    [
        pytest.param({}, (422, "validation-error"), [""], id="neither"),
        pytest.param({"text": "a", "article": "b"}, (422, "validation-error"), [""], id="both"),
        pytest.param(
            {"article": "b", "language": "de"}, (422, "validation-error"), [""], id="two languages"
        ),
        pytest.param(
            {"text": "a", "language": "Germanish"}, (422, "validation-error"), ["/language"],
            id="no language",
        ),
        pytest.param(
            {"texts": "a"}, (422, "validation-error"), ["/texts"], id="unknown field"
        ),
        pytest.param(
            {"text": "é" * (MAX_BODY_BYTES // 2 + 1)}, (413, "content-too-large"), [], id="too long"
        ),
    ],
)  # fmt: skip
def test_what_is_sent_wrongly_is_refused(
    reader: TestClient, sent: dict[str, str], problem: tuple[int, str], pointers: list[str]
) -> None:
    response = reader.post("/v1/extractions", json=sent)

    assert problem_of(response) == problem
    if pointers:
        assert pointers_of(response) == pointers


@on_sqlite
def test_a_model_that_is_missing_is_a_problem_of_this_address_alone(
    settings: Settings, clock: Clock
) -> None:
    missing = replace(settings, extraction_model="en_no_such_model")
    with TestClient(create_app(missing, clock=clock)) as client:
        response = client.post("/v1/extractions", json={"text": TEXT})
        others = client.get("/v1/articles")

    assert problem_of(response) == (503, "extraction-model-missing")
    assert "onrecord[extract]" in response.json()["detail"]
    assert others.status_code == 200


PAGE = """News / Harbour

Union expects little of the harbour board

Harbour union leader Ann Lee on the quay

Crews on the ferries say the strike is likely "to last" whatever the harbour board decides.

At a meeting on Friday, harbour union leader Ann Lee stressed that the crews expected little of it.

“The vote is important, but nobody should make too much of it," she said.

“We will not sell,” Lee wrote on her page.

Harbour Post’s website can also be accessed at the following alternate addresses:

harbourpost.example
"""


@on_sqlite
def test_an_imported_page_names_every_speaker_in_full(
    tmp_path: Path, settings: Settings, database: Database, clock: Clock
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    expected = {page: {"direct": 2, "partial": 1, "indirect": 2}}
    expected |= {sample: {"direct": 4, "partial": 4, "indirect": 6} for sample in SAMPLES}
    usual = replace(settings, extraction_model=None)

    with TestClient(create_app(usual, clock=clock)) as client:
        for path, counts in expected.items():
            assert run_import(database, [str(path)], clock=clock) == 0
            card = client.get("/v1/articles?sort=-created_at,-updated_at").json()["items"][0]
            clock.advance(minutes=1)
            text = client.get(f"/v1/articles/{card['id']}.txt").text
            found = saved(client.post("/v1/extractions", json={"article": card["id"]}))

            assert found == saved(client.post("/v1/extractions", json={"text": text}))
            assert Counter(quote["kind"] for quote in found["quotes"]) == counts
            direct = [quote for quote in found["quotes"] if quote["kind"] == "direct"]
            names = [quote["speaker"]["name"] for quote in direct]
            assert all(" " in name for name in names)
            # "He" is whoever spoke before.
            assert names[0] == names[1]
            assert direct[0]["role"] == direct[1]["role"] is not None
