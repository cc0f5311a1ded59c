"""Cues beside quotation marks: the reporting verb before or after a marked run."""

import re
from dataclasses import dataclass
from typing import Literal

from app.extraction.marks import Segment
from app.extraction.paragraphs import sentence_end, sentence_start
from app.extraction.vocabulary import AMBIGUOUS_VERBS, CLAUSE_VERBS, PRONOUNS, VERBS, word_set

Side = Literal["after", "before", "inverted", "according", "label"]
LONGEST_WINDOW = 320
NEAR = 4


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting verb, or "according to", and on which side of it the speaker stands."""

    start: int
    end: int
    side: Side
    # Where the speaker's words may stand: left of the cue from here, or right of it up to here.
    bound: int
    # The cue touches the mark, or only a comma or colon lies between them.
    adjacent: bool = True


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    lower: str
    start: int
    end: int


def cue_after(text: str, segment: Segment, following: int) -> Cue | None:
    """A cue behind the closing mark: "…," she said; "…?" asked Ann Lee, the union's leader."""
    if segment.shut_at is None:
        return None
    limit = min(following, segment.paragraph.end, segment.after + LONGEST_WINDOW)
    stop = sentence_end(text, segment.after, limit)
    words = words_between(text, segment.after, stop)
    if not words or not begins_cue(text, segment, words[0]):
        return None
    first = 0
    while first < min(2, len(words)) and words[first].lower.endswith("ly"):
        first += 1
    head = words[first] if first < len(words) else words[0]
    if words[0].lower == "as":
        return as_put(words, segment)
    if head.lower == "according" and len(words) > first + 1:
        return Cue(head.start, words[first + 1].end, "according", stop)
    if is_verb(head) and len(words) > first + 1 and starts_noun(words[first + 1]):
        return Cue(head.start, head.end, "inverted", stop)
    if tells_by_place(text, segment, words[0]) and words[1:] and words[1].text[0].isupper():
        return Cue(words[0].start, words[0].end, "inverted", stop)
    index = first_verb(words)
    if index is None:
        return None
    verb = words[index]
    return Cue(verb.start, verb.end, "after", segment.after)


def begins_cue(text: str, segment: Segment, word: Word) -> bool:
    """Whether the words behind the mark belong to the quote's own sentence."""
    gap = text[segment.after : word.start].strip()
    if gap not in ("", ",", "—", "–", "-", "--", "…", "(") and not gap.startswith(","):
        return False
    if word.lower in NOT_A_CUE - {"as"} or is_participle(word):
        return False
    # A full stop inside the marks ends the sentence, unless a small letter goes on behind it;
    # with no stop at all the words in marks are a part of the sentence around them.
    last = last_stop(text, segment)
    if last in ",?!—–-…" or gap or (last == "." and word.text[0].islower()):
        return True
    return last != "." and is_tight(text, segment, word)


def is_tight(text: str, segment: Segment, word: Word) -> bool:
    """A name or pronoun right before a reporting verb: "…" Lee wrote."""
    following = words_between(text, word.end, word.end + 24)[:1]
    named = word.text[0].isupper() or word.lower in ("he", "she", "they")
    return named and bool(following) and following[0].lower in CLAUSE_VERBS


def tells_by_place(text: str, segment: Segment, word: Word) -> bool:
    """Any verb may report where it stands between the quote and a name: "…!" cheered Ann Lee."""
    return (
        word.lower.endswith("ed") and word.text[0].islower() and (last_stop(text, segment) in ",?!")
    )


def as_put(words: list[Word], segment: Segment) -> Cue | None:
    """The cue of "…," as Ann Lee put it."""
    for word in words[1:40]:
        if word.lower in VERBS or word.lower in ("put", "puts"):
            return Cue(word.start, word.end, "after", words[0].end)
    return None


def first_verb(words: list[Word]) -> int | None:
    """The main reporting verb of a clause: not inside "who said …", not an infinitive."""
    for index, word in enumerate(words[:30]):
        if not is_verb(word) or index == 0:
            continue
        before = words[index - 1].text
        if (
            before in NO_VERB_AFTER
            or VERBS[word.lower] in NOT_AFTER
            or (is_ambiguous(word) and index > NEAR)
        ):
            continue
        if word.lower.endswith("ing") and before not in BE:
            continue
        return index
    return None


