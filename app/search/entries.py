"""What is searched in an article, a quote or an entity, and what the index holds of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import NamedTuple

from app.search.sketches import make_sketch
from app.search.stemming import NONE, stem_tag
from app.search.tables import SLOTS
from app.search.terms import (
    ENTITY,
    EVERYTHING,
    GAP,
    LANGUAGE,
    SECTION,
    SPEAKER,
    headline_stem_token,
    headline_token,
    locale_token,
    stem_tokens,
)
from app.search.tokens import tokens_of

# PostgreSQL keeps at most 1 MiB of a text's tokens. What stands behind so many bytes of words is
# found by neither database.
MAX_WORD_BYTES = 200_000

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One article, quote or entity. A quote's headline is its article's; an entity has its
    names there, one a line."""

    key: int
    published_at: datetime
    language: str
    headline: str
    text: str
    standfirst: str = ""
    shown_until: datetime | None = None
    section_key: int | None = None
    entities: Sequence[int] = ()
    speakers: Sequence[int] = ()

    @property
    def digest(self) -> int:
        """Equal for what is indexed alike: 64 bits, with a sign."""
        text = "\0".join(map(repr, VALUES(self)))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


VALUES = attrgetter(*(one.name for one in fields(Entry)))


@dataclass(frozen=True, slots=True)
class Indexed:
    """`headline` and `words` are words in their order; `tokens` is a set: stems and keys.
    `terms` are those of them that are counted over all articles."""

    headline: str
    words: str
    tokens: tuple[str, ...]
    sketch: bytes
    terms: frozenset[str] = field(repr=False)
    length: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What the index holds of a text; `tokens` has its words, too."""

    headline: str
    words: str
    tokens: frozenset[str]

    def length(self) -> int:
        return sum(word != GAP for word in (*self.headline.split(), *self.words.split()))

    def terms(self) -> frozenset[str]:
        """Those that are counted over all articles."""
        plain = f"{LANGUAGE}{NONE}" in self.tokens
        return frozenset(
            token
            for token in self.tokens
            if (plain and token[0] != "_") or (token[0] == "_" and is_counted(token))
        )


def is_counted(token: str) -> bool:
    """Of what is no word: stems and keys are counted, what stands in a headline is not."""
    return token != GAP and not (token.startswith("_h") and token.find("_", 1) in (2, 4))


class Headline(NamedTuple):
    """The words of a headline, in their order and as text; their stems; and what tells of both
    that they stand in a headline."""

    words: int
    text: str
    stems: Sequence[str]
    word_tokens: Sequence[str]
    stem_tokens: Sequence[str]


@lru_cache(maxsize=256)
def headline_of(tag: str, headline: str) -> Headline:
    """Those of the last few articles are kept: all quotes of one have its headline."""
    names = [tokens_of(name) for name in headline.split("\n")]
    words = [word for name in names for word in name]
    return Headline(
        len(words),
        f" {GAP} ".join(" ".join(name) for name in names if name),
        stems_of(tag, words),
        tuple(map(headline_token, words)),
        () if tag == NONE else tuple(headline_stem_token(tag, word) for word in words),
    )


def stems_of(tag: str, words: list[str]) -> list[str]:
    return words if tag == NONE else list(map(stem_tokens(tag), words))


def indexed(entry: Entry, *, headline_counts: bool = True) -> Indexed:
    """`headline_counts` is False where the headline is only what surrounds the text."""
    tag = stem_tag(entry.language)
    headline = headline_of(tag, entry.headline)
    standfirst = tokens_of(entry.standfirst)
    body = within(tokens_of(entry.text), MAX_WORD_BYTES)
    introduction, text = stems_of(tag, standfirst), stems_of(tag, body)
    marks = [
        EVERYTHING,
        f"{LANGUAGE}{tag}",
        locale_token(entry.language),
        *(f"{ENTITY}{key}" for key in entry.entities),
        *(f"{SPEAKER}{key}" for key in entry.speakers),
    ]
    if entry.section_key is not None:
        marks.append(f"{SECTION}{entry.section_key}")
    stems = dict.fromkeys((*headline.stems, *introduction, *text))
    sketch = make_sketch(
        headline.stems if headline_counts else (),
        introduction if headline_counts else [*headline.stems, *introduction],
        text,
        marks=marks,
    )
    # What no stemmer changes is among the words already.
    tokens = () if tag == NONE else (*stems, *headline.stem_tokens)
    return Indexed(
        headline.text,
        " ".join([*standfirst, GAP, *body]) if standfirst else " ".join(body),
        tuple(dict.fromkeys((*marks, *headline.word_tokens, *tokens))),
        sketch,
        frozenset((*stems, *marks)),
        headline.words + len(standfirst) + len(body),
    )


def within(words: list[str], most: int) -> list[str]:
    if sum(map(len, words)) * 4 + len(words) < most:
        return words
    kept: list[str] = []
    for word in words:
        most -= len(word.encode()) + 1
        if most < 0:
            break
        kept.append(word)
    return kept


@lru_cache(maxsize=16)
def microseconds(instant: datetime) -> int:
    """Since 1970. One search asks for that of the same instant several times."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def first_position(instant: datetime) -> int:
    """The lowest position of what was published at that instant."""
    return max(-(2**62), min(microseconds(instant) * SLOTS, 2**62))


def instant_of(position: int) -> datetime:
    return EPOCH + timedelta(microseconds=position // SLOTS)


@lru_cache(maxsize=256)
def packed(keys: tuple[int, ...]) -> bytes:
    """Keys as facets read them: five bytes each."""
    return b"".join(key.to_bytes(5, "big") for key in dict.fromkeys(keys))


def unpacked(keys: bytes) -> list[bytes]:
    return [keys[at : at + 5] for at in range(0, len(keys), 5)]
