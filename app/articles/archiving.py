"""An article taken out of the tables with all that belongs to it, as one value, and put back.

Rows get new keys when they are put back, since others may have theirs by then; what they refer to
is named by its id meanwhile. A column that a migration adds needs a default, for what is in the
trash does not have it.
"""

import zlib
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Table, insert, select
from sqlalchemy.orm import DeclarativeBase, Session

from app.articles.revisions import keep_revisions
from app.database.acts import act_of
from app.database.session import connection_of
from app.database.types import Instant, table_of
from app.models import (
    Article,
    ArticleMedia,
    DismissedQuote,
    Draft,
    Extraction,
    FormerSlug,
    ImportSource,
    Mention,
    Quote,
    QuoteForm,
    QuoteSpan,
    Revision,
    Section,
    TrashedArticle,
)
from app.models.mention import MentionSpan
from app.slugs.writes import free_slug, owner_of

# Any: values of whatever columns, as JSON
Packed = dict[str, Any]


@dataclass(frozen=True)
class Branch:
    """The rows of one table that belong to those of another, whose key is in the column `parent`.
    A row whose column `unless_taken` is another's by now is not put back."""

    mapped: type[DeclarativeBase]
    parent: str
    children: tuple["Branch", ...] = ()
    unless_taken: str | None = None

    @property
    def table(self) -> Table:
        return table_of(self.mapped)


BRANCHES = (
    Branch(ArticleMedia, "article_key"),
    Branch(Revision, "article_key"),
    Branch(DismissedQuote, "article_key"),
    Branch(Extraction, "article_key"),
    Branch(Draft, "article_key"),
    # What was imported anew from there is another article.
    Branch(ImportSource, "article_key", unless_taken="source"),
    Branch(Quote, "article_key", (Branch(QuoteSpan, "quote_key"), Branch(QuoteForm, "quote_key"))),
    Branch(Mention, "article_key", (Branch(MentionSpan, "mention_key"),)),
)
WHOLE = Branch(Article, "key", BRANCHES)


def keep_in_trash(session: Session, article: Article, at: datetime) -> None:
    """Before the article is deleted, and while its former slugs are still its own."""
    keep_revisions(session)
    session.flush()
    connection, act = connection_of(session), act_of(session)
    slugs = select(FormerSlug.slug).where(
        FormerSlug.resource == Article.resource_name, FormerSlug.resource_id == article.id
    )
    [whole] = pack(connection, WHOLE, [article.key])[article.key]
    content = {**whole, "former_slugs": sorted(connection.scalars(slugs))}
    session.add(
        TrashedArticle(
            id=article.id,
            revision=article.revision,
            slug=article.slug,
            headline=article.headline,
            section=session.scalar(select(Section.path).where(Section.key == article.section_key)),
            deleted_at=at,
            deleted_by=act.actor,
            note=act.note,
            # Some names of columns are more than plain text.
            content=zlib.compress(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)),
        )
    )


def unpacked(content: bytes) -> Packed:
    whole: Packed = orjson.loads(zlib.decompress(content))
    return whole


def put_back(session: Session, content: bytes) -> Article:
    """The article in the tables again, public to nobody. What it referred to and is no more is
    left out; its slug is another one where somebody else has it by now."""
    whole = unpacked(content)
    row = whole["row"]
    if owner_of(session, Article, row["slug"]) is not None:
        row["slug"] = free_slug(session, Article, row["headline"], row["id"])
    if row["status"] == "live":
        row["status"] = "withdrawn" if row["is_announced"] else "draft"
    row |= {"is_announced": False, "due_at": None}
    connection = connection_of(session)
    [key] = plant(connection, WHOLE, [whole], None)
    for slug in whole["former_slugs"]:
        if owner_of(session, Article, slug) is None:
            kept = FormerSlug(resource=Article.resource_name, slug=slug, resource_id=row["id"])
            session.add(kept)
    return session.get_one(Article, key)


