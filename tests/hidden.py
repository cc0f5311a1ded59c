"""What is public, and what nobody may see of it and beside it."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select
from starlette.testclient import TestClient

from app.database.session import Database
from app.models import Article, RenderedArticle
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
    saved,
    text_body,
)
from tests.conftest import Clock


@dataclass
class Newsroom:
    """What is public, by the path parameters that name it; and what nobody may see: names of
    resources, by those that would name them, and words. `once_public` is the id of what was public
    until now."""

    public: dict[str, list[str]]
    hidden: dict[str, set[str]]
    words: set[str]
    once_public: str

    @property
    def names(self) -> set[str]:
        """Of all that is hidden."""
        return set().union(*self.hidden.values())


def make_public(client: TestClient) -> dict[str, list[str]]:
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


@dataclass
class Hidden:
    """Articles that nobody may see, and the names of all that is theirs, by path parameters."""

    articles: list[str]
    deleted: str
    names: dict[str, set[str]]


def hide_articles(client: TestClient, article_id: str) -> Hidden:
    """One in each of the states in which it is not public, and a draft beside one that is."""
    unused = post(client, "media", a_video(caption="Veiled unused"))
    portrait = post(client, "media", a_picture(caption="Veiled portrait"))
    unknown = an_entity(name="Veiled Unreviewed", reviewed=False, image=portrait["id"])
    unreviewed = post(client, "entities", unknown)
    names: defaultdict[str, set[str]] = defaultdict(set)
    names["media_id"] |= {unused["id"], unused["poster"]["id"], portrait["id"]}
    names["entity_id"] |= {unreviewed["id"], unreviewed["slug"]}
    articles = []
    for number, changes in enumerate(HIDDEN, 1):
        poster = {"url": f"https://pictures.example/veiled{number}-poster.png"}
        video = post(client, "media", a_video(caption=f"Veiled{number} video", poster=poster))
        names["media_id"] |= {video["id"], video["poster"]["id"]}
        sent = hidden_article(number, **changes)
        sent["media"].append(video["id"])
        made = post(client, "articles", sent)
        slug = {"slug": f"veiled{number}-second"}
        made = saved(client.patch(f"/v1/articles/{made['id']}", json=slug, headers=ANY))
        names["article_id"] |= {made["id"], made["slug"], sent["slug"]}
        names["media_id"].add(made["lead_media"]["id"])
        names["publisher_id"] |= {made["publisher"]["id"], made["publisher"]["slug"]}
        if made["section"]["path"] != "news":
            section = saved(client.get(f"/v1/sections/{made['section']['path']}"))
            names["section_id"] |= {section["id"], section["path"]}
        articles.append(made["id"])
        names["quote_id"] |= {quote["id"] for quote in made["quotes"]}
        for found in (made["quotes"][0]["speaker"], made["entities"][1]):
            names["entity_id"] |= {found["id"], found["slug"]}
    deleted = articles.pop()
    assert client.delete(f"/v1/articles/{deleted}", headers=ANY).status_code == 204
    draft = hidden_article(len(HIDDEN) + 1)
    for one in ("quotes", "status", "published_at"):
        del draft[one]
    address = f"/v1/articles/{article_id}/draft"
    made = created(client.put(address, json=draft, headers={"If-None-Match": "*"}))
    names["article_id"].add(made["id"])
    return Hidden(articles, deleted, names)


HIDDEN: list[Document] = [
    {"status": "draft"},
    {"status": "withdrawn"},
    {"published_at": "2026-11-20T12:00:01.000001Z"},
    {"embargoed_until": "2026-11-20T12:00:01.000001Z"},
    {"status": "draft"},
    {"status": "draft"},
]


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
