"""Column types that mean the same on every database."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    Row,
    Select,
    String,
    Table,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from app.database import sqlite

# An integer primary key. The embedded database generates keys for INTEGER only.
Key = BigInteger().with_variant(Integer(), sqlite.NAME)


def ordered_by_code_point(length: int) -> String:
    """Text that is compared letter by letter, so that what begins alike stands together."""
    return String(length, collation="C").with_variant(String(length), sqlite.NAME)


# Any: a row, and a statement, of whatever columns.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

# A document inside a row. Nothing queries into it, so that the members keep their order.
Document = JSON(none_as_null=True)


def table_of(mapped: type[DeclarativeBase]) -> Table:
    """The table of a mapped class, which SQLAlchemy types as anything that can be selected from."""
    return cast(Table, mapped.__table__)


class Instant(TypeDecorator[datetime]):
    """A point in time, UTC, to the microsecond. A datetime without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    # Any: what the driver takes for a value
    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return text_of if dialect.name == sqlite.NAME else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    # Any: what the driver gives for a value
    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        if dialect.name == sqlite.NAME:
            return instant_of
        return super().result_processor(dialect, coltype)


@lru_cache(maxsize=1024)
def text_of(value: datetime | None) -> str | None:
    """An instant as the embedded database holds it: without a zone, in UTC. A write gives the same
    one to most of its rows."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def instant_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")
