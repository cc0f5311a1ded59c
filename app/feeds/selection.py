"""Which articles are in a feed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from fastapi import Request
from sqlalchemy import Connection, select, true, tuple_

from app.articles.filters import ARTICLES
from app.errors import InvalidCursor
from app.models import Article
from app.models.visibility import article_is_public
from app.web.cursors import CursorSigner, Value, list_digest
from app.web.filters import Condition
from app.web.listing import (
    Matching,
    cursor_signer,
    describe_filter,
    only_once,
    parameter,
    parse_filters,
    refused,
)
from app.web.state import settings_of

MAX_ITEMS, DEFAULT_ITEMS = 500, 50
FILTERS = {
    name: ARTICLES.filters[name]
    for name in ("section", "publisher", "entity", "speaker", "language", "published")
}
OWN = {"q", "limit", "cursor", "key"}


class Place(NamedTuple):
    """Behind an article, in the order of publication."""

    published_at: datetime
    key: int


@dataclass(frozen=True)
class Wanted:
    """The articles that one client wants in a feed: the newest of those that meet the conditions,
    behind the place where the last page ended."""

    conditions: tuple[Condition, ...]
    matching: Matching | None
    limit: int
    after: Place | None
    digest: str
    seconds: float
    signer: CursorSigner | None = field(repr=False)

    def cursor(self, behind: Place | None) -> str | None:
        """The cursor of the page behind a place."""
        if behind is None or self.signer is None:
            return None
        return self.signer.sign(self.digest, behind)


class Selected(NamedTuple):
    """The keys of articles, the newest first, and the place behind them; None at the end."""

    keys: list[int]
    behind: Place | None


async def parse_wanted(request: Request, most: int = MAX_ITEMS) -> Wanted:
    """Raises InvalidParameter, InvalidCursor or SearchMalformed."""
    query = request.query_params
    only_once(query, OWN)
    filters = [(name, text) for name, text in query.multi_items() if name not in OWN]
    searched = query.get("q")
    signer = await cursor_signer(request)
    # The same in every format: a page of one is followed by the next of another.
    digest = list_digest("feed", repr(sorted(filters)), searched or "")
    cursor = query.get("cursor")
    assert ARTICLES.search is not None
    return Wanted(
        conditions=tuple(parse_filters(query, FILTERS)),
        matching=None if searched is None else ARTICLES.search(searched),
        limit=parse_items(query.get("limit"), most),
        after=None if cursor is None else place_in(signer.values(digest, cursor)),
        digest=digest,
        seconds=settings_of(request).search_timeout_seconds,
        signer=signer,
    )


def newest(limit: int) -> Wanted:
    """So many of all, without another page."""
    return Wanted((), None, limit, None, "", 0.0, None)


def parse_items(text: str | None, most: int) -> int:
    if text is None:
        return DEFAULT_ITEMS
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most):
        raise refused("limit", f"limit is a number from 1 to {most}.")
    return int(text)


def place_in(values: Sequence[Value]) -> Place:
    match values:
        case [datetime() as published_at, int() as key]:
            return Place(published_at, key)
    raise InvalidCursor("The cursor does not fit a feed.")


def select_articles(
    connection: Connection, wanted: Wanted, at: datetime, among: Sequence[Condition] = ()
) -> Selected:
    """Those that are public at an instant."""
    with matched(connection, wanted) as condition:
        statement = (
            select(Article.key, Article.published_at)
            .where(article_is_public(at), condition, *wanted.conditions, *among)
            .order_by(Article.published_at.desc(), Article.key.desc())
            .limit(wanted.limit + 1)
        )
        if wanted.after is not None:
            place = tuple_(Article.published_at, Article.key)
            statement = statement.where(
                Article.published_at <= wanted.after.published_at, place < tuple_(*wanted.after)
            )
        rows = connection.execute(statement).all()
    behind = None
    if len(rows) > wanted.limit:
        rows = rows[: wanted.limit]
        behind = Place(rows[-1].published_at, rows[-1].key)
    return Selected([row.key for row in rows], behind)


def matched(connection: Connection, wanted: Wanted) -> AbstractContextManager[Condition]:
    if wanted.matching is None:
        return nullcontext(true())
    return wanted.matching(connection, wanted.seconds)


# Any: OpenAPI is open JSON
def parameters(most: int = MAX_ITEMS) -> list[dict[str, Any]]:
    described = [each for name, one in FILTERS.items() for each in describe_filter(name, one)]
    limit = {"type": "integer", "minimum": 1, "maximum": most, "default": DEFAULT_ITEMS}
    return [
        *described,
        parameter("q", "Only articles that match this query.", minLength=1),
        {**parameter("limit", "How many items."), "schema": limit},
        parameter("cursor", "Where the last page ended, as its address of the next one says."),
    ]
