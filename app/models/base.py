"""What all tables share: names of constraints, identifiers, revisions, the clock."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from ulid import ULID

from app.database.types import Instant, Key

ID_PATTERN = re.compile(r"[0-9a-z]{26}")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The service's clock. Tests set another on `app.state.clock`."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new identifier: a ULID in lower case, 26 characters of [0-9a-z], ordered by time."""
    return str(ULID()).lower()


def is_id(name: str) -> bool:
    """Whether a name in a path is an id; every other name is a slug."""
    return ID_PATTERN.fullmatch(name) is not None


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class Resource:
    """The columns of everything that has an address of its own.

    `revision` is raised by hand, and is the mapper's version column too: a change of the quotes
    alone must give a new ETag, and SQLAlchemy's own counter moves only when the row does.
    """

    # The resource's name in errors and journal, and in the table of former slugs.
    resource_name: ClassVar[str]

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)

    # Any: the mapper's arguments are SQLAlchemy's open dictionary
    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.revision, "version_id_generator": False}

    @property
    def etag(self) -> str:
        """The part of the resource's entity tags that If-Match is held against."""
        return f"{self.id}.{self.revision}"


def resource_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("length(id) = 26", name="id_length"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )


def one_of(column: str, values: Iterable[str], *, name: str | None = None) -> CheckConstraint:
    """A check that a column holds one of a few words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=name or column)
