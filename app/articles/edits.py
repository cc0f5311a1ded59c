"""What a save changed in an article, and in each of its quotes: for the journal."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.changes.findings import tell
from app.models.quote import PLACED
from app.web.json import dump

# What changes with every save, or follows from another member.
PASSED_OVER = frozenset({"revision", "updated_at", "text", "text_version"})
# Of a quote, what moves with the words around it.
PLACES = frozenset({"revision", "spans", "prefix", "suffix", "updated_at"})

# Any: an ArticleRead or a part of it, as it is or as JSON
Document = Mapping[str, Any]


def tell_of_edit(
    session: Session, article_id: str, before: Document | None, after: Document | None
) -> None:
    """`before` is None for what is new, `after` for what is deleted."""
    fields = changed_members(before, after, PASSED_OVER) if before and after else []
    sections = [document.get("section") for document in (before, after) if document]
    paths = {section["path"] for section in sections if section}
    entities = dict.fromkeys(one for document in (before, after) for one in spoken_of(document))
    tell(session, article_id, fields=fields, paths=paths, entities=entities)
    tell_of_quotes(session, before, after, paths)


def tell_of_quotes(
    session: Session, before: Document | None, after: Document | None, paths: set[str]
) -> None:
    former: dict[str, Document] = {one["id"]: one for one in (before or {}).get("quotes", ())}
    present: dict[str, Document] = {one["id"]: one for one in (after or {}).get("quotes", ())}
    for quote_id in former | present:
        was, now = former.get(quote_id), present.get(quote_id)
        if was is not None and now is not None and was["revision"] == now["revision"]:
            continue
        speakers = {one["speaker"]["id"] for one in (was, now) if one and one["speaker"]}
        fields = changed_members(was, now, PLACES) if was and now else []
        tell(session, quote_id, fields=fields, paths=paths, entities=sorted(speakers))


def spoken_of(document: Document | None) -> Iterator[str]:
    """Whom an article mentions or quotes. Whom a quote that is not settled has speak is told by
    the quote's own rows alone, which readers do not see."""
    if document is None:
        return
    for mention in document.get("entities", ()):
        yield mention["id"]
    for quote in document.get("quotes", ()):
        if quote["speaker"] and quote["status"] == "confirmed" and quote["anchor"] in PLACED:
            yield quote["speaker"]["id"]


def changed_members(before: Document, after: Document, passed_over: frozenset[str]) -> list[str]:
    # What was kept is JSON: both are compared as such.
    return [
        name
        for name, value in after.items()
        if name not in passed_over and dump(before.get(name)) != dump(value)
    ]
