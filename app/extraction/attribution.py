"""Which cue and which speaker belong to each marked run."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.extraction.cues import Cue, cue_after, cue_before, last_stop
from app.extraction.marks import Segment
from app.extraction.names import WORD as NAME
from app.extraction.names import Names
from app.extraction.paragraphs import sentence_end, sentence_start
from app.extraction.proposal import Span
from app.extraction.subjects import (
    can_report,
    can_speak,
    noun_phrase,
    speaker_words,
    subject_of,
    teller_behind,
    teller_of_sentence,
)
from app.extraction.syntax import Parse
from app.extraction.vocabulary import AMBIGUOUS_VERBS, CLAUSE_VERBS, SPEECH_NOUNS, VERBS, word_set

CLIMB = 14
# Speaker, cue, rule, whether the verb takes the words as said, whether the speaker can speak.
Reporter = tuple[Span, Span, str, bool, bool]
FAR = 60


@dataclass(slots=True)
class Attribution:
    """A marked run with the words that name its speaker; no words where none were found."""

    segment: Segment
    words: Span | None = None
    cue: Span | None = None
    rule: str = "none"
    # The verb takes the words as what was said, or as what something was called.
    is_said: bool = False
    # The run that this one takes its speaker from.
    source: int | None = None


def attributions_of(
    text: str, segments: Sequence[Segment], parses: dict[int, Parse], names: Names
) -> list[Attribution]:
    found: list[Attribution] = []
    for index, segment in enumerate(segments):
        before, after = segment.paragraph.start, segment.paragraph.end
        if index and segments[index - 1].paragraph is segment.paragraph:
            before = segments[index - 1].after
        if index + 1 < len(segments) and segments[index + 1].paragraph is segment.paragraph:
            after = segments[index + 1].opened_at
        parse = parses.get(segment.paragraph.index)
        found.append(attribute(text, segment, (before, after), parse, names))
    return found


def attribute(
    text: str, segment: Segment, room: tuple[int, int], parse: Parse | None, names: Names
) -> Attribution:
    """The cue beside the marks, else the verb that governs the words inside them."""
    label = LABEL.match(text, segment.start, segment.end)
    if label:
        named = Span(label.start(1), label.end(1))
        return Attribution(segment, named, None, "label")
    signature = SIGNATURE.match(text, segment.after, segment.paragraph.end)
    if signature:
        return Attribution(segment, Span(signature.start(1), signature.end(1)), None, "label")
    behind = cue_after(text, segment, room[1])
    ahead = cue_before(text, segment, room[0])
    tries = [(behind, "cue-after"), (ahead if ahead and ahead.adjacent else None, "cue-before")]
    if behind and behind.start - segment.after > FAR and text[segment.end - 1] not in ",?!—":
        tries.reverse()
    for cue, rule in tries:
        if cue and not (parse and cue.side == "before" and is_noun(parse, cue)):
            words = speaker_words(text, cue, parse, names)
            if words and is_marked(text, words, segment, room):
                # The parser took a word of a quote for the subject.
                words = speaker_words(text, cue, None, names)
            if words:
                return Attribution(segment, words, Span(cue.start, cue.end), rule)
    if parse:
        found = teller_near(text, segment, room, parse)
        if found:
            return Attribution(segment, *found)
    if parse and not stands_alone(text, segment, room):
        governed = governing(parse, segment)
        if governed:
            return Attribution(segment, *governed)
    if ahead:
        words = speaker_words(text, ahead, parse, names)
        if words:
            return Attribution(segment, words, Span(ahead.start, ahead.end), "clause-before")
    return Attribution(segment)


def teller_near(
    text: str, segment: Segment, room: tuple[int, int], parse: Parse
) -> tuple[Span, Span, str] | None:
    """Where no reporting verb stands, any verb beside a comma or colon at the marks tells."""
    last = last_stop(text, segment)
    if last in ",?!" and segment.shut_at is not None:
        stop = sentence_end(text, segment.after, room[1])
        gap = GAP.match(text, segment.after, stop)
        if gap:
            found = teller_behind(parse, gap.end(), stop)
            if found:
                return *found, "cue-after"
    if text[room[0] : segment.opened_at].rstrip().endswith(":"):
        found = teller_of_sentence(parse, segment.opened_at)
        if found:
            return *found, "sentence-before"
    return None


def is_noun(parse: Parse, cue: Cue) -> bool:
    """Whether the parser takes the cue for a noun: its claim, the state."""
    return parse.tags[parse.at(cue.start)].startswith(("NN", "JJ"))


def is_marked(text: str, words: Span, segment: Segment, room: tuple[int, int]) -> bool:
    """Whether the speaker's words lie in this run or in one of its neighbours."""
    if words.end > segment.opened_at and words.start < segment.after:
        return True
    if words.start >= room[0] or not MARK.match(text, room[0] - 1):
        return False
    return "\n" not in text[words.start : room[0]] and last_mark(text, words.start) is not None


