"""The draft beside an article: kept as it was sent, and put in the article's place when it is
published. Until then nothing of the article changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.differences import article_difference
from app.articles.reads import get_article, get_article_key
from app.articles.revisions import author
from app.articles.schemas import ArticleWrite
from app.articles.writes import REFERENCES, patched_article, update_article
from app.changes.journal import record_change
from app.database.acts import act_of
from app.database.session import connection_of
from app.database.types import AnyRow
from app.documents.articles import ArticleRead
from app.documents.drafts import DraftRead
from app.errors import (
    ArticleNotFound,
    DraftNotFound,
    DraftNotPublishable,
    DraftOutdated,
    PreconditionFailed,
    ValidationError,
)
from app.models import ApiKey, Article, Draft, Quote, Revision
from app.models.article import ShownStatus
from app.models.base import new_id
from app.quotes.assignment import quotes_in
from app.slugs.writes import get_named
from app.web.conditional import Precondition
from app.web.fields import ALL, Selection
from app.web.json import plain
from app.web.patching import Patch, patched

# When an article is public is said by its publication, not by a draft.
OF_PUBLICATION = ("status", "published_at", "embargoed_until")
# What an edit of the article changes, of all that is different between two of its revisions.
CONTENT = frozenset(
    {
        "headline", "slug", "standfirst", "language", "section", "publisher", "bylines",
        "lead_media", "media", "source_url", "canonical_url", "corrections",
    }
)  # fmt: skip

# What an edit leaves as it is where it says nothing of it.
LEFT_ALONE = frozenset({"slug", "corrections"})

DRAFT = select(
    Draft.id,
    Draft.revision,
    Draft.base_revision,
    Draft.publish_at,
    Draft.failure,
    Draft.author,
    ApiKey.name.label("author_name"),
    Draft.content,
    Draft.created_at,
    Draft.updated_at,
).outerjoin(ApiKey, ApiKey.id == Draft.author)


def get_draft(connection: Connection, name: str, viewer: Viewer) -> DraftRead:
    """Raises DraftNotFound; to readers, Unauthenticated or Forbidden."""
    key = get_article_key(connection, name, viewer)
    viewer.require_desk("Drafts")
    row = connection.execute(DRAFT.where(Draft.article_key == key)).one_or_none()
    if row is None:
        raise DraftNotFound(name)
    article = get_article(connection, name, viewer)
    return {
        "id": row.id,
        "article": article["id"],
        "revision": row.revision,
        "base_revision": row.base_revision,
        "changed": taken_back(connection, key, row, article),
        "publish_at": row.publish_at,
        "failure": row.failure,
        "author": author(row.author, row.author_name),
        "content": row.content,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def put_draft(
    session: Session,
    name: str,
    content: ArticleWrite,
    base_revision: int | None,
    precondition: Precondition,
    viewer: Viewer,
) -> tuple[DraftRead, bool]:
    """The draft, and whether it was begun."""
    article = get_named(session, Article, name, ArticleNotFound)
    draft = find_draft(session, article)
    require(draft, precondition)
    return save_draft(session, article, draft, content, base_revision, viewer)


def patch_draft(
    session: Session,
    name: str,
    patch: Patch,
    base_revision: int | None,
    precondition: Precondition,
    viewer: Viewer,
) -> tuple[DraftRead, bool]:
    """Change the draft; where there is none, begin one of the article as it is."""
    article = get_named(session, Article, name, ArticleNotFound)
    draft = find_draft(session, article)
    require(draft, precondition)
    if draft is not None:
        content = patched(draft.content, patch, ArticleWrite, read_only=(), references=REFERENCES)
    else:
        current = get_article(connection_of(session), article.id, viewer)
        content = patched_article(current, patch, read_only=OF_PUBLICATION)
    return save_draft(session, article, draft, content, base_revision, viewer)


def delete_draft(session: Session, name: str, precondition: Precondition, viewer: Viewer) -> None:
    """Give the draft up: the article stays as it is."""
    article = get_named(session, Article, name, ArticleNotFound)
    draft = find_draft(session, article)
    if draft is None:
        raise DraftNotFound(name)
    precondition.require(draft)
    record_change(session, "draft.deleted", draft, at=viewer.at)
    session.delete(draft)


def draft_to_publish(session: Session, article: Article, revision: int) -> Draft:
    """Raises DraftNotFound, or PreconditionFailed where the draft is at another revision."""
    draft = find_draft(session, article)
    if draft is None:
        raise DraftNotFound(article.id)
    if draft.revision != revision:
        raise PreconditionFailed(
            f"The draft is at revision {draft.revision} now: read it again.",
            errors=[{"pointer": "/revision", "detail": "The draft was saved meanwhile."}],
            current_revision=draft.revision,
        )
    return draft


def schedule_draft(
    session: Session, draft: Draft, publish_at: datetime | None, at: datetime
) -> None:
    draft.publish_at = publish_at
    draft.failure = None
    draft.revision += 1
    draft.updated_at = at
    session.flush()
    record_change(session, "draft.scheduled" if publish_at else "draft.saved", draft, at=at)


def publish_draft(
    session: Session,
    article: Article,
    draft: Draft,
    viewer: Viewer,
    *,
    before: ShownStatus,
    cause: str | None = None,
) -> None:
    """Put the draft in the article's place; `before` is what that was shown as. Raises
    DraftOutdated or DraftNotPublishable, and whatever an edit of the article raises."""
    refuse_outdated(session, article, draft, viewer)
    content = ArticleWrite.model_validate(draft.content)
    standing = {one.id for one in quotes_in(session, article) if is_shown(one)}
    record_change(session, "draft.published", draft, at=viewer.at, cause=cause)
    session.delete(draft)
    update_article(session, article, content, viewer, before=before, cause=cause)
    refuse_lost(one for one in quotes_in(session, article) if one.id in standing)


def show_draft(
    session: Session,
    name: str,
    viewer: Viewer,
    selection: Selection = ALL,
    *,
    utf16: bool = False,
) -> ArticleRead:
    """The article as the draft would make it: on trial alone, since it is made so."""
    assert act_of(session).on_trial
    article = get_named(session, Article, name, ArticleNotFound)
    draft = find_draft(session, article)
    if draft is None:
        raise DraftNotFound(name)
    update_article(session, article, ArticleWrite.model_validate(draft.content), viewer)
    session.flush()
    return get_article(connection_of(session), article.id, viewer, selection, utf16=utf16)


def find_draft(session: Session, article: Article) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.article_key == article.key))


def require(draft: Draft | None, precondition: Precondition) -> None:
    if draft is None:
        precondition.require_absent()
    else:
        precondition.require(draft)


def save_draft(
    session: Session,
    article: Article,
    draft: Draft | None,
    content: ArticleWrite,
    base_revision: int | None,
    viewer: Viewer,
) -> tuple[DraftRead, bool]:
    """`base_revision` stays as it is where it is not said, that of a new draft is the present."""
    at = viewer.at
    refuse_publication(content)
    if base_revision is not None and base_revision > article.revision:
        raise ValidationError(
            f"The article is at revision {article.revision}: no draft goes out from a later one.",
            errors=[{"parameter": "base_revision", "detail": "The article has no such revision."}],
        )
    if draft is None:
        draft = Draft(
            id=new_id(),
            revision=1,
            article_key=article.key,
            base_revision=article.revision,
            created_at=at,
        )
        session.add(draft)
    else:
        draft.revision += 1
    # What is too large, or no body at all, is refused now and not when it is published.
    assert isinstance(content.blocks, list)
    draft.base_revision = base_revision or draft.base_revision
    draft.content = content.model_dump(mode="json", exclude_unset=True)
    draft.author = act_of(session).actor
    draft.failure = None
    draft.updated_at = at
    session.flush()
    record_change(session, "draft.saved", draft, at=at)
    return get_draft(connection_of(session), article.id, viewer), draft.revision == 1


def refuse_publication(content: ArticleWrite) -> None:
    sent = [name for name in OF_PUBLICATION if name in content.model_fields_set]
    if sent:
        detail = "is said by the publication, not by a draft."
        raise ValidationError(
            f"{sent[0]} {detail}",
            errors=[{"pointer": f"/{name}", "detail": f"{name} {detail}"} for name in sent],
        )


def refuse_outdated(session: Session, article: Article, draft: Draft, viewer: Viewer) -> None:
    connection = connection_of(session)
    present = get_article(connection, article.id, viewer)
    changed = taken_back(connection, article.key, draft, present)
    if changed:
        raise DraftOutdated(
            f"Since revision {draft.base_revision} the article was changed: {', '.join(changed)}.",
            changed=changed,
        )


def taken_back(
    connection: Connection, article_key: int, draft: AnyRow | Draft, present: ArticleRead
) -> list[str]:
    """The members of the article that were changed since the draft's base, and that it would set
    back. What a draft leaves out and an edit leaves alone then is none of them. Of a base that was
    purged nothing is known, so that everything may be."""
    revision: int = draft.base_revision
    if present["revision"] == revision:
        return []
    row = connection.execute(
        select(Revision.document, Revision.purged_at).where(
            Revision.article_key == article_key, Revision.revision == revision
        )
    ).one_or_none()
    if row is None or row.purged_at is not None:
        changed = sorted(CONTENT | {"body"})
    else:
        difference = article_difference(row.document, plain(present))
        changed = [one["name"] for one in difference["fields"] if one["name"] in CONTENT]
        changed += ["body"] if difference["blocks"] else []
    return [name for name in changed if name not in LEFT_ALONE or name in draft.content]


def is_shown(quote: Quote) -> bool:
    return quote.status == "confirmed" and quote.is_placed


def refuse_lost(quotes: Iterable[Quote]) -> None:
    """Of quotes that were public."""
    # Any: members of a problem document
    errors: list[dict[str, Any]] = [
        {
            "pointer": "/body",
            "detail": f"The words “{quote.text}” would no longer stand in the article.",
            "quote": quote.id,
            "anchor": quote.anchor,
            "proposals": quote.proposals or [],
        }
        for quote in quotes
        if not quote.is_placed
    ]
    if errors:
        raise DraftNotPublishable(
            f"{len(errors)} of the article's quotes would lose their words: settle them, or send "
            "`quotes` without them.",
            errors=errors,
        )
