"""Articles brought back from the trash, or deleted for good."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.archiving import put_back
from app.articles.writes import answered, finish
from app.changes.journal import record_change
from app.documents.articles import ArticleRead
from app.errors import TrashedArticleNotFound
from app.models import Article, Media, Quote, Revision, Section, TrashedArticle
from app.quotes.assignment import quotes_in
from app.web.conditional import Precondition

RESTORED = "article.restored"
# What is purged at once is so in several writes, so that others get their turn.
TOGETHER = 100


def restore_article(
    session: Session, trashed_id: str, precondition: Precondition, viewer: Viewer
) -> ArticleRead:
    """Bring an article back with its quotes, revisions and slugs: as a draft, or withdrawn when it
    was public. Raises TrashedArticleNotFound."""
    trashed = find_trashed(session, trashed_id, precondition)
    article = put_back(session, trashed.content)
    session.delete(trashed)
    forget_lost_media(session, article)
    quotes = quotes_in(session, article)
    name_lost_speakers(session, article, quotes)
    article.revision += 1
    article.updated_at = viewer.at
    for quote in quotes:
        record_change(session, "quote.restored", quote, at=viewer.at, cause=RESTORED)
    finish(session, article, viewer, [RESTORED])
    return answered(session, article, utf16=False)


def purge_article(
    session: Session, trashed_id: str, precondition: Precondition, viewer: Viewer
) -> None:
    """Raises TrashedArticleNotFound."""
    purge(session, find_trashed(session, trashed_id, precondition), viewer.at)


def purge_old(session: Session, at: datetime, *, days: int, cause: str) -> int:
    """Delete for good what has been in the trash for so long. How many articles it was."""
    old = select(TrashedArticle).where(TrashedArticle.deleted_at <= at - timedelta(days=days))
    articles = session.scalars(old.order_by(TrashedArticle.deleted_at).limit(TOGETHER)).all()
    for trashed in articles:
        purge(session, trashed, at, cause=cause)
    return len(articles)


def purge(
    session: Session, trashed: TrashedArticle, at: datetime, *, cause: str | None = None
) -> None:
    section = select(Section.key).where(Section.path == trashed.section)
    # As much of it as the journal asks for; its slug may be another's by now.
    article = Article(
        key=0,
        id=trashed.id,
        revision=trashed.revision,
        section_key=session.scalar(section),
        is_announced=False,
    )
    record_change(session, "article.purged", article, at=at, cause=cause)
    session.delete(trashed)


def find_trashed(session: Session, trashed_id: str, precondition: Precondition) -> TrashedArticle:
    trashed = session.scalar(select(TrashedArticle).where(TrashedArticle.id == trashed_id))
    if trashed is None:
        raise TrashedArticleNotFound(trashed_id)
    precondition.require(trashed)
    return trashed


def forget_lost_media(session: Session, article: Article) -> None:
    """Media that were deleted meanwhile are shown no more; the text does not know of them."""
    shown = {block["media"] for block in article.body if "media" in block}
    lost = shown - set(session.scalars(select(Media.id).where(Media.id.in_(shown))))
    if lost:
        article.body = [block for block in article.body if block.get("media") not in lost]


def name_lost_speakers(session: Session, article: Article, quotes: Sequence[Quote]) -> None:
    """Whoever was quoted and is no more is called what the last revision called them."""
    nameless = [one for one in quotes if one.speaker_key is None and one.speaker_label is None]
    if not nameless:
        return
    last = session.scalars(
        select(Revision.document)
        .where(Revision.article_key == article.key)
        .order_by(Revision.revision.desc())
        .limit(1)
    ).one()
    speakers = {one["id"]: one["speaker"] for one in last.get("quotes", ())}
    for quote in nameless:
        speaker = speakers.get(quote.id)
        quote.speaker_label = speaker and speaker["name"]
