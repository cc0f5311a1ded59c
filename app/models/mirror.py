"""Of which service this database is a mirror, and how far it has come."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Mirror(Base):
    """`sees` tells whether the source shows the mirror's key what is public or all. Its journal has
    been followed up to `position`. While it is `copying` a kind of resource, all kinds before it
    have been copied, and of this one the ids up to `after`; null: all are."""

    __tablename__ = "mirrors"

    source: Mapped[str] = mapped_column(String(2000), primary_key=True)
    sees: Mapped[str] = mapped_column(String(8))
    position: Mapped[str] = mapped_column(String(100))
    copying: Mapped[str | None] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(26))
