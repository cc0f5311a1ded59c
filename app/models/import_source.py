"""What was imported from where, so that the same page twice changes nothing."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.types import Key
from app.models.base import Base


class ImportSource(Base):
    """`source` names a file or address; `digest` is of the content as it was last imported."""

    __tablename__ = "import_sources"

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    source: Mapped[str] = mapped_column(String(2000), unique=True)
    article_key: Mapped[int] = mapped_column(
        ForeignKey("articles.key", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(String(64))
