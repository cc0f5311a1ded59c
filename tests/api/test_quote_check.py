"""`POST /v1/quotes/check`: whether somebody said some words."""

from dataclasses import replace
from typing import Any

from starlette.testclient import TestClient

from app.models.key import Scope
from app.web.application import Application
from tests.builders import (
    Document,
    a_quote,
    an_article,
    if_match,
    pointers_of,
    post,
    problem_of,
    saved,
    text_body,
)
from tests.conftest import Clock
from tests.test_statements import MOST_STATEMENTS, statements_of

LONG = "We will not sell the port to anyone in this town"

PARAPHRASE = "that the harbour would close for a week"


def check(client: TestClient, words: str, speaker: Any = None, query: str = "") -> Document:
    sent = {"words": words} if speaker is None else {"words": words, "speaker": speaker}
    return saved(client.post(f"/v1/quotes/check{query}", json=sent))


def told(found: Document) -> tuple[str, list[str]]:
    """The verdict, and the headlines of the articles that it rests on."""
    listed = found["places"] + found["nearest"]
    return found["verdict"], [item["article"]["headline"] for item in listed]


def an_article_of(
    headline: str, words: str, speaker: str | None = "Ann Lee", **quote: Any
) -> Document:
    name = None if speaker is None else {"name": speaker, "type": "person"}
    return an_article(
        headline=headline,
        body=text_body(f"A report.\n\n“{words},” somebody said.\n\nMore is expected."),
        quotes=[a_quote(text=words, speaker=name, **quote)],
    )


def test_a_check_tells_who_said_what_and_where(client: TestClient, reader: TestClient) -> None:
    late = {"published_at": "2026-11-20T10:00:00Z"}
    post(client, "articles", {**an_article_of("Second", f"Listen: {LONG}"), **late})
    first = post(client, "articles", an_article_of("First", f"😀 {LONG}"))
    post(client, "articles", an_article_of("Other", "Never sell a boat in a storm", "Bo Ek"))
    post(client, "articles", an_article_of("Nobody", "The ferries will be back by Monday", None))
    post(client, "articles", an_article_of("Told", PARAPHRASE, kind="indirect"))
    interrupted = "“We have waited,” Ann Lee said, “long enough for this.”"
    post(client, "articles", an_article(
        headline="Interrupted", body=text_body(interrupted),
        quotes=[a_quote(text="We have waited … long enough for this")],
    ))  # fmt: skip

    fragment = check(reader, "WILL NOT — sell the “port”")
    [place, _] = fragment["places"]
    utf16 = check(reader, "will not sell the port", "ann-lee", "?offsets=utf16")["places"][0]

    assert told(fragment) == ("exact", ["First", "Second"])
    assert place == {
        "id": first["quotes"][0]["id"],
        "kind": "direct",
        "status": "confirmed",
        "text": f"😀 {LONG}",
        "speaker": first["quotes"][0]["speaker"],
        "speaker_label": None,
        "spans": place["spans"],
        "article": {name: first[name] for name in ("id", "slug", "headline", "published_at")},
    }
    [span] = place["spans"]
    assert first["text"][span["start"] : span["end"]] == span["exact"] == "will not sell the port"
    assert utf16["spans"][0]["start"] == span["start"] + 1
    assert fragment["speaker"] is None

    verdicts = {
        "by the one named": check(reader, LONG, {"name": "Ann Lee"}),
        "by another": check(reader, "a boat in a storm", {"name": "ann  LEE"}),
        "by nobody who is named": check(reader, "back by monday", {"slug": "ann-lee"}),
        "a changed word": check(reader, "We will never sell the port to anyone", "Ann Lee"),
        "a dropped word": check(reader, "We will sell the port to anyone"),
        "a changed word of another": check(reader, "Never buy a boat in a storm", "Ann Lee"),
        "a paraphrase": check(reader, "the harbour would close for a week"),
        "a part": check(reader, "long enough for this"),
        "across the gap": check(reader, "waited ... long enough"),
        "across the gap, unmarked": check(reader, "We have waited long enough"),
        "nothing near": check(reader, "Crews want higher wages before the winter", "bo-ek"),
        "a word": check(reader, "storm"),
        "a word that nobody said": check(reader, "zebra"),
    }

    assert {case: told(found) for case, found in verdicts.items()} == {
        "by the one named": ("exact", ["First", "Second"]),
        "by another": ("other_speaker", ["Other"]),
        "by nobody who is named": ("other_speaker", ["Nobody"]),
        "a changed word": ("altered", ["First", "Second"]),
        "a dropped word": ("altered", ["First", "Second"]),
        "a changed word of another": ("altered", ["Other"]),
        "a paraphrase": ("altered", ["Told"]),
        "a part": ("exact", ["Interrupted"]),
        "across the gap": ("exact", ["Interrupted"]),
        "across the gap, unmarked": ("altered", ["Interrupted"]),
        "nothing near": ("unknown", []),
        "a word": ("exact", ["Other"]),
        "a word that nobody said": ("unknown", []),
    }
    assert verdicts["by another"]["places"][0]["speaker"]["name"] == "Bo Ek"
    assert verdicts["by another"]["speaker"]["name"] == "Ann Lee"
    altered = verdicts["a changed word"]["nearest"][0]
    assert 0.8 < altered["score"] < 1
    assert altered["difference"] == [
        {"op": "equal", "given": "We will ", "article": "We will "},
        {"op": "replace", "given": "never ", "article": "not "},
        {"op": "equal", "given": "sell the port to anyone", "article": "sell the port to anyone"},
    ]
    across = verdicts["across the gap"]["places"][0]["spans"]
    assert [span["exact"] for span in across] == ["waited", "long enough"]
    assert verdicts["nothing near"] == {
        "verdict": "unknown",
        "speaker": verdicts["nothing near"]["speaker"],
        "places": [],
        "nearest": [],
        "truncated": False,
    }


