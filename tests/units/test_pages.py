"""Article pages as people copy them, and what is read from each."""

import dataclasses
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers.pages import MAX_PAGE_BYTES, Page, PageUnreadable, read_page

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"

HEADLINE = "Pilots' quay to reopen before the herring fair"
FIRST = "The pilots' quay opens again on Monday, two weeks before the herring fair."
SECOND = '"The piles will hold for forty years," harbour engineer Mirel Oake said.'
THIRD = "Boats had moored at the outer wall since the storm in spring."
BODY = (FIRST, SECOND, THIRD)


def a_page(*lines: str) -> str:
    """A page with the given lines, a blank line between each two."""
    return "\n\n".join(lines) + "\n"


def an_article(*above: str, body: tuple[str, ...] = BODY, below: tuple[str, ...] = ()) -> str:
    return a_page(*above, HEADLINE, *body, *below)


def test_a_page_gives_each_of_its_parts() -> None:
    text = a_page(
        "News / Harbour",
        HEADLINE,
        "Crews worked through the autumn storms.",
        "By Tove Arnsen and Pell Hask",
        "Published 12 October 2026, 14:05 UTC",
        "Workers at the pilots' quay (Photo by Ilse Brandt)",
        *BODY,
        "The Tarn Courier's website can also be reached at these other addresses:",
        "www.TarnCourier.example",
        "https://mirror.tarn-courier.example/",
        "Tarn Courier TV Roku",
    )

    assert read_page(text) == Page(
        headline=HEADLINE,
        paragraphs=BODY,
        section_path="news/harbour",
        section_names=("News", "Harbour"),
        standfirst="Crews worked through the autumn storms.",
        caption="Workers at the pilots' quay",
        credit="Ilse Brandt",
        bylines=("Tove Arnsen", "Pell Hask"),
        published_at=datetime(2026, 10, 12, 14, 5, tzinfo=UTC),
        publisher_name="The Tarn Courier",
        addresses=("www.tarncourier.example", "https://mirror.tarn-courier.example"),
        address_notice=("The Tarn Courier's website can also be reached at these other addresses:"),
        apps=(("roku", "Tarn Courier TV Roku"),),
    )


def test_a_page_of_headline_and_paragraphs_gives_nothing_else() -> None:
    assert read_page(an_article()) == Page(headline=HEADLINE, paragraphs=BODY)


@pytest.mark.parametrize(
    ("line", "path", "names"),
    [
        ("News / Harbour", "news/harbour", ("News", "Harbour")),
        ("News\u00a0 \u00a0/\u00a0 \u00a0Harbour", "news/harbour", ("News", "Harbour")),
        ("News\t›\tHarbour", "news/harbour", ("News", "Harbour")),
        ("News » Harbour", "news/harbour", ("News", "Harbour")),
        ("News > Harbour > Pilots", "news/harbour/pilots", ("News", "Harbour", "Pilots")),
        ("News | Harbour", "news/harbour", ("News", "Harbour")),
        ("Home > News", "news", ("News",)),
        ("You are here: Home / News", "news", ("News",)),
        ("News > ", "news", ("News",)),
        (f"News > {HEADLINE}", "news", ("News",)),
        ("Arts & Letters / Théâtre", "arts-letters/theatre", ("Arts & Letters", "Théâtre")),
        ("Новости / Порт", None, ("Новости", "Порт")),
    ],
)
def test_a_breadcrumb_gives_the_section(
    line: str, path: str | None, names: tuple[str, ...]
) -> None:
    page = read_page(an_article(line))

    assert (page.section_path, page.section_names) == (path, names)
    assert (page.headline, page.paragraphs) == (HEADLINE, BODY)


@pytest.mark.parametrize(
    "headline",
    [
        "Ferry and/or bridge: what the islands voted for",
        "Old port > new port, says every captain who has ever tried to moor in a gale",
        "A breadcrumb may not hold a sentence. / News",
        "> Harbour",
    ],
)
def test_a_headline_with_a_separator_is_no_breadcrumb(headline: str) -> None:
    page = read_page(a_page(headline, *BODY))

    assert (page.headline, page.section_names) == (headline, ())


def test_a_breadcrumb_after_the_headline_is_none() -> None:
    assert read_page(a_page(HEADLINE, *BODY, "News / Harbour")).paragraphs[-1] == "News / Harbour"


CAPTION = "Workers at the pilots' quay"
LEAD = "Crews worked through the autumn storms."


