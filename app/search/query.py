"""What was asked for, as a tree: the language of `q=`, and the places where it was not kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput
from lark.exceptions import VisitError

from app.search.tokens import tokens_of

MAX_LENGTH = 4_000
MAX_WORDS = 128
MAX_DEPTH = 20
# The beginning of a shorter word would be that of too many; a letter of an unspaced script is one.
MIN_PREFIX = 2
# Each of them stands for thousands of words.
MAX_PREFIXES = 8

Field = Literal["headline", "speaker", "entity", "section"]
FIELDS: tuple[Field, ...] = ("headline", "speaker", "entity", "section")


class MalformedQuery(ValueError):
    """`position` counts code points from 0, where the query went wrong."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


@dataclass(frozen=True, slots=True)
class Words:
    """What stands between two spaces: mostly one word; several for O'Brien or 3.5."""

    words: tuple[str, ...]
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Phrase:
    words: tuple[str, ...]
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words in a row, of which the last is only begun."""

    words: tuple[str, ...]
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class InField:
    field: Field
    node: "Node"
    position: int


@dataclass(frozen=True, slots=True)
class All:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    node: "Node"


Node = Words | Phrase | Prefix | InField | All | AnyOf | Not

QUOTATION_MARKS = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02'
_END = rf"(?=[\s(){QUOTATION_MARKS}]|$)"
# A run of signs and letters, one letter at least among them; never matched in part.
_RUN = (
    rf"(?=[^\s()*{QUOTATION_MARKS}\p{{L}}\p{{N}}]*+[\p{{L}}\p{{N}}])"
    rf"[^\s()*{QUOTATION_MARKS}]++"
)

GRAMMAR = rf"""
start: any_of
?any_of: all_of (OR all_of)*
?all_of: unit+
?unit: MINUS positive -> negated
     | positive
?positive: FIELD value -> in_field
     | value
?value: WORD -> word
      | PREFIX -> prefix
      | PHRASE -> phrase
      | OPEN any_of CLOSE -> group