def test_what_may_not_be_seen_answers_nothing(
    client: TestClient, reader: TestClient, keys: dict[Scope, str], clock: Clock
) -> None:
    hidden = {
        "draft": {"status": "draft"},
        "scheduled": {"published_at": "2026-11-21T08:00:00Z"},
        "embargoed": {"embargoed_until": "2026-11-22T08:00:00Z"},
        "withdrawn": {"status": "withdrawn"},
        "proposed": {},
    }
    words = {
        "draft": "The eastern quay stays shut until spring",
        "scheduled": "Nobody asked our pilots about fog",
        "embargoed": "Every crane gets repainted this winter",
        "withdrawn": "I never signed that lease, believe me",
        "proposed": "Our tugs burn far too much oil",
    }
    for number, (case, changes) in enumerate(hidden.items()):
        status = "proposed" if case == "proposed" else "confirmed"
        sent = an_article_of(case, words[case], f"Secret {number}", status=status)
        post(client, "articles", {**sent, **changes})
    retracted = an_article_of(
        "retracted", "All divers sleep at noon on Sundays", status="retracted"
    )
    post(client, "articles", retracted)
    preview = {"Authorization": f"Bearer {keys['preview']}"}

    public = {
        (case, text): reader.post("/v1/quotes/check", json={"words": text})
        for case, whole in words.items()
        for text in (whole, f"{whole} indeed", whole.split()[2])
    }
    speakers = [
        reader.post("/v1/quotes/check", json={"words": "fog", "speaker": {"name": f"Secret {n}"}})
        for n in range(len(hidden))
    ]
    seen = {
        case: reader.post("/v1/quotes/check", json={"words": text}, headers=preview)
        for case, text in words.items()
    }
    clock.advance(days=3)
    later = {case: check(reader, text)["verdict"] for case, text in words.items()}

    assert {answer.json()["verdict"] for answer in public.values()} == {"unknown"}
    assert [problem_of(answer) for answer in speakers] == [(422, "reference-not-found")] * 5
    assert {case: answer.json()["verdict"] for case, answer in seen.items()} == dict.fromkeys(
        words, "exact"
    )
    assert later == {
        "draft": "unknown",
        "scheduled": "exact",
        "embargoed": "exact",
        "withdrawn": "unknown",
        "proposed": "unknown",
    }
    for client_of in (reader, client):
        assert check(client_of, "divers sleep at noon")["verdict"] == "unknown"


REFUSED: dict[str, tuple[Document, str, list[str]]] = {
    "no words": ({}, "validation-error", ["/words"]),
    "empty": ({"words": ""}, "validation-error", ["/words"]),
    "blank": ({"words": " \n"}, "validation-error", ["/words"]),
    "only marks": ({"words": "“—!?”"}, "validation-error", ["/words"]),
    "only joiners": ({"words": "… … ..."}, "validation-error", ["/words"]),
    "too long": ({"words": "a" * 5_001}, "validation-error", ["/words"]),
    "a NUL": ({"words": "a\0b"}, "validation-error", ["/words"]),
    "a number": ({"words": 5}, "validation-error", ["/words"]),
    "an unknown field": ({"words": "a", "wrods": "b"}, "validation-error", ["/wrods"]),
    "an unknown id": (
        {"words": "a", "speaker": "01kzzzzzzzzzzzzzzzzzzzzzzz"},
        "reference-not-found",
        ["/speaker/id"],
    ),
    "an unknown slug": (
        {"words": "a", "speaker": "nobody"},
        "reference-not-found",
        ["/speaker/slug"],
    ),
    "an unknown name": (
        {"words": "a", "speaker": "No One"},
        "reference-not-found",
        ["/speaker/name"],
    ),
    "an unknown external id": (
        {"words": "a", "speaker": {"external_ids": [{"scheme": "wikidata", "value": "Q1"}]}},
        "reference-not-found",
        ["/speaker/external_ids"],
    ),
    "a name of two": ({"words": "a", "speaker": "Jo Day"}, "entity-ambiguous", ["/speaker/name"]),
    "nobody": ({"words": "a", "speaker": {}}, "validation-error", ["/speaker"]),
}  # fmt: skip

