"""Speakers of marked runs without a cue: from the run beside, else from the paragraph before."""

from collections.abc import Sequence

from app.extraction.attribution import Attribution
from app.extraction.cues import Cue, words_between
from app.extraction.names import Names
from app.extraction.paragraphs import Paragraph, sentence_start
from app.extraction.proposal import Span
from app.extraction.subjects import can_speak, speaker_words, subject_of, teller_of_sentence
from app.extraction.syntax import Parse
from app.extraction.vocabulary import AMBIGUOUS_VERBS, VERBS


def inherit(
    text: str, found: Sequence[Attribution], paragraphs: Sequence[Paragraph],
    parses: dict[int, Parse], names: Names,
) -> None:  # fmt: skip
    """Fills in what the run's own sentence leaves open."""
    first_of: dict[int, int] = {}
    for index, one in enumerate(found):
        first_of.setdefault(one.segment.paragraph.index, index)
    for index, one in enumerate(found):
        if one.segment.continues and index and one.rule != "label":
            take(found, index, index - 1, "continued")
        if one.rule != "label" and not one.segment.continues:
            after_colon(text, one, paragraphs, parses, names)
        if one.words is None and index:
            same = found[index - 1].segment.paragraph is one.segment.paragraph
            if same and found[index - 1].words:
                take(found, index, index - 1, "same-paragraph")
        if one.words is None:
            ahead = next_in_paragraph(found, index)
            if ahead is not None:
                take(found, index, ahead, "same-paragraph")
        if one.words is None:
            from_before(text, found, index, paragraphs, parses, names)


def after_colon(
    text: str, one: Attribution, paragraphs: Sequence[Paragraph], parses: dict[int, Parse],
    names: Names,
) -> None:  # fmt: skip
    """A paragraph that ends with a colon hands its speaker on: Lee continued: | "…"."""
    here = one.segment.paragraph
    if one.segment.opened_at > here.start or not here.index or one.rule == "cue-after":
        return
    before = paragraphs[here.index - 1]
    if text[before.end - 1] != ":":
        return
    parse = parses.get(before.index)
    found = last_teller(text, before.start, before.end, parse, names)
    if parse and not (found and found[1].end + 80 > before.end):
        found = teller_of_sentence(parse, before.end) or found
    if found:
        one.words, one.cue, one.rule = found[0], found[1], "cue-before"


def take(found: Sequence[Attribution], index: int, source: int, rule: str) -> None:
    giver = found[source]
    if giver.words is None:
        return
    one = found[index]
    one.words, one.cue, one.rule = giver.words, None, rule
    one.source = source if giver.source is None else giver.source


def next_in_paragraph(found: Sequence[Attribution], index: int) -> int | None:
    """The next run of the paragraph, when only it has a cue behind it."""
    here = found[index].segment.paragraph
    for ahead in range(index + 1, min(index + 4, len(found))):
        if found[ahead].segment.paragraph is not here:
            return None
        if found[ahead].rule == "cue-after":
            return ahead
    return None


def from_before(
    text: str, found: Sequence[Attribution], index: int, paragraphs: Sequence[Paragraph],
    parses: dict[int, Parse], names: Names,
) -> None:  # fmt: skip
    """The speaker of the sentence before, else of the paragraph before."""
    one = found[index]
    here = one.segment.paragraph
    if one.segment.opened_at > here.start:
        parse = parses.get(here.index)
        teller = last_teller(text, here.start, one.segment.opened_at, parse, names)
        if parse and not teller:
            teller = teller_of_sentence(parse, one.segment.opened_at)
        if teller:
            one.words, one.cue, one.rule = *teller, "sentence-before"
            return
    for back in (1, 2):
        if here.index < back:
            return
        before = paragraphs[here.index - back]
        last = index - 1
        parse, floor = parses.get(before.index), before.start
        has_run = last >= 0 and found[last].segment.paragraph is before and found[last].words
        if has_run:
            floor = found[last].segment.after
        teller = last_teller(text, floor, before.end, parse, names)
        if has_run and not (teller and is_clear(text, floor, teller[0])):
            take(found, index, last, "paragraph-before")
            return
        if teller:
            one.words, one.cue, one.rule = teller[0], None, "paragraph-before"
            return


def is_clear(text: str, floor: int, words: Span) -> bool:
    """Whether the words open a new sentence behind the last quote of their paragraph."""
    begins = sentence_start(text, words.start, floor)
    return begins > floor and words.start - begins < NEAR


def last_teller(
    text: str, start: int, end: int, parse: Parse | None, names: Names
) -> tuple[Span, Span] | None:
    """The last reporting verb of a stretch whose subject can speak: its subject, its place."""
    start = max(start, end - REACH)
    for word in reversed(words_between(text, start, end)):
        if word.lower not in VERBS or word.text[0].isupper():
            continue
        if VERBS[word.lower] in AMBIGUOUS_VERBS and text[word.end : end].strip() != ":":
            continue
        cue = Cue(word.start, word.end, "before", start)
        if parse:
            token = parse.at(word.start)
            if not parse.tags[token].startswith("VB"):
                continue
            subject = subject_of(parse, token)
            if subject is None or not can_speak(parse, subject):
                continue
        words = speaker_words(text, cue, parse, names)
        if words and words.end <= end:
            return words, Span(cue.start, cue.end)
    return None


REACH = 600
NEAR = 12
