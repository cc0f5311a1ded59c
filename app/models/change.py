"""The journal: one ordered log of what changed, over all resources."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Document, Instant, Key
from app.models.base import Base

# What is written of these is for the audit alone: whoever else follows the journal passes it over.
UNTOLD = frozenset({"draft", "key", "webhook"})

# What a row means to readers: nothing; that they see the resource from now on; that what they see
# of it changed; that they see it no more.
Publicity = Literal["hidden", "begins", "public", "ends"]


class Change(Base):
    """`event` is the resource, a dot and a verb in the past tense, such as `article.published`;
    `cause` is the event that this one followed from, or null. `actor` is the id of the API key that
    wrote, null for the service itself, and `note` what its holder said of the write. `slugs` are
    those under which copies of the resource may be kept elsewhere, and which the event concerns:
    its present one (of a section, its path), those given up in the same write, and all that it ever
    had when it was deleted. Sequence numbers become visible in their order, since there is one
    writer at a time, and a deleted resource keeps its last row.

    `fields` are the members of its document that the write changed; `sections` and `entities` are
    what it is found by, before and after the write: the ids of its section and of all above it, and
    of whom it speaks of or quotes."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_resource_id", "resource_id"),
        # Only of what has an actor: see the migration.
        Index("ix_changes_actor_sequence", "actor", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    resource: Mapped[str] = mapped_column(String(16))
    resource_id: Mapped[str] = mapped_column(String(26))
    revision: Mapped[int]
    event: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str | None] = mapped_column(String(40))
    actor: Mapped[str | None] = mapped_column(String(26))
    note: Mapped[str | None] = mapped_column(String(500))
    slugs: Mapped[list[str]] = mapped_column(Document, server_default=text("'[]'"))
    publicity: Mapped[Publicity] = mapped_column(String(8), server_default="hidden")
    fields: Mapped[list[str]] = mapped_column(Document, server_default=text("'[]'"))
    sections: Mapped[list[str]] = mapped_column(Document, server_default=text("'[]'"))
    entities: Mapped[list[str]] = mapped_column(Document, server_default=text("'[]'"))


class Journal(Base):
    """What is to be known of the journal as a whole, in one row. `epoch` tells it from those of
    other databases; `floor` is the last number up to which rows may be gone."""

    __tablename__ = "journal"

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    epoch: Mapped[str] = mapped_column(String(12))
    floor: Mapped[int] = mapped_column(BigInteger)
