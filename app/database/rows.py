"""New rows, written by the driver: a unit of work costs ten times as much as the rows that it adds.

What is new is an object with the attributes of its mapped class, without what watches over them.
It is filled, given its key, and inserted; whoever wants to change it afterwards has to load it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, TypeVar, cast

from sqlalchemy import event, select
from sqlalchemy.orm import DeclarativeBase, Session

from app.database.keys import LastKey
from app.database.prepared import Prepared, insertion
from app.database.session import connection_of
from app.database.types import table_of

M = TypeVar("M", bound=DeclarativeBase)

# Keys that a write has asked for and not used yet.
RESERVED = "rows.reserved"
Reserved = dict[type[DeclarativeBase], range]
MORE_KEYS = 50


class New:
    """What is to be a row, and is watched by no session."""

    mapped: ClassVar[type[DeclarativeBase]]


# Any: the values of columns
def new_object(mapped: type[M], **values: Any) -> M:
    """An object of a mapped class that is to be inserted; what it is not given is null."""
    one = new_class(mapped)()
    vars(one).update(values)
    # It has the columns and properties that the mapped class has.
    return cast(M, one)


@cache
def new_class(mapped: type[DeclarativeBase]) -> type[New]:
    members: dict[str, object] = {column.key: None for column in table_of(mapped).columns}
    for base in reversed(mapped.__mro__):
        members |= {
            name: value
            for name, value in vars(base).items()
            if isinstance(value, property) or name == "resource_name"
        }
    return type(f"New{mapped.__name__}", (New,), {**members, "mapped": mapped})


def is_new(one: object) -> bool:
    """Whether an object was made by this write, and not loaded."""
    return isinstance(one, New)


@cache
def insertion_of(mapped: type[DeclarativeBase]) -> Prepared:
    return insertion(table_of(mapped))


# Any: values of whatever parameters, and rows of whatever columns
def read_rows(session: Session, statement: Prepared, values: Mapping[str, Any]) -> list[Any]:
    """As the session's own queries do, after what was assigned to its objects is written."""
    session.flush()
    return statement.all(connection_of(session), values)


# Any: the columns of whatever table
def add_rows(session: Session, statement: Prepared, rows: Sequence[Mapping[str, Any]]) -> None:
    statement.run(connection_of(session), rows)


def add_objects(session: Session, objects: Sequence[object]) -> None:
    """Insert new objects of one class, each with its key already."""
    if not objects:
        return
    one = objects[0]
    assert isinstance(one, New)
    statement = insertion_of(one.mapped)
    assert statement.columns is not None
    empty = dict.fromkeys(statement.columns)
    # What is no column is passed over.
    statement.run(connection_of(session), [{**empty, **vars(one)} for one in objects])


# Any: an object of whatever class
def add_object(session: Session, one: Any) -> None:
    """Insert a new object, and give it a key."""
    one.key = new_keys(session, one.mapped, 1)[0]
    add_objects(session, [one])


def new_keys(session: Session, mapped: type[DeclarativeBase], number: int) -> range:
    """Keys that no row of the table has."""
    if not number:
        return range(0)
    reserved: Reserved = session.info.setdefault(RESERVED, {})
    if len(reserved.get(mapped, ())) < number:
        # Who asks again in one write will ask more often.
        reserve_keys(session, {mapped: max(number, MORE_KEYS if mapped in reserved else 0)})
    keys = reserved[mapped]
    reserved[mapped] = keys[number:]
    return keys[:number]


def reserve_keys(session: Session, numbers: Mapping[type[DeclarativeBase], int]) -> None:
    """Have so many new keys of each class at hand; all are asked for at once."""
    reserved: Reserved = session.info.setdefault(RESERVED, {})
    missing = {
        mapped: number
        for mapped, number in numbers.items()
        if len(reserved.get(mapped, ())) < number
    }
    if not missing:
        return
    values = {f"number_{index}": number for index, number in enumerate(missing.values())}
    (row,) = read_rows(session, last_keys(tuple(missing)), values)
    for (mapped, number), last in zip(missing.items(), row, strict=True):
        reserved[mapped] = range(last - number + 1, last + 1)


@cache
def last_keys(several: tuple[type[DeclarativeBase], ...]) -> Prepared:
    columns = [
        LastKey(table_of(mapped), f"number_{index}").label(f"last_{index}")
        for index, mapped in enumerate(several)
    ]
    return Prepared(select(*columns))


# Any: the context of whatever flush
@event.listens_for(Session, "after_flush")
def forget_reserved(session: Session, _: Any) -> None:
    """What the unit of work adds is given keys by the database, which knows of no reserved ones."""
    reserved: Reserved = session.info.get(RESERVED, {})
    for one in session.new:
        reserved.pop(type(one), None)
