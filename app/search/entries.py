"""What is searched in an article, a quote or an entity, and what the index holds of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

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
    stem_token,
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
    hidden_until: datetime | None = None
    section_key: int | None = None
    entities: Sequence[int] = ()
    speakers: Sequence[int] = ()

    @property
    def digest(self) -> int:
        """Equal for what is indexed alike: 64 bits, with a sign."""
        values = (getattr(self, one.name) for one in fields(self))
        return int.from_bytes(
            blake2b("\0".join(map(repr, values)).encode(), digest_size=8).digest(), signed=True
        )


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


def indexed(entry: Entry, *, headline_counts: bool = True) -> Indexed:
    """`headline_counts` is False where the headline is only what surrounds the text."""
    tag = stem_tag(entry.language)
    names = [tokens_of(name) for name in entry.headline.split("\n")]
    headline = [word for name in names for word in name]
    standfirst = tokens_of(entry.standfirst)
    body = within(tokens_of(entry.text), MAX_WORD_BYTES)
    stems = {word: stem_token(tag, word) for word in {*headline, *standfirst, *body}}
    if tag == NONE:
        stems = {word: word for word in stems}
    marks = [
        EVERYTHING,
        f"{LANGUAGE}{tag}",
        locale_token(entry.language),
        *(f"{ENTITY}{key}" for key in entry.entities),
        *(f"{SPEAKER}{key}" for key in entry.speakers),
    ]
    if entry.section_key is not None:
        marks.append(f"{SECTION}{entry.section_key}")
    tokens = [*marks, *map(headline_token, headline)]
    if tag != NONE:
        tokens += [*stems.values(), *(headline_stem_token(tag, word) for word in headline)]
    titles = [stems[word] for word in headline]
    introductions = [stems[word] for word in standfirst]
    sketch = make_sketch(
        titles if headline_counts else (),
        introductions if headline_counts else [*titles, *introductions],
        (stems[word] for word in body),
        marks=marks,
    )
    return Indexed(
        f" {GAP} ".join(" ".join(name) for name in names if name),
        " ".join([*standfirst, GAP, *body]) if standfirst else " ".join(body),
        tuple(dict.fromkeys(tokens)),
        sketch,
        frozenset({*stems.values(), *marks}),
        len(headline) + len(standfirst) + len(body),
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


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)


def first_position(instant: datetime) -> int:
    """The lowest position of what was published at that instant."""
    return max(-(2**62), min(microseconds(instant) * SLOTS, 2**62))


def instant_of(position: int) -> datetime:
    return EPOCH + timedelta(microseconds=position // SLOTS)


def packed(keys: Iterable[int]) -> bytes:
    """Keys as facets read them: five bytes each."""
    return b"".join(key.to_bytes(5, "big") for key in dict.fromkeys(keys))


def unpacked(keys: bytes) -> list[bytes]:
    return [keys[at : at + 5] for at in range(0, len(keys), 5)]
