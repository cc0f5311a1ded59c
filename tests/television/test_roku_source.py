"""The channels' source, as BrightScript's compiler and linter read it."""

from pathlib import Path

import pytest

from tests.television.tools import HERE, ROOT, node_package, node_program, output_of

PROJECTS = {
    "roku": ROOT / "examples" / "roku" / "bsconfig.json",
    "probe": HERE / "probe_channel" / "bsconfig.json",
}


@pytest.mark.parametrize("name", PROJECTS)
def test_it_compiles(name: str, tmp_path: Path) -> None:
    output = output_of(node_program("bsc"), "--project", PROJECTS[name], "--staging-dir", tmp_path)

    assert "error" not in output.lower()
    assert (tmp_path / "manifest").is_file()


@pytest.mark.parametrize("name", PROJECTS)
def test_the_linter_has_nothing_to_say(name: str) -> None:
    node_package("@rokucommunity/bslint")

    output = output_of(node_program("bslint"), "--project", HERE / f"bslint.{name}.json")

    # It ends well after warnings, too; each has a code.
    assert "Loading 1 plugins" in output
    assert "warning" not in output.lower()
    assert "BSLINT" not in output
