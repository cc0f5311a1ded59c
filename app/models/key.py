"""API keys, of which only digests are kept."""

from datetime import datetime
from typing import Literal, TypedDict, get_args

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Document, Instant
from app.models.base import Base, Resource, resource_checks

Scope = Literal["read", "preview", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

# What each scope allows beside itself.
IMPLIED: dict[Scope, frozenset[Scope]] = {
    "read": frozenset({"read"}),
    "preview": frozenset({"read", "preview"}),
    "write": frozenset({"read", "preview", "write"}),
    "admin": frozenset(SCOPES),
}


class FormerToken(TypedDict):
    """A token that was rotated out, and the instant, in ISO 8601, from which it is refused."""

    digest: str
    until: str


class ApiKey(Resource, Base):
    """`prefix` is the key's public part, by which people tell keys apart; all of its tokens have
    it. `former` are the tokens whose overlap has not ended. `sections` and `channels` are ids of
    what it may write in alone; null where it may write everywhere. `last_used_at` is not part of
    the revision."""

    __tablename__ = "api_keys"
    __table_args__ = resource_checks()
    resource_name = "key"

    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    former: Mapped[list[FormerToken] | None] = mapped_column(Document)
    scopes: Mapped[list[Scope]] = mapped_column(Document)
    sections: Mapped[list[str] | None] = mapped_column(Document)
    channels: Mapped[list[str] | None] = mapped_column(Document)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
