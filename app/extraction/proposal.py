"""What an extraction proposes: quotes and entities, as spans of the text."""

from dataclasses import dataclass

from app.documents.extractions import (
    EntityType,
    ExtractedEntity,
    ExtractedQuote,
    ExtractedSpan,
    ExtractedSpeaker,
    ExtractionRead,
    QuoteKind,
    SpeakerKind,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Code points of the text from `start`, `end` exclusive."""

    start: int
    end: int

    def document(self) -> ExtractedSpan:
        return {"start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the resolved name, and where the words that name them stand.

    `description` is a speaker without a name ("a spokesman", "analysts"), `pronoun` one that could
    not be resolved; for both, `name` holds the words as printed and names no entity.
    """

    name: str
    start: int
    end: int
    kind: SpeakerKind = "person"

    def document(self) -> ExtractedSpeaker:
        return {"name": self.name, "start": self.start, "end": self.end, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote in reading order of its spans; `rule` says why its speaker was chosen."""

    kind: QuoteKind
    spans: tuple[Span, ...]
    speaker: Speaker | None
    cue: Span | None
    role: str | None
    rule: str
    confidence: float

    def document(self) -> ExtractedQuote:
        return {
            "kind": self.kind,
            "spans": [span.document() for span in self.spans],
            "speaker": self.speaker.document() if self.speaker else None,
            "cue": self.cue.document() if self.cue else None,
            "role": self.role,
            "rule": self.rule,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organization or place under its longest name, with every place it is named."""

    type: EntityType
    name: str
    mentions: tuple[Span, ...]

    def document(self) -> ExtractedEntity:
        return {
            "type": self.type,
            "name": self.name,
            "mentions": [span.document() for span in self.mentions],
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    quotes: tuple[Quote, ...] = ()
    entities: tuple[Entity, ...] = ()

    def document(self) -> ExtractionRead:
        """The shape that `POST /v1/extractions` answers with."""
        return {
            "quotes": [quote.document() for quote in self.quotes],
            "entities": [entity.document() for entity in self.entities],
        }
