"""Whether somebody said some words: a verdict over the whole archive."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.access.viewer import Viewer
from app.documents.quotes import NearQuote, QuoteCheck, QuotePlace
from app.entities.naming import find_named
from app.entities.reads import entity_ref
from app.errors import Problem
from app.models import Quote
from app.quotes.candidates import (
    Candidate,
    Condition,
    in_time,
    probes_of,
    quotes_holding,
    quotes_near,
)
from app.quotes.comparing import (
    LEAST_SHARED,
    Wording,
    given_wording,
    in_article,
    nearest,
    quote_wording,
    standing,
)
from app.quotes.differences import word_difference
from app.quotes.reads import in_units, quote_place, quotes_by_key
from app.quotes.schemas import QuoteCheckWrite

MOST_PLACES = 100
MOST_NEAREST = 10

# Quotes are read and compared so many at a time, until there are enough.
_AT_ONCE = 200
# The best so many are compared letter by letter; fewer, when the words are many.
_MOST_ALIGNED = 40
_ALIGNED_LETTERS = 20_000

_OWN_WORDS: Condition = Quote.kind != "indirect"


def check_words(
    connection: Connection, content: QuoteCheckWrite, viewer: Viewer, *, utf16: bool = False
) -> QuoteCheck:
    """The words as they stand, by the one named before others; else what comes near, likewise.

    A paraphrase is not what was said: an indirect quote is at most near the words.
    """
    given = given_wording(content.words)
    check: QuoteCheck = {
        "verdict": "unknown",
        "speaker": None,
        "places": [],
        "nearest": [],
        "truncated": False,
    }
    searches: list[list[Condition]] = [[]]
    if content.speaker is not None:
        try:
            speaker = find_named(connection, content.speaker, viewer)
        except Problem as problem:
            raise problem.within("/speaker") from None
        check["speaker"] = entity_ref(speaker)
        searches.insert(0, [Quote.speaker_key == speaker.key])
    for among in searches:
        places = exact_places(connection, given, viewer, *among)
        if places:
            is_own = among or content.speaker is None
            check["verdict"] = "exact" if is_own else "other_speaker"
            check["places"] = in_units(connection, places[:MOST_PLACES], utf16=utf16)
            check["truncated"] = len(places) > MOST_PLACES
            return check
    for among in searches:
        near = near_quotes(connection, given, viewer, *among)
        if near:
            check["verdict"] = "altered"
            check["nearest"] = in_units(connection, near, utf16=utf16)
            return check
    return check


def exact_places(
    connection: Connection, given: Wording, viewer: Viewer, *among: Condition
) -> list[QuotePlace]:
    """Where the words stand as somebody's own, the first published first; a few too many, when
    there are more than are listed."""
    keys = quotes_holding(connection, given.keys, viewer, _OWN_WORDS, *among)
    places: list[QuotePlace] = []
    for first in range(0, len(keys), _AT_ONCE):
        for quote in quotes_by_key(connection, keys[first : first + _AT_ONCE]).values():
            wording = quote_wording([span["exact"] for span in quote["spans"]])
            places += (
                quote_place(quote, in_article(quote["spans"], part))
                for part in standing(given, wording)
            )
            if len(places) > MOST_PLACES:
                return places
    return places


def near_quotes(
    connection: Connection, given: Wording, viewer: Viewer, *among: Condition
) -> list[NearQuote]:
    """The quotes that come near the words, best first."""
    probes = probes_of(given.keys)
    candidates = quotes_near(connection, probes, given.keys, viewer, *among)
    quotes = quotes_by_key(connection, worth_aligning(candidates, given))
    found: list[NearQuote] = []
    for quote in quotes.values():
        place = nearest(given, quote["text"])
        if place is None:
            continue
        span, score = place
        passage = quote["text"][span.start : span.end]
        found.append(
            {
                **quote_place(quote, in_article(quote["spans"], span)),
                "score": round(score, 3),
                "difference": word_difference(given.core, passage),
            }
        )
    found.sort(key=lambda one: (-one["score"], in_time(one["article"]["published_at"], one["id"])))
    return found[:MOST_NEAREST]


def worth_aligning(candidates: Sequence[Candidate], given: Wording) -> list[int]:
    most = max(MOST_NEAREST, min(_MOST_ALIGNED, _ALIGNED_LETTERS // (len(given.core) + 1)))
    return [one.key for one in candidates if one.share >= LEAST_SHARED][:most]
