"""A mirror holds what its key sees at the source, and answers the same."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.access.keys import create_key
from app.database.session import Database
from app.importers.runs import run_import
from app.models.key import Scope
from tests.api.test_channels import a_bulletin, a_channel, a_programme
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_picture,
    a_quote,
    a_video,
    an_article,
    an_entity,
    post,
    problem_of,
    saved,
)
from tests.conftest import NOW, Clock
from tests.mirrors import Mirror, mirror_of, serving_mirror
from tests.newsrooms import NEWSROOM

COLLECTIONS = ("articles", "quotes", "entities", "sections", "publishers", "media", "channels")


@pytest.fixture
def public(reader: TestClient, tmp_path: Path, clock: Clock) -> Mirror:
    return mirror_of(reader, tmp_path / "public.db", clock)


@pytest.fixture
def whole(client: TestClient, tmp_path: Path, clock: Clock) -> Mirror:
    return mirror_of(client, tmp_path / "whole.db", clock)


def addresses(client: TestClient) -> Iterator[str]:
    """Of all resources that the client is shown."""
    for name in COLLECTIONS:
        address: str | None = f"/v1/{name}?limit=100"
        while address is not None:
            page = client.get(address)
            yield from (f"/v1/{name}/{one['id']}" for one in page.json()["items"])
            address = page.links["next"]["url"] if "next" in page.links else None


def assert_same_answers(source: TestClient, mirror: TestClient, *more: str) -> int:
    """Byte by byte, each resource and these other addresses; how many resources there were."""
    named = list(addresses(source))
    for address in [*named, *more]:
        here, there = mirror.get(address), source.get(address)
        assert (here.status_code, here.content) == (there.status_code, there.content), address
        assert here.headers.get("ETag") == there.headers.get("ETag"), address
    return len(named)


# Lists without a next page, whose cursor is signed by each service for itself.
LISTS = (
    "/v1/suggest?q=a",
    "/v1/sections?limit=100",
    "/v1/entities?limit=100",
    "/v1/articles?limit=100&include=quotes,entities,media,section",
    "/v1/quotes?limit=100",
    "/v1/media?limit=100",
    *(f"/v1/feeds/{one}" for one in ("rss.xml", "atom.xml", "feed.json", "mrss.xml", "roku.json")),
    *(f"/v1/feeds/{one}" for one in ("roku-search.json", "news-sitemap.xml", "epg.xml")),
)
OF_CHANNELS = (
    *("home.json", "rss.xml", "feed.json", "mrss.xml", "roku.json", "roku-linear.json", "epg.xml"),
    *("live.m3u", "schedule", "programmes", "bulletins", "conformance?target=roku-app"),
)
SEARCHES = ("/v1/search?q=ferry&limit=50", "/v1/search?q=said&sort=newest&limit=50")


def unscored(pages: list[Document]) -> list[list[Document]]:
    return [[{**hit, "score": None} for hit in page["items"]] for page in pages]


@pytest.mark.parametrize("key", ["public", "whole"])
def test_a_mirror_answers_the_sample_newsroom_as_its_source_does(
    reader: TestClient, public: Mirror, whole: Mirror, database: Database, clock: Clock, key: str
) -> None:
    run_import(database, [str(NEWSROOM)], clock=clock)
    public = {"public": public, "whole": whole}[key]
    public.copy()

    with serving_mirror(public, reader) as mirror:
        channel = reader.get("/v1/channels").json()["items"][0]["slug"]
        outputs = (f"/v1/channels/{channel}/{one}" for one in OF_CHANNELS)
        # How telling a word is depends on all articles, those that come later among them.
        searches = SEARCHES if key == "whole" else ()
        compared = assert_same_answers(reader, mirror, *LISTS, *outputs, *searches)
        hits = [[one.get(path).json() for path in SEARCHES] for one in (reader, mirror)]

        assert compared > 90
        assert unscored(hits[0]) == unscored(hits[1])
        written = mirror.post("/v1/sections", json={"path": "news", "name": "News"})
    assert problem_of(written)[0] == 401


def test_a_read_only_service_refuses_writes_whatever_the_key(
    client: TestClient, whole: Mirror
) -> None:
    whole.copy()
    key = whole.database.write_now(create_key, name="local", scopes=["admin"], at=NOW)

    with serving_mirror(whole, client) as mirror:
        headers = {"Authorization": f"Bearer {key}", **ANY}
        for method, path in (
            ("POST", "/v1/articles"),
            ("PATCH", "/v1/entities/x"),
            ("DELETE", "/v1/sections/news"),
            ("POST", "/v1/bulk"),
            ("POST", "/v1/keys"),
        ):
            response = mirror.request(method, path, headers=headers, json={})
            assert problem_of(response) == (403, "read-only"), path
        assert mirror.get("/v1/articles", headers=headers).status_code == 200
        asked = mirror.post("/v1/quotes/check", headers=headers, json={"words": "We will not sell"})
        assert asked.status_code == 200


def a_newsroom(client: TestClient) -> dict[str, str]:
    """Some of everything, hidden and public; ids by what they are of."""
    picture = post(client, "media", a_picture())
    video = post(client, "media", a_video())
    entity = post(
        client,
        "entities",
        an_entity(
            name="Ann Lee",
            aliases=["A. Lee"],
            external_ids=[{"scheme": "wikidata", "value": "Q1"}],
            image=picture["id"],
        ),
    )
    publisher = post(
        client, "publishers", {"name": "The Post", "addresses": ["https://post.example"]}
    )
    article = post(
        client,
        "articles",
        an_article(
            quotes=[a_quote(), a_quote(text="ferries will sail as planned", speaker=None)],
            entities=[
                a_mention(),
                a_mention(name="Port Board", type="organization", role="mentions"),
            ],
            publisher=publisher["id"],
            lead_media=video["id"],
        ),
    )
    until = {"until": "2026-11-21T12:00:00Z"}
    path = f"/v1/articles/{article['id']}/publication"
    assert client.put(path, json=until, headers=ANY).status_code == 200
    draft = post(
        client,
        "articles",
        an_article(
            headline="Kept back", status="draft", section="secret/room",
            entities=[a_mention(name="Hidden One")], publisher={"name": "Hidden Press"},
        ),
    )  # fmt: skip
    rows = [
        {"title": "Top", "kind": "pinned", "articles": [article["id"], draft["id"]]},
        {"title": "Room", "kind": "filter", "filter": {"sections": ["secret/room"]}},
    ]
    channel = post(client, "channels", a_channel(rows=rows))
    programme = post(client, f"channels/{channel['id']}/programmes", a_programme())
    bulletin = post(client, f"channels/{channel['id']}/bulletins", a_bulletin())
    return {
        "picture": picture["id"],
        "video": video["id"],
        "entity": entity["id"],
        "publisher": publisher["id"],
        "article": article["id"],
        "quote": article["quotes"][0]["id"],
        "draft": draft["id"],
        "channel": channel["id"],
        "programme": f"{channel['id']}/programmes/{programme['id']}",
        "bulletin": f"{channel['id']}/bulletins/{bulletin['id']}",
    }


@pytest.fixture
def assert_follow(
    client: TestClient, reader: TestClient, public: Mirror, whole: Mirror
) -> Iterator[Callable[[], None]]:
    """Each mirror is what its own key sees, when it has caught up; it is served all the while."""
    with (
        serving_mirror(public, reader) as of_public,
        serving_mirror(whole, reader) as of_whole,
    ):
        of_whole.headers["Authorization"] = f"Bearer {desk_key(whole)}"

        def assert_follow() -> None:
            for mirror, source, served in ((public, reader, of_public), (whole, client, of_whole)):
                mirror.copy()
                assert mirror.differences() == []
                assert_same_answers(source, served)

        yield assert_follow


def desk_key(mirror: Mirror) -> str:
    return mirror.database.write_now(create_key, name="l", scopes=["preview"], at=NOW)


def test_mirrors_follow_all_that_is_changed(
    client: TestClient, clock: Clock, assert_follow: Callable[[], None]
) -> None:
    ids = a_newsroom(client)
    assert_follow()

    def patch(address: str, **changes: object) -> None:
        clock.advance(seconds=1)
        saved(client.patch(f"/v1/{address}", json=changes, headers=ANY))
        assert_follow()

    patch(f"entities/{ids['entity']}", name="Ann Lee-Smith", slug="ann-lee-smith", aliases=[])
    patch(f"articles/{ids['article']}", slug="ferries-sail", headline="Ferries sail")
    patch(f"articles/{ids['article']}", body={"format": "text", "content": "Nobody said a word."})
    patch(f"publishers/{ids['publisher']}", name="The New Post", addresses=[])
    patch(f"media/{ids['video']}", caption="Another caption")
    patch("sections/news", path="reports", name="Reports")
    patch(f"channels/{ids['channel']}", name="Harbour Two")
    patch(f"channels/{ids['programme']}?force=true", title="Other news")
    patch(f"articles/{ids['draft']}", status="live", published_at="2026-11-20T11:00:00Z")
    patch("sections/secret/room", name="The room")
    patch(f"articles/{ids['draft']}", status="withdrawn")


def test_what_the_desk_noted_on_an_embargo_is_in_a_mirror_of_all(
    client: TestClient, reader: TestClient, whole: Mirror
) -> None:
    address = f"/v1/articles/{post(client, 'articles', an_article(status='draft'))['id']}"
    embargo = {"embargoed_until": "2026-11-21T12:00:00Z", "embargo_note": "After the vote"}
    saved(client.put(f"{address}/publication", json=embargo, headers=ANY))

    whole.copy()

    with serving_mirror(whole, reader) as mirror:
        mirror.headers["Authorization"] = f"Bearer {desk_key(whole)}"
        publication = saved(mirror.get(f"{address}/publication"))
    assert publication["embargo_note"] == "After the vote"


def test_what_is_deleted_is_gone_from_the_mirror(
    client: TestClient, assert_follow: Callable[[], None]
) -> None:
    ids = a_newsroom(client)
    assert_follow()

    for path in (
        f"quotes/{ids['quote']}",
        f"articles/{ids['article']}",
        f"articles/{ids['draft']}",
        f"channels/{ids['bulletin']}?force=true",
        f"channels/{ids['channel']}",
        f"entities/{ids['entity']}",
        f"publishers/{ids['publisher']}",
        f"media/{ids['picture']}",
    ):
        assert client.delete(f"/v1/{path}", headers=ANY).status_code == 204, path
        assert_follow()


def test_former_slugs_redirect_in_the_mirror_as_well(
    client: TestClient, reader: TestClient, public: Mirror
) -> None:
    ids = a_newsroom(client)
    saved(client.patch(f"/v1/articles/{ids['article']}", json={"slug": "second"}, headers=ANY))
    public.copy()

    with serving_mirror(public, reader) as mirror:
        moved = mirror.get("/v1/articles/ferry-strike-ends")

    assert moved.status_code == 308
    assert moved.headers["Location"] == "/v1/articles/second"


def test_a_slug_that_changes_hands_changes_hands_in_the_mirror(
    client: TestClient, assert_follow: Callable[[], None]
) -> None:
    first = post(client, "entities", an_entity(name="One", slug="one"))
    second = post(client, "entities", an_entity(name="Two", slug="two"))
    assert_follow()

    for entity, slug in ((first, "three"), (second, "one"), (first, "two")):
        changed = {"slug": slug}
        client.patch(f"/v1/entities/{entity['id']}", json=changed, headers=ANY)

    assert_follow()


def test_a_public_mirror_hides_by_its_own_clock_what_is_over(
    client: TestClient,
    reader: TestClient,
    public: Mirror,
    clock: Clock,
    assert_follow: Callable[[], None],
) -> None:
    ids = a_newsroom(client)
    public.copy()

    with serving_mirror(public, reader) as mirror:
        before = mirror.get(f"/v1/articles/{ids['article']}")
        clock.advance(hours=25)
        after = mirror.get(f"/v1/articles/{ids['article']}")

    assert (before.status_code, after.status_code) == (200, 404)
    assert_follow()


def test_a_key_that_sees_other_things_needs_another_file(
    client: TestClient, reader: TestClient, keys: dict[Scope, str], public: Mirror
) -> None:
    a_newsroom(client)
    public.copy()
    public.run.source.client = client

    with pytest.raises(Exception, match="name another file"):
        public.run.copied()


def test_verifying_names_each_difference(
    client: TestClient, reader: TestClient, whole: Mirror, public: Mirror
) -> None:
    ids = a_newsroom(client)
    whole.copy()
    with whole.database.engine.begin() as connection:
        run = connection.exec_driver_sql
        run("UPDATE entities SET revision = 7 WHERE id = ?", (ids["entity"],))
        run("DELETE FROM quotes WHERE id = ?", (ids["quote"],))
        run("UPDATE sections SET id = '01zzzzzzzzzzzzzzzzzzzzzzzz' WHERE path = 'news'")

    found = {(one.resource, one.kind) for one in whole.differences()}

    assert found == {
        ("entities", "revision 7 here, 1 there"),
        ("quotes", "missing here, revision 1 there"),
        ("sections", "missing here, revision 1 there"),
        ("sections", "surplus here, revision 1"),
    }


def test_a_mirror_can_be_mirrored(
    client: TestClient, reader: TestClient, public: Mirror, tmp_path: Path, clock: Clock
) -> None:
    ids = a_newsroom(client)
    public.copy()

    with serving_mirror(public, reader) as served:
        second = mirror_of(served, tmp_path / "second.db", clock)
        second.copy()
        for path, changes in (
            (f"entities/{ids['entity']}", {"name": "Ann Lee-Smith"}),
            (f"articles/{ids['draft']}", {"status": "live"}),
            (f"articles/{ids['article']}", {"status": "withdrawn"}),
        ):
            saved(client.patch(f"/v1/{path}", json=changes, headers=ANY))
            public.copy()
            second.copy()
            assert second.differences() == []
            assert public.differences() == []
            with serving_mirror(second, reader) as twice:
                assert_same_answers(reader, twice)


def test_a_mirror_tells_readers_of_its_changes_as_its_source_does(
    client: TestClient, reader: TestClient, public: Mirror
) -> None:
    ids = a_newsroom(client)
    public.copy()
    since = reader.get("/v1/changes?after=newest").json()["next_after"]

    with serving_mirror(public, reader) as served:
        here = served.get("/v1/changes?after=newest").json()["next_after"]
        client.patch(f"/v1/articles/{ids['article']}", json={"headline": "New"}, headers=ANY)
        saved(client.patch(f"/v1/articles/{ids['draft']}", json={"status": "live"}, headers=ANY))
        client.delete(f"/v1/articles/{ids['article']}", headers=ANY)
        public.copy()
        told = [
            {
                (one["resource"], one["id"], one["deleted"])
                for one in asked.get("/v1/changes", params={"after": after}).json()["items"]
                if one["resource"] == "article"
            }
            for asked, after in ((reader, since), (served, here))
        ]

    draft = ("article", ids["draft"], False)
    gone = ("article", ids["article"], True)
    assert {draft, gone} <= told[0]
    assert told[1] == {draft, gone}


def test_a_section_that_becomes_public_is_as_its_source_has_it(
    client: TestClient, reader: TestClient, public: Mirror
) -> None:
    post(client, "sections", {"path": "sea/port", "name": "Port"})
    public.copy()

    post(client, "articles", an_article(section="sea/port"))
    public.copy()

    with serving_mirror(public, reader) as mirror:
        assert mirror.get("/v1/sections/sea").json() == reader.get("/v1/sections/sea").json()
    assert public.differences() == []


def test_who_said_what_was_retracted_stays_known_when_hidden(
    client: TestClient, reader: TestClient, public: Mirror
) -> None:
    entity = post(client, "entities", an_entity(name="Eve Poe"))
    article = post(client, "articles", an_article(quotes=[a_quote(speaker=entity["slug"])]))
    quote = f"/v1/quotes/{article['quotes'][0]['id']}"
    retracted = {"note": "She did not say so."}
    saved(client.put(f"{quote}/retraction", json=retracted, headers=ANY))
    public.copy()

    hidden = {"reviewed": False}
    saved(client.patch(f"/v1/entities/{entity['id']}", json=hidden, headers=ANY))
    public.copy()

    assert reader.get(f"/v1/entities/{entity['id']}").status_code == 404
    with serving_mirror(public, reader) as mirror:
        assert mirror.get(quote).json() == reader.get(quote).json()
        assert mirror.get(f"/v1/entities/{entity['id']}").status_code == 404
    assert public.differences() == []
