"""What a client asks of a search."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from fastapi import Request
from starlette.datastructures import QueryParams

from app.documents.search import SearchHit
from app.search.asking import parse_words
from app.search.query import MAX_LENGTH, Node
from app.web.cursors import CursorSigner, Value, list_digest
from app.web.fields import Selection, parse_selection
from app.web.filters import earliest, latest
from app.web.listing import (
    MAX_FILTER_VALUES,
    PARAMETERS,
    cursor_signer,
    only_once,
    parameter,
    parse_limit,
    refused,
)
from app.web.nearest import unknown
from app.web.offsets import parse_offsets

Sorting = Literal["relevance", "newest"]

# What hits are called in `type`, and their kinds in the index.
TYPES = {"article": "articles", "quote": "quotes", "entity": "entities"}
# What is suggested.
SUGGESTED = ("entity", "article")
SORTS = ("relevance", "newest")
MATCHES = ("all", "any")
FACETS = ("section", "entity", "speaker", "month", "language")
# What an entity has not: with one of these, none is found.
FILTERS = ("section", "entity", "speaker", "language")


@dataclass(frozen=True)
class SearchRequest:
    """A search as one client wants it. `filters` are alternatives by the filter's name; `after` is
    what the cursor holds."""

    query: Node
    kinds: Sequence[str]
    filters: Sequence[tuple[str, Sequence[str]]]
    since: datetime | None
    until: datetime | None
    sort: Sorting
    facets: Sequence[str]
    limit: int
    after: Sequence[Value] | None
    counts: bool
    selection: Selection
    utf16: bool
    digest: str
    signer: CursorSigner = field(repr=False)


async def parse_search(request: Request) -> SearchRequest:
    """Raises InvalidParameter, InvalidCursor or SearchMalformed."""
    query = request.query_params
    once = {"q", "type", "match", "sort", "facets", "limit", "cursor", "fields", "offsets", "total"}
    only_once(query, once | {"published"})
    types = words_of(query, "type", tuple(TYPES)) or tuple(TYPES)
    match = word_of(query, "match", MATCHES)
    sort = word_of(query, "sort", SORTS)
    filters = [(name, values_of(name, text)) for name, text in given(query)]
    since, until = parse_published(query.get("published"))
    kinds = [kind for name, kind in TYPES.items() if name in types]
    if filters or "published" in query:
        kinds = [kind for kind in kinds if kind != "entities"]
    if "q" not in query:
        raise refused("q", "q says what to search for.")
    text = query["q"]
    narrowing = repr((sorted(filters), query.get("published"), types, match))
    digest = list_digest("search", sort, text, narrowing)
    signer = await cursor_signer(request)
    cursor = query.get("cursor")
    return SearchRequest(
        query=parse_words(text, any_word=match == "any"),
        kinds=kinds,
        filters=filters,
        since=since,
        until=until,
        sort=cast(Sorting, sort),  # one of SORTS
        facets=words_of(query, "facets", FACETS),
        limit=parse_limit(query.get("limit")),
        after=None if cursor is None else signer.values(digest, cursor),
        counts=word_of(query, "total", ("none", "estimate")) == "estimate",
        selection=parse_selection(
            cast(type, SearchHit), (), fields=query.get("fields"), included=None
        ),
        utf16=parse_offsets(query),
        digest=digest,
        signer=signer,
    )


def given(query: QueryParams) -> list[tuple[str, str]]:
    return [(name, text) for name, text in query.multi_items() if name in FILTERS]


def values_of(name: str, text: str) -> tuple[str, ...]:
    values = tuple(value.strip() for value in text.split(","))
    if not all(values) or len(values) > MAX_FILTER_VALUES or "\0" in text:
        raise refused(name, f"{name} takes 1 to {MAX_FILTER_VALUES} values between commas.")
    return values


def word_of(query: QueryParams, name: str, known: Sequence[str]) -> str:
    """The first of the known words is the default."""
    word = query.get(name, known[0])
    if word not in known:
        raise refused(name, unknown("value", word, known))
    return word


def words_of(query: QueryParams, name: str, known: Sequence[str]) -> tuple[str, ...]:
    if name not in query:
        return ()
    words = tuple(dict.fromkeys(word.strip() for word in query[name].split(",")))
    for word in words:
        if word not in known:
            raise refused(name, unknown("value", word, known))
    return words


def parse_published(text: str | None) -> tuple[datetime | None, datetime | None]:
    """The first instant that counts in, and the first that does not."""
    if text is None:
        return None, None
    first, dots, last = text.partition("..")
    try:
        since = earliest(first) if first else None
        until = latest(last if dots else first) if (last or not dots) else None
        if since is None and until is None:
            raise ValueError("A range needs a beginning or an end, as in 2026-11-01..2026-11-20.")
        if since and until and since >= until:
            raise ValueError(f"The range {text} ends before it begins.")
    except ValueError as error:
        raise refused("published", str(error)) from None
    return since, until


# Any: OpenAPI is open JSON
def listed(name: str, description: str, known: Sequence[str]) -> dict[str, Any]:
    one = "|".join(known)
    return parameter(name, description, pattern=f"^({one})(,({one}))*$")


FILTER_NOTE = " A comma means OR; repeat the parameter for AND."
DESCRIBED: dict[str, Any] = {
    "parameters": [
        {
            **parameter(
                "q",
                'What to search for: words, `"phrases"`, `OR`, `-without`, `begin*`, '
                "`headline:`, `speaker:`, `entity:`, `section:` and parentheses.",
                minLength=1,
                maxLength=MAX_LENGTH,
                examples=["ferry -strike"],
            ),
            "required": True,
        },
        listed("type", "Only hits of these types, separated by commas.", tuple(TYPES)),
        parameter(
            "match",
            "Whether all words that stand side by side have to be there, or any of them.",
            enum=list(MATCHES),
            default="all",
        ),
        parameter("sort", "The order of the hits.", enum=list(SORTS), default="relevance"),
        *(
            parameter(name, description + FILTER_NOTE, minLength=1)
            for name, description in {
                "section": "Is in this section (path or id), or below it.",
                "entity": "Speaks of this entity (id or slug).",
                "speaker": "Quotes this entity (id or slug).",
                "language": "Is in this language.",
            }.items()
        ),
        parameter(
            "published",
            "Published within this range of days or instants, the last one included.",
            minLength=1,
            examples=["2026-11-01..2026-11-20"],
        ),
        listed("facets", "Count the hits by these, separated by commas.", FACETS),
        PARAMETERS["limit"],
        PARAMETERS["cursor"],
        parameter(
            "total",
            "Count the hits of each type, up to 10,000.",
            enum=["none", "estimate"],
            default="none",
        ),
        PARAMETERS["fields"],
        PARAMETERS["offsets"],
    ]
}
