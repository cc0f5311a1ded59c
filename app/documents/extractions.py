"""What an extraction proposes, as it is served."""

from typing import Literal

from typing_extensions import TypedDict

QuoteKind = Literal["direct", "partial", "indirect"]
EntityType = Literal["person", "organization", "place"]
SpeakerKind = Literal["person", "organization", "place", "description", "pronoun"]


class ExtractedSpan(TypedDict):
    """Code points of the text from `start`, from 0, `end` exclusive."""

    start: int
    end: int


class ExtractedSpeaker(TypedDict):
    """Who speaks, under the full name, and where the words that name them stand. A `description`
    is somebody without a name ("a spokesman"), a `pronoun` one that stands for nobody known: for
    both, `name` holds the words as printed."""

    name: str
    start: int
    end: int
    kind: SpeakerKind


class ExtractedQuote(TypedDict):
    """A quote: `rule` says by what its speaker was found, and `confidence`, from 0 to 1, how far
    that rule is to be trusted."""

    kind: QuoteKind
    spans: list[ExtractedSpan]
    speaker: ExtractedSpeaker | None
    cue: ExtractedSpan | None
    role: str | None
    rule: str
    confidence: float


class ExtractedEntity(TypedDict):
    """A person, organization or place under its longest name, with every place it is named."""

    type: EntityType
    name: str
    mentions: list[ExtractedSpan]


class ExtractionRead(TypedDict):
    """The quotes and entities of a text, in reading order. Nothing of it is kept."""

    quotes: list[ExtractedQuote]
    entities: list[ExtractedEntity]