UNKNOWN = {
    "one word 2,500 times": "a " * 2_500,
    "one letter 5,000 times": "a" * 5_000,
    "operators of a search": '" OR NEAR(a* -b) AND {text}: ^c OR "x',
    "quotes of a query": "it''s \\'x\\' & !y | (z:*) <-> \\",
    "wildcards": "%_% a__ %%z",
    "Arabic": "لن نبيع الميناء أبدا",
    "Chinese": "我们绝不会出售这个港口" * 400,
    "letters of many": "ﷺ" * 5_000,
    "signs of money": "$ € % & # @",
    "many words": " ".join(f"w{number}" for number in range(900)),
}


def test_any_words_are_answered_or_refused_clearly(client: TestClient, reader: TestClient) -> None:
    for slug in ("jo-day", "jo-day-2"):
        post(client, "entities", {"name": "Jo Day", "type": "person", "slug": slug})
    odd = [
        "it''s 100% _sure_ % \\ & (now)",
        "لن نبيع الميناء",
        "我们不会出售这个港口",
        "O'Neill's $5",
    ]
    for words in odd:
        post(client, "articles", an_article_of("Odd", words))

    refused = {
        case: reader.post("/v1/quotes/check", json=sent) for case, (sent, *_) in REFUSED.items()
    }
    unknown = {case: check(reader, words)["verdict"] for case, words in UNKNOWN.items()}
    found = [check(reader, words)["verdict"] for words in odd]

    assert {case: problem_of(answer) for case, answer in refused.items()} == {
        case: (422, code) for case, (_, code, _) in REFUSED.items()
    }
    assert {case: pointers_of(answer) for case, answer in refused.items()} == {
        case: pointers for case, (*_, pointers) in REFUSED.items()
    }
    candidates = refused["a name of two"].json()["candidates"]
    assert [one["slug"] for one in candidates] == ["jo-day", "jo-day-2"]
    assert unknown == {**dict.fromkeys(UNKNOWN, "unknown"), "Arabic": "altered"}
    assert found == ["exact"] * len(odd)
    assert check(reader, "出售这个")["verdict"] == "exact"


def test_the_index_follows_the_words_of_quotes(client: TestClient, reader: TestClient) -> None:
    written = client.post("/v1/articles", json=an_article_of("Kept", LONG))
    address = written.headers["Location"]
    edited = client.put(
        address, json=an_article_of("Kept", "The cranes stand still"), headers=if_match(written)
    )
    after_edit = [check(reader, words)["verdict"] for words in (LONG, "cranes stand still")]
    client.delete(address, headers=if_match(edited))
    after_deletion = check(reader, "cranes stand still")["verdict"]

    assert after_edit == ["unknown", "exact"]
    assert after_deletion == "unknown"


def test_a_check_reads_and_so_needs_no_key(
    app: Application, client: TestClient, reader: TestClient, keys: dict[Scope, str]
) -> None:
    for number in range(30):
        post(client, "articles", an_article_of(f"Article {number}", f"{LONG} {number}"))
    asked = {"words": LONG, "speaker": "ann-lee"}
    by_address = reader.post(f"/v1/quotes/check?key={keys['read']}", json=asked)
    counts = {}
    for words in (LONG, f"{LONG} 7", "We will never sell the port to a town", "Zebras graze here"):
        with statements_of(app) as sent:
            check(client, words, "ann-lee", "?offsets=utf16")
        counts[words] = len(sent)
    app.state.settings = replace(app.state.settings, anonymous_reads=False)
    without_key = reader.post("/v1/quotes/check", json=asked)

    assert saved(by_address)["verdict"] == "exact"
    assert len(by_address.json()["places"]) == 30
    assert max(counts.values()) <= MOST_STATEMENTS
    assert problem_of(without_key) == (401, "unauthenticated")


def test_a_list_of_places_says_that_it_is_not_all(client: TestClient, reader: TestClient) -> None:
    paragraphs = [f"“The quay is closed, case {number},” Ann Lee said." for number in range(120)]
    quotes = [a_quote(text=f"The quay is closed, case {number},") for number in range(120)]
    body = text_body("\n\n".join(paragraphs))
    post(client, "articles", an_article(body=body, quotes=quotes))

    found = check(reader, "the quay is closed")

    assert (len(found["places"]), found["truncated"]) == (100, True)