@pytest.mark.parametrize(
    ("top", "standfirst", "caption", "paragraphs"),
    [
        pytest.param((CAPTION, FIRST, SECOND), None, CAPTION, (FIRST, SECOND), id="caption"),
        pytest.param(
            (LEAD, CAPTION, FIRST, SECOND), LEAD, CAPTION, (FIRST, SECOND), id="standfirst, caption"
        ),
        pytest.param((LEAD, FIRST, SECOND), None, None, (LEAD, FIRST, SECOND), id="no caption"),
        pytest.param(
            (FIRST, SECOND, CAPTION, THIRD),
            None,
            None,
            (FIRST, SECOND, CAPTION, THIRD),
            id="crosshead",
        ),
        pytest.param(
            (CAPTION, FIRST, "A long wait", SECOND),
            None,
            CAPTION,
            (FIRST, "A long wait", SECOND),
            id="caption and crosshead",
        ),
        pytest.param((FIRST, CAPTION), None, CAPTION, (FIRST,), id="one sentence over a caption"),
        pytest.param(
            (CAPTION * 7, FIRST), None, None, (CAPTION * 7, FIRST), id="too long a caption"
        ),
    ],
)
def test_a_short_line_without_a_stop_is_the_caption_and_a_sentence_above_it_the_standfirst(
    top: tuple[str, ...],
    standfirst: str | None,
    caption: str | None,
    paragraphs: tuple[str, ...],
) -> None:
    page = read_page(a_page(HEADLINE, *top))

    assert (page.standfirst, page.caption, page.paragraphs) == (standfirst, caption, paragraphs)


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The quay at dawn (Photo by Ilse Brandt)", "The quay at dawn", "Ilse Brandt"),
        ("The quay at dawn. Photo: Ilse Brandt", "The quay at dawn.", "Ilse Brandt"),
        ("The quay lies open. (Photo: Brandt/Courier)", "The quay lies open.", "Brandt/Courier"),
        ("The quay at dawn. Photograph by Ilse Brandt.", "The quay at dawn.", "Ilse Brandt"),
        ("The quay at dawn © Ilse Brandt", "The quay at dawn", "Ilse Brandt"),
        ("The quay at dawn (via Harbour Office)", "The quay at dawn", "Harbour Office"),
        ("The quay at dawn [Ilse Brandt/Courier]", "The quay at dawn", "Ilse Brandt/Courier"),
        ("Image credit: Harbour Office", None, "Harbour Office"),
        (
            "Visitors before a picture by Ilse Brandt",
            "Visitors before a picture by Ilse Brandt",
            None,
        ),
        ("The quay at dawn (file photo)", "The quay at dawn (file photo)", None),
    ],
)
def test_a_caption_gives_up_its_credit(line: str, caption: str | None, credit: str | None) -> None:
    page = read_page(a_page(HEADLINE, line, *BODY))

    assert (page.caption, page.credit, page.paragraphs) == (caption, credit, BODY)


def test_a_credit_on_a_line_of_its_own_belongs_to_the_caption() -> None:
    page = read_page(a_page(HEADLINE, CAPTION, "Photo: Ilse Brandt", *BODY))

    assert (page.caption, page.credit, page.paragraphs) == (CAPTION, "Ilse Brandt", BODY)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Tove Arnsen", ("Tove Arnsen",)),
        ("BY TOVE ARNSEN AND PELL HASK", ("TOVE ARNSEN", "PELL HASK")),
        ("By Tove Arnsen, Pell Hask & J. R. Brandt", ("Tove Arnsen", "Pell Hask", "J. R. Brandt")),
        ("By Tove Arnsen, Harbour Correspondent", ("Tove Arnsen",)),
        ("By Tove van der Mool in Tarn", ("Tove van der Mool",)),
        ("By Tove Arnsen | 12 October 2026 | 3 min read", ("Tove Arnsen",)),
    ],
)
def test_a_byline_gives_its_names(line: str, names: tuple[str, ...]) -> None:
    page = read_page(a_page(HEADLINE, line, *BODY))

    assert (page.bylines, page.caption, page.paragraphs) == (names, None, BODY)


@pytest.mark.parametrize(
    "sentence", ["By Friday.", "By Friday the quay was dry again.", "By the end nobody was left."]
)
def test_a_sentence_that_begins_with_by_is_a_paragraph(sentence: str) -> None:
    page = read_page(a_page(HEADLINE, sentence, *BODY))

    assert (page.bylines, page.paragraphs) == ((), (sentence, *BODY))