OPEN: "("
CLOSE: ")"
OR.5: /OR{_END}/
MINUS.4: /-(?=[^\s\-)])/
FIELD.3: /[A-Za-z_]++:(?=[^\s:\/)])/
PHRASE.3: /[{QUOTATION_MARKS}][^{QUOTATION_MARKS}]*+[{QUOTATION_MARKS}]/
PREFIX.2: /{_RUN}\*{_END}/
WORD: /{_RUN}(?!\*)/
SIGNS: /[^\s()*{QUOTATION_MARKS}\p{{L}}\p{{N}}]++{_END}/
SPACE: /\s++/
%ignore SPACE
%ignore SIGNS
"""


@lru_cache(maxsize=1_000)
def parse_query(text: str, *, any_word: bool = False) -> Node:
    """The tree of a query. With `any_word`, what stands side by side is joined by OR.

    Raises MalformedQuery.
    """
    if len(text) > MAX_LENGTH:
        raise MalformedQuery(f"A query has at most {MAX_LENGTH} characters.", MAX_LENGTH)
    even = "".join(" " if ord(letter) < 32 or letter == "\x7f" else letter for letter in text)
    check_depth(even)
    try:
        node = cast(Node | None, PARSER.parse(even))
    except UnexpectedInput as error:
        raise explained(even, error) from None
    except VisitError as error:
        if isinstance(error.orig_exc, MalformedQuery):
            raise error.orig_exc from None
        raise
    if node is None:
        raise MalformedQuery("The query has no word in it.", 0)
    if any_word and isinstance(node, All):
        node = alternatives(node)
    if (count := count_words(node)) > MAX_WORDS:
        raise MalformedQuery(f"A query has at most {MAX_WORDS} words; this one has {count}.", 0)
    if (count := count_words(node, Prefix)) > MAX_PREFIXES:
        raise MalformedQuery(f"A query has at most {MAX_PREFIXES} *; this one has {count}.", 0)
    return node


def alternatives(node: All) -> Node:
    """Any of the words; what is excluded stays excluded."""
    wanted = tuple(one for one in node.nodes if not isinstance(one, Not))
    excluded = tuple(one for one in node.nodes if isinstance(one, Not))
    joined = AnyOf(wanted) if len(wanted) > 1 else node
    return All((joined, *excluded)) if len(wanted) > 1 and excluded else joined


def count_words(node: Node, kind: type[Prefix] | None = None) -> int:
    """All words, or the leaves of one kind."""
    match node:
        case All(nodes) | AnyOf(nodes):
            return sum(count_words(one, kind) for one in nodes)
        case Not(inner) | InField(node=inner):
            return count_words(inner, kind)
        case _ if kind is not None:
            return isinstance(node, kind)
        case Words(words=words) | Phrase(words=words) | Prefix(words=words):
            return len(words)


def words_in(node: Node) -> set[str]:
    match node:
        case All(nodes) | AnyOf(nodes):
            return {word for one in nodes for word in words_in(one)}
        case Not(inner) | InField(node=inner):
            return words_in(inner)
        case Words(words=words) | Phrase(words=words) | Prefix(words=words):
            return set(words)


def check_depth(text: str) -> None:
    depth = 0
    for position, letter in enumerate(text):
        if letter == "(":
            depth += 1
            if depth > MAX_DEPTH:
                raise MalformedQuery(f"Parentheses stand at most {MAX_DEPTH} deep.", position)
        elif letter == ")":
            depth -= 1


class TreeBuilder(Transformer[Token, "Node | None"]):
    """Builds the tree while it is parsed. A part without a word is None, and is left out."""

    def start(self, parts: Sequence["Node | None"]) -> "Node | None":
        return parts[0]

    def any_of(self, parts: Sequence["Node | Token | None"]) -> "Node | None":
        return joined(AnyOf, parts)

    def all_of(self, parts: Sequence["Node | None"]) -> "Node | None":
        return joined(All, parts)

    def negated(self, parts: Sequence["Node | None"]) -> "Node | None":
        node = parts[1]
        return None if node is None else Not(node)

    def in_field(self, parts: Sequence["Node | Token | None"]) -> "Node | None":
        token, node = cast(Token, parts[0]), cast("Node | None", parts[1])
        name, position = str(token[:-1]).lower(), token.start_pos or 0
        if name not in FIELDS:
            known = ", ".join(FIELDS[:-1]) + " and " + FIELDS[-1]
            raise MalformedQuery(f"There is no field {name}: there are {known}.", position)
        if node is None:
            return None
        if holds_field(node):
            raise MalformedQuery(f"Within {name}: there can be no other field.", position)
        return InField(name, node, position)

    def word(self, parts: Sequence[Token]) -> "Node | None":
        words = tuple(tokens_of(str(parts[0])))
        return Words(words, str(parts[0]), parts[0].start_pos or 0) if words else None

    def phrase(self, parts: Sequence[Token]) -> "Node | None":
        words = tuple(tokens_of(str(parts[0])))
        return Phrase(words, str(parts[0]), parts[0].start_pos or 0) if words else None

    def prefix(self, parts: Sequence[Token]) -> "Node | None":
        position = parts[0].start_pos or 0
        words = tuple(tokens_of(str(parts[0])))
        if not words:
            raise MalformedQuery("A * needs the beginning of a word before it.", position)
        if len(words[-1]) < MIN_PREFIX and words[-1].isascii() and len(words) == 1:
            detail = f"Before a * there must be at least {MIN_PREFIX} letters."
            raise MalformedQuery(detail, position)
        return Prefix(words, str(parts[0]), position)

    def group(self, parts: Sequence["Node | Token | None"]) -> "Node | None":
        return cast("Node | None", parts[1])


def joined(kind: type[All] | type[AnyOf], parts: Sequence["Node | Token | None"]) -> "Node | None":
    nodes: list[Node] = []
    for part in parts:
        if isinstance(part, kind):
            nodes.extend(part.nodes)
        elif part is not None and not isinstance(part, Token):
            nodes.append(part)
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return kind(tuple(nodes))


def holds_field(node: Node) -> bool:
    match node:
        case InField():
            return True
        case All(nodes) | AnyOf(nodes):
            return any(map(holds_field, nodes))
        case Not(inner):
            return holds_field(inner)
    return False


def explained(text: str, error: UnexpectedInput) -> MalformedQuery:
    """A reason for people in place of the parser's."""
    position = getattr(error, "pos_in_stream", None)
    token = getattr(error, "token", None)
    if position is None or position < 0 or getattr(token, "type", "") == "$END":
        position = len(text)
    if position >= len(text):
        return MalformedQuery(unfinished(text), len(text))
    here = text[position]
    run = text[position : position + MAX_LENGTH].partition(" ")[0]
    if here != "*" and "*" in run and isinstance(error, UnexpectedCharacters):
        star = position + run.index("*")
        if text[star - 1].isalnum():
            return MalformedQuery("A * may stand only at the end of a word.", star)
        position, here = star, "*"
    if here == "*":
        return MalformedQuery("A * needs the beginning of a word before it.", position)
    if here == "-":
        return MalformedQuery("A - stands before a field, not behind it.", position)
    if here == ")":
        before = text[:position].rstrip()
        if before.count("(") > before.count(")"):
            return MalformedQuery("There is nothing to look for before this parenthesis.", position)
        return MalformedQuery("This parenthesis was never opened.", position)
    if isinstance(error, UnexpectedCharacters):
        if here in QUOTATION_MARKS:
            return MalformedQuery("The phrase that begins here has no end.", position)
        return MalformedQuery("The query cannot be read from here on.", position)
    if text.startswith("OR", position):
        return MalformedQuery("OR needs something to look for on both sides.", position)
    return MalformedQuery("The query cannot be read from here on.", position)


def unfinished(text: str) -> str:
    if not any(letter.isalnum() for letter in text):
        return "The query has no word in it."
    if text.count("(") > text.count(")"):
        return "A parenthesis was not closed."
    if text.split()[-1] == "OR":
        return "OR needs something to look for on both sides."
    return "The query ends too soon."


PARSER = Lark(
    GRAMMAR,
    parser="lalr",
    lexer="basic",
    transformer=TreeBuilder(),
    regex=True,
    maybe_placeholders=False,
)
