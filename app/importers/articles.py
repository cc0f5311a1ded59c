"""Which known article something imported is, so that the same twice changes nothing."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Literal, NamedTuple

from sqlalchemy import String, Text, bindparam, select, text
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.schemas import ArticleWrite
from app.articles.writes import create_article, foresee, update_article
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.rows import read_rows
from app.database.session import before_commit, connection_of
from app.models import Article, ImportSource
from app.models.base import new_id
from app.models.entity import fold_name
from app.slugs.reads import raise_if_moved
from app.slugs.writes import meet_slugs, owner_of, refuse_used

Outcome = Literal["created", "updated", "unchanged"]


class Known(NamedTuple):
    """What was imported before, and which article it is."""

    article_key: int
    article_id: str
    digest: str


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
    source = source_of(content, article_id)
    known = find_source(session, source)
    present = known.article_id if known else find_article(session, content, article_id)
    if present is None:
        if article_id is not None:
            refuse_used(session, article_id)
        article = create_article(session, article_id or new_id(), content, viewer)
        remember(session, source, article, digest)
        return "created"
    if known is not None and known.digest == digest:
        return "unchanged"
    article = session.scalars(select(Article).where(Article.id == present)).one()
    update_article(session, article, content, viewer)
    remember(session, source, article, digest)
    return "updated"


def source_of(content: ArticleWrite, article_id: str | None) -> str:
    return f"line:{article_id or content.slug or content.source_url or name_of(content)}"


def foresee_articles(session: Session, lines: Sequence[tuple[ArticleWrite, str | None]]) -> None:
    """Ask at once what is needed to import these, each with its id if it has one."""
    met: Sources = session.info.setdefault(MET, {})
    names = [source_of(*line) for line in lines]
    met.update(dict.fromkeys(names))
    for row in read_rows(session, SOURCES, {"names": names}):
        met[row.source] = Known(row.article_key, row.id, row.digest)
    new = [content for name, (content, _) in zip(names, lines, strict=True) if met[name] is None]
    foresee(session, new)
    meet_slugs(session, Article, [one.headline for one in new if one.slug is None])


def find_article(session: Session, content: ArticleWrite, article_id: str | None) -> str | None:
    """The id of the article that is meant, if there is one. Raises Moved for a former slug."""
    if article_id is not None:
        return first(session, BY_ID, article_id)
    if content.slug is not None:
        owner = owner_of(session, Article, content.slug)
        if owner is not None:
            raise_if_moved(session, Article, content.slug)
        return owner
    if content.source_url is not None:
        return first(session, BY_SOURCE_URL, content.source_url)
    return None


def first(session: Session, statement: Prepared, name: str) -> str | None:
    return next((row.id for row in read_rows(session, statement, {"name": name})), None)


NAME = bindparam("name", type_=String())
BY_ID = Prepared(select(Article.id).where(Article.id == NAME))
BY_SOURCE_URL = Prepared(
    select(Article.id).where(Article.source_url == NAME).order_by(Article.key).limit(1)
)


def name_of(content: ArticleWrite) -> str:
    publisher = content.publisher
    named = (publisher.id or publisher.slug or publisher.name or "") if publisher else ""
    return headline_name(named, content.headline)


def headline_name(publisher: str, headline: str) -> str:
    """A short name for what is known by its publisher and headline alone."""
    folded = f"{fold_name(publisher)}\n{fold_name(headline)}"
    return sha256(folded.encode()).hexdigest()[:32]


def find_source(session: Session, source: str) -> Known | None:
    met: Sources = session.info.setdefault(MET, {})
    if source not in met:
        rows = read_rows(session, SOURCES, {"names": [source]})
        met[source] = next((Known(row.article_key, row.id, row.digest) for row in rows), None)
    return met[source]


def remember(session: Session, source: str, article: Article, digest: str) -> None:
    """Have it kept, at the end of the write, what has been imported as which article."""
    met: Sources = session.info.setdefault(MET, {})
    met[source] = Known(article.key, article.id, digest)
    session.info.setdefault(REMEMBERED, set()).add(source)
    before_commit(session, write_sources)


def write_sources(session: Session) -> None:
    met: Sources = session.info[MET]
    rows = [
        {"source": source, "article_key": known.article_key, "digest": known.digest}
        for source in sorted(session.info.pop(REMEMBERED, ()))
        if (known := met[source]) is not None
    ]
    REMEMBER.run(connection_of(session), rows)


# What a write has asked for or is to keep, by the names of sources.
Sources = dict[str, Known | None]
MET = "sources.met"
REMEMBERED = "sources.remembered"
REMEMBER = Prepared(
    text(
        "INSERT INTO import_sources (source, article_key, digest)"
        " VALUES (:source, :article_key, :digest)"
        " ON CONFLICT (source) DO UPDATE"
        " SET article_key = excluded.article_key, digest = excluded.digest"
    )
)
SOURCES = Prepared(
    select(ImportSource.source, ImportSource.article_key, ImportSource.digest, Article.id)
    .join(Article, Article.key == ImportSource.article_key)
    .where(Among(ImportSource.source, "names", of=Text))
)
