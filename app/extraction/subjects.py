"""The words that name a speaker: the subject of a reporting verb, by parse or by position."""

import re
from itertools import pairwise

from app.extraction.cues import ARTICLES, Cue, Word, words_between
from app.extraction.names import WORD as NAME_WORD
from app.extraction.names import Names
from app.extraction.proposal import Span
from app.extraction.syntax import Parse
from app.extraction.vocabulary import NOT_IN_NAMES, PRONOUNS, SPEECH_NOUNS, word_set

CLOSE = 36
REACH = 16
SUBJECTS = ("nsubj", "nsubjpass", "expl")


def speaker_words(text: str, cue: Cue, parse: Parse | None, names: Names) -> Span | None:
    """Where the speaker of a cue is named."""
    if cue.side == "label":
        return Span(cue.bound, cue.start)
    if cue.side == "according":
        return after_according(text, cue, parse) or noun_right(text, cue.end, cue.bound, names)
    if cue.side == "inverted":
        found = noun_right(text, cue.end, cue.bound, names)
        if found:
            return found
    if cue.side == "after" and cue.start - cue.bound < CLOSE:
        found = noun_left(text, cue.start, cue.bound, names)
        if found:
            return found
    if cue.side in ("after", "before"):
        found = beside_verb(text, cue, names)
        if found:
            return found
    if parse:
        token = parse.at(cue.start)
        subject = subject_of(parse, token)
        if subject is not None:
            return noun_phrase(parse, subject)
    if cue.side == "inverted":
        return None
    return noun_left(text, cue.start, cue.bound, names)


def beside_verb(text: str, cue: Cue, names: Names) -> Span | None:
    """A pronoun or a name right before the verb that nothing but a comma or "and" precedes."""
    words = words_between(text, max(cue.bound, cue.start - 90), cue.start)
    drop_adverbs(words)
    if not words or "," in text[words[-1].end : cue.start]:
        return None
    last = words[-1]
    if last.lower in ("he", "she", "they", "i", "we"):
        return Span(last.start, last.end)
    run = names.run_ending_at(last.end, last.start)
    if run is None or run.end != last.end:
        return None
    before = words_between(text, max(cue.bound, run.start - 24), run.start)
    gap = text[before[-1].end : run.start].strip() if before else ","
    if gap or before[-1].lower in CONJUNCTIONS or text[cue.start : cue.end].endswith("ing"):
        return Span(run.start, run.end)
    return None


def subject_of(parse: Parse, verb: int) -> int | None:
    """The head of the subject of a verb, through conjunctions, participles and relatives."""
    token, is_own = verb, True
    for _ in range(10):
        found = parse.child(token, *SUBJECTS)
        if found is not None and (is_own or can_speak(parse, found)):
            return found
        dep = parse.deps[token]
        if token == verb and parse.child(token, "agent") is not None:
            return agent_of(parse, token)
        head = parse.heads[token]
        if dep == "ROOT" or head == token:
            return None
        if dep in ("acl", "appos") and parse.words[head] not in SPEECH_NOUNS:
            return head
        if dep == "relcl":
            return head
        # A conjunct shares its subject; a participle has that of the sentence, if it can speak.
        is_own = is_own and dep in ("conj", "xcomp", "aux")
        token = head
    return None


def teller_of_sentence(parse: Parse, offset: int) -> tuple[Span, Span] | None:
    """Subject and main verb of the sentence that the token before an offset belongs to."""
    tokens = parse.between(max(0, offset - 40), offset)
    if not tokens:
        return None
    root = tokens[-1]
    while parse.heads[root] != root:
        root = parse.heads[root]
    subject = parse.child(root, "nsubj")
    if subject is None or not can_report(parse, subject) or parse.starts[subject] >= offset:
        return None
    return noun_phrase(parse, subject), Span(parse.starts[root], parse.ends[root])


def teller_behind(parse: Parse, start: int, end: int) -> tuple[Span, Span] | None:
    """The first verb behind a quote with its own subject, whatever verb it is."""
    tokens = parse.between(start, end)
    for token in tokens[:REACH]:
        if parse.tags[token] in ("VBD", "VBZ"):
            subject = parse.child(token, "nsubj")
            if subject is not None and subject in tokens and can_speak(parse, subject):
                return noun_phrase(parse, subject), Span(parse.starts[token], parse.ends[token])
            return None
    return None


def can_speak(parse: Parse, token: int) -> bool:
    """Whether a noun is a name, a pronoun or a group, rather than a thing."""
    word = parse.words[token]
    return (word in PRONOUNS and word != "it") or parse.tags[token] in ("NNP", "NNPS", "NNS", "WP")


def can_report(parse: Parse, token: int) -> bool:
    """Whether a subject of a reporting verb can be a speaker: "it means" has none."""
    return parse.words[token] not in ("it", "there", "that", "this", "which", "what", "these")


