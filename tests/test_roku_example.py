"""The sample Roku channel as files; `make test-television` runs it."""

import json
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

from tests.commands import ROOT

CHANNEL = ROOT / "examples" / "roku"
LOCK = ROOT / "tests" / "television" / "package-lock.json"


def manifest() -> dict[str, str]:
    lines = (CHANNEL / "manifest").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def in_package(uri: str) -> Path:
    return CHANNEL / uri.removeprefix("pkg:/")


def size_of(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as opened:
        return opened.size


def test_its_pictures_have_the_sizes_that_a_device_asks_for() -> None:
    sizes = {
        name: size_of(in_package(uri))
        for name, uri in manifest().items()
        if uri.startswith("pkg:/")
    }

    assert sizes == {
        "mm_icon_focus_hd": (290, 218),
        "mm_icon_focus_fhd": (540, 405),
        "splash_screen_hd": (1280, 720),
    }


def test_it_reads_one_home_screen() -> None:
    assert manifest()["feed_url"].endswith("/v1/channels/skerry-courier/home.json")


def test_its_components_name_scripts_that_are_there() -> None:
    missing = [
        f"{path.name}: {script.get('uri')}"
        for path in CHANNEL.glob("components/*.xml")
        for script in ElementTree.parse(path).iter("script")
        if not (path.parent / (script.get("uri") or "")).is_file()
    ]

    assert missing == []


def test_the_node_packages_are_pinned_by_hash_and_without_addresses() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    del packages[""]

    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
