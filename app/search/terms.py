"""A query as what an index holds: names become keys, words become stems of the languages in use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol, assert_never

from app.search.query import All, AnyOf, InField, Node, Not, Phrase, Prefix, Words
from app.search.stemming import NONE, stem

# Marks of what is no word: a word holds letters, digits and vowel signs alone.
EVERYTHING = "_a"
GAP = "_"
ENTITY, SPEAKER, SECTION, LANGUAGE, LOCALE = "_e", "_k", "_s", "_l_", "_g"


@cache
def stem_tokens(tag: str) -> Callable[[str], str]:
    """What makes the tokens of one language's words: called for each word of each text."""

    @lru_cache(maxsize=200_000)
    def stem_token(word: str) -> str:
        return f"_{tag}_{stem(tag, word)}"

    return stem_token


def stem_token(tag: str, word: str) -> str:
    return stem_tokens(tag)(word)


@lru_cache(maxsize=50_000)
def headline_stem_token(tag: str, word: str) -> str:
    return f"_h{tag}_{stem(tag, word)}"


def headline_token(word: str) -> str:
    return f"_h_{word}"


def locale_token(language: str) -> str:
    """The mark of a text's own language, region and script with it; LANGUAGE marks its stemmer."""
    return LOCALE + language.lower().replace("-", "")


@dataclass(frozen=True, slots=True)
class AnyToken:
    """Holds one of these. None of them means that nothing can match."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """These words follow each other, as they are written."""

    words: tuple[str, ...]
    in_headline: bool


@dataclass(frozen=True, slots=True)
class Begins:
    """A word begins so; the words before it stand right before it."""

    words: tuple[str, ...]
    in_headline: bool


@dataclass(frozen=True, slots=True)
class AllTerms:
    terms: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class AnyTerm:
    terms: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class NotTerm:
    term: "Term"


Term = AnyToken | Run | Begins | AllTerms | AnyTerm | NotTerm


class Names(Protocol):
    """What a query's names mean to one database."""

    def languages(self) -> Sequence[str]:
        """The tags of the stemmers whose languages occur."""

    def entities(self, node: Words | Phrase | Prefix) -> Sequence[int]:
        """The keys of the entities with such a name. Raises MalformedQuery for too many."""

    def sections(self, node: Words | Phrase | Prefix) -> Sequence[int]:
        """The keys of the sections on or below such a path."""


def terms_of(node: Node, names: Names, tags: Sequence[str]) -> Term:
    """The terms of a whole query: what excludes alone excludes from everything. `tags` are of the
    stemmers by which the texts are indexed."""
    return positive(translated(node, names, tags, None))


def translated(node: Node, names: Names, tags: Sequence[str], field: str | None) -> Term:
    match node:
        case All(nodes):
            return AllTerms(tuple(translated(one, names, tags, field) for one in nodes))
        case AnyOf(nodes):
            return AnyTerm(tuple(translated(one, names, tags, field) for one in nodes))
        case Not(inner):
            return NotTerm(translated(inner, names, tags, field))
        case InField(name, inner):
            return translated(inner, names, tags, name)
        case Words() | Phrase() | Prefix():
            return leaf(node, names, tags, field)
        case _:
            assert_never(node)


def leaf(
    node: Words | Phrase | Prefix, names: Names, tags: Sequence[str], field: str | None
) -> Term:
    if field == "entity":
        return keyed(ENTITY, names.entities(node))
    if field == "speaker":
        return keyed(SPEAKER, names.entities(node))
    if field == "section":
        return keyed(SECTION, names.sections(node))
    in_headline = field == "headline"
    if isinstance(node, Prefix):
        return Begins(node.words, in_headline)
    if len(node.words) > 1:
        return Run(node.words, in_headline)
    word = node.words[0]
    if isinstance(node, Phrase):
        return AnyToken((headline_token(word) if in_headline else word,))
    return word_term(word, tags, in_headline=in_headline)


def word_term(word: str, tags: Sequence[str], *, in_headline: bool = False) -> AnyToken:
    """All forms of a word, in the languages in use."""
    stems = headline_stem_token if in_headline else stem_token
    written = headline_token(word) if in_headline else word
    tokens = [stems(tag, word) if tag != NONE else written for tag in tags]
    return AnyToken(tuple(dict.fromkeys(tokens)) or (written,))


def keyed(mark: str, keys: Sequence[int]) -> AnyToken:
    return AnyToken(tuple(f"{mark}{key}" for key in keys))


def positive(term: Term) -> Term:
    """The same, with something to exclude from wherever something is excluded; what can match
    nothing is taken out, so that neither database has to know such a thing."""
    match term:
        case NotTerm():
            return positive(AllTerms((term,)))
        case AllTerms(terms):
            kept = [one for one in terms if not isinstance(one, NotTerm)]
            excluded = tuple(
                NotTerm(positive(one.term)) for one in terms if isinstance(one, NotTerm)
            )
            wanted = tuple(positive(one) for one in kept) or (AnyToken((EVERYTHING,)),)
            if any(map(is_nothing, wanted)):
                return NOTHING
            used = tuple(one for one in excluded if not is_nothing(one.term))
            return AllTerms((*wanted, *used)) if len(wanted) + len(used) > 1 else wanted[0]
        case AnyTerm(terms):
            found = tuple(one for one in map(positive, terms) if not is_nothing(one))
            return AnyTerm(found) if len(found) > 1 else found[0] if found else NOTHING
        case _:
            return term


NOTHING = AnyToken(())


def is_nothing(term: Term) -> bool:
    return term == NOTHING


def runs_in(term: Term) -> bool:
    """Whether words must follow each other anywhere in it."""
    match term:
        case Run():
            return True
        case Begins(words):
            return len(words) > 1
        case AllTerms(terms) | AnyTerm(terms):
            return any(map(runs_in, terms))
        case NotTerm(inner):
            return runs_in(inner)
    return False
