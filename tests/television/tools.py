"""The programs that these tests need; one that is missing fails the test that asked for it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NODE_MODULES = HERE / "node_modules"


def program(name: str) -> str:
    """A program of the machine."""
    found = shutil.which(name)
    assert found, f"{name} is missing: `make television` installs it."
    return found


def python_program(name: str) -> str:
    """A program that comes with a Python package."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else program(name)


def node_output(script: str, *arguments: str) -> Any:
    """What a module of Node prints as JSON; it finds the packages."""
    module = ["--input-type=module", "--eval", script]
    return json.loads(output_of(program("node"), *module, "--", *arguments))


def node_package(name: str) -> Path:
    """The folder of a Node package."""
    folder = NODE_MODULES / name
    assert folder.is_dir(), f"The Node package {name} is missing: `make television` installs it."
    return folder


def node_program(name: str) -> str:
    """A program that comes with one of the Node packages."""
    program("node")
    found = NODE_MODULES / ".bin" / name
    assert found.exists(), f"{name} is missing: `make television` installs it."
    return str(found)


def output_of(*command: str | Path) -> str:
    """What a command prints, on both channels; it has to end well."""
    run = subprocess.run(
        [str(word) for word in command],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, f"{command[0]} ended with {run.returncode}:\n{run.stdout}"
    return run.stdout
