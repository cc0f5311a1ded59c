"""Where in a text the words of a query stand, and a stretch of it to show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.search.query import All, AnyOf, InField, Node, Not, Phrase, Prefix, Words
from app.search.stemming import MIN_STEM, NONE, stem, stem_tag
from app.search.tokens import Token, is_possessive, plain_form, tokenize

MAX_HIGHLIGHTS = 100
PLAIN_WORD = re.compile("[a-z0-9]+")
# The stemmers of which is known what a stem has in common with its words: English puts at most one
# other letter at the end. Words without a stemmer are their own stems.
FROM_THE_FRONT = frozenset({"en", NONE})
SNIPPET_LENGTH = 240
# How much of a snippet stands before its first word.
LEAD = 60


class Highlight(NamedTuple):
    """A stretch of the canonical text: code points, end exclusive."""

    start: int
    end: int


class Snippet(NamedTuple):
    """`text` is the canonical text from `start` to `end`; its highlights count in that, too."""

    text: str
    start: int
    end: int
    highlights: Sequence[Highlight]


@dataclass(slots=True)
class Wanted:
    """What a query looks for in one part of a text."""

    words: set[str] = field(default_factory=set)
    exact: set[str] = field(default_factory=set)
    # Words in a row; of one that ends with True, the last is only begun.
    runs: set[tuple[tuple[str, ...], bool]] = field(default_factory=set)
    known: dict[str, tuple[set[str], list[str]]] = field(default_factory=dict)

    def beginnings(self, tag: str) -> tuple[set[str], list[str]]:
        """The stems of the words, and how all plain words begin that are looked for, none of which
        is the beginning of another."""
        known = self.known.get(tag)
        if known is None:
            stems = {stem(tag, word) for word in self.words}
            found = {*self.exact, *(beginning_of(tag, one) for one in stems)}
            shortest = {
                one for one in found if not any(one != it and one.startswith(it) for it in found)
            }
            plain = [one for one in shortest if one.isascii()]
            known = self.known[tag] = stems, plain
        return known


def beginning_of(tag: str, stemmed: str) -> str:
    """What each word begins with that has this stem."""
    if tag == NONE or len(stemmed) < MIN_STEM:
        return stemmed
    # Die has dying, vie has vying.
    is_irregular = len(stemmed) == 3 and stemmed.endswith("ie")
    return stemmed[:1] if is_irregular else stemmed[:-1]


def wanted_by(node: Node, *, in_headline: bool = False) -> Wanted:
    wanted = Wanted()
    collect(node, wanted, in_headline, None)
    return wanted


def collect(node: Node, wanted: Wanted, in_headline: bool, name: str | None) -> None:
    match node:
        case All(nodes) | AnyOf(nodes):
            for one in nodes:
                collect(one, wanted, in_headline, name)
        case InField(inner_name, inner):
            collect(inner, wanted, in_headline, inner_name)
        case Not():
            return
        case Words(words) | Phrase(words) | Prefix(words):
            if not (name is None or (name == "headline" and in_headline)):
                return
            if isinstance(node, Prefix) or len(words) > 1:
                wanted.runs.add((words, isinstance(node, Prefix)))
            elif isinstance(node, Phrase):
                wanted.exact.add(words[0])
            else:
                wanted.words.add(words[0])


def find_highlights(wanted: Wanted, text: str, language: str) -> list[Highlight]:
    """The stretches in their order, of which none touches another's words."""
    (found,) = find_in_each(wanted, (text,), language)
    return found


def find_in_each(wanted: Wanted, texts: Sequence[str], language: str) -> list[list[Highlight]]:
    """The same in each of several texts."""
    tag = stem_tag(language)
    if not wanted.runs and tag in FROM_THE_FRONT:
        # At once: no word goes on across the end of a line.
        whole = "\n".join(texts)
        plain = plain_form(whole)
        if plain is not None:
            return parted(find_in_plain(wanted, whole, plain, tag), texts)
    return [find_among_tokens(wanted, text, tag) for text in texts]