def cue_before(text: str, segment: Segment, previous: int) -> Cue | None:
    """A cue ahead of the opening mark: Lee said: "…"; he told reporters that "…"."""
    floor = max(previous, segment.paragraph.start, segment.opened_at - LONGEST_WINDOW)
    start = sentence_start(text, segment.opened_at, floor)
    words = words_between(text, start, segment.opened_at)
    if not words:
        return None
    joint = text[words[-1].end : segment.opened_at].strip()
    label = label_before(text, words, joint)
    if label and stands_free(text, label, start):
        return label
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        far = len(words) - 1 - index
        if word.lower == "according" and far >= 1 and words[index + 1].lower == "to":
            return Cue(
                word.start, words[index + 1].end, "according", segment.opened_at, "," in joint
            )
        if not is_verb(word) or (far and is_ambiguous(word)):
            continue
        if index and words[index - 1].lower in NOUN_BEFORE:
            continue
        if far and index and words[index - 1].lower in ("who", "which"):
            continue
        adjacent = far == 0 or joint[-1:] in (",", ":") or words[-1].lower in ("that", "it")
        if far == 0 and not joint and word.lower not in CLAUSE_VERBS:
            adjacent = False
        if far and joint[-1:] == "," and text[words[index].end : words[-1].start].count(",") > 2:
            adjacent = False
        return Cue(word.start, word.end, "before", start, adjacent)
    return label


def label_before(text: str, words: list[Word], joint: str) -> Cue | None:
    """Ann Lee: "…" names the speaker with no verb."""
    if joint[:1] != ":":
        return None
    first = len(words)
    while first and words[first - 1].text[0].isupper():
        first -= 1
        if first and text[words[first - 1].end : words[first].start].strip(". "):
            break
    if first == len(words):
        return None
    at = words[-1].end
    return Cue(at, at + 1, "label", words[first].start)


def stands_free(text: str, label: Cue, start: int) -> bool:
    before = text[start : label.bound].rstrip()
    return not before or before[-1] in "-–—.]"


def is_verb(word: Word) -> bool:
    """A reporting verb; with a capital it is a name, as the United States is."""
    return word.lower in VERBS and word.text[0].islower()


def is_participle(word: Word) -> bool:
    return word.lower.endswith("ing") and word.text[0].islower() and word.lower != "according"


def last_stop(text: str, segment: Segment) -> str:
    """The last sign of the quote's own words, inside any nested marks."""
    return text[max(segment.start, segment.end - 4) : segment.end].rstrip(" \u00a0'’”")[-1:] or "’"


def is_ambiguous(word: Word) -> bool:
    return VERBS[word.lower] in AMBIGUOUS_VERBS


def starts_noun(word: Word) -> bool:
    return (
        word.text[0].isupper()
        or word.lower in ARTICLES
        or word.lower in PRONOUNS
        or (word.lower not in NOT_A_NOUN)
    )


def words_between(text: str, start: int, end: int) -> list[Word]:
    return [
        Word(match.group(), match.group().lower(), match.start(), match.end())
        for match in WORD.finditer(text, start, end)
    ]


WORD = re.compile(r"[^\W_][\w-]*(?:[’'.][^\W_]+)*")
NOT_AFTER = word_set(
    "see view use regard consider compare portray paint depict hit fire shoot press open close "
    "hold make reject endorse knock"
)
NOT_A_CUE = word_set(
    "and or which when while because where before after if in on at for of from with during that "
    "to as than until since by about"
)
ARTICLES = word_set("the a an one his her its their our my this that these those")
BE = word_set("is was were are been be")
NO_VERB_AFTER = word_set(
    "who which to whom whose will would could should might may can must cannot won't for of in "
    "on and not if what when by with a the his her its their our my"
)
NOUN_BEFORE = word_set("to the a an of his her its their in for on with this that no")
NOT_A_NOUN = word_set(
    "in on at to for of by with from as that this it during after before when while and but about "
    "through via into over against last earlier later on again yesterday today monday tuesday "
    "wednesday thursday friday saturday sunday if because so not"
)
