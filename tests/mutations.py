"""Take the predicate of what is public away from one place after another: the leak walk has to
notice each. `make check-leaks`; takes half a minute a place.

Ends with 1 when a place is not noticed, and is not one of those where the predicate hides nothing.
"""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
WALK = "tests/api/test_leaks.py"
PREDICATES = {
    "article_is_public", "quote_is_public", "quote_is_readable", "entity_is_public",
    "media_is_public", "section_is_public", "publisher_is_public",
}  # fmt: skip
# What is always so, in the place of a call and of a function.
CALLED = "__import__('sqlalchemy').true()"
NAMED = f"(lambda _: {CALLED})"
# Where it tells apart what may be seen anyway: the beginning of its line.
TELLS_APART = {("app/articles/filters.py", '"live"')}
TOGETHER = os.cpu_count() or 1


class Place(NamedTuple):
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    put: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def places() -> Iterator[Place]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        tree = ast.parse(path.read_text())
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and is_predicate(node.func):
                yield place(path, node, CALLED)
            elif is_predicate(node) and id(node) not in called:
                yield place(path, node, NAMED)


def is_predicate(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in PREDICATES


def place(path: Path, node: ast.AST, put: str) -> Place:
    assert isinstance(node, ast.expr)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    name = str(path.relative_to(ROOT))
    return Place(name, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, put)


def changed(source: str, at: Place) -> str:
    lines = source.split("\n")
    head = lines[at.line - 1].encode()[: at.column].decode()
    tail = lines[at.end_line - 1].encode()[at.end_column :].decode()
    lines[at.line - 1 : at.end_line] = [head + at.put + tail]
    return "\n".join(lines)


def is_noticed(copy: Path, at: Place) -> bool:
    path = copy / at.path
    source = path.read_text()
    path.write_text(changed(source, at))
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", WALK]
    # Without compiled files of the place before, which may be as old.
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            [*command, "-k", "sqlite and (hidden or nowhere)"],
            cwd=copy, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        path.write_text(source)
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{at}: the walk does not run:\n{ended.stdout}{ended.stderr}")
    return ended.returncode == 1


def hides_nothing(at: Place) -> bool:
    line = (ROOT / at.path).read_text().split("\n")[at.line - 1]
    return (at.path, line.strip().partition(":")[0]) in TELLS_APART


def main() -> int:
    wanted = [at for at in places() if not hides_nothing(at)]
    copies: SimpleQueue[Path] = SimpleQueue()
    left = []

    def look(at: Place) -> tuple[Place, bool]:
        copy = copies.get()
        try:
            return at, is_noticed(copy, at)
        finally:
            copies.put(copy)

    with TemporaryDirectory() as folder, ThreadPoolExecutor(TOGETHER) as threads:
        for number in range(TOGETHER):
            copy = Path(folder) / str(number) / "onrecord"
            shutil.copytree(
                ROOT, copy, ignore=shutil.ignore_patterns(".*", "var", "__pycache__"), symlinks=True
            )
            copies.put(copy)
        for at, noticed in threads.map(look, wanted):
            print(f"{at}: {'noticed' if noticed else 'NOT NOTICED'}", flush=True)
            if not noticed:
                left.append(at)
    print(f"{len(left)} of {len(wanted)} not noticed")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
