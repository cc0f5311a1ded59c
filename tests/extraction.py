"""The language model, loaded once a process, and what tests say of proposals."""

import os
from functools import cache

from app.extraction.engine import extract
from app.extraction.language_models import USUAL_MODEL, load_model
from app.extraction.proposal import Proposal, Quote
from app.extraction.syntax import Model

# Read when numpy is first imported, as in a worker process.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@cache
def the_model() -> Model:
    model = load_model(USUAL_MODEL)
    assert model is not None
    return model


def read(text: str, language: str = "en") -> Proposal:
    """What is found with the model."""
    return extract(text, language=language, language_model=the_model())


def words(text: str, quote: Quote) -> str:
    return " … ".join(text[span.start : span.end] for span in quote.spans)


def told(text: str, proposal: Proposal, kind: str = "direct") -> list[tuple[str, str | None]]:
    """The words of each quote of a kind, and its speaker."""
    return [
        (words(text, quote), quote.speaker.name if quote.speaker else None)
        for quote in proposal.quotes
        if quote.kind == kind
    ]


def assert_offsets(text: str, proposal: Proposal) -> None:
    """Every place that is named lies in the text, and holds something."""
    spans = [span for quote in proposal.quotes for span in quote.spans]
    spans += [span for entity in proposal.entities for span in entity.mentions]
    spans += [quote.cue for quote in proposal.quotes if quote.cue]
    places = [(span.start, span.end) for span in spans]
    places += [(one.speaker.start, one.speaker.end) for one in proposal.quotes if one.speaker]
    assert all(0 <= start < end <= len(text) for start, end in places)
