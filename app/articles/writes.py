"""Articles, written, with their quotes and mentions: all or nothing."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.archiving import keep_in_trash
from app.articles.dates import assign_dates
from app.articles.edits import tell_of_edit
from app.articles.history import was_public
from app.articles.mentions import carry_mentions, replace_mentions
from app.articles.reads import get_article
from app.articles.revisions import document_of, keep_revision, keep_revisions
from app.articles.schemas import ArticleWrite
from app.articles.shown import assign_body, replace_media, within
from app.articles.states import settle, shown_status
from app.changes.journal import record_change
from app.database.rows import (
    add_object,
    new_object,
    reserve_keys,
)
from app.database.session import connection_of
from app.documents.articles import ArticleRead
from app.entities.matching import meet_entities
from app.entities.schemas import EntityReference
from app.errors import ArticleNotFound
from app.models import Article, Entity, Mention, Quote
from app.models.article import ShownStatus
from app.models.base import new_id
from app.publishers.writes import find_or_add_publisher
from app.quotes.assignment import quotes_in
from app.quotes.of_article import Former, carry_quotes, replace_quotes
from app.quotes.schemas import ArticleQuoteWrite
from app.sections.writes import find_or_add_section
from app.slugs.writes import find_to_change, find_to_put, forget_slugs, give_slug
from app.web.conditional import Precondition
from app.web.offsets import to_utf16
from app.web.patching import Patch, patched

# What names something: with another's id left in it, it would name that one.
REFERENCES = ("section", "publisher", "lead_media")
READ_ONLY = (
    "id", "revision", "text", "text_version", "published_until", "created_at", "updated_at",
)  # fmt: skip


def post_article(
    session: Session, content: ArticleWrite, viewer: Viewer, *, utf16: bool = False
) -> ArticleRead:
    article = create_article(session, new_id(), content, viewer, utf16=utf16)
    return answered(session, article, utf16=utf16)


def put_article(
    session: Session,
    name: str,
    content: ArticleWrite,
    precondition: Precondition,
    viewer: Viewer,
    *,
    utf16: bool = False,
) -> tuple[ArticleRead, bool]:
    """The article, and whether it was created."""
    article = find_to_put(session, Article, name, precondition, ArticleNotFound)
    if article is None:
        created = create_article(session, name, content, viewer, utf16=utf16)
        return answered(session, created, utf16=utf16), True
    update_article(session, article, content, viewer, utf16=utf16)
    return answered(session, article, utf16=utf16), False


def patch_article(
    session: Session, name: str, patch: Patch, precondition: Precondition, viewer: Viewer
) -> ArticleRead:
    article = find_to_change(session, Article, name, precondition, ArticleNotFound)
    current = get_article(connection_of(session), article.id, viewer)
    update_article(session, article, patched_article(current, patch), viewer, utf16=False)
    return answered(session, article, utf16=False)


def patched_article(
    current: ArticleRead, patch: Patch, *, read_only: Sequence[str] = ()
) -> ArticleWrite:
    """What a client would send of the article that it has patched. `read_only` is what it cannot
    change beside what nobody can."""
    content = patched(
        current,
        patch,
        ArticleWrite,
        read_only=(*READ_ONLY, *read_only),
        left_alone=("status", "quotes", "entities"),
        references=REFERENCES,
        parts={"quotes": ArticleQuoteWrite},
    )
    # Taken away by the patch; what it did not touch was not sent.
    if content.quotes is None and "quotes" in content.model_fields_set:
        content.quotes = []
    if content.entities is None and "entities" in content.model_fields_set:
        content.entities = []
    if content.corrections is None and "corrections" in content.model_fields_set:
        content.corrections = []
    return content


def delete_article(session: Session, name: str, precondition: Precondition, viewer: Viewer) -> None:
    """Put an article into the trash with its quotes, mentions and revisions."""
    article = find_to_change(session, Article, name, precondition, ArticleNotFound)
    keep_in_trash(session, article, viewer.at)
    former = document_of(session, article.key, article.revision)
    tell_of_edit(session, article.id, former, None)
    for quote in quotes_in(session, article):
        record_change(session, "quote.deleted", quote, at=viewer.at, cause="article.deleted")
    if was_public(session.connection(), article.key, viewer.at):
        # Whoever has shown it is told by this that it was not only a draft.
        record_change(session, "article.withdrawn", article, at=viewer.at, cause="article.deleted")
    record_change(session, "article.deleted", article, at=viewer.at)
    forget_slugs(session, article)
    session.execute(delete(Quote).where(Quote.article_key == article.key))
    session.execute(delete(Mention).where(Mention.article_key == article.key))
    session.delete(article)


def create_article(
    session: Session, article_id: str, content: ArticleWrite, viewer: Viewer, *, utf16: bool = False
) -> Article:
    article = new_object(
        Article,
        id=article_id,
        revision=1,
        created_at=viewer.at,
        status="draft",
        body=[],
        last_block=0,
        corrections=[],
        is_announced=False,
        mentions_reviewed=content.entities is not None,
    )
    event = "article.created"
    foresee(session, [content])
    shown = assign_article(session, article, content, viewer, cause=event)
    events = [event, *settle(article, "draft", viewer.at)]
    add_object(session, article)
    replace_media(session, article, shown)
    assign_collections(session, article, content, viewer, former=None, cause=event, utf16=utf16)
    finish(session, article, viewer, events)
    return article


def foresee(session: Session, contents: Collection[ArticleWrite]) -> None:
    """Ask at once what is needed to create articles: of one it is less than one by one, and of
    many it is hardly more. Nothing has to come as it was foreseen."""
    references = (one for content in contents for one in entities_in(content))
    numbers = {
        Article: len(contents),
        Quote: sum(len(content.quotes or ()) for content in contents),
        Mention: sum(len(content.entities or ()) for content in contents),
        Entity: meet_entities(session, references),
    }
    reserve_keys(session, {mapped: number for mapped, number in numbers.items() if number})


def update_article(
    session: Session,
    article: Article,
    content: ArticleWrite,
    viewer: Viewer,
    *,
    utf16: bool = False,
    event: str = "article.updated",
    before: ShownStatus | None = None,
    cause: str | None = None,
) -> None:
    """`before` is what the article was shown as, where it has been assigned another status
    since."""
    # An import may have saved it a moment ago.
    keep_revisions(session)
    former = Former(article.text, article.revision)
    before = before or shown_status(article, viewer.at)
    shown = assign_article(session, article, content, viewer, cause=event)
    article.revision += 1
    replace_media(session, article, shown)
    session.flush()
    assign_collections(session, article, content, viewer, former=former, cause=event, utf16=utf16)
    events = [event, *settle(article, before, viewer.at)]
    finish(session, article, viewer, events, cause=cause)


def save_article(
    session: Session, article: Article, viewer: Viewer, *, before: ShownStatus
) -> ArticleRead:
    """An article of which only the publication was changed."""
    article.revision += 1
    article.updated_at = viewer.at
    events = settle(article, before, viewer.at) or ["article.updated"]
    finish(session, article, viewer, events)
    return answered(session, article, utf16=False)


def finish(
    session: Session,
    article: Article,
    viewer: Viewer,
    events: Sequence[str],
    *,
    cause: str | None = None,
) -> None:
    session.flush()
    for event in events:
        record_change(session, event, article, at=viewer.at, cause=cause)
    # What happened last says most: it was published, not only changed.
    keep_revision(session, article, viewer.at, cause=events[-1])


def answered(session: Session, article: Article, *, utf16: bool) -> ArticleRead:
    """What is answered is what is kept. Who writes sees all."""
    document = keep_revisions(session)[article.key]
    if not utf16:
        return document
    converted = to_utf16(cast(dict[str, Any], document), document["text"])
    return cast(ArticleRead, converted)  # the same members, other numbers


def assign_article(
    session: Session, article: Article, content: ArticleWrite, viewer: Viewer, *, cause: str
) -> list[int]:
    """Returns the keys of all media that it shows: the lead first."""
    at = viewer.at
    give_slug(session, article, content.slug, source=content.headline)
    article.headline = content.headline
    article.standfirst = content.standfirst
    article.language = content.language
    article.source_url = content.source_url
    article.canonical_url = content.canonical_url
    article.updated_at = at
    article.bylines = [
        {"name": byline.name, "role": byline.role, "url": byline.url} for byline in content.bylines
    ]
    if content.corrections is not None:
        article.corrections = [{"at": one.at, "text": one.text} for one in content.corrections]
    assign_dates(article, content, at)
    article.section_key = None
    if content.section is not None:
        with within("/section"):
            article.section_key = find_or_add_section(session, content.section, at=at, cause=cause)
    article.publisher_key = None
    if content.publisher is not None:
        with within("/publisher"):
            article.publisher_key = find_or_add_publisher(
                session, content.publisher, at=at, cause=cause
            )
    return assign_body(session, article, content, viewer, cause=cause)


def assign_collections(
    session: Session,
    article: Article,
    content: ArticleWrite,
    viewer: Viewer,
    *,
    former: Former | None,
    cause: str,
    utf16: bool,
) -> None:
    """Quotes and mentions as sent; those that were not sent go along with the text."""
    at = viewer.at
    edited = former is not None and former.text != article.text
    if former is not None:
        meet_entities(session, entities_in(content))
    if content.quotes is not None:
        replace_quotes(
            session, article, content.quotes, former=former, at=at, cause=cause, utf16=utf16
        )
    elif edited and former is not None:
        carry_quotes(session, article, former=former, at=at, cause=cause)
    if content.entities is not None:
        article.mentions_reviewed = True
        replace_mentions(session, article, content.entities, at=at, cause=cause, utf16=utf16)
    elif edited and former is not None:
        carry_mentions(session, article, old_text=former.text)


def entities_in(content: ArticleWrite) -> Iterator[EntityReference]:
    for quote in content.quotes or ():
        if quote.speaker is not None:
            yield quote.speaker
    yield from content.entities or ()
