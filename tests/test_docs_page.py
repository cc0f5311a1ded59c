"""The documentation page in a real browser that has no network but the service itself."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, sync_playwright

from tests.browsers import FLAGS, chromium
from tests.servers import serving

TIMEOUT_MILLISECONDS = 30_000


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_documentation_page_works_without_the_internet(database_url: str) -> None:
    asked: list[str] = []
    failed: list[str] = []

    def only_this_machine(route: Route, request: Request) -> None:
        asked.append(request.url)
        if urlsplit(request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            route.abort()

    def watch(page: Page) -> None:
        page.route("**/*", only_this_machine)
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on(
            "console",
            lambda message: failed.append(message.text) if message.type == "error" else None,
        )
        page.on(
            "response",
            lambda answer: failed.append(answer.url) if answer.status >= 400 else None,
        )

    with serving(database_url) as [address], sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page()
        watch(page)
        page.goto(f"{address}/docs", timeout=TIMEOUT_MILLISECONDS)
        operations = page.locator(".opblock")
        tags = page.locator(".opblock-tag")
        tags.first.wait_for(timeout=TIMEOUT_MILLISECONDS)
        shown = 0
        for index in reversed(range(tags.count())):
            tags.nth(index).click()
            operations.first.wait_for(timeout=TIMEOUT_MILLISECONDS)
            shown += operations.count()
            if index:
                tags.nth(index).click()
                operations.first.wait_for(state="detached", timeout=TIMEOUT_MILLISECONDS)
        operations.filter(has_text="/v1/articles").first.click()
        page.locator(".opblock.is-open .responses-table").first.wait_for(
            timeout=TIMEOUT_MILLISECONDS
        )
        documented = page.evaluate(
            "async () => Object.values((await (await fetch('/openapi.json')).json()).paths)"
            ".flatMap(path => Object.keys(path)).length"
        )
        browser.close()

    assert failed == []
    assert {urlsplit(url).hostname for url in asked if not url.startswith("data:")} == {"127.0.0.1"}
    assert shown == documented
