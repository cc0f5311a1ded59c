"""Who may do what, and what nobody may see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote_plus

import httpx2 as httpx
import orjson
import pytest
from lxml import etree
from sqlalchemy import Connection, select
from starlette.testclient import TestClient

from app.access.keys import revoke_key
from app.access.tokens import prefix_of
from app.database.session import Database
from app.main import create_app
from app.models import Article, RenderedArticle
from app.models.key import Scope
from app.web.application import Application
from app.web.listing import MAX_FILTER_VALUES
from tests.api.test_cache import wait_until
from tests.api.test_channels import a_bulletin, a_channel, a_programme
from tests.builders import (
    ANY,
    WORDS,
    Document,
    a_mention,
    a_picture,
    a_quote,
    a_video,
    an_article,
    an_entity,
    created,
    post,
    problem_of,
    saved,
    text_body,
)
from tests.conftest import NOW, Clock


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    ("scope", "sees_drafts", "writes"),
    [
        ("read", False, False),
        ("preview", True, False),
        ("write", True, True),
        ("admin", True, True),
    ],
)
def test_a_key_allows_what_its_scope_says(
    client: TestClient,
    reader: TestClient,
    keys: dict[Scope, str],
    scope: Scope,
    sees_drafts: bool,
    writes: bool,
) -> None:
    draft = post(client, "articles", an_article(status="draft"))
    headers = bearer(keys[scope])

    read = reader.get(f"/v1/articles/{draft['id']}", headers=headers)
    written = reader.post("/v1/articles", json=an_article(), headers=headers)

    assert read.status_code == (200 if sees_drafts else 404)
    if writes:
        assert written.status_code == 201
    else:
        assert problem_of(written) == (403, "forbidden")
        assert written.json()["required_scope"] == "write"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/articles"),
        ("PUT", "/v1/quotes/x"),
        ("PATCH", "/v1/entities/x"),
        ("DELETE", "/v1/sections/x"),
        ("PUT", "/v1/articles/x/publication"),
    ],
)
def test_a_write_needs_a_key(reader: TestClient, method: str, path: str) -> None:
    response = reader.request(method, path, headers=ANY)

    assert problem_of(response) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="onrecord"'


def test_a_key_in_the_address_only_reads(
    client: TestClient, reader: TestClient, keys: dict[Scope, str]
) -> None:
    draft = post(client, "articles", an_article(status="draft"))
    key = {"key": keys["write"]}

    read = reader.get(f"/v1/articles/{draft['id']}", params=key)
    write = reader.delete(f"/v1/articles/{draft['id']}", params=key, headers=ANY)

    assert saved(read) == draft
    assert problem_of(write) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "sent",
    [
        "Bearer",
        "Bearer onr_00000000_",
        "Basic dTpw",
        "onr_00000000_" + "0" * 39,
        "Bearer onr_00000000_" + "0" * 39,
    ],
)
def test_an_unknown_key_is_refused_even_for_what_is_public(reader: TestClient, sent: str) -> None:
    response = reader.get("/v1/articles", headers={"Authorization": sent})

    assert problem_of(response) == (401, "unauthenticated")
    assert problem_of(reader.get("/v1/articles?key=x")) == (401, "unauthenticated")


def test_a_revoked_key_is_refused(
    client: TestClient, reader: TestClient, keys: dict[Scope, str], database: Database
) -> None:
    prefix = prefix_of(keys["read"])
    assert prefix is not None

    database.write_now(revoke_key, prefix, NOW)

    assert problem_of(reader.get("/v1/articles", headers=bearer(keys["read"])))[0] == 401
    assert client.get("/v1/articles").status_code == 200


def test_anonymous_reads_can_be_switched_off(
    app: Application, clock: Clock, keys: dict[Scope, str]
) -> None:
    settings = replace(app.state.settings, anonymous_reads=False)
    with TestClient(create_app(settings, clock=clock)) as closed:
        without = closed.get("/v1/articles")
        key = closed.get("/v1/articles", headers=bearer(keys["read"]))

    assert problem_of(without) == (401, "unauthenticated")
    assert key.status_code == 200


@dataclass
class Newsroom:
    """What is public, by the path parameters that name it; and what nobody may see: names of
    resources, and words. `once_public` is the id of what was public until now."""

    public: dict[str, list[str]]
    names: set[str]
    words: set[str]
    once_public: str


def hidden_article(number: int, **changes: object) -> Document:
    """An article of its own words, quotes, entities, pictures and publisher, some of them in a
    section of their own; what is public is in it too, and is said in it again."""
    text = f"Veiled{number} words.\n\n“Veiled{number} speech,” she said.\n\n“{WORDS}” Ann Lee said."
    sent = an_article(
        headline=f"Veiled{number} headline",
        slug=f"veiled{number}-first",
        standfirst=f"Veiled{number} standfirst",
        bylines=[f"Veiled{number} Author"],
        section="news" if number % 2 else f"veiled{number}",
        publisher={"name": f"Veiled{number} Post"},
        body=text_body(text),
        lead_media={"url": f"https://pictures.example/veiled{number}.png"},
        media=[{"url": "https://pictures.example/quay.png"}],
        quotes=[
            a_quote(text=f"Veiled{number} speech,", speaker={"name": f"Veiled{number} Speaker"}),
            a_quote(text=f"Veiled{number} words", speaker="ann-lee"),
            a_quote(speaker="ann-lee"),
        ],
        # Two that are public: how often they are named together is to tell nothing.
        entities=[a_mention(), {"name": f"Veiled{number} Entity", "type": "organization"},
                  "bo-reed"],
    )  # fmt: skip
    return {**sent, **changes}


def put_publication_until(
    client: TestClient, reader: TestClient, article_id: str, clock: Clock, database: Database
) -> None:
    """Published, rendered, and over before the clock has done anything about it."""
    address = f"/v1/articles/{article_id}"
    until = {"until": "2026-11-20T12:00:01Z"}
    saved(client.put(f"{address}/publication", json=until, headers=ANY))
    reader.get(address)
    wait_until(lambda: database.read_now(is_rendered, article_id))
    clock.advance(seconds=1)


def is_rendered(connection: Connection, article_id: str) -> bool:
    rendered = select(RenderedArticle.etag).join(
        Article, Article.key == RenderedArticle.article_key
    )
    return connection.scalar(rendered.where(Article.id == article_id)) is not None


def fail(*_: object) -> None:
    raise OSError("there is no writing now")


@pytest.fixture
def public(client: TestClient) -> dict[str, list[str]]:
    """What a reader may see, by the path parameters that name it."""
    picture = post(client, "media", a_picture())
    entity = post(client, "entities", an_entity(image=picture["id"]))
    article = post(
        client,
        "articles",
        an_article(
            section="news", media=[picture["id"]], entities=[a_mention()], quotes=[a_quote()],
            publisher={"name": "The Post"},
        ),
    )  # fmt: skip
    post(client, "entities", an_entity(name="Bo Reed"))
    both = [a_mention(), a_mention(name="Bo Reed")]
    sail = an_article(headline="Ferries sail", section="news/harbour", entities=both)
    post(client, "articles", sail)
    rows = [
        {"title": "Top stories", "kind": "pinned", "articles": [article["id"]]},
        {"title": "New", "kind": "recent"},
    ]
    channel = post(client, "channels", a_channel(rows=rows))
    programme = post(client, f"channels/{channel['id']}/programmes", a_programme())
    bulletin = post(client, f"channels/{channel['id']}/bulletins", a_bulletin())
    return {
        "channel_id": [channel["id"], channel["slug"]],
        "programme_id": [programme["id"]],
        "bulletin_id": [bulletin["id"]],
        "item_id": [article["id"]],
        "article_id": [article["id"], article["slug"]],
        "quote_id": [article["quotes"][0]["id"]],
        "entity_id": [entity["id"], "ann-lee"],
        "section_id": ["news"],
        "publisher_id": ["the-post"],
        "media_id": [picture["id"]],
        "number": ["1"],
        "key_id": ["01k00000000000000000000000"],
        "trashed_id": ["01k00000000000000000000000"],
        "webhook_id": ["01k00000000000000000000000"],
        "delivery_id": ["01k00000000000000000000000"],
    }


@dataclass
class Hidden:
    """Articles that nobody may see, and the names of all that is theirs."""

    articles: list[str]
    deleted: str
    names: set[str]


def hide_articles(client: TestClient, article_id: str) -> Hidden:
    """One in each of the states in which it is not public, and a draft beside one that is."""
    unused = post(client, "media", a_video(caption="Veiled unused"))
    portrait = post(client, "media", a_picture(caption="Veiled portrait"))
    unknown = an_entity(name="Veiled Unreviewed", reviewed=False, image=portrait["id"])
    unreviewed = post(client, "entities", unknown)
    names = {unused["id"], unused["poster"]["id"], portrait["id"]}
    names |= {unreviewed["id"], unreviewed["slug"]}
    articles = []
    for number, changes in enumerate(HIDDEN, 1):
        poster = {"url": f"https://pictures.example/veiled{number}-poster.png"}
        video = post(client, "media", a_video(caption=f"Veiled{number} video", poster=poster))
        names |= {video["id"], video["poster"]["id"]}
        sent = hidden_article(number, **changes)
        sent["media"].append(video["id"])
        made = post(client, "articles", sent)
        slug = {"slug": f"veiled{number}-second"}
        made = saved(client.patch(f"/v1/articles/{made['id']}", json=slug, headers=ANY))
        names |= {made["id"], made["slug"], sent["slug"], made["lead_media"]["id"]}
        names |= {made["publisher"]["id"], made["publisher"]["slug"]}
        if made["section"]["path"] != "news":
            section = saved(client.get(f"/v1/sections/{made['section']['path']}"))
            names |= {section["id"], section["path"]}
        articles.append(made["id"])
        names |= {quote["id"] for quote in made["quotes"]}
        for found in (made["quotes"][0]["speaker"], made["entities"][1]):
            names |= {found["id"], found["slug"]}
    deleted = articles.pop()
    assert client.delete(f"/v1/articles/{deleted}", headers=ANY).status_code == 204
    draft = hidden_article(len(HIDDEN) + 1)
    for one in ("quotes", "status", "published_at"):
        del draft[one]
    address = f"/v1/articles/{article_id}/draft"
    names.add(created(client.put(address, json=draft, headers={"If-None-Match": "*"}))["id"])
    return Hidden(articles, deleted, names)


HIDDEN: list[Document] = [
    {"status": "draft"},
    {"status": "withdrawn"},
    {"published_at": "2026-11-20T12:00:01.000001Z"},
    {"embargoed_until": "2026-11-20T12:00:01.000001Z"},
    {"status": "draft"},
    {"status": "draft"},
]


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
    names = hidden.names | {quote["id"] for quote in unsettled}
    names |= {unsettled[1]["speaker"]["id"], "veiled-somebody"}
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
    words = {"veiled", *(name for name in names if len(name) == 26)}
    known = {**public, "trashed_id": [hidden.deleted]}
    return Newsroom(known, names, words, once_public=once_public)


# Any: OpenAPI is open JSON
def reading(app: Application) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every address that can be read to its end, and its parameters."""
    for path, operations in app.openapi()["paths"].items():
        if "get" in operations and not is_endless(operations["get"]):
            yield path, operations["get"].get("parameters", [])


