"""What holds for the whole code and its documentation, so that nobody has to remember it."""

import ast
import inspect
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.testclient import TestClient

from app.errors import problem_types
from app.models.key import Scope
from app.settings import Settings
from app.web.application import Application
from app.web.writing import WriteModel
from tests.builders import problem_of
from tests.commands import ROOT

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

DIALECTS = re.compile(r"sqlite|postgres|psycopg", re.IGNORECASE)
# Where databases are told apart.
DIALECT_MODULES = re.compile(
    r"app/(database|search|search/quote_words)/(sqlite|postgresql)\.py|app/database/wire\.py"
)
# Where the one of a URL or a connection is chosen, and where a type differs.
DIALECT_USERS = {
    "app/database/engine.py",
    "app/database/filters.py",
    "app/database/keys.py",
    "app/database/lexemes.py",
    "app/database/listed.py",
    "app/database/types.py",
    "app/search/engines.py",
    "app/search/quote_words/hits.py",
}

METHODS = ("get", "post", "put", "patch", "delete")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """The path of each module of the service, and its syntax tree."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def is_prose(text: str) -> bool:
    """Documentation and messages may name a database; a word alone chooses one."""
    return " " in text.strip()


def test_each_package_imports_only_what_comes_after_it() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    ended = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert ended.returncode == 0, ended.stdout


def test_only_the_session_begins_and_commits() -> None:
    sites = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("begin", "commit")
    }

    # Reads change nothing: how their transactions end is their connections' own matter.
    assert sites == {"app/database/session.py", "app/database/readers.py"}


def test_only_the_databases_own_modules_tell_them_apart() -> None:
    words = set()
    for path, tree in modules():
        if DIALECT_MODULES.fullmatch(path):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if DIALECTS.search(node.value) and not is_prose(node.value):
                    words.add((path, node.value))
            elif isinstance(node, ast.Attribute) and node.attr in ("dialect", "drivername"):
                words.add((path, node.attr))
            elif isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names]
                origin = getattr(node, "module", None) or ""
                if DIALECTS.search(" ".join([origin, *names])) and path not in DIALECT_USERS:
                    words.add((path, ast.unparse(node)))

    assert words == {
        ("app/settings.py", Settings().database_url),
        ("app/database/engine.py", "drivername"),
        ("app/database/prepared.py", "dialect"),
        ("app/search/engines.py", "dialect"),
        ("app/search/quote_words/hits.py", "dialect"),
    }


def test_error_codes_are_unique_and_documented_with_their_status() -> None:
    known = [(problem.code, problem.status) for problem in problem_types()]
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (\d{3}) \|", (ROOT / "docs/errors.md").read_text(), re.MULTILINE
    )

    assert [code for code, count in Counter(code for code, _ in known).items() if count > 1] == []
    assert {(code, int(status)) for code, status in rows} == set(known)
    assert len(rows) == len(known)


def test_settings_are_documented_with_their_defaults() -> None:
    rows = re.findall(
        r"^\| `(ONRECORD_[A-Z_]+)` \| (.*?) \|",
        (ROOT / "docs/settings.md").read_text(),
        re.MULTILINE,
    )

    assert {name: default.strip("`") for name, default in rows} == {
        f"ONRECORD_{field.name.upper()}": shown(field.default) for field in fields(Settings)
    }


def shown(default: object) -> str:
    """A default as it is written in an environment variable."""
    if default is None:
        return "none"
    if isinstance(default, tuple):
        return ",".join(default)
    return str(default).lower() if isinstance(default, bool) else str(default)


# Any: OpenAPI is open JSON
def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


@on_sqlite
def test_operation_ids_are_unique(app: Application) -> None:
    ids = Counter(operation["operationId"] for _, _, operation in operations(app.openapi()))

    assert [name for name, count in ids.items() if count > 1] == []
    assert len(ids) == sum(len(route.methods) for route in app.state.routes)


@on_sqlite
def test_the_openapi_document_of_the_repository_is_the_served_one(client: TestClient) -> None:
    served = client.get("/openapi.json").json()

    kept = json.loads((ROOT / "openapi.json").read_text())

    assert kept == served, "make openapi writes it anew"


@on_sqlite
def test_the_openapi_document_is_valid_and_lists_each_operations_errors(app: Application) -> None:
    document = app.openapi()
    always = {"400", "401", "403", "406", "429", "500", "503"}
    by_method = {
        "get": set(),
        "post": {"409", "413", "415", "422"},
        "put": {"409", "412", "413", "415", "422", "428"},
        "patch": {"409", "412", "413", "415", "422", "428"},
        "delete": {"409", "412", "428"},
    }

    OpenAPIV31SpecValidator(document).validate()

    unlisted = {}
    for method, path, operation in operations(document):
        impossible = {"409"} if operation.get("x-reads-only") else set()
        expected = always | (by_method[method] - impossible) | ({"404"} if "{" in path else set())
        problems = {
            status
            for status, response in operation["responses"].items()
            if response.get("$ref") == f"#/components/responses/Problem{status}"
        }
        if expected - problems:
            unlisted[method, path] = expected - problems
    assert unlisted == {}


@on_sqlite
def test_every_operation_refuses_an_unknown_parameter(
    client: TestClient, app: Application, keys: dict[Scope, str]
) -> None:
    headers = {"Authorization": f"Bearer {keys['admin']}"}
    answers = {}
    for method, path, _ in operations(app.openapi()):
        address = re.sub(r"\{.*?\}", "1", path)
        query = {"colour": "red"}
        response = client.request(method.upper(), address, params=query, headers=headers)
        answers[method, path] = (problem_of(response), response.json()["errors"][0]["parameter"])

    assert set(answers.values()) == {((400, "invalid-parameter"), "colour")}


@on_sqlite
def test_models_of_what_is_sent_refuse_unknown_fields(app: Application) -> None:
    models = {model for model in subclasses(BaseModel) if model.__module__.startswith("app.")}

    assert {model for model in models if model.model_config.get("extra") != "forbid"} == set()
    assert {model for model in models if not issubclass(model, WriteModel)} == set()


def subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for below in model.__subclasses__():
        yield below
        yield from subclasses(below)


@on_sqlite
def test_handlers_are_coroutines_and_no_middleware_buffers(app: Application) -> None:
    plain = [
        route.name for route in app.state.routes if not inspect.iscoroutinefunction(route.endpoint)
    ]

    assert plain == []
    kinds = [one.cls for one in app.api.user_middleware]
    assert not any(
        isinstance(kind, type) and issubclass(kind, BaseHTTPMiddleware) for kind in kinds
    )


def test_the_start_waits_neither_for_alembic_nor_for_the_openapi_document(tmp_path: Path) -> None:
    program = """
