"""What an article shows, written: its blocks, the text that they give, and its media."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import BigInteger, bindparam, delete, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.canonical import (
    TEXT_VERSION,
    DraftBlock,
    assign_block_ids,
    canonical_text,
)
from app.articles.schemas import ArticleWrite
from app.database.prepared import Prepared
from app.database.rows import add_rows, insertion_of, is_new, read_rows
from app.database.session import connection_of
from app.documents.blocks import Block
from app.errors import ContentTooLarge, Problem, ValidationError
from app.media.schemas import MediaReference
from app.media.writes import WITH_RENDITIONS, find_or_add_media
from app.models import Article, ArticleMedia, Media
from app.models.article import MAX_BLOCKS, MAX_BODY_BYTES
from app.models.media import MediaKind


def assign_body(
    session: Session, article: Article, content: ArticleWrite, viewer: Viewer, *, cause: str
) -> list[int]:
    """The blocks, and the canonical text that they give."""
    present = media_in(session, article)
    shown: dict[int, Media] = {}

    def find(reference: MediaReference, kind: MediaKind | None = None) -> Media:
        media = find_or_add_media(
            session, reference, kind=kind, present=present, at=viewer.at, cause=cause
        )
        shown[media.key] = media
        return media

    article.lead_media_key = None
    if content.lead_media is not None:
        with within("/lead_media"):
            article.lead_media_key = find(content.lead_media).key
    for index, reference in enumerate(content.media):
        with within(f"/media/{index}"):
            find(reference)
    drafts = body_blocks(content, find)
    # What a row holds is what was once assigned here.
    previous = cast(list[Block], article.body)
    try:
        blocks, article.last_block = assign_block_ids(drafts, previous, article.last_block)
    except ValueError as error:
        detail = str(error)
        raise ValidationError(detail, errors=[{"pointer": "/body", "detail": detail}]) from None
    article.body = cast(list[dict[str, Any]], blocks)
    article.text = canonical_text(blocks)
    article.text_version = TEXT_VERSION
    # What is shown stays of its kind as long as it is.
    article.has_video = any(media.kind == "video" for media in shown.values())
    return list(shown)


def replace_media(session: Session, article: Article, shown: Sequence[int]) -> None:
    rows = [] if is_new(article) else read_rows(session, SHOWN, {"article": article.key})
    if [row.media_key for row in rows] != list(shown):
        FORGET_SHOWN.run(connection_of(session), [{"article": article.key}])
        add_rows(
            session,
            insertion_of(ArticleMedia),
            [
                {"article_key": article.key, "position": position, "media_key": key}
                for position, key in enumerate(shown)
            ],
        )


OF_ARTICLE = ArticleMedia.article_key == bindparam("article", type_=BigInteger())
SHOWN = Prepared(select(ArticleMedia.media_key).where(OF_ARTICLE).order_by(ArticleMedia.position))
FORGET_SHOWN = Prepared(delete(ArticleMedia).where(OF_ARTICLE))


def body_blocks(
    content: ArticleWrite, find: Callable[[MediaReference, MediaKind], Media]
) -> list[DraftBlock]:
    """The body as blocks, its media by their ids. Raises ContentTooLarge over a limit."""
    blocks = [block.copy() for block in content.blocks]
    if len(blocks) > MAX_BLOCKS:
        raise too_large(f"A body has at most {MAX_BLOCKS} blocks; this has {len(blocks)}.")
    if len(canonical_text(blocks).encode()) > MAX_BODY_BYTES:
        raise too_large(f"A body has at most {MAX_BODY_BYTES} bytes of text.")
    for index, block in enumerate(blocks):
        if block["type"] in ("image", "video"):
            with within(f"/body/{index}/media"):
                reference = MediaReference.model_validate(block["media"])
                block["media"] = find(reference, block["type"]).id
    return blocks


def media_in(session: Session, article: Article) -> Sequence[Media]:
    if is_new(article):
        return []
    statement = (
        select(Media)
        .join(ArticleMedia, ArticleMedia.media_key == Media.key)
        .where(ArticleMedia.article_key == article.key)
        .order_by(ArticleMedia.position)
        .options(*WITH_RENDITIONS)
    )
    return session.scalars(statement).all()


def too_large(detail: str) -> Problem:
    return ContentTooLarge(detail, errors=[{"pointer": "/body", "detail": detail}])


@contextmanager
def within(pointer: str) -> Iterator[None]:
    """Problems inside point from the article on."""
    try:
        yield
    except Problem as problem:
        raise problem.within(pointer) from None
