"""What there is to import under the paths that were given: pages, and lines of documents."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# Resources that others refer to come first.
RESOURCES = ("publishers", "sections", "media", "entities", "articles", "channels")
LINES = (".ndjson", ".jsonl")
PAGES = (".txt", ".text")


class Unreadable(Exception):
    """A file or line that cannot be imported, with the reason; the rest goes on."""


@dataclass(frozen=True)
class Item:
    """One page, or one line of documents of a `resource`. `place` names it to a person."""

    place: str
    resource: str
    content: str
    source: str | None = None


def items_of(paths: Sequence[str]) -> Iterator[Item | tuple[str, Unreadable]]:
    """Everything to import, in the order in which it can be; what cannot be read, with why."""
    for path in paths:
        for file in files_of(path):
            name = str(file) if file else "standard input"
            try:
                text = read_text(file)
            except (OSError, UnicodeDecodeError, Unreadable) as error:
                yield name, Unreadable(reason_of(error))
                continue
            yield from split(file, name, text)


def files_of(path: str) -> list[Path | None]:
    """The files of a folder that may be imported, or the one file; None is standard input."""
    if path == "-":
        return [None]
    folder = Path(path)
    if not folder.is_dir():
        return [folder]
    files: list[Path] = [
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in LINES + PAGES
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]
    files.sort(key=lambda file: (RESOURCES.index(resource_of(file)), str(file)))
    return list(files)


def resource_of(file: Path) -> str:
    """`entities.ndjson` and `entities-2026.ndjson` hold entities; all else are articles."""
    stem = file.name.lower().partition(".")[0].partition("-")[0]
    return stem if file.suffix.lower() in LINES and stem in RESOURCES else "articles"


def read_text(file: Path | None) -> str:
    data = sys.stdin.buffer.read() if file is None else file.read_bytes()
    return data.decode("utf-8-sig")


def split(file: Path | None, name: str, text: str) -> Iterator[Item]:
    is_lines = file.suffix.lower() in LINES if file else text.lstrip().startswith("{")
    if not is_lines:
        source = f"file:{file.resolve()}" if file else None
        yield Item(name, "pages", text, source)
        return
    resource = resource_of(file) if file else "articles"
    # Only LF ends a line here: JSON may hold other separators inside its strings.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield Item(f"{name}:{number}", resource, line)


def reason_of(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        return f"line {line}: this is not text in UTF-8"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)
