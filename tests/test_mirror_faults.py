"""Whatever happens to a mirror and its source, the mirror ends as the source is."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.mirroring import source as sources
from app.mirroring.following import follow_page
from app.mirroring.place import OtherMirror, Overtaken
from app.mirroring.source import Source, SourceDown, SourceRefuses, StartAgain
from app.models import Mirror as Row
from tests.builders import ANY, Document, a_mention, a_quote, an_article, an_entity, post
from tests.conftest import Clock
from tests.mirrors import Mirror, mirror_of
from tests.test_mirror import a_newsroom


class BrokenOff(Exception):
    pass


@pytest.fixture
def whole(
    client: TestClient, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Mirror:
    """A mirror that copies two at a time."""
    monkeypatch.setattr(sources, "TOGETHER", 2)
    return mirror_of(client, tmp_path / "whole.db", clock)


def breaking_off(mirror: Mirror, after: int) -> Callable[[], None]:
    """Have the mirror break off before it writes for so many times; and what mends it."""
    write, written = mirror.database.write_now, 0

    def write_or_break(*given: Any, **named: Any) -> Any:
        nonlocal written
        if written == after:
            raise BrokenOff
        written += 1
        return write(*given, **named)

    mirror.database.write_now = write_or_break  # type: ignore[method-assign]

    def mend() -> None:
        mirror.database.write_now = write  # type: ignore[method-assign]

    return mend


def test_a_copy_that_breaks_off_anywhere_goes_on_where_it_was(
    client: TestClient, whole: Mirror
) -> None:
    a_newsroom(client)
    for number in range(3):
        post(client, "articles", an_article(headline=f"No. {number}", quotes=[a_quote()]))
    runs = 0
    while True:
        mend = breaking_off(whole, 1)
        try:
            whole.copy()
            break
        except BrokenOff:
            # Meanwhile something changes of what was copied, and of what was not.
            post(client, "entities", an_entity(name=f"New {runs}"))
        finally:
            mend()
        runs += 1
        assert runs < 100

    assert runs > 10
    assert whole.differences() == []


def test_what_is_followed_twice_is_followed_once(client: TestClient, whole: Mirror) -> None:
    ids = a_newsroom(client)
    place = whole.run.copied()
    changed = {"name": "Ann", "aliases": ["A."]}
    client.patch(f"/v1/entities/{ids['entity']}", json=changed, headers=ANY)
    client.delete(f"/v1/articles/{ids['draft']}", headers=ANY)
    whole.copy()
    assert whole.differences() == []

    def go_back(session: Session) -> None:
        session.execute(update(Row).values(position=place.position))

    whole.database.write_now(go_back)
    whole.copy()

    assert whole.differences() == []


def test_a_source_that_is_down_is_asked_again_ever_later(
    client: TestClient, whole: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    a_newsroom(client)
    pauses: list[float] = []
    ask = whole.run.source.ask

    def down(*_: object) -> Document:
        raise SourceDown("ConnectError")

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 8:
            whole.run.source.ask = ask  # type: ignore[method-assign]

    whole.run.pause = pause
    whole.run.source.ask = down  # type: ignore[method-assign, assignment]
    whole.run.run(once=True)

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    told = capsys.readouterr().err
    assert "The source does not answer (ConnectError): asked again in 4 s." in told
    assert whole.differences() == []


def test_a_source_that_goes_down_when_all_is_to_be_copied_again_is_waited_for(
    client: TestClient, whole: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_newsroom(client)
    whole.copy()
    failures = iter([StartAgain("410: the position is too old"), SourceDown("ConnectError")])
    is_lost = False
    ask = whole.run.source.ask

    def failing(path: str, query: Mapping[str, str]) -> Document:
        nonlocal is_lost
        is_lost = is_lost or path == "/v1/changes"
        failure = next(failures, None) if is_lost else None
        if failure is not None:
            raise failure
        return ask(path, query)

    monkeypatch.setattr(whole.run.source, "ask", failing)
    monkeypatch.setattr(whole.run, "pause", lambda _: None)
    whole.run.run(once=True)

    assert next(failures, None) is None
    assert whole.differences() == []


def test_all_is_copied_again_when_the_journal_does_not_go_on(
    client: TestClient, whole: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = a_newsroom(client)
    whole.copy()
    client.delete(f"/v1/articles/{ids['article']}", headers=ANY)
    client.patch(f"/v1/entities/{ids['entity']}", json={"name": "Ann"}, headers=ANY)
    follow = whole.run.source.changes
    asked: list[str] = []

    def too_old(after: str, wait_seconds: int) -> Document:
        asked.append(after)
        if len(asked) == 1:
            raise StartAgain("410: the position is too old")
        return follow(after, wait_seconds)

    whole.run.source.changes = too_old  # type: ignore[method-assign]
    whole.run.run(once=True)

    assert "All is copied again: 410: the position is too old" in capsys.readouterr().err
    assert whole.differences() == []


def test_another_newsroom_behind_the_same_address_replaces_the_first(
    client: TestClient, whole: Mirror
) -> None:
    """Keys, slugs and addresses are another's there."""
    a_newsroom(client)
    whole.copy()
    for resource in ("articles", "channels", "entities", "publishers"):
        for one in client.get(f"/v1/{resource}").json()["items"]:
            response = client.delete(f"/v1/{resource}/{one['id']}", headers=ANY)
            assert response.status_code == 204, response.text
    post(client, "entities", an_entity(name="Port Board", type="organization"))
    post(
        client,
        "articles",
        an_article(quotes=[a_quote()], entities=[a_mention(name="Somebody Else")]),
    )

    whole.run.start_again()
    whole.copy()

    assert whole.differences() == []


