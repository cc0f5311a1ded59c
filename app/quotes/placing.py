"""Where a quote that was sent stands in its article, or the problem that it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Ambiguous, NotVerbatim, Problem, ValidationError
from app.quotes.anchoring import (
    JOINER,
    Place,
    QuoteAmbiguous,
    QuoteNotVerbatim,
    Span,
    SpanInvalid,
    check_spans,
    context_of,
    find_quote,
)
from app.quotes.differences import likeness, word_difference
from app.quotes.schemas import ArticleQuoteWrite
from app.quotes.typography import fold
from app.web.offsets import Units

MAX_EXPLAINED = 10


@dataclass(frozen=True)
class Placed:
    """A quote's place, with what is kept of the text there: the article's own characters."""

    spans: Place
    exacts: tuple[str, ...]
    prefix: str
    suffix: str

    @property
    def text(self) -> str:
        return JOINER.join(self.exacts)


def placed(text: str, spans: Place) -> Placed:
    prefix, suffix = context_of(text, spans)
    return Placed(spans, tuple(text[start:end] for start, end in spans), prefix, suffix)


def place_quote(text: str, content: ArticleQuoteWrite, *, utf16: bool = False) -> Placed:
    """Find a quote by its spans, or else by its words.

    Raises NotVerbatim, Ambiguous or ValidationError, with pointers from the quote on.
    """
    try:
        if content.spans is None:
            words = content.text or ""
            spans = find_quote(text, words, prefix=content.prefix, suffix=content.suffix)
        else:
            spans = given_spans(text, content, utf16=utf16)
    except SpanInvalid as error:
        pointer = f"/spans/{error.index}"
        raise ValidationError(
            error.reason, errors=[{"pointer": pointer, "detail": error.reason}]
        ) from None
    except QuoteNotVerbatim as error:
        raise not_verbatim(text, error, utf16=utf16) from None
    except QuoteAmbiguous as error:
        raise ambiguous(text, error, utf16=utf16) from None
    return placed(text, spans)


def given_spans(text: str, content: ArticleQuoteWrite, *, utf16: bool) -> Place:
    assert content.spans is not None
    units = Units(text) if utf16 else None
    spans = []
    for index, span in enumerate(content.spans):
        try:
            edges = (
                (span.start, span.end)
                if units is None
                else (units.to_code_points(span.start), units.to_code_points(span.end))
            )
        except ValueError as error:
            raise SpanInvalid(index, str(error)) from None
        spans.append(Span(*edges))
    check_spans(text, spans, exacts=[span.exact for span in content.spans])
    if content.text is not None:
        stands = JOINER.join(text[start:end] for start, end in spans)
        if fold(content.text).text != fold(stands).text:
            raise QuoteNotVerbatim(
                content.text,
                Span(spans[0].start, spans[-1].end),
                stands,
                likeness(content.text, stands),
                word_difference(content.text, stands),
            )
    return tuple(spans)


def in_units(text: str, span: Span, *, utf16: bool) -> Span:
    """The span as the client counts."""
    if not utf16:
        return span
    units = Units(text)
    return Span(units.to_utf16(span.start), units.to_utf16(span.end))


def not_verbatim(text: str, error: QuoteNotVerbatim, *, utf16: bool) -> Problem:
    detail = f"“{shortened(error.words)}” does not stand in the article word for word."
    place: dict[str, Any] = {"pointer": "/text", "detail": detail, "nearest": None}
    if error.nearest is not None:
        detail += f" Nearest: “{shortened(error.passage)}”."
        place["detail"] = detail
        start, end = in_units(text, error.nearest, utf16=utf16)
        place["nearest"] = {
            "start": start,
            "end": end,
            "exact": error.passage,
            "score": round(error.score, 3),
        }
    place["difference"] = error.difference
    return NotVerbatim(detail, errors=[place])


def ambiguous(text: str, error: QuoteAmbiguous, *, utf16: bool) -> Problem:
    detail = (
        f"The words stand in the article at {len(error.candidates)} places or more: "
        "send spans, or a prefix or suffix that tells which."
    )
    candidates = []
    for place in error.candidates:
        there = placed(text, place)
        counted = [in_units(text, span, utf16=utf16) for span in place]
        candidates.append(
            {
                "spans": [
                    {"start": start, "end": end, "exact": exact}
                    for (start, end), exact in zip(counted, there.exacts, strict=True)
                ],
                "prefix": there.prefix,
                "suffix": there.suffix,
            }
        )
    where = {"pointer": "/text", "detail": detail, "candidates": candidates}
    return Ambiguous(detail, errors=[where], candidates=candidates)


def raise_together(problems: Sequence[Problem]) -> None:
    """Raise the first problem, with the places of the others; those of another kind say which."""
    if not problems:
        return
    first = problems[0]
    for other in problems[1:MAX_EXPLAINED]:
        if type(other) is type(first):
            first.errors.extend(other.errors)
        else:
            first.errors.extend({**error, "code": other.code} for error in other.errors)
    raise first


def shortened(words: str) -> str:
    return words if len(words) <= 120 else words[:119] + "…"