import sys
from app.main import create_app
from app.settings import Settings
app = create_app(Settings(database_url=sys.argv[1]))
assert app.api.openapi_schema is None
print(*sorted({name.partition(".")[0] for name in sys.modules}))
print(*(name for name in sys.modules if name.startswith("app.importers")))
"""

    url = f"sqlite:///{tmp_path / 'onrecord.db'}"

    ended = subprocess.run(
        [sys.executable, "-c", program, url], cwd=ROOT, capture_output=True, text=True, check=True
    )

    packages, importers = ended.stdout.splitlines()
    unwanted = {"alembic", "mako", "numpy", "rich", "spacy", "thinc", "typer", "yaml"}
    assert unwanted & set(packages.split()) == set()
    assert importers == ""


def test_no_file_names_a_registry_or_somebodys_folder() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    # Written apart, so that this file does not name them itself.
    hosts = "|".join(("pypi" + r"\.org", "python" + "hosted", "--(extra-)?index" + "-url[ =]"))
    folders = "|".join(
        rf"/{one}/" for one in ("root", r"home/\w+", r"Users/\w+", "work", "tmp/play")
    )
    named = re.compile(rf"({hosts})|(?<![\w.])({folders})")

    found = {}
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if not path.is_file() or name == "LICENSE":
            continue
        match = named.search(path.read_text(errors="replace"))
        if match:
            found[name] = match[0]

    assert found == {}
