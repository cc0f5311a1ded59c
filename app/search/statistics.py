"""How common terms are: what a word is worth, and which way to it is the shorter one."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import NamedTuple

from sqlalchemy import BindParameter, Connection, Text, bindparam, select, union_all

from app.database.listed import Among
from app.database.prepared import Prepared
from app.search.index import TEXTS_OF, WORDS_OF
from app.search.stemming import ALGORITHMS, NONE
from app.search.tables import TERMS
from app.search.terms import (
    LANGUAGE,
    AllTerms,
    AnyTerm,
    AnyToken,
    Begins,
    NotTerm,
    Run,
    Term,
    word_term,
)

# What is taken of a beginning of a word, of which nothing is counted.
PREFIX_SHARE = 0.01
LANGUAGE_TAGS = {f"{LANGUAGE}{tag}": tag for tag in (NONE, *ALGORITHMS)}
# What is asked of the counts with every query.
RESERVED = frozenset({*TEXTS_OF.values(), *WORDS_OF.values(), *LANGUAGE_TAGS})
# In a headline stands one word in so many.
HEADLINE_PART = 0.1


class Statistics(NamedTuple):
    """`articles` is in how many articles each term stands; one that is absent is in none. `tags`
    are the stemmers of the texts that are searched, `languages` those of all articles."""

    articles: Mapping[str, int]
    all_articles: int
    texts: int
    mean_length: float
    tags: Sequence[str]
    languages: Sequence[str]

    def share(self, term: Term) -> float:
        """The part of the texts that should match, as if terms were independent."""
        match term:
            case AnyToken(tokens):
                return min(1.0, sum(map(self._share_of, tokens)))
            case Run(words):
                return prod(min(1.0, self._share_of_word(word)) for word in words)
            case Begins():
                return PREFIX_SHARE
            case AllTerms(terms):
                return prod(map(self.share, terms))
            case AnyTerm(terms):
                return 1 - prod(1 - self.share(one) for one in terms)
            case NotTerm(inner):
                return 1 - self.share(inner)

    def _share_of_word(self, word: str) -> float:
        return sum(map(self._share_of, word_term(word, self.tags).tokens))

    def _share_of(self, token: str) -> float:
        if token.startswith("_h") and token not in self.articles:
            tag, _, word = token[2:].partition("_")
            if tag == "":
                return HEADLINE_PART * self._share_of_word(word)
            return HEADLINE_PART * self._share_of(f"_{tag}_{word}") if len(tag) == 2 else 0.0
        if token[0] != "_" and token not in self.articles and any(t != NONE for t in self.tags):
            return min(1.0, sum(self._share_of(one) for one in self._stems(token)))
        return self.articles.get(token, 0) / max(self.all_articles, 1)

    def _stems(self, word: str) -> Iterable[str]:
        return (one for one in word_term(word, self.tags).tokens if one != word)


COUNT = select(TERMS.c.term, TERMS.c.articles)
ASKED = COUNT.where(Among(TERMS.c.term, "terms", of=Text))
# These stand in the statement itself: as values, they would be most of what is sent.
NAMED: BindParameter[Sequence[str]] = bindparam(
    "reserved", sorted(RESERVED), expanding=True, literal_execute=True
)
COUNTS = Prepared(ASKED)
FIRST_COUNTS = Prepared(union_all(ASKED, COUNT.where(TERMS.c.term.in_(NAMED))))


class Counts:
    """In how many articles terms stand, as far as it was asked for in one read."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.asked: set[str] = set()
        self.found: dict[str, int] = {}

    def of(self, terms: Iterable[str]) -> Mapping[str, int]:
        """These, and those that were asked for before."""
        missing = [one for one in terms if one not in self.asked]
        if missing or not self.asked:
            statement = COUNTS if self.asked else FIRST_COUNTS
            self.found.update(statement.all(self.connection, {"terms": missing}))
            self.asked.update(RESERVED, missing)
        return self.found

    def languages(self) -> list[str]:
        """The tags of the stemmers whose languages occur in articles."""
        found = self.of(())
        known = LANGUAGE_TAGS.keys() & found.keys()
        return sorted(LANGUAGE_TAGS[term] for term in known if found[term] > 0)


def statistics(
    counts: Mapping[str, int], kind: str, tags: Sequence[str], languages: Sequence[str]
) -> Statistics:
    texts = counts.get(TEXTS_OF[kind], 0)
    return Statistics(
        articles=counts,
        all_articles=counts.get(TEXTS_OF["articles"], 0),
        texts=texts,
        mean_length=max(counts.get(WORDS_OF[kind], 0) / max(texts, 1), 1.0),
        tags=tags,
        languages=languages,
    )


def terms_in(term: Term, tags: Sequence[str]) -> list[tuple[str, ...]]:
    """What a text that matches is ranked by: each word's stems; what is excluded has no part."""
    match term:
        case AnyToken(tokens):
            return [ranked] if (ranked := _ranked(tokens, tags)) else []
        case Run(words):
            return [word_term(word, tags).tokens for word in words]
        case Begins(words):
            return [word_term(word, tags).tokens for word in words[:-1]]
        case AllTerms(terms) | AnyTerm(terms):
            return list(dict.fromkeys(one for each in terms for one in terms_in(each, tags)))
        case NotTerm():
            return []


def _ranked(tokens: Sequence[str], tags: Sequence[str]) -> tuple[str, ...]:
    ranked: list[str] = []
    for token in tokens:
        if token[0] != "_":
            ranked += word_term(token, tags).tokens
        elif token.startswith("_h") and token.find("_", 1) == 2:
            ranked += word_term(token[3:], tags).tokens
        elif token.startswith("_h") and token.find("_", 1) == 4:
            ranked.append(f"_{token[2:]}")
        elif token.find("_", 1) > 0:
            ranked.append(token)
    return tuple(dict.fromkeys(ranked))