@pytest.mark.parametrize(
    ("line", "instant"),
    [
        ("2026-10-12", datetime(2026, 10, 12, tzinfo=UTC)),
        ("Published: 2026-10-12T14:05:30Z", datetime(2026, 10, 12, 14, 5, 30, tzinfo=UTC)),
        ("2026-10-12 14:05+02:00", datetime(2026, 10, 12, 12, 5, tzinfo=UTC)),
        ("Monday, 12 October 2026 at 2:05 pm GMT", datetime(2026, 10, 12, 14, 5, tzinfo=UTC)),
        ("Oct. 12, 2026, 12:05 a.m. (UTC)", datetime(2026, 10, 12, 0, 5, tzinfo=UTC)),
        ("1st May 2026 09:30 UTC+3", datetime(2026, 5, 1, 6, 30, tzinfo=UTC)),
        (
            "Published 12 October 2026 14:05 GMT, last updated 13 October 2026 08:00 GMT",
            datetime(2026, 10, 12, 14, 5, tzinfo=UTC),
        ),
        ("12 October 2026", None),
        ("12 October 2026 14:05", None),
        ("12 October 2026 14:05 CST", None),
        ("2026-10-12 14:05", None),
        ("12/10/2026 14:05 GMT", None),
        ("31 November 2026 14:05 GMT", None),
        ("12 October 2026 14:05 pm GMT", None),
        ("Updated 12 October 2026 14:05 GMT", None),
        ("12. Oktober 2026, 14:05 Uhr", None),
    ],
)
def test_a_printed_date_is_an_instant_only_if_it_can_mean_but_one(
    line: str, instant: datetime | None
) -> None:
    page = read_page(a_page(HEADLINE, line, *BODY))

    assert (page.published_at, page.caption, page.paragraphs) == (instant, None, BODY)


@pytest.mark.parametrize(
    ("notice", "publisher"),
    [
        (
            "Tarn TV’s website can also be reached at these other addresses:",
            "Tarn TV",
        ),
        ("Harbour News' site can be reached at these addresses:", "Harbour News"),
        ("The website of The Tarn Courier is also available at these mirrors:", "The Tarn Courier"),
        ("You can also read The Tarn Courier at the following addresses:", "The Tarn Courier"),
        ("Our website can also be found at these addresses:", None),
    ],
)
def test_a_notice_of_addresses_is_kept_apart(notice: str, publisher: str | None) -> None:
    below = (notice, "• www.tarn.example", "tarn.example/en, HTTPS://Tarn.example:8443/Live/")

    page = read_page(an_article(below=below))

    assert page == Page(
        headline=HEADLINE,
        paragraphs=BODY,
        publisher_name=publisher,
        address_notice=notice,
        addresses=("www.tarn.example", "tarn.example/en", "https://tarn.example:8443/Live/"),
    )


def test_a_notice_may_be_followed_by_no_address_or_hold_them_itself() -> None:
    alone = "Tarn TV's website can also be found at these addresses:"
    full = f"{alone} www.tarn.example and tarn-mirror.example"

    assert read_page(an_article(below=(alone,))).addresses == ()
    assert read_page(an_article(below=(full,))).addresses == (
        "www.tarn.example",
        "tarn-mirror.example",
    )


@pytest.mark.parametrize(
    ("line", "apps"),
    [
        ("Tarn TV News Roku", (("roku", "Tarn TV News Roku"),)),
        ("Watch Tarn TV on Roku", (("roku", "Tarn TV"),)),
        (
            "Watch Tarn TV on Roku, Fire TV and Apple TV.",
            (("roku", "Tarn TV"), ("fire-tv", "Tarn TV"), ("apple-tv", "Tarn TV")),
        ),
        ("Tarn TV on Samsung and LG", (("samsung-tv", "Tarn TV"), ("lg-tv", "Tarn TV"))),
        ("Android TV: Tarn News", (("android-tv", "Tarn News"),)),
        ("Tarn News – Google Play", (("google-play", "Tarn News"),)),
        ("Download the Tarn News app for iOS", (("ios", "Tarn News"),)),
        ("Get our app from the App Store", (("ios", "Get our app from the App Store"),)),
    ],
)
def test_an_app_promotion_names_platform_and_app(
    line: str, apps: tuple[tuple[str, str], ...]
) -> None:
    page = read_page(an_article(below=(line,)))

    assert (page.apps, page.paragraphs) == (apps, BODY)


def test_an_app_without_a_name_takes_the_publishers() -> None:
    notice = "Tarn TV's website can also be found at these addresses:"

    page = read_page(an_article(below=(notice, "Find us on Roku")))

    assert page.apps == (("roku", "Tarn TV"),)


