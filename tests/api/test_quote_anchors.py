"""What becomes of a quote whose words an edit has taken from it, and how a person settles it."""

import pytest
from starlette.testclient import TestClient

from tests.builders import (
    TEXT,
    WORDS,
    Document,
    a_quote,
    an_article,
    assert_verbatim,
    ids_of,
    pointers_of,
    post,
    problem_of,
    saved,
    text_body,
    unchanged,
)

CHANGED = "We will never sell,"
DRIFTED = TEXT.replace(WORDS, CHANGED)
TWICE = "No. “We will not sell,” B. “We will not sell,” C."


def with_text(client: TestClient, article: Document, text: str, **changes: object) -> Document:
    """The article after a PATCH of its text."""
    response = client.patch(
        f"/v1/articles/{article['id']}",
        json={"body": text_body(text), **changes},
        headers=unchanged(article),
    )
    return saved(response)


def quote_of(client: TestClient, quote: Document) -> Document:
    return saved(client.get(f"/v1/quotes/{quote['id']}"))


def a_lost_quote(client: TestClient, text: str = DRIFTED) -> tuple[Document, Document]:
    """An article, and its quote as an edit to this text left it."""
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    edited = with_text(client, article, text)
    return edited, quote_of(client, article["quotes"][0])


@pytest.mark.parametrize(
    ("text", "anchor", "proposed"),
    [
        pytest.param(DRIFTED, "drifted", [CHANGED], id="other words"),
        pytest.param(TEXT.replace(WORDS, "We will  not sell,"), "drifted", ["We will  not sell,"],
                     id="another space"),
        pytest.param("Nothing.", "orphaned", [], id="all is new"),
        pytest.param(TEXT.replace(f"“{WORDS}” union", "Union"), "orphaned", [], id="cut out"),
        pytest.param(TWICE, "ambiguous", [WORDS, WORDS], id="twice"),
    ],
)  # fmt: skip
def test_a_quote_that_lost_its_place_is_kept_and_leaves_public_answers(
    client: TestClient, reader: TestClient, text: str, anchor: str, proposed: list[str]
) -> None:
    sent = [a_quote(), a_quote(text="sail as planned.")]
    article = post(client, "articles", an_article(quotes=sent))
    before, steady = article["quotes"]

    edited = with_text(client, article, f"{text}\n\nAll sail as planned.")

    lost, other = edited["quotes"]
    assert (lost["id"], lost["anchor"], lost["text"]) == (before["id"], anchor, WORDS)
    assert (lost["spans"], lost["detached"]) == ([], False)
    assert [one["text"] for one in lost["proposals"]] == proposed
    for one in lost["proposals"]:
        (span,) = one["spans"]
        assert edited["text"][span["start"] : span["end"]] == span["exact"] == one["text"]
        assert 0.6 <= one["score"] <= 1
        assert "".join(step["given"] for step in one["difference"]) in ("", WORDS)
        assert "".join(step["article"] for step in one["difference"]) in ("", one["text"])
    assert (other["id"], other["text"]) == (steady["id"], "sail as planned.")
    # Nobody is served words that the article does not have.
    shown = saved(reader.get(f"/v1/articles/{article['id']}"))["quotes"]
    assert {one["id"] for one in shown} <= {steady["id"]}
    assert before["id"] not in ids_of(reader.get("/v1/quotes"))
    assert problem_of(reader.get(f"/v1/quotes/{before['id']}")) == (404, "quote-not-found")
    # The desk has it on its list.
    wanted = f"/v1/quotes?anchor=drifted,orphaned,ambiguous&article={article['id']}"
    assert before["id"] in ids_of(client.get(wanted))
    assert (
        client.get(f"/v1/quotes?anchor={anchor}").json()["items"][0]["proposals"]
        == (lost["proposals"])
    )


def test_an_edit_that_is_taken_back_gives_a_quote_its_place_back(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))

    drifted = with_text(client, article, DRIFTED)
    further = with_text(client, drifted, "First.\n\n" + DRIFTED, headline="Later")
    restored = with_text(client, further, "First.\n\n" + TEXT)

    assert [one["quotes"][0]["anchor"] for one in (drifted, further)] == ["drifted", "drifted"]
    assert_verbatim(restored)
    (quote,) = restored["quotes"]
    assert (quote["anchor"], quote["text"], quote["proposals"]) == ("moved", WORDS, [])


