"""The people, organizations and places of a text, each under its longest name."""

from collections import defaultdict
from collections.abc import Iterable

from app.documents.extractions import EntityType
from app.extraction.names import KINDS, Names
from app.extraction.proposal import Entity, Span, Speaker
from app.extraction.syntax import Name
from app.extraction.vocabulary import NOT_IN_NAMES, TITLES


def entities_of(
    text: str, found: Iterable[Name], names: Names, speakers: Iterable[Speaker]
) -> tuple[Entity, ...]:
    """One entity a name, in the order of their first mentions."""
    mentions: dict[tuple[EntityType, str], set[Span]] = defaultdict(set)
    found = list(found)
    seen_as = {(KINDS.get(one.label), text[one.start : one.end]) for one in found}
    for one in found:
        kind = KINDS.get(one.label)
        if kind == "person" and ("place", text[one.start : one.end]) in seen_as:
            # The model wavers; a name that is a place elsewhere is no person.
            kind = "place"
        span = clean(text, one.start, one.end, kind == "person") if kind else None
        if span is None or kind in (None, "description", "pronoun"):
            continue
        name = text[span.start : span.end].replace("\u00a0", " ")
        if kind == "person":
            name = names.full_name(tuple(name.split()), span.start)
            mentions["person", name].add(span)
        elif kind == "organization":
            mentions["organization", name].add(span)
        elif kind == "place":
            mentions["place", name].add(span)
    taken = [span for spans in mentions.values() for span in spans]
    edges = {span.start for span in taken} | {span.end for span in taken}
    for speaker in speakers:
        is_named = speaker.kind == "person" and text[speaker.start].isupper()
        if is_named and not {speaker.start, speaker.end} & edges:
            mentions["person", speaker.name].add(Span(speaker.start, speaker.end))
    add_short_forms(mentions, names)
    entities = [
        Entity(kind, name, tuple(sorted(spans, key=lambda span: span.start)))
        for (kind, name), spans in mentions.items()
        if spans
    ]
    return tuple(sorted(entities, key=lambda entity: entity.mentions[0].start))


def add_short_forms(mentions: dict[tuple[EntityType, str], set[Span]], names: Names) -> None:
    """Every surname of a known person, also where the model saw none or an organization."""
    people: dict[str, set[str]] = defaultdict(set)
    for kind, name in list(mentions):
        if kind == "person" and " " in name:
            people[name].add(name)
            people[name.rsplit(" ", 1)[-1]].add(name)
    known = {
        span.start: key
        for key, spans in mentions.items()
        for span in spans
        if key[0] == "person" or " " in key[1]
    }
    for run in names.runs:
        fitting = people.get(" ".join(run.words), set())
        if len(fitting) == 1 and run.name_start not in known and run.start not in known:
            span = Span(run.name_start, run.end)
            for spans in mentions.values():
                spans.discard(span)
            mentions["person", next(iter(fitting))].add(span)


def clean(text: str, start: int, end: int, is_person: bool) -> Span | None:
    """Without possessive, article and, before a person, the title."""
    words = text[start:end]
    for tail in ("’s", "'s", "’", "'", ",", "."):
        if words.endswith(tail) and not (tail == "." and words[-3:-2] in ". "):
            words = words[: -len(tail)]
    end = start + len(words)
    parts = words.split()
    drop = TITLES | NOT_IN_NAMES if is_person else frozenset(("the", "a", "an"))
    while len(parts) > 1 and parts[0].strip(".").lower() in drop:
        start = text.index(parts[1], start + len(parts[0]))
        parts = parts[1:]
    if start >= end or "\n" in text[start:end] or not any(part[0].isupper() for part in parts):
        return None
    return Span(start, end)