@pytest.mark.parametrize(
    "line",
    [
        "Share",
        "Share on Facebook",
        "Facebook Twitter WhatsApp Telegram Email",
        "Copy link",
        "Advertisement",
        "Read more: Herring fair draws record crowd",
        "Related: Who owns the outer wall?",
        "3 min read",
        "Updated 2 hours ago",
        "* * *",
    ],
)
@pytest.mark.parametrize("place", ["above", "top", "middle", "below"])
def test_buttons_and_links_are_left_out_wherever_they_stand(line: str, place: str) -> None:
    lines = [HEADLINE, *BODY]
    lines.insert({"above": 0, "top": 1, "middle": 3, "below": 4}[place], line)

    assert read_page(a_page(*lines)) == Page(headline=HEADLINE, paragraphs=BODY)


@pytest.mark.parametrize(
    "line",
    [
        "We use cookies to make this site better.",
        "By continuing to use this site you agree to our use of cookies.",
        "Sign up for our morning newsletter!",
        "Follow us on Mastodon",
    ],
)
def test_banners_are_left_out_at_both_ends(line: str) -> None:
    assert read_page(an_article(line, below=(line,))) == Page(headline=HEADLINE, paragraphs=BODY)


@pytest.mark.parametrize(
    "below",
    [
        ("© 2026 The Tarn Courier. All rights reserved.",),
        ("Tags: harbour, herring",),
        ("Related stories", "Herring fair draws record crowd", "Who owns the outer wall?"),
        ("Most read", "Herring fair draws record crowd", "© 2026 The Tarn Courier"),
        ("Contact us: desk@tarn.example",),
    ],
)
def test_what_ends_a_page_is_left_out(below: tuple[str, ...]) -> None:
    assert read_page(an_article(below=below)) == Page(headline=HEADLINE, paragraphs=BODY)


@pytest.mark.parametrize(
    "line",
    [
        "Watch the herring fair on Roku",
        "www.tarn.example",
        "The office's website can also be reached at these other addresses:",
        "We use cookies, the baker of the harbour café said, to win hearts.",
        "Follow us on the quay, she said.",
        "Copyright 2026 was carved into the new wall.",
        "News / Harbour",
        "12 October 2026",
        "By Tove Arnsen",
    ],
)
def test_in_the_middle_of_an_article_a_line_is_a_paragraph(line: str) -> None:
    body = (FIRST, SECOND, line, THIRD)

    assert read_page(an_article(body=body)) == Page(headline=HEADLINE, paragraphs=body)


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour office will show its cameras on Roku and Fire TV.",
        "Skippers find the tide tables on www.tarn.example.",
        '"Share it on Facebook if you like," she said.',
        "Watch the wind, the pilots say on Roku Island.",
    ],
)
def test_the_last_sentence_of_an_article_may_mention_such_words(sentence: str) -> None:
    body = (FIRST, SECOND, sentence)

    assert read_page(an_article(body=body)) == Page(headline=HEADLINE, paragraphs=body)


def test_a_link_heading_in_the_middle_takes_one_title_and_no_crosshead() -> None:
    body = (FIRST, SECOND, "Related", "Who owns the outer wall?", "A long wait", THIRD)

    assert read_page(an_article(body=body)).paragraphs == (FIRST, SECOND, "A long wait", THIRD)


@pytest.mark.parametrize(
    "text",
    [
        an_article("https://tarn.example/news/quay?id=7"),
        a_page(HEADLINE, "Source: https://Tarn.example/news/quay?id=7", *BODY),
        an_article(below=("Permalink https://tarn.example/news/quay?id=7",)),
        an_article(below=("https://tarn.example/news/quay?id=7",)),
    ],
)
def test_an_address_of_one_page_is_the_source(text: str) -> None:
    assert read_page(text) == Page(
        headline=HEADLINE, paragraphs=BODY, source_url="https://tarn.example/news/quay?id=7"
    )


def test_bare_hosts_at_the_end_are_addresses_of_the_publisher() -> None:
    page = read_page(an_article(below=("www.tarn.example", "tarn-mirror.example")))

    assert (page.source_url, page.addresses) == (
        None,
        ("www.tarn.example", "tarn-mirror.example"),
    )


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\v"])
@pytest.mark.parametrize("gap", [1, 2, 3])
def test_lines_may_end_and_be_parted_in_any_way(line_end: str, gap: int) -> None:
    lines = ["News / Harbour", HEADLINE, CAPTION, *BODY, "Tarn TV News Roku"]

    page = read_page("\ufeff" + (line_end * gap).join(lines))

    assert (page.section_path, page.headline, page.caption) == ("news/harbour", HEADLINE, CAPTION)
    assert (page.paragraphs, page.apps) == (BODY, (("roku", "Tarn TV News Roku"),))


