"""Documents that are kept beside the rows that they are made of."""

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RenderedArticle(Base):
    """The bytes of an article as the public reads it. Whatever it shows deletes it when it changes,
    in the same transaction; it is made anew when it is next asked for."""

    __tablename__ = "rendered_articles"

    article_key: Mapped[int] = mapped_column(
        ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    etag: Mapped[str] = mapped_column(String(60))
    body: Mapped[bytes] = mapped_column(LargeBinary)