def last_mark(text: str, at: int) -> int | None:
    """An opening mark shortly before `at` that no closing mark follows."""
    for back in range(at - 1, max(-1, at - 200), -1):
        if text[back] in "”\n":
            return None
        if text[back] in '“"':
            return back if back == 0 or not text[back - 1].strip() else None
    return None


def stands_alone(text: str, segment: Segment, room: tuple[int, int]) -> bool:
    """A run that is a whole sentence: nothing outside the marks governs it."""
    begins = segment.opened_at == segment.paragraph.start
    begins = begins or sentence_start(text, segment.opened_at, room[0]) == segment.opened_at
    return begins and text[segment.end - 1] in ".?!" and text[segment.start].isupper()


def governing(parse: Parse, segment: Segment) -> tuple[Span, Span, str, bool] | None:
    """The reporting verb, else noun, above the words in marks; its subject."""
    inside = parse.between(segment.start, segment.end)
    if not inside:
        return None
    weak: Reporter | None = None
    other: Reporter | None = None
    for first in [token for token in inside if parse.heads[token] not in inside][:4]:
        token, is_clause = first, False
        for _ in range(CLIMB):
            is_clause = is_clause or parse.deps[token] in CLAUSES
            if parse.heads[token] == token:
                break
            token = parse.heads[token]
            found = reporter(parse, token, inside, is_clause)
            if found and found[2] != "verb":
                if found[4]:
                    return found[:4]
                weak = weak or found
            other = other or found
    best = weak or other
    return best[:4] if best else None


def reporter(parse: Parse, token: int, inside: range, is_clause: bool) -> Reporter | None:
    """Who speaks by this token: a verb with its subject, or a noun with its owner."""
    word = parse.words[token]
    subject: int | None = None
    cue, rule = token, "verb"
    if parse.tags[token].startswith("VB"):
        subject = subject_of(parse, token)
        reports = word in VERBS and VERBS[word] not in AMBIGUOUS_VERBS
        rule = "governed" if reports or VERBS.get(word) in CALLING else "verb"
        beside = None if rule == "governed" else parenthesis(parse, token, inside)
        if beside is not None:
            subject, cue, rule = subject_of(parse, beside), beside, "governed"
        if rule == "verb" and subject is not None and not can_speak(parse, subject):
            return None
    elif word in SPEECH_NOUNS:
        subject, rule = parse.child(token, "poss"), "noun"
        if subject is None and parse.child(token, "amod") is not None:
            subject = subject_of(parse, token)
    if subject is None or subject in inside:
        return None
    is_said = rule == "noun" or (is_clause and word in CLAUSE_VERBS) or VERBS.get(word) in CALLING
    span = Span(parse.starts[cue], parse.ends[cue])
    is_own = parse.child(cue, "nsubj", "agent") is not None
    # "He says he likes her and calls her …": what the inner "he" calls her, the outer one says.
    is_sure = is_own and can_report(parse, subject) and VERBS.get(word) not in UNSURE
    return noun_phrase(parse, subject), span, rule, is_said, is_sure


def parenthesis(parse: Parse, verb: int, inside: range) -> int | None:
    """The "she said" that stands amid or after a clause, under its verb."""
    for child in parse.children[verb]:
        reports = parse.words[child] in CLAUSE_VERBS and child not in inside
        if not reports or parse.deps[child] not in ("parataxis", "ccomp"):
            continue
        if parse.child(child, "nsubj") is not None and parse.child(child, "ccomp") is None:
            return child
    return None


# A transcript names its speakers in capitals: "ROY: We stay here.".
LABEL = re.compile(r"([A-Z][A-Z’'.-]+(?: [A-Z][A-Z’'.-]+){0,2}):\s")
# A reader's comment or a motto is signed: "We stay." — Ann Lee.
SIGNATURE = re.compile(
    rf"[ \u00a0]*[―—–-]{{1,2}}[ \u00a0]*({NAME}(?:[ \u00a0]{NAME}){{1,3}})[.,]?\s*$"
)
# Behind the closing mark a name or article goes on at once; a new sentence would not.
GAP = re.compile(r"[ \u00a0]*(?=[A-Z][\w.]* |the |a |an |he |she |they )")
MARK = re.compile('["”]')
CLAUSES = ("ccomp", "xcomp", "parataxis")
# What someone expects or wonders about may be told by another, above them.
UNSURE = word_set("expect wonder believe think hope fear know feel use see view")
CALLING = word_set("call describe dub label brand deem term characterize hail denounce")
