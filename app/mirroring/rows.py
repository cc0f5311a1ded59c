"""The rows of resources that were copied: written under the source's own keys."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.rows import add_objects, add_rows, insertion_of, new_object
from app.database.session import connection_of
from app.database.types import table_of
from app.models import Base, FormerSlug, RenderedArticle
from app.models.base import Resource

# Any: the columns of a row
Row = dict[str, Any]
# A resource, and whether it is new here.
Saved = tuple[Resource, bool]


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


# Any: a part or copy, and its document
def head(copied: Mapping[str, Any]) -> Row:
    """The columns that every resource has."""
    document = copied["document"]
    return {
        "key": copied["key"],
        "id": document["id"],
        "revision": document["revision"],
        "created_at": instant(document["created_at"]),
        "updated_at": instant(document["updated_at"]),
    }


def keys_of(session: Session, model: type[Base], ids: Iterable[str | None]) -> dict[str, int]:
    """The keys of those resources that are here, by their ids."""
    columns = table_of(model).c
    wanted = {one for one in ids if one is not None}
    rows = session.execute(select(columns.id, columns.key).where(columns.id.in_(wanted)))
    return {row.id: row.key for row in rows}


def save(session: Session, model: type[Base], rows: Sequence[Row]) -> list[Saved]:
    """Write the rows of resources. Each as an object, and whether it is new. What has the key or
    the slug of one of them, and is another resource, has to give it up before."""
    table = table_of(model)
    keys = select(table.c.key).where(table.c.key.in_([row["key"] for row in rows]))
    there = set(session.scalars(keys))
    new: list[Any] = [new_object(model, **row) for row in rows if row["key"] not in there]
    add_objects(session, new)
    known = [row for row in rows if row["key"] in there]
    if known:
        change = update(table).where(table.c.key == bindparam("of_key"))
        # Any: the values of columns
        values: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in known[0] if name != "key"
        }
        given = [
            {"of_key": row["key"], **{f"new_{name}": row[name] for name in values}} for row in known
        ]
        connection_of(session).execute(change.values(values), given)
    new_by_key = {one.key: one for one in new}
    # Any: mapped classes, all of which are resources
    saved: list[Any] = [
        (new_by_key[row["key"]], True) if row["key"] not in there else (model(**row), False)
        for row in rows
    ]
    return saved


@cache
def deletion_of(model: type[Base], column: str) -> Prepared:
    table = table_of(model)
    return Prepared(delete(table).where(Among(table.c[column])))


def replace_parts(
    session: Session, model: type[Base], column: str, keys: Sequence[int], rows: Sequence[Row]
) -> None:
    """Have the rows that belong to the resources with these keys be these alone."""
    deletion_of(model, column).run(connection_of(session), [{"keys": list(keys)}])
    add_rows(session, insertion_of(model), rows)


def numbered(key: int, column: str, rows: Iterable[Row]) -> list[Row]:
    """Rows that belong to one resource, in their order."""
    return [{column: key, "position": place, **row} for place, row in enumerate(rows)]


def keep_former(session: Session, kind: str, former: Mapping[str, Sequence[str]]) -> None:
    """Have former slugs redirect to these resources."""
    slugs = [slug for several in former.values() for slug in several]
    of_these: ColumnElement[bool] = or_(
        FormerSlug.resource_id.in_(former),
        (FormerSlug.resource == kind) & FormerSlug.slug.in_(slugs),
    )
    session.execute(delete(FormerSlug).where(of_these))
    rows = [
        {"resource": kind, "slug": slug, "resource_id": resource_id}
        for resource_id, several in former.items()
        for slug in several
    ]
    add_rows(session, insertion_of(FormerSlug), rows)


def let_go(session: Session, model: type[Base], keys: Collection[int]) -> None:
    """Have nothing refer to these resources any more. What did has been changed at the source as
    well, and will be copied again."""
    table = table_of(model)
    for other in Base.metadata.sorted_tables:
        for column in other.columns:
            for reference in column.foreign_keys:
                if reference.column.table is table and reference.ondelete != "CASCADE":
                    forget(session, other, column, keys)


# Any: a column of whatever type
def forget(session: Session, table: Table, column: Any, keys: Collection[int]) -> None:
    change = update(table).values({column.key: None}) if column.nullable else delete(table)
    result = session.execute(change.where(column.in_(keys)))
    # Any: what SQLAlchemy says of a result depends on the statement
    if cast(Any, result).rowcount:
        session.execute(delete(RenderedArticle))
