"""The sample web site on the sample newsroom, in a real browser."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsers import FLAGS, chromium
from tests.commands import ROOT
from tests.newsrooms import serving_newsroom
from tests.origins import serving_files

TIMEOUT_MILLISECONDS = 30_000
# Letters that JavaScript counts twice stand before its quote and in it, beside a mark of its own.
WIDE_LETTERS = {
    "id": "01m7v00000000000000000w1de",
    "headline": "A 𝄞 for the harbour 🚢",
    "slug": "a-clef-for-the-harbour",
    "language": "en",
    "status": "live",
    "section": "culture",
    "published_at": "2026-11-18T12:00:00Z",
    "body": {
        "format": "markdown",
        "content": "🚢🚢 The band plays 𝄞.\n\n“We *tune* by 🔔 and ear,” Tam Velloch said.",
    },
    "quotes": [{"text": "We tune by 🔔 and ear,", "speaker": {"name": "Tam Velloch"}}],
}


@dataclass
class Site:
    """The site's pages in a browser, and what went wrong in it."""

    page: Page
    address: str
    api: str
    failed: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}/?api={self.api}#/{path}", timeout=TIMEOUT_MILLISECONDS)
        return self.shown()

    def shown(self) -> Page:
        self.page.locator("main[aria-busy=false] h1").wait_for(timeout=TIMEOUT_MILLISECONDS)
        self.page.locator("#sections a").first.wait_for(timeout=TIMEOUT_MILLISECONDS)
        return self.page

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.api}/v1/{path}").raise_for_status().json()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Where the site is, and where the API is: two origins."""
    folder = tmp_path_factory.mktemp("newsroom")
    more = folder / "more"
    more.mkdir()
    (more / "articles.ndjson").write_text(json.dumps(WIDE_LETTERS) + "\n")
    with (
        serving_newsroom(folder, more) as api,
        serving_files(ROOT / "examples" / "web", headers={}) as address,
    ):
        yield address, api


@pytest.fixture
def site(browser: Browser, addresses: tuple[str, str]) -> Iterator[Site]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    site = Site(page, *addresses)
    page.on("pageerror", lambda error: site.failed.append(str(error)))
    page.on(
        "console",
        lambda message: site.failed.append(message.text) if message.type == "error" else None,
    )
    yield site
    page.close()


def marked_quotes(page: Page) -> dict[str, str]:
    """What is marked as each quote, its spans joined as in the quote's own text."""
    pieces = page.eval_on_selector_all(
        "mark[data-quote]",
        "marks => marks.map(m => [m.dataset.quote, Number(m.dataset.span), m.textContent])",
    )
    quotes: dict[str, dict[int, str]] = {}
    for quote_id, span, text in pieces:
        spans = quotes.setdefault(quote_id, {})
        spans[span] = spans.get(span, "") + text
    return {quote: " … ".join(spans[n] for n in sorted(spans)) for quote, spans in quotes.items()}


def test_what_is_marked_is_exactly_what_was_said(site: Site) -> None:
    articles = site.get("articles?limit=100&fields=slug,quotes")["items"]

    marked = {one["slug"]: marked_quotes(site.open(f"article/{one['slug']}")) for one in articles}

    assert marked == {
        one["slug"]: {quote["id"]: quote["text"] for quote in one["quotes"]} for one in articles
    }
    assert sum(len(quotes) for quotes in marked.values()) > 40
    assert "We tune by 🔔 and ear," in marked[WIDE_LETTERS["slug"]].values()
    assert site.failed == []


@pytest.mark.parametrize(
    ("path", "heading", "says"),
    [
        pytest.param("", "Latest", "Library stays open", id="front"),
        pytest.param("section/news/harbour", "Harbour", "Ferry strike ends", id="section"),
        pytest.param("entity/oda-brackwater", "Oda Brackwater", "On record", id="entity"),
        pytest.param("search/ferry", "hits for ferry", "Ferry strike ends", id="search"),
    ],
)
def test_a_page_shows_what_the_api_has(site: Site, path: str, heading: str, says: str) -> None:
    page = site.open(path)

    assert heading in page.locator("h1").inner_text()
    assert says in page.locator("main").inner_text()
    assert page.locator("h1").count() == 1
    assert page.locator("img:not([alt])").count() == 0
    assert site.failed == []


def test_an_article_is_shown_with_what_was_corrected_in_it(site: Site) -> None:
    page = site.open("article/herring-prices-fall-to-the-lowest-in-six-years")

    assert page.locator(".corrections p").all_inner_texts() == [
        "Correction, 28 October 2026: An earlier version of this article gave the price of a box"
        " of herring in crowns a kilo. It is in crowns a box of forty kilos."
    ]
    assert site.open("article/a-clef-for-the-harbour").locator(".corrections").count() == 0


def test_an_entity_is_shown_with_all_that_it_said(site: Site) -> None:
    quotes = site.get("entities/oda-brackwater/quotes?limit=50")["items"]

    page = site.open("entity/oda-brackwater")

    assert page.locator(".said blockquote").all_inner_texts() == [one["text"] for one in quotes]


def test_a_search_marks_what_it_found(site: Site) -> None:
    page = site.open(f"search/{'nobody wants to leave'.replace(' ', '%20')}")

    marked = {words.lower() for words in page.locator(".hits mark").all_inner_texts()}
    assert {"nobody", "leave"} <= marked
    assert all(len(word.split()) == 1 for word in marked)


def test_the_keyboard_reaches_everything(site: Site) -> None:
    page = site.open("article/ferry-crews-vote-to-strike-over-winter-rosters")
    count = page.eval_on_selector_all(
        "a[href], button, input", "all => all.map((one, n) => one.dataset.n = n).length"
    )

    reached = []
    for _ in range(count):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("Number(document.activeElement.dataset.n)"))

    assert reached == list(range(count))
    assert count > 12


def test_a_story_is_found_and_read_without_a_mouse(site: Site) -> None:
    page = site.open("")
    page.locator("#words").focus()
    page.keyboard.type("one question about oil")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="hits for one question about oil").wait_for()
    page.keyboard.press("Tab")  # from the main part, to its first link
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="New member holds up the budget").wait_for()
    page.get_by_role("button", name="In the text").first.focus()
    page.keyboard.press("Enter")

    focused = page.evaluate("document.activeElement.tagName")
    assert focused == "MARK"
    assert site.failed == []


def test_what_is_not_there_is_said(site: Site) -> None:
    page = site.open("article/no-such-story")

    assert page.locator("h1").inner_text() == "Not found"
    assert page.get_by_role("alert").inner_text() != ""


def test_it_fits_a_telephone_and_the_dark(site: Site) -> None:
    page = site.open("article/ferry-crews-vote-to-strike-over-winter-rosters")
    background = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(background)
    page.set_viewport_size({"width": 360, "height": 640})

    width = page.evaluate("document.documentElement.scrollWidth")

    assert light != dark
    assert width <= 360
