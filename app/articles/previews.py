"""`dry_run=true`: what an edit would do to each quote of an article; nothing is saved."""

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.reads import get_article
from app.articles.restoring import put_restoration
from app.articles.schemas import ArticleWrite
from app.articles.writes import patch_article, put_article
from app.documents.articles import ArticleRead, EditPreview
from app.documents.quotes import ArticleQuote, Outcome, QuoteOutcome
from app.errors import ArticleNotFound
from app.models.quote import PLACED
from app.web.conditional import Precondition
from app.web.patching import Patch


def preview_put(
    session: Session,
    name: str,
    content: ArticleWrite,
    precondition: Precondition,
    viewer: Viewer,
    *,
    utf16: bool = False,
) -> EditPreview:
    def edit() -> ArticleRead:
        return put_article(session, name, content, precondition, viewer, utf16=utf16)[0]

    return preview(session, name, viewer, edit, utf16=utf16)


def preview_patch(
    session: Session, name: str, patch: Patch, precondition: Precondition, viewer: Viewer
) -> EditPreview:
    def edit() -> ArticleRead:
        return patch_article(session, name, patch, precondition, viewer)

    return preview(session, name, viewer, edit)


def preview_restoration(
    session: Session, name: str, number: int, precondition: Precondition, viewer: Viewer
) -> EditPreview:
    def edit() -> ArticleRead:
        return put_restoration(session, name, number, precondition, viewer)

    return preview(session, name, viewer, edit)


def preview(
    session: Session,
    name: str,
    viewer: Viewer,
    edit: Callable[[], ArticleRead],
    *,
    utf16: bool = False,
) -> EditPreview:
    """The edit is made and looked at: on trial, so that it is taken back."""
    before: ArticleRead | None = None
    # One that is not there would be created, or the edit is refused.
    with suppress(ArticleNotFound):
        before = get_article(session.connection(), name, viewer, utf16=utf16)
    after = edit()
    return {
        "id": after["id"],
        "revision": before["revision"] if before else None,
        "text_changed": before is None or before["text"] != after["text"],
        "quotes": outcomes(before["quotes"] if before else [], after["quotes"]),
    }


def outcomes(before: list[ArticleQuote], after: list[ArticleQuote]) -> list[QuoteOutcome]:
    """Those that would stay and come, in their order, then those that would go."""
    old = {quote["id"]: quote for quote in before}
    new = {quote["id"]: quote for quote in after}
    return [
        {
            "id": one,
            "outcome": outcome(old.get(one), new.get(one)),
            "anchor": new[one]["anchor"] if one in new else None,
            "before": old.get(one),
            "after": new.get(one),
        }
        for one in {**new, **old}
    ]


def outcome(before: ArticleQuote | None, after: ArticleQuote | None) -> Outcome:
    if after is None:
        return "removed"
    if before is None:
        return "added"
    if after["anchor"] not in PLACED:
        return after["anchor"]
    if before["anchor"] not in PLACED:
        return "anchored"
    kept = dict(before.items())
    different = {name for name, value in after.items() if value != kept[name]} - STAMPS
    if not different:
        return "unchanged"
    return "moved" if different == {"spans"} else "changed"


# What says how a quote stands, not what it is.
STAMPS = {"prefix", "suffix", "anchor", "revision", "updated_at"}