def pack(connection: Connection, branch: Branch, keys: Sequence[int]) -> dict[int, list[Packed]]:
    """The rows that belong to those with the keys, by these."""
    table = branch.table
    belongs = table.c[branch.parent]
    statement = select(table).where(belongs.in_(keys)).order_by(*table.primary_key.columns)
    rows = connection.execute(statement).mappings().all()
    own = [row["key"] for row in rows] if branch.children else []
    below = [(one.table.name, pack(connection, one, own)) for one in branch.children if own]
    ids = {
        name: names_of(connection, target, "key", "id", {row[name] for row in rows})
        for name, target in references_of(branch).items()
    }
    gathered: defaultdict[int, list[Packed]] = defaultdict(list)
    for row in rows:
        values = {name: row[name] for name in row if name not in ("key", branch.parent)}
        values |= {name: known.get(row[name]) for name, known in ids.items()}
        packed: Packed = {"row": values}
        if branch.children:
            packed["below"] = {name: found.get(row["key"], []) for name, found in below}
        gathered[row[branch.parent]].append(packed)
    return gathered


def plant(
    connection: Connection, branch: Branch, packed: Sequence[Packed], parent: int | None
) -> list[int]:
    """Insert the rows, and those below them. Returns their keys, where others are below them."""
    keys_of = {
        name: names_of(connection, target, "id", "key", {one["row"][name] for one in packed})
        for name, target in references_of(branch).items()
    }
    taken = taken_by_others(connection, branch, packed)
    ready = [(row, one) for one in packed if (row := row_of(branch, one["row"], keys_of, taken))]
    if parent is not None:
        for row, _ in ready:
            row[branch.parent] = parent
    if not branch.children:
        if ready:
            connection.execute(insert(branch.table), [row for row, _ in ready])
        return []
    keys = []
    for row, one in ready:
        made = connection.execute(insert(branch.table).values(row).returning(branch.table.c.key))
        key: int = made.scalar_one()
        keys.append(key)
        for child in branch.children:
            plant(connection, child, one["below"].get(child.table.name, ()), key)
    return keys


def row_of(
    branch: Branch, values: Packed, keys_of: Mapping[str, Mapping[str, int]], taken: Container[str]
) -> Packed | None:
    """A row to be inserted; None where it cannot be without what is no more, or is another's."""
    table = branch.table
    row = {name: revived(table.c[name], value) for name, value in values.items() if name in table.c}
    for name, keys in keys_of.items():
        row[name] = keys.get(row[name])
        if row[name] is None and not table.c[name].nullable:
            return None
    return None if branch.unless_taken and row[branch.unless_taken] in taken else row


def taken_by_others(
    connection: Connection, branch: Branch, packed: Sequence[Packed]
) -> frozenset[str]:
    if branch.unless_taken is None:
        return frozenset()
    column = branch.table.c[branch.unless_taken]
    wanted = [one["row"][column.name] for one in packed]
    return frozenset(connection.scalars(select(column).where(column.in_(wanted))))


# Any: values of whatever columns
def names_of(
    connection: Connection, target: Table, known: str, wanted: str, values: set[Any]
) -> dict[Any, Any]:
    """What is called so in the one column, by what it is called in the other."""
    values = values - {None}
    if not values:
        return {}
    rows = connection.execute(
        select(target.c[known], target.c[wanted]).where(target.c[known].in_(values))
    )
    return {row[0]: row[1] for row in rows}


# Any: a column and a value of whatever type
def revived(column: Column[Any], value: Any) -> Any:
    is_instant = isinstance(column.type, Instant) and value is not None
    return datetime.fromisoformat(value) if is_instant else value


@cache
def references_of(branch: Branch) -> Mapping[str, Table]:
    """The columns that name rows which do not belong to the article, and whose those are."""
    return {
        column.name: key.column.table
        for column in branch.table.c
        for key in column.foreign_keys
        if column.name != branch.parent
    }
