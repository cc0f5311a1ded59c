"""Former slugs: the names under which a resource was once known, and from which it redirects."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class FormerSlug(Base):
    """`slug` holds a section's path where the resource is a section."""

    __tablename__ = "former_slugs"

    resource: Mapped[str] = mapped_column(String(16), primary_key=True)
    slug: Mapped[str] = mapped_column(String(300), primary_key=True)
    resource_id: Mapped[str] = mapped_column(String(26), index=True)
