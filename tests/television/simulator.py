"""Channels for Roku, compiled, packed and run in a simulator in Chromium."""

import re
import shutil
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.television.tools import HERE, node_package, node_program, output_of

# It takes 10 seconds when nothing else runs, and minutes on two busy cores.
PATIENCE_SECONDS = 240
START_MILLISECONDS = 60_000


@dataclass(frozen=True)
class Channel:
    """A compiled channel; where its feed stands is said each time it is run."""

    folder: Path

    def packed(self, feed_url: str, target: Path) -> None:
        """Write the zip that a device takes, with this address in its manifest."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for path in sorted(self.folder.rglob("*")):
                if not path.is_file():
                    continue
                name = path.relative_to(self.folder).as_posix()
                content = path.read_bytes()
                if name == "manifest":
                    manifest = re.sub(
                        r"^feed_url=.*$", f"feed_url={feed_url}", content.decode(), flags=re.M
                    )
                    assert feed_url in manifest
                    content = manifest.encode()
                package.writestr(name, content)


@dataclass
class Running:
    """A channel that runs, and what it has printed."""

    page: Page
    errors: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        output: str = self.page.evaluate("output")
        return [line.strip() for line in output.splitlines() if line.strip()]

    def wait_for(self, line: str, times: int = 1, *, despite_crash: bool = False) -> list[str]:
        """All lines, once one that begins so was printed, or so many of them."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            lines = self.lines()
            if sum(printed.startswith(line) for printed in lines) >= times:
                return lines
            crashed = any("CRASH" in printed for printed in lines)
            assert despite_crash or not crashed, self.told(line)
            # A pause of the page's own, so that its events come in meanwhile.
            self.page.wait_for_timeout(100)
        raise AssertionError(self.told(line))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.evaluate("key => brs.sendKeyPress(key, 100)", key)
            self.page.wait_for_timeout(500)

    def picture(self) -> bytes:
        return self.page.locator("#display").screenshot()

    def told(self, line: str) -> str:
        printed = "\n".join(self.lines())
        return f"The channel did not print {line!r}. It printed:\n{printed}\n{self.errors}"


class Simulator:
    def __init__(self, browser: Browser, folder: Path, address: str) -> None:
        self.browser = browser
        self.folder = folder
        self.address = address
        self.count = 0

    @contextmanager
    def running(
        self, channel: Channel, feed_url: str, deep_link: Mapping[str, str] | None = None
    ) -> Iterator[Running]:
        self.count += 1
        name = f"channel-{self.count}.zip"
        channel.packed(feed_url, self.folder / name)
        page = self.browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(START_MILLISECONDS)
        running = Running(page)
        page.on("pageerror", lambda error: running.errors.append(str(error)))
        page.goto(f"{self.address}/simulator.html")
        page.evaluate("([channel, link]) => run(channel, link)", [name, dict(deep_link or {})])
        try:
            yield running
        finally:
            page.close()


def set_up(folder: Path) -> None:
    """Put the simulator's page and its parts into a folder that is served."""
    engine, scenegraph = node_package("brs-engine"), node_package("brs-scenegraph")
    (folder / "lib").mkdir()
    (folder / "assets").mkdir()
    shutil.copy(HERE / "simulator.html", folder)
    for script in (
        engine / "lib" / "brs.api.js",
        engine / "lib" / "brs.worker.js",
        scenegraph / "lib" / "brs-sg.js",
    ):
        shutil.copy(script, folder / "lib")
    # With the fonts of SceneGraph, which those of the engine itself lack.
    shutil.copy(scenegraph / "assets" / "common.zip", folder / "assets")


def compiled(project: Path, target: Path) -> Channel:
    output_of(node_program("bsc"), "--project", project, "--staging-dir", target)
    return Channel(target)
