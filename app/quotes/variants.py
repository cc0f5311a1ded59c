"""The forms in which one utterance was published: whole, shortened, or with other words."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, or_, select

from app.access.viewer import Viewer
from app.documents.entities import EntityRef
from app.documents.quotes import QuoteRead, QuoteVariant, QuoteVariants
from app.models import Entity, Quote
from app.quotes.candidates import (
    Candidate,
    Condition,
    in_time,
    quotes_holding,
    quotes_near,
    spread_pairs,
)
from app.quotes.comparing import (
    LEAST_VARIANT_SHARED,
    Relation,
    Wording,
    quote_wording,
    relation_of,
)
from app.quotes.differences import word_difference
from app.quotes.reads import (
    QUOTE_BY_ID,
    in_units,
    quote_place,
    quote_read,
    quotes_by_key,
    spans_of,
)
from app.search.quote_words.hits import Probe

MOST_VARIANTS = 200

_PAIRS = 48

# A published form of an utterance: its quote's key, the quote, and what it is to another.
Form = tuple[int, QuoteRead, Relation, float]


def list_variants(
    connection: Connection, quote_id: str, viewer: Viewer, *, utf16: bool = False
) -> QuoteVariants:
    """The forms of what a quote says, each by what it is to the first one published.

    The first is the earliest of the quote and what it is a form of. They are found anew at each
    read, so that nothing has to be kept true when an article is edited.
    """
    row = QUOTE_BY_ID.row(connection, quote_id, viewer)
    key = row.key
    asked = quote_read(row, spans_of(connection, [key])[key])
    forms = forms_of(connection, key, asked, asked["speaker"], viewer)
    first_key, first, *_ = forms[0]
    if first_key != key:
        speaker = first["speaker"] or asked["speaker"]
        forms = forms_of(connection, first_key, first, speaker, viewer)
        forms = forms[next(i for i, form in enumerate(forms) if form[0] == first_key) :]
        if all(form[0] != key for form in forms):
            forms = in_order([*forms, *related(first, {key: asked})])
    items: list[QuoteVariant] = [
        {
            **quote_place(quote, quote["spans"]),
            "relation": relation,
            "score": round(score, 3),
            "difference": word_difference(first["text"], quote["text"]),
        }
        for _, quote, relation, score in forms[:MOST_VARIANTS]
    ]
    items = in_units(connection, items, utf16=utf16)
    return {"first": items[0], "items": items, "truncated": len(forms) > MOST_VARIANTS}


def forms_of(
    connection: Connection, key: int, quote: QuoteRead, speaker: EntityRef | None, viewer: Viewer
) -> list[Form]:
    """The quotes of the speaker, or of an unknown one, that say the same; this one among them."""
    among: list[Condition] = []
    if speaker is not None:
        speaker_key = select(Entity.key).where(Entity.id == speaker["id"]).scalar_subquery()
        among.append(or_(Quote.speaker_key == speaker_key, Quote.speaker_key.is_(None)))
    keys = wording_of(quote).keys
    holding = quotes_holding(connection, keys, viewer, *among) if keys else []
    probes: list[Probe] = [[pair] for pair in spread_pairs(keys, _PAIRS)]
    near = quotes_near(connection, probes, keys, viewer, *among)
    alike = [one.key for one in near if is_worth_comparing(one, len(keys))]
    found = dict.fromkeys([*holding[: MOST_VARIANTS + 1], *alike[:MOST_VARIANTS]])
    found.pop(key, None)
    return in_order(
        [(key, quote, "same", 1.0), *related(quote, quotes_by_key(connection, [*found]))]
    )


def related(first: QuoteRead, quotes: Mapping[int, QuoteRead]) -> Iterator[Form]:
    wording = wording_of(first)
    for key, quote in quotes.items():
        relation = relation_of(wording, wording_of(quote))
        if relation is not None:
            yield key, quote, *relation


def is_worth_comparing(candidate: Candidate, count: int) -> bool:
    """Whether enough words are shared, of the shorter one of a candidate and so many words."""
    least = LEAST_VARIANT_SHARED * min(count, len(candidate.keys))
    return candidate.share * count >= least


def in_order(forms: Iterable[Form]) -> list[Form]:
    return sorted(forms, key=lambda form: in_time(form[1]["article"]["published_at"], form[0]))


def wording_of(quote: QuoteRead) -> Wording:
    return quote_wording([span["exact"] for span in quote["spans"]])
