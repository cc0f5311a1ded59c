"""The leak walk: what is not public is nowhere on any route, and changes no answer."""

import re
from urllib.parse import parse_qsl, quote_plus

import httpx2 as httpx
import orjson
import pytest
from lxml import etree
from starlette.testclient import TestClient

from app.database.session import Database
from app.web.application import Application
from tests.builders import ANY, WORDS, Document, a_quote, post, saved
from tests.clients import Answer, get_each
from tests.conftest import Clock
from tests.hidden import (
    Newsroom,
    hidden_article,
    hide_articles,
    make_public,
    put_publication_until,
)
from tests.walking import addresses_of, is_id, joined, reading, with_names


@pytest.fixture
def public(client: TestClient) -> dict[str, list[str]]:
    return make_public(client)


@pytest.fixture
def newsroom(
    client: TestClient,
    reader: TestClient,
    public: dict[str, list[str]],
    clock: Clock,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> Newsroom:
    """What is public, with all that nobody may see of it and beside it. The clock's own work is not
    done: readers are kept from what is over by the instant alone, also from what is rendered and
    indexed."""
    article = public["article_id"][0]
    hidden = hide_articles(client, article)
    sent = [
        a_quote(text="ferries will sail", status="retracted", cue="veiled"),
        a_quote(text="Crews return", status="proposed", speaker={"name": "Veiled Somebody"}),
    ]
    unsettled = [post(client, "quotes", {**one, "article": article}) for one in sent]
    hidden.names["quote_id"] |= {quote["id"] for quote in unsettled}
    hidden.names["entity_id"] |= {unsettled[1]["speaker"]["id"], "veiled-somebody"}
    # It was public until now, and was read.
    once_public = hidden.articles[-1]
    monkeypatch.setattr("app.articles.due.do_what_is_due", fail)
    put_publication_until(client, reader, once_public, clock, database)
    rows = [
        {"title": "Top stories", "kind": "pinned", "articles": [article, *hidden.articles]},
        {"title": "Of them", "kind": "filter", "filter": {"entities": ["veiled-somebody"],
                                                          "speakers": ["veiled-unreviewed"],
                                                          "sections": ["veiled2"]}},
        {"title": "New", "kind": "recent"},
    ]  # fmt: skip
    channel = f"/v1/channels/{public['channel_id'][0]}"
    saved(client.patch(channel, json={"rows": rows}, headers=ANY))
    known = {**public, "trashed_id": [hidden.deleted]}
    newsroom = Newsroom(known, hidden.names, {"veiled"}, once_public=once_public)
    newsroom.words |= set(filter(is_id, newsroom.names))
    return newsroom


def fail(*_: object) -> None:
    raise OSError("there is no writing now")


def assert_nothing_hidden(response: Answer, newsroom: Newsroom) -> None:
    """What is not public; but for what the client has sent itself, as a feed tells its address."""
    shown = response.text + repr(response.headers)
    if response.url.path == "/v1/changes":
        # What was public once is told to be no more.
        shown = "".join(
            line for line in shown.split('{"sequence":') if newsroom.once_public not in line
        )
    if response.status_code == 400:
        return
    for _, sent in parse_qsl(response.url.query):
        shown = shown.replace(sent, "").replace(quote_plus(sent), "")
    assert response.status_code in (200, 401, *unplayable(response)), (response.address, shown)
    shown = shown.lower()
    found = [word for word in newsroom.words if word.lower() in shown]
    assert not found, (response.address, found)


def unplayable(response: Answer) -> list[int]:
    """The public article has no video: there is no item for a television."""
    return [404] if "/items/" in response.url.path else []


def entries_of(response: Answer) -> list[object]:
    """The members of a list or a feed, whatever its format."""
    kind = response.headers["content-type"]
    if "json" in kind:
        document = response.json()
        named = (document.get(name) for name in ("items", "shortFormVideos", "assets"))
        return next(list(found) for found in named if found is not None)
    tree = etree.fromstring(response.content)
    return [etree.tostring(one) for one in tree.iter("item", "{*}entry", "{*}url") if len(one)]


def test_what_is_not_public_is_nowhere_on_any_route(
    app: Application, reader: TestClient, newsroom: Newsroom
) -> None:
    seen = 0
    for page in get_each(reader, list(addresses_of(app, newsroom.public, newsroom.names))):
        assert_nothing_hidden(page, newsroom)
        seen += page.status_code == 200
        if page.status_code == 200 and '"total":' in page.text:
            counted = page.json()
            shown = len(counted["items"])
            assert counted["total"] == shown or counted["next_cursor"], page.address

    assert seen > 200


# What is another one in each answer, if it is a problem; and where a follower goes on, which counts
# all writes.
UNLIKE = re.compile(rb'"(request_id|next_after|start_again|position)":"[\w-]+"')
FOLLOWED = ("/v1/changes", "/v1/export", "/v1/digests")


def test_what_is_hidden_changes_no_answer(
    app: Application, client: TestClient, reader: TestClient, public: dict[str, list[str]]
) -> None:
    """No count, facet, suggestion, order, date or entity tag, wherever a reader looks."""
    words = {"ferr", "news", *(name for names in public.values() for name in names)}
    addresses = [
        *addresses_of(app, public, words),
        "/v1/search?q=ferry&facets=section,entity,speaker,month",
        "/v1/suggest?q=fe",
    ]

    def answers() -> dict[str, tuple[int, bytes, str | None]]:
        found = {}
        for answer in get_each(reader, addresses):
            body = UNLIKE.sub(b"", answer.content)
            tag = None if answer.address.startswith(FOLLOWED) else answer.headers.get("etag")
            found[answer.address] = (answer.status_code, body, tag)
        return found

    before = answers()
    hide_articles(client, public["article_id"][0])
    after = answers()

    for address in addresses:
        assert after[address] == before[address], address
    assert sum(status == 200 for status, _, _ in before.values()) > 200


def test_a_hidden_name_leads_nowhere(
    app: Application, reader: TestClient, newsroom: Newsroom
) -> None:
    expected: dict[str, int] = {}
    for path, _ in reading(app):
        # What is wrong with a request is told whatever it names.
        wrong = reader.get(with_names(path, newsroom.public)[0]).status_code == 400
        # Some are nobody's to ask for, whatever they are called.
        closed = re.search("{(key|trashed|webhook)_id}", path)
        refused = 401 if closed else 400 if wrong else None
        for parameter in set(re.findall(r"{(\w+)}", path)) - {"number"}:
            # Of channels and keys none is hidden; items and what is in the trash are articles.
            for name in newsroom.hidden.get(parameter, newsroom.hidden["article_id"]):
                address = with_names(path, {**newsroom.public, parameter: [name]})[0]
                # Televisions that have shown it are to know that it is gone.
                gone = parameter == "item_id" and name == newsroom.once_public
                expected[address] = refused or (410 if gone else 404)

    found = {one.address: one.status_code for one in get_each(reader, list(expected))}

    assert found == expected


def test_what_is_hidden_between_two_statements_of_a_search_is_not_shown(
    client: TestClient,
    reader: TestClient,
    public: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another process may withdraw what the index has just found. Here the index is not told."""
    article = post(client, "articles", hidden_article(7))
    addresses = [
        *(f"/v1/search?q=veiled7&type={kind}" for kind in ("article", "quote", "entity")),
        *(f"/v1/suggest?q=veiled7&type={kind}" for kind in ("article", "entity")),
        f"/v1/articles/{public['article_id'][0]}/related",
    ]
    before = [reader.get(address).text for address in addresses]

    monkeypatch.setattr("app.search.keeping.keep_index", lambda _: None)
    withdrawn = client.delete(f"/v1/articles/{article['id']}/publication", headers=ANY)
    after = [reader.get(address).text for address in addresses]

    assert withdrawn.status_code == 200
    assert all("Veiled7" in text for text in before)
    assert not [text for text in after if "veiled7" in text.lower()]


QUESTIONS: dict[str, list[Document]] = {
    "/v1/extractions": [{"article": "{name}"}],
    "/v1/quotes/check": [
        {"words": WORDS, "speaker": {"id": "{name}"}},
        {"words": WORDS, "speaker": {"slug": "{name}"}},
        {"words": WORDS, "speaker": {"name": "{name}"}},
    ],
}


def nobody_like(name: str) -> str:
    """An id, a name or a slug, as the other is, that nothing has."""
    if len(name) == 26:
        return "01k00000000000000000000000"
    return "Nobody Atall" if " " in name else "nobody-at-all"


def test_a_question_is_answered_of_the_hidden_as_of_the_unknown(
    app: Application, reader: TestClient, newsroom: Newsroom
) -> None:
    asked_by_readers = {
        path
        for path, operations in app.openapi()["paths"].items()
        if "x-reads-only" in (one := operations.get("post", {})) and "x-scope" not in one
    }
    assert set(QUESTIONS) == asked_by_readers

    def told(response: httpx.Response, name: str) -> tuple[int, bytes]:
        return response.status_code, UNLIKE.sub(b"", response.content).replace(name.encode(), b"")

    def answer(path: str, question: Document, name: str) -> tuple[int, bytes]:
        body = orjson.dumps(question).replace(b"{name}", name.encode())
        headers = {"Content-Type": "application/json"}
        return told(reader.post(path, content=body, headers=headers), name)

    for name in sorted(one for one in newsroom.names if not is_id(one)):
        for followed in ("section", "entity"):
            hidden, unknown = (
                told(reader.get(f"/v1/changes?{followed}={one}"), one)
                for one in (name, nobody_like(name))
            )
            assert hidden == unknown, (followed, name)
    for path, questions in QUESTIONS.items():
        for question in questions:
            for name in sorted(newsroom.names | {"Veiled1 Speaker", "Veiled Unreviewed"}):
                unknown = answer(path, question, nobody_like(name))
                assert answer(path, question, name) == unknown, (path, name)
    for words in ("Veiled5 speech,", "Veiled1 words", WORDS):
        checked = reader.post("/v1/quotes/check", json={"words": words})
        assert "veiled" not in checked.text.lower().replace(words.lower(), "")
        assert not [one for one in newsroom.names if f'"{one}"' in checked.text]


def test_a_filter_by_a_hidden_name_finds_nothing(
    app: Application, reader: TestClient, newsroom: Newsroom
) -> None:
    filtered = 0
    for path, parameters in reading(app):
        address = with_names(path, newsroom.public)[0]
        chosen = [one["name"] for one in parameters if one["in"] == "query"]
        filters = [name.removeprefix("not_") for name in chosen if "not_" in name]
        asked = [f"{one}={names}" for one in filters for names in joined(newsroom.names)]
        [all_there_is] = get_each(reader, [address])
        whole = entries_of(all_there_is) if asked and all_there_is.status_code == 200 else []
        for kept in get_each(reader, [f"{address}?{one}" for one in asked]):
            assert kept.status_code in (200, 400, 401)
            assert kept.status_code != 200 or entries_of(kept) == [], kept.address
        for rest in get_each(reader, [f"{address}?not_{one}" for one in asked]):
            if rest.status_code == 200:
                assert entries_of(rest) == whole, rest.address
                filtered += 1

    assert filtered > 50


def test_the_walk_finds_what_is_public(
    app: Application, client: TestClient, newsroom: Newsroom, clock: Clock
) -> None:
    shown = "".join(
        client.get(address + "?total=exact").text + client.get(address).text
        for path, _ in reading(app)
        for address in with_names(path, newsroom.public)
    ).lower()

    missed = [word for word in newsroom.words if word.lower() not in shown]
    assert not missed