def agent_of(parse: Parse, verb: int) -> int | None:
    by = parse.child(verb, "agent")
    return None if by is None else parse.child(by, "pobj")


def noun_phrase(parse: Parse, head: int) -> Span:
    """The phrase of a noun without its relative clauses; a named apposition stands for it."""
    name = parse.child(head, "appos")
    if name is not None and parse.tags[name] == "NNP" and parse.tags[head] != "NNP":
        return Span(parse.starts[parse.left[head]], parse.ends[name])
    end = head
    for child in parse.children[head]:
        if child == end + 1 and parse.deps[child] == "prep" and parse.words[child] == "of":
            end = min(parse.right[child], child + 6)
    first = parse.left[head]
    for token in range(first, head):
        if parse.words[token] in ('"', "“", "”", ",", ";", ":", "—", "–"):
            first = token + 1
    return Span(parse.starts[first], parse.ends[end])


def after_according(text: str, cue: Cue, parse: Parse | None) -> Span | None:
    if not parse:
        return None
    to = parse.at(cue.end - 1)
    pobj = parse.child(to, "pobj")
    return None if pobj is None else noun_phrase(parse, pobj)


def noun_right(text: str, start: int, bound: int, names: Names) -> Span | None:
    """The noun phrase that begins at `start`: said | Ann Lee, the union's leader."""
    words = words_between(text, start, min(bound, start + 160))
    if not words:
        return None
    if words[0].lower in PRONOUNS:
        return Span(words[0].start, words[0].end)
    end = words[0].end
    for before, word in pairwise(words):
        gap = text[before.end : word.start]
        if gap.strip(". ") or (gap.strip() == "." and len(before.lower) > 4):
            break
        if word.lower in STOPS or (before.text[0].isupper() and not word.text[0].isupper()
                                   and not is_noun_after(word.lower)):  # fmt: skip
            break
        end = word.end
        if end - words[0].start > 90:
            break
    return Span(words[0].start, end)


def noun_left(text: str, end: int, floor: int, names: Names) -> Span | None:
    """The noun phrase before a verb: the pronoun, name or plain noun nearest to it."""
    words = words_between(text, max(floor, end - 220), end)
    drop_adverbs(words)
    if not words:
        return None
    last = words[-1]
    if last.lower in PRONOUNS and last.lower != "who":
        return Span(last.start, last.end)
    gap = text[last.end : end].strip()
    if last.lower == "who" or gap.startswith((",", "—", ")")):
        # Lee, who leads the union, said: the name stands before the first comma.
        named = [word for word in words if NAMED.fullmatch(word.text)
                 and word.lower not in NOT_IN_NAMES]  # fmt: skip
        if not named:
            return plain_noun(text, words)
        run = names.run_ending_at(named[0].end, named[0].start)
        return Span(run.start, run.end) if run else Span(named[0].start, named[0].end)
    run = names.run_ending_at(last.end, last.start)
    if run:
        return with_role(text, Span(run.start, run.end), max(floor, run.start - 60))
    return plain_noun(text, words)


def with_role(text: str, span: Span, floor: int) -> Span:
    """A name, and the small words before it that are its role: "union leader | Ann Lee"."""
    start = span.start
    for word in reversed(words_between(text, floor, span.start)):
        if text[word.end : start].strip() or word.lower in STOPS:
            break
        start = word.start
        if word.lower in ARTICLES:
            break
    return Span(start, span.end)


def drop_adverbs(words: list[Word]) -> None:
    """The adverbs and auxiliaries between a subject and its verb; "Will" may be a name."""
    while words and words[-1].text[0].islower():
        if words[-1].lower not in AUXILIARIES and not words[-1].lower.endswith("ly"):
            return
        words.pop()


def plain_noun(text: str, words: list[Word]) -> Span | None:
    start = end = words[-1]
    for word in reversed(words[-5:]):
        if word.lower in STOPS or text[word.end : start.start].strip():
            break
        start = word
        if word.lower in ARTICLES:
            break
    return None if end.lower in STOPS else Span(start.start, end.end)


def is_noun_after(word: str) -> bool:
    return word in ROLE_NOUNS


NAMED = re.compile(NAME_WORD)
CONJUNCTIONS = word_set("and but as when while that because if although though after")
AUXILIARIES = word_set(
    "has have had also then later again once even just recently repeatedly is was were are been "
    "being be did does do will would can could may might must should not never still now "
    "himself herself themselves itself both all simply first"
)
STOPS = word_set(
    "in on at to for of by with from as that who which when while and but or if because so than "
    "after before during about through via into over against is was were are be been has have had "
    "said says it's"
)
ROLE_NOUNS = word_set(
    "spokesman spokeswoman spokesperson officials official campaign leader director president "
    "chairman secretary analyst professor governor senator police lawyer attorney adviser "
    "strategist manager coach editor reporter department administration de la van von der bin al"
)
