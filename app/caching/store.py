"""Answers by request, bounded by their bytes, found again by what they depend on."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

# What an answer has that depends on everything: a list, a search, a count.
EVERYTHING = "*"
# What an answer has that was given to an API key, which may be revoked.
KEYS = "keys"

# An entry's objects, beside its bytes: measured with a million entries of no body.
OVERHEAD = 1_200

RawHeaders = list[tuple[bytes, bytes]]


class CacheKey(NamedTuple):
    """`query` is sorted; `access` is empty for who has no API key."""

    path: str
    query: bytes
    accept: bytes
    access: bytes


class Entry(NamedTuple):
    """An answer of 200. `tags` are what it depends on, once it is kept; `until` is when the clock
    makes it untrue, where it does."""

    headers: RawHeaders
    body: bytes
    etag: bytes
    tags: frozenset[str] = frozenset()
    until: datetime | None = None

    @property
    def size(self) -> int:
        headers = sum(len(name) + len(value) for name, value in self.headers)
        return OVERHEAD + headers + len(self.body) + 150 * len(self.tags)


class Store:
    """The least recently used entries go first. `generation` changes whenever something is evicted:
    an answer that was begun before must not be kept after."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self.generation = 0
        self.entries: OrderedDict[CacheKey, Entry] = OrderedDict()
        self.by_tag: dict[str, set[CacheKey]] = defaultdict(set)

    def get(self, key: CacheKey) -> Entry | None:
        entry = self.entries.get(key)
        if entry is not None:
            self.entries.move_to_end(key)
        return entry

    def put(self, key: CacheKey, entry: Entry) -> bool:
        """Whether it was kept: one that would push out an eighth of all others is not."""
        if entry.size * 8 > self.max_bytes:
            return False
        self.drop(key)
        self.entries[key] = entry
        self.size += entry.size
        for tag in entry.tags:
            self.by_tag[tag].add(key)
        while self.size > self.max_bytes:
            self.drop(next(iter(self.entries)))
        return True

    def evict(self, tags: Iterable[str]) -> None:
        self.generation += 1
        for tag in tags:
            for key in self.by_tag.get(tag, frozenset()).copy():
                self.drop(key)

    def flush(self) -> None:
        self.generation += 1
        self.entries.clear()
        self.by_tag.clear()
        self.size = 0

    def drop(self, key: CacheKey) -> None:
        entry = self.entries.pop(key, None)
        if entry is None:
            return
        self.size -= entry.size
        for tag in entry.tags:
            keys = self.by_tag[tag]
            keys.discard(key)
            if not keys:
                del self.by_tag[tag]
