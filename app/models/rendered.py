"""Documents that are kept beside the rows that they are made of."""

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RenderedArticle(Base):
    """The bytes of an article as the public reads it, alone (`body`) and as an item of a list
    (`card`). Whatever it shows deletes it when it changes, in the same transaction; it is made anew
    when it is next asked for. `shows` are the ids in it, between spaces."""

    __tablename__ = "rendered_articles"

    article_key: Mapped[int] = mapped_column(
        ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    etag: Mapped[str] = mapped_column(String(60))
    shows: Mapped[str] = mapped_column(Text)
    # Before the body: a list need not read what comes behind it.
    card: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