def parted(found: Sequence[tuple[int, int]], texts: Sequence[str]) -> list[list[Highlight]]:
    """What was found in lines, in each of them."""
    each: list[list[Highlight]] = []
    begin = place = 0
    for text in texts:
        end = begin + len(text)
        within = []
        while place < len(found) and found[place][0] < end:
            at, to = found[place]
            within.append(Highlight(at - begin, to - begin))
            place += 1
        each.append(within[:MAX_HIGHLIGHTS])
        begin = end + 1
    return each


def find_in_plain(wanted: Wanted, text: str, plain: str, tag: str) -> list[tuple[int, int]]:
    """The same for a text of plain letters and words that stand alone: instead of cutting the text
    into its words, look for the beginnings that the wanted ones have in common."""
    stems, beginnings = wanted.beginnings(tag)
    found = []
    for beginning in beginnings:
        at = plain.find(beginning)
        while at >= 0:
            end = at + 1
            if at == 0 or not plain[at - 1].isalnum():
                word = PLAIN_WORD.match(plain, at)[0]  # type: ignore[index]  # it matches
                end = at + len(word)
                is_wanted = word in wanted.exact or stem(tag, word) in stems
                if is_wanted and (word != "s" or not is_possessive(text, at)):
                    found.append((at, end))
            at = plain.find(beginning, end)
    if len(beginnings) > 1:
        found.sort()
    return found


def find_among_tokens(wanted: Wanted, text: str, tag: str) -> list[Highlight]:
    """The same for every text and query."""
    stems = {stem(tag, word) for word in wanted.words}
    known: dict[str, bool] = dict.fromkeys(wanted.exact, True)
    tokens = list(tokenize(text))
    found: list[tuple[int, int]] = []
    for number, (word, _, _) in enumerate(tokens):
        holds = known.get(word)
        if holds is None:
            holds = known[word] = stem(tag, word) in stems
        if holds:
            found.append((number, number + 1))
    for words, begun in wanted.runs:
        found += runs_among(tokens, words, begun)
    merged: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return [
        Highlight(tokens[first].start, tokens[last - 1].end)
        for first, last in merged[:MAX_HIGHLIGHTS]
    ]


def runs_among(
    tokens: Sequence[Token], words: tuple[str, ...], begun: bool
) -> list[tuple[int, int]]:
    first, length = words[0], len(words)
    alone = begun and length == 1
    found = []
    for number, token in enumerate(tokens):
        if not (token.word.startswith(first) if alone else token.word == first):
            continue
        run = [one.word for one in tokens[number : number + length]]
        if (
            len(run) == length
            and run[:-1] == list(words[:-1])
            and (run[-1].startswith(words[-1]) if begun else run[-1] == words[-1])
        ):
            found.append((number, number + length))
    return found


def make_snippet(
    text: str, highlights: Sequence[Highlight], length: int = SNIPPET_LENGTH
) -> Snippet:
    """The stretch with the most different words that were looked for, the first of these; the
    beginning of the text where there are none."""
    start = 0
    if len(highlights) == 1:
        start = max(0, highlights[0].start - LEAD)
    elif highlights:
        best = max(range(len(highlights)), key=lambda at: variety(text, highlights, at, length))
        start = max(0, highlights[best].start - LEAD)
    start = word_start(text, start)
    end = word_end(text, start, min(len(text), start + length))
    inside = [one for one in highlights if start <= one[0] and one[1] <= end]
    return Snippet(text[start:end], start, end, inside)


def variety(text: str, highlights: Sequence[Highlight], at: int, length: int) -> int:
    until = highlights[at].start - LEAD + length
    words = set()
    for one in highlights[at : at + 20]:
        if one.end > until:
            break
        words.add(text[one.start : one.end].casefold())
    return len(words)


def word_start(text: str, start: int) -> int:
    if start == 0:
        return 0
    paragraph = text.rfind("\n\n", start, start + LEAD)
    if paragraph >= 0:
        return paragraph + 2
    space = text.find(" ", start, start + LEAD)
    return start if space < 0 else space + 1


def word_end(text: str, start: int, end: int) -> int:
    if end == len(text):
        return end
    space = text.rfind(" ", start, end + 1)
    space = max(space, text.rfind("\n", max(space, start), end + 1))
    return end if space <= start else space