def test_accepting_a_proposal_makes_its_words_the_quotes(
    client: TestClient, reader: TestClient
) -> None:
    article, lost = a_lost_quote(client)

    accepted = client.put(f"/v1/quotes/{lost['id']}/anchor", json={}, headers=unchanged(lost))

    quote = saved(accepted)
    assert (quote["text"], quote["anchor"], quote["proposals"]) == (CHANGED, "anchored", [])
    assert quote["speaker"] == lost["speaker"]
    now = saved(reader.get(f"/v1/articles/{article['id']}"))
    assert_verbatim(now)
    assert now["revision"] == article["revision"] + 1
    stale = client.put(f"/v1/quotes/{lost['id']}/anchor", json={}, headers=unchanged(lost))
    assert problem_of(stale) == (412, "precondition-failed")


@pytest.mark.parametrize("offsets", ["codepoints", "utf16"])
def test_a_place_among_several_is_chosen_by_its_number_or_sent(
    client: TestClient, offsets: str
) -> None:
    _, lost = a_lost_quote(client, "🚢 " + TWICE)
    address = f"/v1/quotes/{lost['id']}/anchor?offsets={offsets}"
    anchor = saved(client.get(address))

    unsaid = client.put(address, json={}, headers=unchanged(lost))
    beyond = client.put(address, json={"proposal": 2}, headers=unchanged(lost))
    both = client.put(address, json={"proposal": 0, "text": "No."}, headers=unchanged(lost))
    spans = anchor["proposals"][1]["spans"]
    by_spans = saved(client.put(address, json={"spans": spans}, headers=unchanged(lost)))
    by_number = client.put(address, json={"proposal": 0}, headers=unchanged(by_spans))

    assert (anchor["anchor"], anchor["anchored_revision"]) == ("ambiguous", 1)
    assert anchor["article_revision"] == 2
    assert problem_of(unsaid) == (409, "anchor-conflict")
    assert len(unsaid.json()["proposals"]) == 2
    assert (problem_of(beyond), pointers_of(beyond)) == ((422, "validation-error"), ["/proposal"])
    assert problem_of(both) == (422, "validation-error")
    assert (by_spans["spans"], by_spans["anchor"]) == (spans, "anchored")
    # It has its place: nothing is proposed any more.
    assert problem_of(by_number) == (422, "validation-error")


def test_a_place_that_is_sent_has_to_be_verbatim(client: TestClient) -> None:
    _, lost = a_lost_quote(client)
    address = f"/v1/quotes/{lost['id']}/anchor"

    refused = client.put(address, json={"text": "We may sell,"}, headers=unchanged(lost))
    elsewhere = saved(
        client.put(address, json={"text": "Crews return on Friday."}, headers=unchanged(lost))
    )

    assert problem_of(refused) == (422, "quote-not-verbatim")
    assert elsewhere["text"] == "Crews return on Friday."


def test_a_detached_quote_is_never_placed_again_unasked(
    client: TestClient, reader: TestClient
) -> None:
    article, lost = a_lost_quote(client)
    address = f"/v1/quotes/{lost['id']}/anchor"

    detached = saved(client.delete(address, headers=unchanged(lost)))
    article = saved(client.get(f"/v1/articles/{article['id']}"))
    edited = with_text(client, article, TEXT)

    (quote,) = edited["quotes"]
    assert (quote["anchor"], quote["detached"], quote["text"]) == ("orphaned", True, WORDS)
    assert quote["revision"] == detached["revision"]
    assert problem_of(reader.get(f"/v1/quotes/{lost['id']}")) == (404, "quote-not-found")
    assert ids_of(client.get("/v1/quotes?anchor=orphaned&detached=false")) == []
    assert ids_of(client.get("/v1/quotes?anchor=orphaned&detached=true")) == [lost["id"]]
    back = saved(client.put(address, json={"text": WORDS}, headers=unchanged(quote)))
    assert (back["anchor"], back["detached"]) == ("anchored", False)


