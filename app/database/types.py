"""Column types that mean the same on every database."""

from datetime import UTC, datetime
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
    Text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from app.database import postgresql, sqlite

# An integer primary key. The embedded database generates keys for INTEGER only.
Key = BigInteger().with_variant(Integer(), sqlite.NAME)

# Words as a full-text index holds them.
Lexemes = Text().with_variant(TSVECTOR(), postgresql.NAME)


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

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # A database without zones gives back what was stored, which is UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
