"""Which known article something imported is, so that the same twice changes nothing."""

from hashlib import sha256
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.schemas import ArticleWrite
from app.articles.writes import post_article, put_article
from app.models import Article, ImportSource
from app.models.entity import fold_name
from app.slugs.writes import find_named
from app.web.conditional import Precondition

Outcome = Literal["created", "updated", "unchanged"]


def import_article(
    session: Session,
    content: ArticleWrite,
    viewer: Viewer,
    *,
    article_id: str | None,
    digest: str,
) -> Outcome:
    """An article of the API's own form. It is known by its id, slug, source address, or else by
    its publisher and headline. What an editor changed meanwhile stays, until the line changes."""
    source = f"line:{article_id or content.slug or content.source_url or name_of(content)}"
    known = find_source(session, source)
    article = session.get(Article, known.article_key) if known else None
    if article is None:
        article = find_article(session, content, article_id)
    if article is None:
        document = (
            post_article(session, content, viewer)
            if article_id is None
            else put_article(session, article_id, content, Precondition(None, "*"), viewer)[0]
        )
        remember(session, source, document["id"], digest)
        return "created"
    if known is not None and known.digest == digest:
        return "unchanged"
    put_article(session, article.id, content, Precondition("*", None), viewer)
    remember(session, source, article.id, digest)
    return "updated"


def find_article(session: Session, content: ArticleWrite, article_id: str | None) -> Article | None:
    if article_id is not None:
        return find_named(session, Article, article_id)
    if content.slug is not None:
        return find_named(session, Article, content.slug)
    if content.source_url is not None:
        statement = select(Article).where(Article.source_url == content.source_url)
        return session.scalars(statement.order_by(Article.key).limit(1)).one_or_none()
    return None


def name_of(content: ArticleWrite) -> str:
    publisher = content.publisher
    named = (publisher.id or publisher.slug or publisher.name or "") if publisher else ""
    return headline_name(named, content.headline)


def headline_name(publisher: str, headline: str) -> str:
    """A short name for what is known by its publisher and headline alone."""
    folded = f"{fold_name(publisher)}\n{fold_name(headline)}"
    return sha256(folded.encode()).hexdigest()[:32]


def find_source(session: Session, source: str) -> ImportSource | None:
    return session.scalars(select(ImportSource).where(ImportSource.source == source)).one_or_none()


def remember(session: Session, source: str, article_id: str, digest: str) -> None:
    key = session.scalars(select(Article.key).where(Article.id == article_id)).one()
    known = find_source(session, source)
    if known is None:
        session.add(ImportSource(source=source, article_key=key, digest=digest))
    else:
        known.article_key = key
        known.digest = digest
