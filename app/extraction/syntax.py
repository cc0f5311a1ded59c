"""What a language model adds: the dependency parse of a paragraph, and the names in it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Name:
    """A named entity as the model sees it: its label, and its place in the text."""

    label: str
    start: int
    end: int


@dataclass(slots=True)
class Parse:
    """The tokens of one paragraph, at their offsets in the text."""

    starts: list[int]
    ends: list[int]
    words: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    left: list[int]
    right: list[int]
    children: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.children = [[] for _ in self.heads]
        for token, head in enumerate(self.heads):
            if head != token:
                self.children[head].append(token)

    def at(self, offset: int) -> int:
        """The token at or right after an offset (the last one, past the end)."""
        return min(bisect_right(self.ends, offset), len(self.starts) - 1)

    def between(self, start: int, end: int) -> range:
        """The tokens that begin inside the offsets."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def child(self, token: int, *deps: str) -> int | None:
        for child in self.children[token]:
            if self.deps[child] in deps:
                return child
        return None


class Model(Protocol):
    """A parser and name finder; the tests have one of their own."""

    def parse(self, pieces: Sequence[tuple[str, int]]) -> list[Parse | None]:
        """The parse of each (text, offset)."""

    def names(self, pieces: Sequence[tuple[str, int]]) -> list[Name]:
        """The named entities of all (text, offset), in order."""

    def forget(self) -> None:
        """Drop what was kept of the text just read."""
