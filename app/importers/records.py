"""Lines of the API's own write documents, each with an `id` of its own if it likes."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.schemas import ArticleWrite
from app.entities.reads import get_entity
from app.entities.schemas import EntityWrite
from app.entities.writes import post_entity, put_entity
from app.importers.articles import Outcome, import_article
from app.importers.sources import Unreadable
from app.media.reads import get_media
from app.media.schemas import MediaWrite
from app.media.writes import post_media, put_media
from app.models import Entity, Media, Publisher, Section
from app.models.base import ID_PATTERN
from app.publishers.reads import get_publisher
from app.publishers.schemas import PublisherWrite
from app.publishers.writes import post_publisher, put_publisher
from app.sections.reads import get_section
from app.sections.schemas import SectionWrite
from app.sections.writes import post_section, put_section
from app.slugs.writes import find_named
from app.web.conditional import Precondition
from app.web.problems import invalid_content

# What a save changes by itself.
STAMPS = ("revision", "created_at", "updated_at")


class Unchanged(Exception):
    """Raised to roll back a write that changed nothing."""


@dataclass(frozen=True)
class Resource:
    """How one kind of line is imported, by the slice's own functions.

    Any: the functions of each slice take its own schema, which `schema` has made.
    """

    find: Callable[[Session, str], Entity | Media | Publisher | Section | None]
    schema: type[BaseModel]
    post: Callable[..., Any]
    put: Callable[..., Any]
    get: Callable[[Connection, str, Viewer], Any]
    # The member that names the resource where a line has no id.
    name: str


RESOURCES = {
    "publishers": Resource(
        lambda session, name: find_named(session, Publisher, name),
        PublisherWrite,
        post_publisher,
        put_publisher,
        get_publisher,
        "slug",
    ),
    "sections": Resource(
        lambda session, name: find_named(session, Section, name),
        SectionWrite,
        post_section,
        put_section,
        get_section,
        "path",
    ),
    "media": Resource(
        lambda session, name: find_named(session, Media, name),
        MediaWrite,
        post_media,
        put_media,
        get_media,
        "id",
    ),
    "entities": Resource(
        lambda session, name: find_named(session, Entity, name),
        EntityWrite,
        post_entity,
        put_entity,
        get_entity,
        "slug",
    ),
}


def import_line(session: Session, resource: str, line: str, viewer: Viewer) -> Outcome:
    """Raises Unreadable with the reason, Unchanged, or the problem that a client would be sent."""
    document = read_line(line)
    record_id = document.pop("id", None)
    if record_id is not None and not (
        isinstance(record_id, str) and ID_PATTERN.fullmatch(record_id)
    ):
        raise Unreadable("id: an id has 26 characters of 0-9 and a-z")
    if resource == "articles":
        article = validated(ArticleWrite, document)
        digest = sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()
        return import_article(session, article, viewer, article_id=record_id, digest=digest)
    return import_record(session, RESOURCES[resource], document, record_id, viewer)


def import_record(
    session: Session,
    resource: Resource,
    document: dict[str, Any],  # Any: what JSON holds
    record_id: str | None,
    viewer: Viewer,
) -> Outcome:
    content = validated(resource.schema, document)
    name = record_id or document.get(resource.name)
    present = resource.find(session, name) if name else None
    if present is None:
        if record_id is None:
            resource.post(session, content, viewer)
        else:
            resource.put(session, record_id, content, Precondition(None, "*"), viewer)
        return "created"
    before = resource.get(session.connection(), present.id, viewer)
    after, _ = resource.put(session, present.id, content, Precondition("*", None), viewer)
    if without_stamps(before) == without_stamps(after):
        raise Unchanged
    return "updated"


def read_line(line: str) -> dict[str, Any]:
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"this is not JSON: {error.msg} (column {error.colno})") from None
    if not isinstance(document, dict):
        raise Unreadable("a line holds one JSON object")
    return document


def validated(schema: type[Any], document: dict[str, Any]) -> Any:  # Any: an instance of schema
    try:
        return schema.model_validate(document)
    except ValidationError as error:
        raise invalid_content(error) from None


def without_stamps(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in STAMPS}
