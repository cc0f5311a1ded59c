"""What is kept rendered is what would be rendered now, whatever was changed."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.access.viewer import anonymous
from app.articles.reads import get_article
from app.articles.rendered import RENDERED
from app.articles.rendering import keep_rendered
from app.database.session import Database
from app.models import Article, RenderedArticle
from app.web.json import dump
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_picture,
    a_quote,
    a_video,
    an_article,
    post,
    text_body,
)
from tests.conftest import NOW

ARTICLES, STEPS = 4, 60


def rendered_and_fresh(connection: Connection) -> dict[str, tuple[bytes, bytes]]:
    """By id, what is kept of each article, and what is made of its rows."""
    statement = select(Article.id, RenderedArticle.body).join(
        RenderedArticle, RenderedArticle.article_key == Article.key
    )
    return {
        row.id: (row.body, dump(get_article(connection, row.id, anonymous(NOW))))
        for row in connection.execute(statement)
    }


# Any: rows of whatever columns
def find_rendered(database: Database, article_id: str, at: datetime) -> list[Any]:
    with database.engine.connect() as connection:
        return RENDERED.all(connection, {"id": article_id, "at": at})


def a_moving(number: int) -> Document:
    """One of two videos, by its address."""
    return {"url": f"https://videos.example/{number % 2}.m3u8"}


class Desk:
    """Changes something at random."""

    def __init__(self, client: TestClient, seed: int) -> None:
        self.client = client
        self.chance = Random(seed)
        self.number = 0

    def any_of(self, collection: str, kept: str = "") -> str:
        items = self.client.get(f"/v1/{collection}?limit=100&{kept}").json()["items"]
        chosen = self.chance.choice(items)
        return f"/v1/{collection}/{chosen.get('id', chosen.get('path'))}"

    def change(self) -> tuple[str, httpx.Response]:
        self.number += 1
        name = f"Name {self.number}"
        changes: dict[str, Callable[[], httpx.Response]] = {
            "headline": lambda: self.patch("articles", headline=name),
            "lead picture": lambda: self.patch(
                "articles", lead_media={"id": self.any_of("media").rpartition("/")[2]}
            ),
            "entity": lambda: self.patch("entities", name=name),
            "cue": lambda: self.patch("quotes", cue=name),
            "speaker": lambda: self.patch("quotes", speaker={"name": name, "type": "person"}),
            "section": lambda: self.patch("sections", name=name),
            "path": lambda: self.patch("sections", path=f"path-{self.number}"),
            "caption": lambda: self.patch("media", caption=name),
            "captions": lambda: self.patch(
                "media", "kind=video", captions=[{"url": "/boat.vtt", "label": name}]
            ),
            "poster": lambda: self.patch(
                "media", "kind=video", poster={"url": f"https://pictures.example/{name[5:]}.png"}
            ),
            "file": lambda: self.patch(
                "media", "kind=image", renditions=[{"url": f"/media/{self.number}.png"}]
            ),
            "video": lambda: self.patch("articles", media=[a_moving(self.number)]),
            "publisher": lambda: self.patch("publishers", name=name),
            "body": lambda: self.patch("articles", body=text_body(f"{name}. “We will not sell,”")),
            "mentions": lambda: self.patch("articles", entities=[a_mention(name="Ann Lee")]),
        }
        kind = self.chance.choice(sorted(changes))
        return kind, changes[kind]()

    # Any: members of a patch
    def patch(self, collection: str, kept: str = "", **members: Any) -> httpx.Response:
        return self.client.patch(self.any_of(collection, kept), json=members, headers=ANY)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_rendered_follows_every_change(
    client: TestClient, database: Database, seed: int
) -> None:
    for number in range(2):
        poster = {"url": f"https://pictures.example/{number}.png"}
        post(client, "media", a_video(renditions=[a_moving(number)], poster=poster))
    ids = [
        post(
            client,
            "articles",
            an_article(
                headline=f"Headline {number}",
                section=f"news/part-{number % 2}",
                publisher={"name": f"Courier {number % 2}"},
                lead_media=a_picture(caption=f"Picture {number}"),
                media=[a_moving(number)],
                quotes=[a_quote()],
                entities=[a_mention(), a_mention(name=f"Bo Ek {number}")],
            ),
        )["id"]
        for number in range(ARTICLES)
    ]
    desk = Desk(client, seed)
    forgotten = 0
    for _ in range(STEPS):
        database.write_now(keep_rendered, ids, NOW)
        kind, answer = desk.change()
        assert answer.status_code < 300, (kind, answer.text)
        kept = database.read_now(rendered_and_fresh)
        forgotten += len(kept) < ARTICLES
        for article_id, (body, fresh) in kept.items():
            assert body == fresh, (kind, article_id)
    assert forgotten > STEPS // 2


def test_a_rendered_article_is_what_the_application_answers(
    client: TestClient, reader: TestClient, database: Database
) -> None:
    article: Document = post(client, "articles", an_article(quotes=[a_quote()]))
    path = f"/v1/articles/{article['id']}"
    uncached = {"Cache-Control": "no-cache"}

    def forget(session: Session) -> None:
        session.execute(delete(RenderedArticle))

    made = reader.get(path, headers=uncached)
    database.write_now(keep_rendered, [article["id"]], NOW)
    assert find_rendered(database, article["id"], NOW)
    kept = reader.get(path, headers=uncached)

    assert kept.content == made.content
    own = ("x-request-id",)
    assert {k: v for k, v in kept.headers.items() if k not in own} == {
        k: v for k, v in made.headers.items() if k not in own
    }
    client.delete(f"{path}/publication", headers=ANY)
    assert reader.get(path, headers=uncached).status_code == 404
    database.write_now(forget)
    assert reader.get(path, headers=uncached).status_code == 404


def test_a_rendered_article_shows_from_its_instant_on(
    client: TestClient, database: Database
) -> None:
    article = post(client, "articles", an_article(published_at="2026-11-20T13:00:00Z"))
    later = NOW.replace(hour=13)

    database.write_now(keep_rendered, [article["id"]], NOW)
    assert not find_rendered(database, article["id"], later)
    database.write_now(keep_rendered, [article["id"]], later)
    assert find_rendered(database, article["id"], later)
    assert not find_rendered(database, article["id"], NOW)
