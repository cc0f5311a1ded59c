"""Corrections, told by each format that has an article's words."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from app.documents.feeds import FeedItem
from app.representations.channel_home import channel_home
from app.representations.conformance import check_item
from app.representations.correction_notes import html_with_notes
from app.representations.feed_atom import feed_atom
from app.representations.feed_json import feed_json
from app.representations.feed_rss import feed_mrss, feed_rss
from app.representations.roku_app import roku_app
from app.representations.roku_search import roku_search
from tests.representations.documents import (
    NOON,
    a_channel,
    a_correction,
    a_row,
    a_source,
    an_item,
    faults,
    parse,
)

HTML = (
    "<aside>"
    '<p><strong>Correction, <time datetime="2026-11-20T12:00:00Z">2026-11-20</time>:</strong>'
    " It was Friday.</p>"
    '<p><strong>Correction, <time datetime="2026-11-21T12:00:00Z">2026-11-21</time>:</strong>'
    " &lt;b&gt;Ann&lt;/b&gt; &amp; Lee<br>spoke.</p>"
    "</aside>"
)
LATEST = "Correction, 2026-11-21: <b>Ann</b> & Lee spoke."


# Any: members of typed documents
def corrected(**changes: Any) -> FeedItem:
    later = a_correction(at=NOON + timedelta(days=1), text="<b>Ann</b> & Lee\nspoke.")
    return an_item(corrections=[a_correction(), later], **changes)


def test_rss_has_a_note_on_each_behind_the_body() -> None:
    without, told = (feed_rss(a_source(), [one]).decode() for one in (an_item(), corrected()))

    assert told == without.replace("]]>", f"{HTML}]]>")


def test_atom_has_a_note_on_each_behind_the_body() -> None:
    without, told = (feed_atom(a_source(), [one]).decode() for one in (an_item(), corrected()))

    escaped = HTML.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert told == without.replace("</content>", f"{escaped}</content>")


def test_json_feed_has_them_in_both_contents_and_as_data() -> None:
    without, told = (parse(feed_json(a_source(), [one])) for one in (an_item(), corrected()))

    item = without["items"][0]
    item["content_html"] += HTML
    item["content_text"] += (
        "\n\nCorrection, 2026-11-20: It was Friday."
        "\n\nCorrection, 2026-11-21: <b>Ann</b> & Lee\nspoke."
    )
    item["_onrecord"]["corrections"] = [
        {"at": "2026-11-20T12:00:00Z", "text": "It was Friday."},
        {"at": "2026-11-21T12:00:00Z", "text": "<b>Ann</b> & Lee\nspoke."},
    ]
    assert told == without


def test_media_rss_has_the_latest_at_the_end_of_the_description() -> None:
    without, told = (feed_mrss(a_source(), [one]).decode() for one in (an_item(), corrected()))

    latest = LATEST.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    description = "Crews return on Friday after a deal."
    assert told == without.replace(description, f"{description} {latest}")
    assert told.count(latest) == 2


def test_roku_has_the_latest_at_the_end_of_the_long_description() -> None:
    long = "Crews return on Friday. “We will not sell,” union leader Ann Lee said."

    app = roku_app(a_source(), [corrected()])
    search = roku_search(a_source(), [corrected()])

    assert faults("roku-app", app) == faults("roku-search", search) == []
    entry, asset = parse(app)["shortFormVideos"][0], parse(search)["assets"][0]
    assert entry["longDescription"] == f"{long} {LATEST}"
    assert [one["value"] for one in asset["longDescriptions"]] == [f"{long} {LATEST}"]
    assert entry["shortDescription"] == "Crews return on Friday after a deal."


def test_what_says_no_more_than_its_short_description_has_a_long_one_for_the_note() -> None:
    item = corrected(text="Crews return on Friday after a deal.")

    entry = parse(roku_app(a_source(), [item]))["shortFormVideos"][0]

    assert entry["longDescription"] == f"Crews return on Friday after a deal. {LATEST}"


def test_a_home_screen_has_the_latest_at_the_end_of_the_description() -> None:
    home = channel_home(a_channel(), [a_row(corrected())])

    assert faults("channel-home", home) == []
    card = parse(home)["rows"][0]["items"][0]
    assert card["description"] == f"Crews return on Friday after a deal. {LATEST}"


def test_a_note_on_television_takes_up_to_half_of_the_room() -> None:
    item = an_item(standfirst="deal " * 200, corrections=[a_correction(text="note " * 200)])

    card = parse(channel_home(a_channel(), [a_row(item)]))["rows"][0]["items"][0]

    description, _, note = card["description"].partition(" Correction, ")
    assert (description[-5:], note[-5:]) == ("deal…", "note…")
    assert 490 < len(card["description"]) <= 500
    assert abs(len(description) - len(note)) < 30


@pytest.mark.parametrize(("words", "codes"), [(5, set()), (80, {"description-cut"})])
def test_a_report_says_when_a_note_has_taken_the_room(words: int, codes: set[str]) -> None:
    item = an_item(standfirst="deal " * words, corrections=[a_correction(text="note " * 80)])

    found = check_item("mrss", a_source(), item)

    assert {one["code"] for one in found} == codes


def test_an_article_without_a_body_has_its_notes() -> None:
    item = an_item(body_html="", text="", corrections=[a_correction()])

    told = parse(feed_json(a_source(), [item]))["items"][0]

    assert told["content_text"] == "Correction, 2026-11-20: It was Friday."
    assert "<content:encoded><![CDATA[<aside>" in feed_rss(a_source(), [item]).decode()


@pytest.mark.parametrize(
    ("language", "word"),
    [("de-AT", "Korrektur"), ("zh-Hant", "更正"), ("hi", "Correction"), ("", "Correction")],
)
def test_a_note_is_called_one_in_the_language_of_its_article(language: str, word: str) -> None:
    assert f"<strong>{word}, <time" in html_with_notes(corrected(language=language))


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))).filter(str.strip))
def test_no_text_becomes_markup(text: str) -> None:
    shown = html.fromstring(html_with_notes(an_item(corrections=[a_correction(text=text)])))

    note = shown.xpath("//aside/p")[0]
    assert note.text_content() == f"Correction, 2026-11-20: {text}"
    assert {one.tag for one in note.iter()} == {"p", "strong", "time"}
