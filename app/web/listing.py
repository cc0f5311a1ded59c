"""Lists: their parameters, read and refused by name, and documented from the same declaration."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from fastapi import Request
from sqlalchemy import Boolean, Connection, false, func
from sqlalchemy.orm import InstrumentedAttribute
from starlette.datastructures import QueryParams

from app.errors import InvalidParameter
from app.web.cursors import CursorSigner, Value, get_signer, list_digest
from app.web.fields import Selection, parse_selection
from app.web.filters import Condition, Filter
from app.web.nearest import unknown
from app.web.offsets import OFFSETS, parse_offsets
from app.web.state import database_of, settings_of

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
MAX_FILTER_VALUES = 100

Total = Literal["none", "estimate", "exact"]


@dataclass(frozen=True)
class Sort:
    """What a list can be sorted by; null values come last in either direction."""

    column: InstrumentedAttribute[Any]  # Any: of whatever type is sorted by
    nullable: bool = False


@dataclass(frozen=True)
class SortKey:
    sort: Sort
    descending: bool


# The condition of a query on one database, to be used within a context that bounds its time.
Matching = Callable[[Connection, float], AbstractContextManager[Condition]]
# Reads the text of a query; raises SearchMalformed.
Searching = Callable[[str], Matching]


@dataclass(frozen=True)
class Listing:
    """A kind of list. `key` breaks ties; `document` says which names `fields` may hold; `search`
    is what `q` means, None where it is not taken."""

    name: str
    key: InstrumentedAttribute[int]
    sorts: Mapping[str, Sort]
    default_sort: str
    filters: Mapping[str, Filter]
    document: type
    includes: tuple[str, ...] = ()
    search: Searching | None = None


@dataclass(frozen=True)
class ListRequest:
    """A list as one client wants it; `after` holds the sort values of the row to go on after.
    `matching` is the search in it, which may take `seconds`."""

    listing: Listing
    conditions: tuple[Condition, ...]
    sort: tuple[SortKey, ...]
    limit: int
    after: tuple[Value, ...] | None
    total: Total
    selection: Selection
    utf16: bool
    digest: str
    signer: CursorSigner = field(repr=False)
    matching: Matching | None = None
    seconds: float = 1.0


async def parse_list(request: Request, listing: Listing) -> ListRequest:
    """Raises InvalidParameter or InvalidCursor, naming the parameter at fault; Unauthenticated or
    Forbidden where that is not for this client."""
    query = request.query_params
    only_once(query, {"limit", "cursor", "sort", "fields", "include", "total", "offsets", "q"})
    signer = await cursor_signer(request)
    refuse_desk_filters(request, listing)
    conditions = tuple(parse_filters(query, listing.filters))
    sort_text = query.get("sort", listing.default_sort)
    filters = sorted((name, value) for name, value in query.multi_items() if is_filter(name))
    searched = query.get("q") if listing.search is not None else None
    digest = list_digest(
        listing.name, request.scope["path"], sort_text, repr(filters), *filter(None, [searched])
    )
    cursor = query.get("cursor")
    return ListRequest(
        listing=listing,
        conditions=conditions,
        sort=tuple(parse_sort(sort_text, listing)),
        limit=parse_limit(query.get("limit")),
        after=None if cursor is None else tuple(signer.values(digest, cursor)),
        total=parse_total(query.get("total", "none")),
        selection=parse_selection(
            listing.document,
            listing.includes,
            fields=query.get("fields"),
            included=query.get("include"),
        ),
        utf16=parse_offsets(query),
        digest=digest,
        signer=signer,
        matching=listing.search(searched) if listing.search and searched is not None else None,
        seconds=settings_of(request).search_timeout_seconds,
    )


def refuse_desk_filters(request: Request, listing: Listing) -> None:
    for parameter in request.query_params:
        one = listing.filters.get(parameter.removeprefix("not_"))
        if one is not None and one.for_desk:
            request.state.viewer.require_desk("Filters by drafts and former publications")


async def cursor_signer(request: Request) -> CursorSigner:
    signer: CursorSigner | None = getattr(request.app.state, "cursor_signer", None)
    if signer is None:
        signer = await database_of(request).read(get_signer)
        request.app.state.cursor_signer = signer
    return signer


def is_filter(name: str) -> bool:
    return name not in PARAMETERS


def only_once(query: QueryParams, names: set[str]) -> None:
    given = query.multi_items()
    if len(given) == len(query):
        return
    for name, times in Counter(name for name, _ in given).items():
        if times > 1 and name in names:
            raise refused(name, f"{name} is given more than once.")


def parse_filters(query: QueryParams, filters: Mapping[str, Filter]) -> list[Condition]:
    conditions = []
    for parameter, text in query.multi_items():
        if not is_filter(parameter):
            continue
        name = parameter.removeprefix("not_") if parameter not in filters else parameter
        chosen = filters.get(name)
        if chosen is None or (name != parameter and not chosen.negatable):
            raise refused(parameter, unknown("parameter", parameter, {*filters, *PARAMETERS}))
        values = [value.strip() for value in text.split(",")]
        if not all(values) or len(values) > MAX_FILTER_VALUES or "\0" in text:
            raise refused(
                parameter, f"{parameter} takes 1 to {MAX_FILTER_VALUES} values between commas."
            )
        try:
            condition = chosen.condition(values)
        except ValueError as error:
            raise refused(parameter, str(error)) from None
        conditions.append(condition if name == parameter else excluded(condition))
    return conditions


def excluded(condition: Condition) -> Condition:
    """What the condition does not keep, rows where it is neither true nor false among them."""
    return ~func.coalesce(condition, false(), type_=Boolean)


def parse_sort(text: str, listing: Listing) -> list[SortKey]:
    keys = {}
    for part in text.split(","):
        name = part.strip().removeprefix("-")
        if name not in listing.sorts or name in keys:
            raise refused("sort", unknown("sort", name, listing.sorts))
        keys[name] = SortKey(listing.sorts[name], part.strip().startswith("-"))
    return list(keys.values())


def parse_limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MAX_LIMIT):
        raise refused("limit", f"limit is a number from 1 to {MAX_LIMIT}.")
    return int(text)


def parse_total(text: str) -> Total:
    if text not in ("none", "estimate", "exact"):
        raise refused("total", unknown("value", text, ("none", "estimate", "exact")))
    return cast(Total, text)  # one of the three, as was just seen


def refused(parameter: str, detail: str) -> InvalidParameter:
    return InvalidParameter(detail, errors=[{"parameter": parameter, "detail": detail}])


# Any: OpenAPI is open JSON
def parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }


FIELDS = parameter(
    "fields",
    "Only these members, separated by commas; nested ones by dots, as `section.name`. All others "
    "are left out, those that are required otherwise too.",
)

PARAMETERS = {
    "q": parameter(
        "q",
        "Only what holds these words: the language of `/v1/search`.",
        minLength=1,
        examples=["ferry -strike"],
    ),
    "limit": parameter(
        "limit", "Items on a page.", type="integer", minimum=1, maximum=MAX_LIMIT, default=20
    ),
    "cursor": parameter("cursor", "Where to go on: the `next_cursor` of the page before."),
    "sort": parameter("sort", "What to sort by."),
    "total": parameter(
        "total",
        "Count the list: `exact`, or `estimate`, which stops at 10,000.",
        enum=["none", "estimate", "exact"],
        default="none",
    ),
    "fields": FIELDS,
    "include": parameter("include", "Members to add, separated by commas."),
    "offsets": OFFSETS,
    "key": parameter("key", "A read-only API key, for clients that cannot set headers."),
}


def list_parameters(listing: Listing) -> dict[str, Any]:
    """The OpenAPI parameters of a list, for a route's `openapi_extra`."""
    described: list[dict[str, Any]] = []
    for name, one in listing.filters.items():
        described.extend(describe_filter(name, one))
    signs = [sign + name for name in listing.sorts for sign in ("", "-")]
    sort = parameter(
        "sort",
        f"Sort by one or more of {', '.join(f'`{name}`' for name in listing.sorts)}, separated by "
        "commas; a leading `-` sorts downwards.",
        default=listing.default_sort,
        pattern="^({0})(,({0}))*$".format("|".join(signs)),
    )
    for name, shared in PARAMETERS.items():
        if name == "key" or (name == "include" and not listing.includes):
            continue
        if name == "q" and listing.search is None:
            continue
        described.append(sort if name == "sort" else shared)
    if listing.includes:
        at = next(i for i, one in enumerate(described) if one["name"] == "include")
        described[at] = include_parameter(listing.includes)
    return {"parameters": described}


def describe_filter(name: str, one: Filter) -> list[dict[str, Any]]:
    note = " A comma means OR; repeat the parameter for AND."
    schema: dict[str, Any] = {"minLength": 1}
    if one.values:
        alternatives = "|".join(one.values)
        schema["pattern"] = f"^({alternatives})(,({alternatives}))*$"
    if one.example:
        schema["examples"] = [one.example]
    described = [parameter(name, one.description + note, **schema)]
    if one.negatable:
        described.append(parameter(f"not_{name}", f"Excludes what `{name}` keeps.", **schema))
    return described


def include_parameter(includes: Sequence[str]) -> dict[str, Any]:
    alternatives = "|".join(includes)
    return parameter(
        "include",
        f"Add {', '.join(f'`{name}`' for name in includes)}, separated by commas.",
        pattern=f"^({alternatives})(,({alternatives}))*$",
    )
