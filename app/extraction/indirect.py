"""Indirect quotes: the clause of a reporting verb, and what stands with "according to"."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.extraction.marks import Segment
from app.extraction.names import Names
from app.extraction.proposal import Span
from app.extraction.subjects import noun_left, noun_phrase, subject_of
from app.extraction.syntax import Parse
from app.extraction.vocabulary import CLAUSE_VERBS, word_set

FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Reported:
    """What someone is said to have said, in the article's own words."""

    spans: tuple[Span, ...]
    words: Span
    cue: Span
    rule: str


def reported_in(
    text: str, parse: Parse, segments: Sequence[Segment], names: Names
) -> list[Reported]:
    """The indirect quotes of one paragraph; what stands in marks reports nothing itself."""
    marked: set[int] = set()
    for segment in segments:
        marked.update(parse.between(segment.start, segment.end))
    found: list[Reported] = []
    taken: set[int] = set()
    for token, word in enumerate(parse.words):
        if token in marked:
            continue
        if word in CLAUSE_VERBS and parse.tags[token].startswith("VB"):
            content, rule = said_by(parse, token), "clause"
            speaker = subject_of(parse, token)
        elif word == "according":
            content, rule = beside_according(parse, token), "according"
            speaker = according_to(parse, token)
        else:
            continue
        if speaker in marked or not content:
            continue
        if speaker is not None and parse.words[speaker] in ("it", "there"):
            is_expletive = parse.deps[speaker] != "nsubj"
            if is_expletive:
                continue
        if speaker is not None:
            teller: Span | None = noun_phrase(parse, speaker)
        elif rule == "clause" and parse.tags[token] in FINITE:
            teller = noun_left(text, parse.starts[token], sentence_floor(parse, token), names)
        else:
            teller = None
        if teller is None:
            continue
        content = [one for one in content if one not in taken]
        words = [one for one in content if parse.words[one][0].isalnum()]
        if len(words) < FEWEST_WORDS or sum(one in marked for one in words) * 2 > len(words):
            continue
        spans = spans_of(parse, content)
        taken.update(content)
        cue_end = token if rule == "clause" else token + 1
        cue = Span(parse.starts[token], parse.ends[min(cue_end, len(parse.ends) - 1)])
        found.append(Reported(spans, teller, cue, "indirect-" + rule))
    return found


def said_by(parse: Parse, verb: int) -> list[int]:
    """What the verb reports: its clause, the sentence it stands amid, or its object."""
    base = CLAUSE_VERBS[parse.words[verb]]
    if base in ATTITUDES:
        return []
    return (
        clause_of(parse, verb)
        or around_of(parse, verb)
        or object_of(parse, verb, base)
        or rest_of(parse, verb, base)
    )


def around_of(parse: Parse, verb: int) -> list[int]:
    """The clause that "she said" stands amid or behind, set off by commas."""
    if parse.deps[verb] not in ("parataxis", "ccomp", "dep", "advcl", "conj"):
        return []
    first, last = parse.left[verb], parse.right[verb]
    while parse.words[first] in COMMAS:
        first += 1
    while parse.words[last] in COMMAS or parse.words[last] == ".":
        last -= 1
    before = parse.words[first - 1] if first else ""
    after = parse.words[last + 1] if last + 1 < len(parse.words) else "."
    if before not in COMMAS or after not in (*COMMAS, ".") or last - first > LONGEST_CUE:
        return []
    head = parse.heads[verb]
    whole = range(parse.left[head], parse.right[head] + 1)
    return trimmed(parse, [one for one in whole if not first <= one <= last])


def object_of(parse: Parse, verb: int, base: str) -> list[int]:
    """A noun phrase long enough to say something: announced plans to close the port."""
    if base not in OBJECT_VERBS:
        return []
    thing = parse.child(verb, "dobj")
    if thing is None or parse.right[thing] - parse.left[thing] < FEWEST_WORDS:
        return []
    return trimmed(parse, list(range(parse.left[thing], parse.right[thing] + 1)))


def rest_of(parse: Parse, verb: int, base: str) -> list[int]:
    """All that follows "said", where the parser saw no clause in it."""
    if base not in SAYING or parse.child(verb, "dobj") is None:
        return []
    last = sentence_last(parse, verb)
    words = parse.words[verb + 1 : last + 1]
    if not words or not words[0][0].isalnum() or words[0] in ("so", "it", "this", "something"):
        return []
    return trimmed(parse, list(range(verb + 1, last + 1)))


def sentence_last(parse: Parse, token: int) -> int:
    while parse.heads[token] != token:
        token = parse.heads[token]
    return parse.right[token]


def sentence_floor(parse: Parse, token: int) -> int:
    while parse.heads[token] != token:
        token = parse.heads[token]
    return parse.starts[parse.left[token]]