def test_white_space_is_made_canonical_and_nothing_else() -> None:
    raw = "\u00a0“Cafe\u0301” —\tsaid\u2009 \u202fshe…\u200b\u00a0"

    assert read_page(a_page(HEADLINE, FIRST, raw)).paragraphs[1] == "“Cafe\u0301” — said she…"


def test_a_paragraph_cut_at_a_width_is_joined() -> None:
    cut = (
        "The pilots' quay opens again on Monday, two weeks before the\n"
        "herring fair, after crews had driven ninety new piles into the\n"
        "bed of the harbour."
    )

    page = read_page(a_page(HEADLINE, cut, SECOND))

    assert page.paragraphs == (cut.replace("\n", " "), SECOND)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "there is no headline"),
        (" \n\u00a0\n\t\n", 1, "there is no headline"),
        ("Share\n\nwww.tarn.example\n", 3, "there is no headline"),
        ("News / Harbour\n\n" + HEADLINE, 3, "there are no paragraphs under the headline"),
        (a_page(HEADLINE, "www.tarn.example"), 1, "there are no paragraphs under the headline"),
        (a_page(HEADLINE, CAPTION), 1, "there are no paragraphs under the headline"),
        (
            "\n" + "a" * 501 + "\n" + FIRST,
            2,
            "there is no headline: this line has more than 500 characters",
        ),
        (HEADLINE + "\r\n\r\nA\x00B", 3, "this is not text: it holds U+0000"),
        ("\x89PNG\r\n\x1a\n", 1, "this is not text: it holds U+0089"),
        (HEADLINE + "\n\ud800", 2, "this is not text: it holds U+D800"),
        ("<!DOCTYPE html>\n<p>A", 1, "this is the source of a page, not the text copied from it"),
        (
            HEADLINE + "\n" + "a" * MAX_PAGE_BYTES,
            2,
            "the page is larger than 1048576 bytes",
        ),
    ],
)
def test_what_is_no_page_is_refused_with_line_and_reason(text: str, line: int, reason: str) -> None:
    with pytest.raises(PageUnreadable) as raised:
        read_page(text)

    assert (raised.value.line, raised.value.reason) == (line, reason)
    assert str(raised.value) == f"line {line}: {reason}"


@pytest.mark.parametrize(
    "unit",
    [
        "Related\n",
        "By Ann Lee\n",
        "12 October 2026\n",
        "www.tarn.example\n",
        "a",
        "a.",
        "Roku and ",
        "' site ",
        "- ",
        "(Photo by ",
        '"We sail," she said.\n',
    ],
)
def test_a_page_of_the_largest_size_is_read_in_seconds(unit: str) -> None:
    text = a_page(HEADLINE, FIRST) + unit * ((MAX_PAGE_BYTES - 200) // len(unit))
    began = time.process_time()

    read_page(text)

    assert time.process_time() - began < 10


LINES = st.one_of(
    st.text(),
    st.sampled_from(
        ["News / Harbour", HEADLINE, CAPTION, *BODY, "Related:", "By Ann Lee", "Tarn TV Roku"]
    ),
    st.text("ab./:-–'’ |©()[]0123 @wx,", max_size=60),
)


@given(st.lists(LINES).map("\n".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        page = read_page(text)
    except PageUnreadable:
        return
    assert page.headline
    assert page.paragraphs
    assert all(part and part == " ".join(part.split()) for part in page.paragraphs)
    assert (page.section_path is None) or page.section_path.count("/") < len(page.section_names)


@pytest.mark.parametrize(
    "sample", sorted(SAMPLES.glob("article-page.txt")), ids=lambda path: path.name
)
def test_the_sample_page_is_read_whole(sample: Path) -> None:
    text = sample.read_text(encoding="utf-8")
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]

    page = read_page(text)

    assert dataclasses.asdict(page) == {
        "section_path": "news/russia",
        "section_names": ("News", "Russia"),
        "headline": lines[1],
        "standfirst": None,
        "caption": lines[2],
        "credit": None,
        "bylines": (),
        "published_at": None,
        "source_url": None,
        "paragraphs": tuple(lines[3:20]),
        "publisher_name": "Press TV",
        "addresses": (),
        "address_notice": lines[20],
        "apps": (("roku", "Press TV News Roku"),),
    }
