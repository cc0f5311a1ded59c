"""`/v1/export` and `/v1/digests`: what a copy is made of, and compared by."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.database.session import Database
from app.exports.digests import FEW
from app.models import Section
from app.models.base import new_id
from tests.builders import (
    ANY,
    Document,
    a_mention,
    a_quote,
    an_article,
    an_entity,
    post,
    problem_of,
    saved,
)
from tests.conftest import NOW, Clock


def export(client: TestClient, query: str) -> Document:
    return saved(client.get(f"/v1/export?{query}"))


def ids_of(page: Document) -> list[str]:
    return [one["document"]["id"] for one in page["items"]]


def test_an_export_goes_through_all_in_the_order_of_ids(client: TestClient) -> None:
    made = [post(client, "entities", an_entity(name=f"Person {n}"))["id"] for n in range(5)]

    pages = [export(client, "resource=entities&limit=2")]
    while (after := pages[-1]["next_after"]) is not None:
        pages.append(export(client, f"resource=entities&limit=2&after={after}"))

    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    assert [one for page in pages for one in ids_of(page)] == sorted(made)


def test_a_copy_has_the_document_of_its_address_and_what_is_kept_beside(
    client: TestClient,
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()], entities=[a_mention()]))
    client.patch(f"/v1/articles/{article['id']}", json={"slug": "second"}, headers=ANY)
    served = saved(client.get(f"/v1/articles/{article['id']}"))
    section = saved(client.get("/v1/sections/news/harbour"))

    [copied] = export(client, f"resource=articles&id={article['id']}")["items"]

    quotes = served.pop("quotes")
    assert copied["document"] == served
    assert [one["document"] for one in copied["parts"]["quotes"]] == quotes
    assert copied["former_slugs"] == ["ferry-strike-ends"]
    assert copied["kept"] == {
        "status": "live",
        "section": section["id"],
        "last_block": 3,
        "is_announced": True,
        "mentions_reviewed": True,
        "withdrawal_note": None,
        "embargo_note": None,
    }


def test_the_note_of_an_embargo_is_for_those_who_see_all(
    client: TestClient, reader: TestClient, clock: Clock
) -> None:
    article = post(client, "articles", an_article(status="draft"))
    embargo = {"embargoed_until": "2026-11-21T12:00:00Z", "embargo_note": "After the vote"}
    saved(client.put(f"/v1/articles/{article['id']}/publication", json=embargo, headers=ANY))
    clock.advance(days=2)

    [seen], [all_there_is] = (export(one, "resource=articles")["items"] for one in (reader, client))

    assert seen["kept"]["embargo_note"] is None
    assert all_there_is["kept"]["embargo_note"] == "After the vote"


def test_readers_are_given_what_is_public(client: TestClient, reader: TestClient) -> None:
    public = post(client, "articles", an_article(quotes=[a_quote(), a_quote(status="proposed")]))
    draft = post(client, "articles", an_article(status="draft"))
    both = f"resource=articles&id={draft['id']},{public['id']}"

    seen, all_there_is = export(reader, both), export(client, both)

    assert ids_of(seen) == [public["id"]]
    assert len(seen["items"][0]["parts"]["quotes"]) == 1
    assert sorted(ids_of(all_there_is)) == sorted([draft["id"], public["id"]])
    assert (seen["sees"], all_there_is["sees"]) == ("public", "all")


def test_a_retraction_with_a_note_is_a_part_of_what_readers_are_given(
    client: TestClient, reader: TestClient
) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    quote = article["quotes"][0]["id"]
    retracted = {"note": "She did not say so."}
    saved(client.put(f"/v1/quotes/{quote}/retraction", json=retracted, headers=ANY))

    [copied] = export(reader, "resource=articles")["items"]
    digests = saved(reader.get("/v1/digests?resource=quotes"))

    [part] = copied["parts"]["quotes"]
    served = saved(reader.get(f"/v1/quotes/{quote}"))
    assert part["document"] == {name: served[name] for name in served if name != "article"}
    assert [one["id"] for one in digests["items"]] == [quote]


def test_the_ids_that_readers_may_not_know_are_not_in_a_channels_copy(
    client: TestClient, reader: TestClient
) -> None:
    hidden = post(client, "entities", an_entity(name="Hidden", reviewed=False))
    carries = {"carries": {"entities": [hidden["id"]]}}
    post(client, "channels", {"name": "One", "language": "en", **carries})

    [seen], [all_there_is] = (export(one, "resource=channels")["items"] for one in (reader, client))

    # It carries nothing, and not all.
    assert seen["kept"]["carries"]["entities"] == ["0" * 26]
    assert all_there_is["kept"]["carries"]["entities"] == [hidden["id"]]


def many_sections(database: Database, count: int) -> None:
    def add(session: Any) -> None:
        session.add_all(
            Section(
                id=new_id(), path=f"s{n}", name=f"S {n}", reviewed=True, revision=1,
                created_at=NOW, updated_at=NOW,
            )
            for n in range(count)
        )  # fmt: skip

    database.write_now(add)


def test_the_ranges_of_digests_leave_out_nothing(reader: TestClient, database: Database) -> None:
    many_sections(database, FEW + 100)

    whole = saved(reader.get("/v1/digests?resource=sections&buckets=4"))

    assert whole["items"] == []
    assert whole["count"] == sum(one["count"] for one in whole["ranges"]) == FEW + 100
    assert len(whole["ranges"]) == 3
    bounds = [whole["after"], *(one["until"] for one in whole["ranges"])]
    assert [one["after"] for one in whole["ranges"]] == bounds[:-1]
    assert bounds[-1] is None
    for one in whole["ranges"]:
        bounds_of = {name: one[name] for name in ("after", "until") if one[name]}
        query = {"resource": "sections", **bounds_of}
        again = saved(reader.get("/v1/digests", params=query))
        assert {name: again[name] for name in one} == one
        assert len(again["items"]) == one["count"]


def test_a_digest_changes_with_what_it_is_of_and_with_nothing_else(
    client: TestClient, reader: TestClient
) -> None:
    entity = post(client, "entities", an_entity())
    post(client, "articles", an_article(quotes=[a_quote()]))

    def digests() -> dict[str, str]:
        kinds = ("articles", "quotes", "entities", "sections")
        pages = {kind: saved(reader.get(f"/v1/digests?resource={kind}")) for kind in kinds}
        return {kind: page["digest"] for kind, page in pages.items()}

    before = digests()
    post(client, "articles", an_article(status="draft"))
    assert digests() == before
    client.patch(f"/v1/entities/{entity['id']}", json={"name": "Ann"}, headers=ANY)
    after = digests()

    assert {kind for kind in after if after[kind] != before[kind]} == {"entities"}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("export", "resource"),
        ("export?resource=articels", "resource"),
        ("export?resource=quotes", "resource"),
        ("export?resource=articles&limit=0", "limit"),
        ("export?resource=articles&limit=201", "limit"),
        ("export?resource=articles&after=x", "after"),
        ("export?resource=articles&id=x", "id"),
        (f"export?resource=articles&limit=2&id={'0' * 26}", "id"),
        ("digests", "resource"),
        ("digests?resource=keys", "resource"),
        ("digests?resource=articles&buckets=257", "buckets"),
        ("digests?resource=articles&until=x", "until"),
        ("digests?resource=articles&resource=quotes", "resource"),
    ],
)
def test_what_is_wrong_is_named(reader: TestClient, query: str, parameter: str) -> None:
    response = reader.get(f"/v1/{query}")

    assert problem_of(response) == (400, "invalid-parameter")
    assert response.json()["errors"][0]["parameter"] == parameter
