"""API keys, of which only a digest is kept."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Document, Instant, Key
from app.models.base import Base

Scope = Literal["read", "preview", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

# What each scope allows beside itself.
IMPLIED: dict[Scope, frozenset[Scope]] = {
    "read": frozenset({"read"}),
    "preview": frozenset({"read", "preview"}),
    "write": frozenset({"read", "preview", "write"}),
    "admin": frozenset(SCOPES),
}


class ApiKey(Base):
    """`prefix` is the key's public part, by which people tell keys apart."""

    __tablename__ = "api_keys"

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Scope]] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
