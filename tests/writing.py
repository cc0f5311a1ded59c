"""A valid request for each operation that writes, and what a database holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx
import orjson
from sqlalchemy import Connection, inspect
from starlette.testclient import TestClient

from app.database.session import Database
from app.web.application import Application
from tests.api.test_channels import a_bulletin, a_channel, a_programme
from tests.builders import (
    ANY,
    Document,
    a_picture,
    a_quote,
    a_video,
    an_article,
    an_entity,
    created,
    post,
    saved,
)

ARTICLE = "ferry-strike-ends"
LINES = b"\n".join(
    orjson.dumps({"method": "POST", "path": f"/v1/{collection}", "content": content})
    for collection, content in (
        ("articles", an_article(headline="By a line")),
        ("entities", an_entity(name="Somebody by a line")),
    )
)
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass(frozen=True)
class Write:
    """A request; `names` are for parts of its path that are known by other names than usual."""

    operation: str
    body: Document | bytes | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.operation.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.operation.partition(" ")[2]

    def address(self, names: Mapping[str, str]) -> str:
        own = {parameter: names[name] for parameter, name in self.names.items()}
        return self.path.format_map({**names, **own})

    def send(
        self,
        client: TestClient,
        names: Mapping[str, str],
        query: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        body = self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)
        sent = {} if self.body is None else NDJSON if body is self.body else JSON
        if self.method != "POST":
            sent = {**sent, **ANY}
        return client.request(
            self.method,
            self.address(names) + query,
            content=None if self.body is None else body,
            headers={**sent, **(headers or {})},
        )


DRAFTED = {"article_id": "drafted_id"}

# In an order in which all can be done, one after the other.
WRITES = [
    Write("POST /v1/articles", an_article(headline="Another", quotes=[a_quote()])),
    Write("POST /v1/quotes", a_quote(article=ARTICLE, text="Crews return")),
    Write("POST /v1/entities", an_entity(name="Bo Reed")),
    Write("POST /v1/sections", {"path": "weather", "name": "Weather"}),
    Write("POST /v1/publishers", {"name": "The Gazette"}),
    Write("POST /v1/media", a_video()),
    Write("POST /v1/channels", a_channel(name="Another")),
    Write(
        "POST /v1/channels/{channel_id}/programmes",
        a_programme(starts_at="2026-11-28T14:00:00Z", stops_at="2026-11-28T15:00:00Z"),
    ),
    Write("POST /v1/channels/{channel_id}/bulletins", a_bulletin(starts="20:00")),
    Write("POST /v1/articles/{article_id}/corrections", {"text": "It was Friday."}),
    Write("POST /v1/keys", {"name": "Another", "scopes": ["read"]}),
    Write("POST /v1/webhooks", {"name": "Another", "url": "https://hooks.example/another"}),
    Write("POST /v1/webhooks/{webhook_id}/tests"),
    Write("POST /v1/bulk", LINES),
    Write("PUT /v1/articles/{article_id}", an_article(headline="Sailing")),
    Write("PUT /v1/articles/{article_id}/draft", {"headline": "Soon"}, DRAFTED),
    Write("PUT /v1/articles/{article_id}/lease", {}),
    Write("PUT /v1/articles/{article_id}/publication", {"until": "2026-12-01T00:00:00Z"}),
    Write("PUT /v1/articles/{article_id}/restoration", {"revision": 1}),
    Write("PUT /v1/quotes/{quote_id}", a_quote(article=ARTICLE, cue="added")),
    Write("PUT /v1/quotes/{quote_id}/anchor", {"text": "ferries will sail"}),
    Write("PUT /v1/quotes/{quote_id}/retraction", {"note": "Never said"}),
    Write("PUT /v1/entities/{entity_id}", an_entity(name="Kim Oh", description="A pilot")),
    Write("PUT /v1/sections/{section_id}", {"path": "sport", "name": "Games"}),
    Write("PUT /v1/publishers/{publisher_id}", {"name": "The Evening Post"}),
    Write("PUT /v1/media/{media_id}", a_picture(caption="Others")),
    Write("PUT /v1/channels/{channel_id}", a_channel(number=7)),
    Write("PUT /v1/channels/{channel_id}/programmes/{programme_id}", a_programme(title="At Two")),
    Write("PUT /v1/channels/{channel_id}/bulletins/{bulletin_id}", a_bulletin(title="At Six")),
    Write("PUT /v1/keys/{key_id}/rotation", {"overlap_seconds": 60}),
    Write("PUT /v1/webhooks/{webhook_id}/rotation", {"overlap_seconds": 60}),
    Write("PUT /v1/webhooks/{webhook_id}/replay", {"after": "0"}),
    Write("PUT /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/repetition"),
    Write("PATCH /v1/articles/{article_id}", {"headline": "Boats"}),
    Write("PATCH /v1/articles/{article_id}/draft", {"headline": "Sooner"}, DRAFTED),
    Write("PATCH /v1/quotes/{quote_id}", {"cue": "told"}, {"quote_id": "other_quote_id"}),
    Write("PATCH /v1/entities/{entity_id}", {"description": "A captain"}),
    Write("PATCH /v1/sections/{section_id}", {"name": "Sports"}),
    Write("PATCH /v1/publishers/{publisher_id}", {"name": "The Morning Post"}),
    Write("PATCH /v1/media/{media_id}", {"caption": "Boats"}),
    Write("PATCH /v1/channels/{channel_id}", {"number": 8}),
    Write("PATCH /v1/channels/{channel_id}/programmes/{programme_id}", {"title": "Noon"}),
    Write("PATCH /v1/channels/{channel_id}/bulletins/{bulletin_id}", {"title": "Evening"}),
    Write("PATCH /v1/keys/{key_id}", {"name": "The desk"}),
    Write("PATCH /v1/webhooks/{webhook_id}", {"name": "The front page"}),
    Write("DELETE /v1/articles/{article_id}/draft", None, DRAFTED),
    Write("DELETE /v1/articles/{article_id}/lease"),
    Write("DELETE /v1/quotes/{quote_id}/retraction"),
    Write("DELETE /v1/quotes/{quote_id}/anchor"),
    Write("DELETE /v1/quotes/{quote_id}"),
    Write("DELETE /v1/articles/{article_id}/revisions/{number}"),
    Write("DELETE /v1/articles/{article_id}/publication"),
    Write("DELETE /v1/articles/{article_id}"),
    Write("PUT /v1/trash/{trashed_id}/restoration", None, {"trashed_id": "article_id"}),
    Write("DELETE /v1/trash/{trashed_id}"),
    Write("DELETE /v1/entities/{entity_id}"),
    Write("DELETE /v1/sections/{section_id}"),
    Write("DELETE /v1/publishers/{publisher_id}"),
    Write("DELETE /v1/media/{media_id}"),
    Write("DELETE /v1/channels/{channel_id}/programmes/{programme_id}"),
    Write("DELETE /v1/channels/{channel_id}/bulletins/{bulletin_id}"),
    Write("DELETE /v1/channels/{channel_id}"),
    Write("DELETE /v1/keys/{key_id}"),
    Write("DELETE /v1/webhooks/{webhook_id}"),
]


def a_newsroom(admin: TestClient) -> dict[str, str]:
    """What the writes name, by the parameters of their paths. But for the article and its quotes,
    nothing refers to it."""
    quotes = [a_quote(), a_quote(text="ferries will sail as planned")]
    article = post(admin, "articles", an_article(quotes=quotes))
    drafted = post(admin, "articles", an_article(headline="Drafted"))["id"]
    draft, begins = {"headline": "Begun"}, {"If-None-Match": "*"}
    created(admin.put(f"/v1/articles/{drafted}/draft", json=draft, headers=begins))
    trashed = post(admin, "articles", an_article(headline="Trashed"))["id"]
    admin.delete(f"/v1/articles/{trashed}", headers=ANY)
    channel = post(admin, "channels", a_channel())
    schedule = f"channels/{channel['id']}"
    hook = {"name": "The app", "url": "https://hooks.example/app"}
    webhook = post(admin, "webhooks", hook)
    test = created(admin.post(f"/v1/webhooks/{webhook['id']}/tests"))
    names = {
        "article_id": article["id"],
        "quote_id": article["quotes"][0]["id"],
        "other_quote_id": article["quotes"][1]["id"],
        "drafted_id": drafted,
        "trashed_id": trashed,
        "number": "1",
        "entity_id": post(admin, "entities", an_entity(name="Kim Oh"))["id"],
        "section_id": post(admin, "sections", {"path": "sport", "name": "Sport"})["id"],
        "publisher_id": post(admin, "publishers", {"name": "The Post"})["id"],
        "media_id": post(admin, "media", a_picture())["id"],
        "channel_id": channel["id"],
        "programme_id": post(admin, f"{schedule}/programmes", a_programme())["id"],
        "bulletin_id": post(admin, f"{schedule}/bulletins", a_bulletin())["id"],
        "webhook_id": webhook["id"],
        "delivery_id": test["id"],
        "key_id": post(admin, "keys", {"name": "Desk", "scopes": ["write"]})["id"],
    }
    saved(admin.patch(f"/v1/articles/{article['id']}", json={"standfirst": "So far"}, headers=ANY))
    return names


def operations(app: Application, *methods: str, reads_only: bool = False) -> Iterator[str]:
    """Those of the API by these methods, as `POST /v1/articles`: that write, or that only read."""
    for path, described in app.openapi()["paths"].items():
        for method in methods:
            operation = described.get(method.lower())
            if operation is not None and ("x-reads-only" in operation) == reads_only:
                yield f"{method} {path}"


# Any: values of whatever columns
def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, those of the search index too; but when keys were last used, which
    is kept beside the requests."""

    def read(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
        return {table: rows_of(connection, table) for table in tables_of(connection)}

    return database.read_now(read)


def tables_of(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return inspect(connection).get_table_names()
    # What a virtual table shows is in those that it keeps for itself.
    stored = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE V%'"
    return list(connection.exec_driver_sql(stored).scalars())


# Any: values of whatever columns
def rows_of(connection: Connection, table: str) -> list[tuple[Any, ...]]:
    rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()
    kept = (tuple(v for name, v in row.items() if name != "last_used_at") for row in rows)
    return sorted(kept, key=repr)


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """The tables that are others."""
    return {table for table in before if before[table] != after[table]}