# Any: OpenAPI is open JSON
def is_endless(operation: dict[str, Any]) -> bool:
    return "text/event-stream" in operation["responses"].get("200", {}).get("content", {})


def with_names(path: str, names: dict[str, list[str]]) -> list[str]:
    addresses = [path]
    for parameter in re.findall(r"{(\w+)}", path):
        addresses = [
            one.replace(f"{{{parameter}}}", name) for one in addresses for name in names[parameter]
        ]
    return addresses


def queries_of(parameters: list[dict[str, Any]], names: set[str]) -> Iterator[str]:
    """A query for each value of each parameter; for those of free values, the hidden names."""
    yield ""
    for parameter in parameters:
        schema = parameter.get("schema", {})
        name = parameter["name"]
        if parameter["in"] != "query" or name == "cursor":
            continue
        alternatives = re.match(r"\^\(([^()]+)\)", schema.get("pattern", ""))
        if "enum" in schema:
            values = schema["enum"]
        elif alternatives:
            values = alternatives[1].split("|")
        elif schema.get("type") == "integer":
            values = ["1", "100"]
        elif name == "fields":
            values = ["id"]
        elif name == "q":
            # Words of what is hidden, and how its headlines and names begin.
            values = ["speech", "headl", "veil", "words"]
        else:
            values = [*joined(names), "wikidata:Q1", "2000-01-01.."]
        counts = any(one["name"] == "total" for one in parameters) and name != "total"
        for value in values:
            yield f"?{name}={value}" + ("&total=exact" if counts else "")


