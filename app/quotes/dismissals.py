"""Quotes that extraction found and a person deleted: they are not found again."""

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Article, DismissedQuote, Quote
from app.quotes.typography import fold


def dismiss(session: Session, quote: Quote) -> None:
    """Remember a quote that is deleted, if extraction found it."""
    if quote.rule is not None:
        digest = digest_of(quote.text)
        session.merge(DismissedQuote(article_key=quote.article_key, digest=digest))


def dismissed_in(session: Session, article: Article) -> set[str]:
    """The digests of the words that were dismissed in an article."""
    statement = select(DismissedQuote.digest).where(DismissedQuote.article_key == article.key)
    return set(session.scalars(statement))


def digest_of(words: str) -> str:
    """The words without their typography, in short."""
    return sha256(fold(words).text.encode()).hexdigest()
