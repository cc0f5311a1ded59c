"""What the rows of the journal are found by: what a write changed, in which sections, of whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Text, event, inspect, literal, select, union_all
from sqlalchemy.orm import Session

from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.session import connection_of
from app.models import Article, Entity, FormerSlug, Quote, Section
from app.models.base import Resource

# Any: the columns of a row
Row = dict[str, Any]

# What is known of what the write changed, by the ids of resources.
FOUND = "findings.found"
# Quotes that nobody has told of: their articles, and who speaks.
UNTOLD_QUOTES = "findings.quotes"

# Members that change with every write, and columns that no document shows.
PASSED_OVER = frozenset({"revision", "updated_at", "folded_name"})
MEMBERS = {"focal_x": "focal_point", "focal_y": "focal_point"}
# What articles say of themselves and of their quotes is told by `tell`.
TOLD = (Article, Quote)


@dataclass(slots=True)
class Finding:
    """`paths` are those of sections; `entities` are ids."""

    fields: dict[str, None] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    entities: dict[str, None] = field(default_factory=dict)


def tell(
    session: Session,
    resource_id: str,
    *,
    fields: Iterable[str] = (),
    paths: Iterable[str] = (),
    entities: Iterable[str] = (),
) -> None:
    """Have the journal say this of a resource in the rows that this write adds."""
    finding = finding_of(session, resource_id)
    finding.fields.update(dict.fromkeys(fields))
    finding.paths.update(paths)
    finding.entities.update(dict.fromkeys(entities))


def note_row(session: Session, row: Row, resource: Resource) -> None:
    """What a resource says itself, as long as it is there."""
    kind = resource.resource_name
    if kind == Section.resource_name:
        tell(session, resource.id, paths=[cast(Section, resource).path])
        if row["event"] == "section.deleted":
            # At the end of the write, it is not found by its path.
            path = cast(Section, resource).path
            row["sections"] = sections_by_path(session, {path})[path]
    elif kind == Entity.resource_name:
        tell(session, resource.id, entities=[resource.id])
    elif kind == Quote.resource_name:
        quotes: dict[str, tuple[int, int | None]] = session.info.setdefault(UNTOLD_QUOTES, {})
        quote = cast(Quote, resource)
        quotes[resource.id] = (quote.article_key, quote.speaker_key)


def fill(session: Session, rows: Sequence[Row]) -> None:
    """Say in the rows of a write what was found."""
    found: dict[str, Finding] = session.info.get(FOUND, {})
    quotes: dict[str, tuple[int, int | None]] = session.info.pop(UNTOLD_QUOTES, {})
    untold = {quote: parts for quote, parts in quotes.items() if quote not in found}
    if untold:
        tell_of_quotes(session, untold)
        found = session.info[FOUND]
    ids = sections_by_path(session, {path for one in found.values() for path in one.paths})
    for row in rows:
        finding = found.get(row["resource_id"])
        if finding is not None:
            if not row["event"].endswith((".created", ".deleted")):
                row["fields"] = list(finding.fields)
            row["entities"] = list(finding.entities)
            row["sections"] = row["sections"] or sorted(
                {section for path in finding.paths for section in ids[path]}
            )


def finding_of(session: Session, resource_id: str) -> Finding:
    found: dict[str, Finding] = session.info.setdefault(FOUND, {})
    return found.setdefault(resource_id, Finding())


def tell_of_quotes(session: Session, quotes: dict[str, tuple[int, int | None]]) -> None:
    connection = connection_of(session)
    articles = {article for article, _ in quotes.values()}
    speakers = {speaker for _, speaker in quotes.values() if speaker is not None}
    paths = {row.key: row.path for row in PATHS.all(connection, {"keys": sorted(articles)})}
    ids: dict[int, str] = {}
    if speakers:
        rows = ENTITIES.all(connection, {"keys": sorted(speakers)})
        ids = {row.key: row.id for row in rows}
    for quote, (article, speaker) in quotes.items():
        tell(
            session,
            quote,
            paths=[path] if (path := paths.get(article)) else [],
            entities=[ids[speaker]] if speaker in ids else [],
        )


def sections_by_path(session: Session, paths: set[str]) -> dict[str, list[str]]:
    """By the path of a section, as it is or was: its id, and those of all above it."""
    if not paths:
        return {}
    connection = connection_of(session)
    asked = {part for path in paths for part in (path, *above(path))}
    found = {row.name: row for row in SECTIONS.all(connection, {"paths": sorted(asked)})}
    # One that was moved lies below others now.
    moved = {found[path].path for path in paths if path in found and found[path].path != path}
    missing = {part for path in moved for part in above(path)} - found.keys()
    if missing:
        rows = SECTIONS.all(connection, {"paths": sorted(missing)})
        found |= {row.name: row for row in rows}
    ids: dict[str, list[str]] = {}
    for path in paths:
        present = found[path].path if path in found else path
        parts = {path, *above(path), *above(present)}
        ids[path] = [found[part].id for part in sorted(parts) if part in found]
    return ids


def above(path: str) -> list[str]:
    """The paths of the sections that a section lies in."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


# Any: the context of whatever flush, and the objects that it is about
@event.listens_for(Session, "before_flush")
def note_fields(session: Session, *_: Any) -> None:
    """What was assigned is forgotten once it is written."""
    for one in session.dirty:
        if isinstance(one, Resource) and not isinstance(one, TOLD):
            tell(session, one.id, fields=changed_members(one))


def changed_members(resource: Resource) -> list[str]:
    members = []
    for attribute in inspect(resource).attrs:
        history = attribute.history
        if attribute.key in PASSED_OVER or not history.has_changes():
            continue
        if values_of(history.added) != values_of(history.deleted):
            members.append(MEMBERS.get(attribute.key, attribute.key.removesuffix("_key")))
    return members


# Any: values of whatever columns
def values_of(listed: Iterable[Any]) -> list[Any]:
    """Of those parts that are made anew by each write, what they say."""
    return [
        {
            column.key: getattr(one, column.key)
            for column in one.__mapper__.column_attrs
            if not column.key.endswith("key")
        }
        if hasattr(one, "__mapper__")
        else one
        for one in listed
    ]


PATHS = Prepared(
    select(Article.key, Section.path)
    .join(Section, Section.key == Article.section_key)
    .where(Among(Article.key))
)
ENTITIES = Prepared(select(Entity.key, Entity.id).where(Among(Entity.key)))
SECTIONS = Prepared(
    union_all(
        # What stands at a path now goes before what redirects from it.
        select(FormerSlug.slug.label("name"), Section.id.label("id"), Section.path.label("path"))
        .join(Section, Section.id == FormerSlug.resource_id)
        .where(
            FormerSlug.resource == literal("section"),
            Among(FormerSlug.slug, "paths", of=Text),
        ),
        select(
            Section.path.label("name"), Section.id.label("id"), Section.path.label("path")
        ).where(Among(Section.path, "paths", of=Text)),
    )
)
