"""The order of an extraction: marks, cues, speakers, indirect quotes, entities."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.documents.extractions import QuoteKind
from app.extraction.attribution import Attribution, attributions_of
from app.extraction.entities import entities_of
from app.extraction.indirect import Reported, reported_in
from app.extraction.inheritance import inherit
from app.extraction.keeping import kind_of
from app.extraction.marks import Segment, segments_of
from app.extraction.names import Names, names_of
from app.extraction.other_languages import is_english, quotes_by_marks
from app.extraction.paragraphs import Paragraph, is_readable, paragraphs_of
from app.extraction.proposal import Proposal, Quote, Span, Speaker
from app.extraction.speakers import Resolver
from app.extraction.syntax import Model, Name, Parse
from app.extraction.vocabulary import CLAUSE_VERBS

# As many as an article may hold.
MOST_QUOTES = 500
# About 20,000 words: no article is longer, and a parser takes seconds for so many.
MOST_PARSED = 120_000
MOST_PARAGRAPHS = 2000
LONGEST_INTERRUPTION = 120
CONFIDENCE = {
    "cue-after": 0.97, "cue-before": 0.95, "governed": 0.85, "continued": 0.9, "noun": 0.75,
    "same-paragraph": 0.88, "paragraph-before": 0.75, "sentence-before": 0.7,
    "clause-before": 0.7, "verb": 0.5, "indirect-clause": 0.8, "indirect-according": 0.75,
    "none": 0.3, "label": 0.8,
}  # fmt: skip


def extract(text: str, *, language: str = "en", language_model: Model | None = None) -> Proposal:
    """What an article's canonical text says, and who says it.

    Without a model only direct quotes and people are found, and fewer of them; in a language other
    than English only what stands in marks, whatever the model.
    """
    if not is_english(text, language):
        return Proposal(quotes_by_marks(text)[:MOST_QUOTES])
    paragraphs = paragraphs_of(text)
    segments = segments_of(text, paragraphs)
    parses, found = read_with(language_model, text, paragraphs, segments)
    names = names_of(text, found)
    attributions = attributions_of(text, segments, parses, names)
    inherit(text, attributions, paragraphs, parses, names)
    kinds = [kind_of(text, one) for one in attributions]
    reported = indirect_of(text, paragraphs, segments, parses, names)
    quotes = quotes_of(text, attributions, kinds, reported, Resolver(text, names))[:MOST_QUOTES]
    speakers = [quote.speaker for quote in quotes if quote.speaker]
    return Proposal(tuple(quotes), entities_of(text, found, names, speakers))


def read_with(
    model: Model | None, text: str, paragraphs: Sequence[Paragraph], segments: Sequence[Segment]
) -> tuple[dict[int, Parse], list[Name]]:
    """Parses the paragraphs that have marks or reporting verbs; finds names in all of them."""
    if model is None:
        return {}, []
    marked = {segment.paragraph.index for segment in segments}
    readable: list[Paragraph] = []
    length = 0
    for paragraph in paragraphs:
        if length >= MOST_PARSED or len(readable) >= MOST_PARAGRAPHS:
            break
        tells = not paragraph.is_display or paragraph.index in marked
        if tells and is_readable(text, paragraph):
            readable.append(paragraph)
            length += paragraph.end - paragraph.start
    wanted = [one for one in readable if one.index in marked or reports(text, one)]
    parsed = model.parse([(text[one.start : one.end], one.start) for one in wanted])
    parses = {one.index: parse for one, parse in zip(wanted, parsed, strict=True) if parse}
    found = model.names([(text[one.start : one.end], one.start) for one in readable])
    model.forget()
    return parses, found


def reports(text: str, paragraph: Paragraph) -> bool:
    words = SMALL_WORD.findall(text[paragraph.start : paragraph.end].lower())
    return not CLAUSE_VERBS.keys().isdisjoint(words) or "according" in words


def indirect_of(
    text: str, paragraphs: Sequence[Paragraph], segments: Sequence[Segment],
    parses: dict[int, Parse], names: Names,
) -> list[Reported]:  # fmt: skip
    by_paragraph: dict[int, list[Segment]] = {}
    for segment in segments:
        by_paragraph.setdefault(segment.paragraph.index, []).append(segment)
    found: list[Reported] = []
    for index, parse in parses.items():
        if not paragraphs[index].is_display:
            found += reported_in(text, parse, by_paragraph.get(index, ()), names)
    return found


def quotes_of(
    text: str, attributions: Sequence[Attribution], kinds: Sequence[QuoteKind | None],
    reported: Sequence[Reported], resolver: Resolver,
) -> list[Quote]:  # fmt: skip
    """All quotes in reading order, so that a pronoun is read after the name it stands for."""
    work: list[tuple[int, Attribution | Reported, QuoteKind]] = [
        (one.segment.start, one, kind)
        for one, kind in zip(attributions, kinds, strict=True)
        if kind
    ]
    work += [(one.spans[0].start, one, "indirect") for one in reported]
    work.sort(key=lambda item: item[0])
    known: dict[Span, tuple[Speaker, str | None]] = {}
    quotes: list[Quote] = []
    last: Attribution | None = None
    for _, one, kind in work:
        speaker, role = None, None
        if one.words:
            if one.words not in known:
                known[one.words] = resolver.speaker(one.words)
            speaker, role = known[one.words]
        if isinstance(one, Reported):
            spans = one.spans
        else:
            spans = (Span(one.segment.start, one.segment.end),)
            if quotes and last and goes_on(text, last, one):
                quotes[-1] = replace(quotes[-1], spans=quotes[-1].spans + spans)
                last = one
                continue
        quotes.append(Quote(kind, spans, speaker, one.cue, role, one.rule, CONFIDENCE[one.rule]))
        last = one if isinstance(one, Attribution) and kind == "direct" else None
    return quotes


def goes_on(text: str, last: Attribution, one: Attribution) -> bool:
    """Whether a run is more of the quote before it: "A," she said, "b", or a further paragraph."""
    if one.rule == "continued":
        return one.segment.paragraph.index == last.segment.paragraph.index + 1
    here, there = one.segment, last.segment
    if here.paragraph is not there.paragraph or one.rule == "label":
        return False
    between = text[there.after : here.opened_at].rstrip()
    is_short = len(between) < LONGEST_INTERRUPTION and text[there.end - 1] not in ".?!"
    return is_short and between.endswith((",", "—", "-", "–")) and text[here.start].islower()


SMALL_WORD = re.compile(r"[a-z]+")