def test_a_lost_quote_is_sent_back_as_served_and_changed_elsewhere(client: TestClient) -> None:
    article, lost = a_lost_quote(client)

    response = client.put(
        f"/v1/articles/{article['id']}",
        json={"headline": "Again", "body": article["body"], "quotes": article["quotes"]},
        headers=unchanged(article),
    )
    named = saved(
        client.patch(
            f"/v1/quotes/{lost['id']}", json={"speaker_role": "leader"}, headers=unchanged(lost)
        )
    )

    assert saved(response)["quotes"] == article["quotes"]
    assert (named["anchor"], named["speaker_role"]) == ("drifted", "leader")
    assert named["proposals"] == lost["proposals"]


def test_a_quote_sent_back_as_served_loses_its_place_with_its_words(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))

    response = client.put(
        f"/v1/articles/{article['id']}",
        json=an_article(body=text_body(DRIFTED), quotes=article["quotes"]),
        headers=unchanged(article),
    )

    assert saved(response)["quotes"][0]["anchor"] == "drifted"


def test_an_interrupted_quote_drifts_part_by_part(client: TestClient) -> None:
    words = "We will not sell, … ferries will sail as planned."
    article = post(client, "articles", an_article(quotes=[{"text": words}]))

    text = TEXT.replace("not sell", "never sell").replace("sail as", "sail just as")
    (lost,) = with_text(client, article, text)["quotes"]

    (proposal,) = lost["proposals"]
    assert lost["anchor"] == "drifted"
    assert proposal["text"] == "We will never sell, … ferries will sail just as planned."
    assert [len(proposal["spans"]), proposal["prefix"][-1]] == [2, "“"]


def test_a_dry_run_says_what_would_become_of_each_quote_and_saves_nothing(
    client: TestClient,
) -> None:
    words = [WORDS, "Crews return", "sail as planned.", "on Monday"]
    article = post(client, "articles", an_article(quotes=[a_quote(text=one) for one in words]))
    address = f"/v1/articles/{article['id']}"
    text = DRIFTED.replace("on Monday", "soon").replace("The port’s board", "The board")
    edit = an_article(body=text_body(text), section="news/elsewhere", slug="other")

    tried = client.put(f"{address}?dry_run=true", json=edit, headers=unchanged(article))
    patched = client.patch(
        f"{address}?dry_run=true", json={"body": edit["body"]}, headers=unchanged(article)
    )
    after_trial = saved(client.get(address))
    done = saved(client.put(address, json=edit, headers=unchanged(article)))

    preview = saved(tried)
    outcomes = [one["outcome"] for one in preview["quotes"]]
    assert outcomes == ["drifted", "unchanged", "moved", "orphaned"]
    assert [one["anchor"] for one in preview["quotes"]] == [
        "drifted", "anchored", "moved", "orphaned",
    ]  # fmt: skip
    assert [one["before"] for one in preview["quotes"]] == article["quotes"]
    assert [one["after"] for one in preview["quotes"]] == done["quotes"]
    assert (preview["revision"], preview["text_changed"]) == (1, True)
    assert saved(patched)["quotes"] == preview["quotes"]
    assert after_trial == article
    assert client.get("/v1/sections/news/elsewhere").status_code == 200  # of the edit itself


def test_a_dry_run_is_held_to_what_holds_for_the_edit(client: TestClient) -> None:
    article = post(client, "articles", an_article(quotes=[a_quote()]))
    address = f"/v1/articles/{article['id']}?dry_run=true"

    stale = client.put(address, json=an_article(), headers={"If-Match": f'"{article["id"]}.7"'})
    unsaid = client.put(address, json=an_article())
    wrong = client.put(
        address, json=an_article(quotes=[{"text": "No such"}]), headers=unchanged(article)
    )
    unknown = client.put(
        address.replace("true", "maybe"), json=an_article(), headers=unchanged(article)
    )
    listed = client.put(address, json=an_article(quotes=[{"text": "on Monday"}]),
                        headers=unchanged(article))  # fmt: skip

    assert problem_of(stale) == (412, "precondition-failed")
    assert problem_of(unsaid) == (428, "precondition-required")
    assert problem_of(wrong) == (422, "quote-not-verbatim")
    assert problem_of(unknown) == (400, "invalid-parameter")
    assert [one["outcome"] for one in saved(listed)["quotes"]] == ["added", "removed"]