def clause_of(parse: Parse, verb: int) -> list[int]:
    """The tokens of what was said: the verb's clause, before or after it."""
    clause = parse.child(verb, "ccomp", "xcomp")
    if clause is None:
        return []
    if parse.deps[clause] == "xcomp" and CLAUSE_VERBS[parse.words[verb]] not in TO_VERBS:
        return []
    own = cue_tokens(parse, verb, clause)
    first, last = parse.left[clause], parse.right[clause]
    asked = parse.child(verb, "dobj") if parse.deps[clause] == "xcomp" else None
    if asked is not None and verb < asked < clause:
        # Whom someone urges is part of what is urged: "the owners to raise the pay".
        first = parse.left[asked]
        own -= set(range(first, clause))
    for child in parse.children[clause]:
        # "announced a plan and vowed to keep it": what he vowed is not what he announced.
        is_further = child > verb and parse.deps[child] == "conj"
        if is_further and parse.words[child] in CLAUSE_VERBS and parse.tags[child] in FINITE:
            has_subject = parse.child(child, "nsubj") is not None
            last = last if has_subject else min(last, parse.left[child] - 1)
    for child in parse.children[verb]:
        if child > last > verb and parse.deps[child] == "conj" and parse.left[child] <= last + 3:
            subject = parse.child(child, "nsubj")
            own_words = (parse.words[child] in CLAUSE_VERBS, subject is None)
            if not any(own_words) and subject is not None and subject > last:
                last = parse.right[child]
                own -= set(range(parse.left[child], last + 1))
        if child > last and parse.deps[child] == "advcl" and parse.left[child] == last + 1:
            mark = parse.child(child, "mark")
            if mark is not None and parse.words[mark] in REASONS:
                last = parse.right[child]
                own -= set(range(parse.left[child], last + 1))
    return trimmed(parse, [token for token in range(first, last + 1) if token not in own])


def cue_tokens(parse: Parse, verb: int, clause: int) -> set[int]:
    """The verb with its subject and adverbs, which may stand amid the clause."""
    own = {verb}
    for child in parse.children[verb]:
        if child != clause and parse.deps[child] not in ("ccomp", "conj"):
            own.update(range(parse.left[child], parse.right[child] + 1))
    return own


def according_to(parse: Parse, token: int) -> int | None:
    to = parse.child(token, "prep")
    if to is None and token + 1 < len(parse.words) and parse.words[token + 1] == "to":
        to = token + 1
    return None if to is None else parse.child(to, "pobj")


def beside_according(parse: Parse, token: int) -> list[int]:
    """The clause that "according to …" belongs to, without it."""
    own = set(range(parse.left[token], parse.right[token] + 1))
    head = token
    for _ in range(8):
        if parse.heads[head] == head:
            break
        head = parse.heads[head]
        if parse.tags[head].startswith(("VB", "MD")) and parse.deps[head] in ("ROOT", "ccomp"):
            break
    inside = range(parse.left[head], parse.right[head] + 1)
    return trimmed(parse, [one for one in inside if one not in own])


def trimmed(parse: Parse, tokens: list[int]) -> list[int]:
    """Without the "that" and the stops around it."""
    first, last = 0, len(tokens)
    while first < last and (
        parse.words[tokens[first]] in LEADING or not parse.words[tokens[first]][0].isalnum()
    ) and parse.words[tokens[first]] not in OPENING:  # fmt: skip
        first += 1
    while (
        last > first
        and not parse.words[tokens[last - 1]][-1].isalnum()
        and (parse.words[tokens[last - 1]] not in CLOSING)
    ):
        last -= 1
    return tokens[first:last]


def spans_of(parse: Parse, tokens: list[int]) -> tuple[Span, ...]:
    """Runs of neighbouring tokens; a stop alone is none."""
    runs: list[list[int]] = []
    for token in tokens:
        if runs and token == runs[-1][-1] + 1:
            runs[-1].append(token)
        else:
            runs.append([token])
    kept = [part for part in (trimmed(parse, run) for run in runs) if part]
    return tuple(Span(parse.starts[part[0]], parse.ends[part[-1]]) for part in kept)


COMMAS = (",", "—", "–", "-", "--", "(")
LONGEST_CUE = 14
# What someone thinks or feels is not what they said.
ATTITUDES = word_set(
    "believe think hope fear expect feel wonder worry doubt guess suspect question"
)
FINITE = ("VBD", "VBZ", "VBP")
REASONS = word_set("because if unless although though so until")
SAYING = word_set("say argue insist note add claim suggest warn announce contend")
OBJECT_VERBS = word_set("announce declare report claim deny acknowledge admit predict")
LEADING = frozenset(("that", "and", "but", "or"))
OPENING = frozenset(("“", '"', "$", "(", "‘", "'"))
CLOSING = frozenset(("”", '"', "%", ")", "’", "'"))
TO_VERBS = word_set(
    "urge ask tell order instruct beg request advise warn claim demand recommend caution remind"
)