def test_what_was_deleted_gives_up_its_key(client: TestClient, whole: Mirror) -> None:
    """An embedded database gives the last key again."""
    first = post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention()]))
    whole.copy()
    client.delete(f"/v1/articles/{first['id']}", headers=ANY)
    ann = client.get("/v1/entities/ann-lee").json()
    client.delete(f"/v1/entities/{ann['id']}", headers=ANY)
    post(
        client,
        "articles",
        an_article(quotes=[a_quote(speaker={"name": "Bo"})], entities=[a_mention(name="Cy")]),
    )

    whole.copy()

    assert whole.differences() == []


def test_a_file_is_the_mirror_of_one_source(client: TestClient, whole: Mirror) -> None:
    whole.copy()
    whole.run.url = "http://other.example"

    with pytest.raises(OtherMirror, match=r"a mirror of http://source\.example: name another"):
        whole.run.run(once=True)


ANSWERS = {
    "no such route": (404, {}, SourceRefuses),
    "a key that is refused": (401, {"detail": "The key is unknown."}, SourceRefuses),
    "too many requests": (429, {"detail": "Too many."}, SourceDown),
    "a server that fails": (500, {"detail": "It failed."}, SourceDown),
    "a journal that starts later": (410, {"detail": "Too old."}, StartAgain),
    "another journal": (409, {"detail": "Unknown."}, StartAgain),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_the_source_says_is_told(case: str) -> None:
    status, document, failure = ANSWERS[case]
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=document))
    source = Source(httpx.Client(transport=transport, base_url="http://source.example"))

    with pytest.raises(failure, match=str(document.get("detail", "no Onrecord"))):
        source.changes("0", 0)


def test_a_source_that_cannot_be_reached_is_down() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    client = httpx.Client(transport=httpx.MockTransport(refuse), base_url="http://source.example")

    with pytest.raises(SourceDown, match="ConnectError: refused"):
        Source(client).digests("articles", "", None)


def test_a_mirror_that_two_processes_keep_is_not_turned_back(
    client: TestClient, whole: Mirror
) -> None:
    ids = a_newsroom(client)
    before = whole.copy()
    client.patch(f"/v1/entities/{ids['entity']}", json={"name": "Ann"}, headers=ANY)
    after = whole.copy()

    with pytest.raises(Overtaken):
        follow_page(whole.run.source, whole.database, before, whole.clock)

    assert whole.run.copied() == after
    assert whole.differences() == []
