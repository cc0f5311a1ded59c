"""What may be sent to have quotes found in it."""

from pydantic import model_validator

from app.quotes.schemas import ArticleReference
from app.web.writing import LanguageTag, WriteModel


class ExtractionWrite(WriteModel):
    """A text, in which all offsets of the answer count as it was sent; or the id or slug of an
    article. Quotes are found best in English; in other languages only by their marks."""

    text: str | None = None
    language: LanguageTag | None = None
    article: ArticleReference | None = None

    @model_validator(mode="after")
    def has_one(self) -> "ExtractionWrite":
        if (self.text is None) == (self.article is None):
            raise ValueError("Send either a text or an article.")
        if self.article is not None and self.language is not None:
            raise ValueError("An article has its own language: send none.")
        return self