def joined(names: set[str]) -> list[str]:
    """As many in each as a filter takes."""
    ordered = sorted(names)
    return [
        ",".join(ordered[first : first + MAX_FILTER_VALUES])
        for first in range(0, len(ordered), MAX_FILTER_VALUES)
    ]


def assert_nothing_hidden(response: httpx.Response, newsroom: Newsroom) -> None:
    """What is not public; but for what the client has sent itself, as a feed tells its address."""
    shown = response.text + repr(response.headers)
    if response.url.path == "/v1/changes":
        # What was public once is told to be no more.
        shown = "".join(
            line for line in shown.split('{"sequence":') if newsroom.once_public not in line
        )
    if response.status_code == 400:
        return
    for _, sent in parse_qsl(response.url.query.decode()):
        shown = shown.replace(sent, "").replace(quote_plus(sent), "")
    assert response.status_code in (200, 401, *unplayable(response)), (response.url, shown)
    found = [word for word in newsroom.words if word.lower() in shown.lower()]
    assert not found, (response.url, found)


def unplayable(response: httpx.Response) -> list[int]:
    """The public article has no video: there is no item for a television."""
    return [404] if "/items/" in response.url.path else []


def entries_of(response: httpx.Response) -> list[object]:
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
    for path, parameters in reading(app):
        for address in with_names(path, newsroom.public):
            for query in queries_of(parameters, newsroom.names):
                page = reader.get(address + query)
                assert_nothing_hidden(page, newsroom)
                seen += page.status_code == 200
                if page.status_code == 200 and "total=exact" in query and "items" in page.json():
                    count = len(page.json()["items"])
                    more = "next" in page.links
                    assert page.json().get("total", count) == count or more, page.url

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
        address + query
        for path, parameters in reading(app)
        for address in with_names(path, public)
        for query in queries_of(parameters, words)
    ]
    addresses += ["/v1/search?q=ferry&facets=section,entity,speaker,month", "/v1/suggest?q=fe"]

    def answers() -> dict[str, tuple[int, bytes, str | None]]:
        found = {}
        for address in addresses:
            answer = reader.get(address)
            body = UNLIKE.sub(b"", answer.content)
            tag = None if address.startswith(FOLLOWED) else answer.headers.get("ETag")
            found[address] = (answer.status_code, body, tag)
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
    for path, _ in reading(app):
        # What is wrong with a request is told whatever it names.
        wrong = reader.get(with_names(path, newsroom.public)[0]).status_code == 400
        # Some are nobody's to ask for, whatever they are called.
        closed = re.search("{(key|trashed|webhook)_id}", path)
        refused = 401 if closed else 400 if wrong else None
        for parameter in set(re.findall(r"{(\w+)}", path)) - {"number"}:
            for name in sorted(newsroom.names):
                address = with_names(path, {**newsroom.public, parameter: [name]})[0]
                # Televisions that have shown it are to know that it is gone.
                gone = parameter == "item_id" and name == newsroom.once_public
                expected = refused or (410 if gone else 404)
                assert reader.get(address).status_code == expected, address


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

    def answer(path: str, question: Document, name: str) -> tuple[int, bytes]:
        body = orjson.dumps(question).replace(b"{name}", name.encode())
        response = reader.post(path, content=body, headers={"Content-Type": "application/json"})
        return response.status_code, UNLIKE.sub(b"", response.content).replace(name.encode(), b"")

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
        unfiltered = reader.get(address)
        whole = entries_of(unfiltered) if filters and unfiltered.status_code == 200 else []
        for filter_name in filters:
            for names in joined(newsroom.names):
                kept = reader.get(f"{address}?{filter_name}={names}")
                rest = reader.get(f"{address}?not_{filter_name}={names}")

                assert kept.status_code in (200, 400, 401)
                if kept.status_code == 200:
                    assert entries_of(kept) == [], kept.url
                    assert entries_of(rest) == whole, rest.url
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
