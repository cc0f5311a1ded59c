"""Lines of the API's own write documents, each with an `id` of its own if it likes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.schemas import ArticleWrite
from app.channels.reads import get_channel
from app.channels.schemas import ChannelWrite
from app.channels.writes import post_channel, put_channel
from app.entities.matching import WHOLE, by_external_id, by_name
from app.entities.reads import get_entity
from app.entities.schemas import EntityReference, EntityWrite
from app.entities.writes import post_entity, put_entity
from app.importers.articles import Outcome, foresee_articles, import_article
from app.importers.sources import Unreadable
from app.media.reads import get_media
from app.media.schemas import MediaWrite
from app.media.writes import post_media, put_media
from app.models import Channel, Entity, Media, MediaRendition, Publisher, Section
from app.models.base import ID_PATTERN
from app.models.entity import fold_name
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


# What an item has the import do, within the transaction of its batch.
Importing = Callable[[Session, Viewer], Outcome]


@dataclass(frozen=True)
class ArticleLine:
    """An article, to be imported together with others."""

    content: ArticleWrite
    article_id: str | None
    digest: str

    def __call__(self, session: Session, viewer: Viewer) -> Outcome:
        return import_article(
            session, self.content, viewer, article_id=self.article_id, digest=self.digest
        )


def foresee_lines(session: Session, items: Sequence[Importing]) -> None:
    lines = [(one.content, one.article_id) for one in items if isinstance(one, ArticleLine)]
    if lines:
        foresee_articles(session, lines)


class Unchanged(Exception):
    """Raised to roll back a write that changed nothing."""


# What a line without an id means, if it is known.
Known = Channel | Entity | Media | Publisher | Section | None


@dataclass(frozen=True)
class Resource:
    """How one kind of line is imported, by the slice's own functions.

    Any: the functions of each slice take its own schema, which `schema` has made.
    """

    schema: type[BaseModel]
    by_id: Callable[[Session, str], Known]
    by_content: Callable[[Session, Any], Known]
    post: Callable[..., Any]
    put: Callable[..., Any]
    get: Callable[[Connection, str, Viewer], Any]


def find_publisher(session: Session, content: PublisherWrite) -> Publisher | None:
    same = Publisher.folded_name == fold_name(content.name)
    condition = same if content.slug is None else Publisher.slug == content.slug
    return session.scalars(
        select(Publisher).where(condition).order_by(Publisher.key).limit(1)
    ).one_or_none()


def find_section(session: Session, content: SectionWrite) -> Section | None:
    return session.scalars(select(Section).where(Section.path == content.path)).one_or_none()


def find_media(session: Session, content: MediaWrite) -> Media | None:
    """The media that have one of the addresses."""
    urls = [rendition.url for rendition in content.renditions]
    shown = select(MediaRendition.media_key).where(MediaRendition.url.in_(urls))
    return session.scalars(
        select(Media).where(Media.key.in_(shown)).order_by(Media.key).limit(1)
    ).one_or_none()


def find_channel(session: Session, content: ChannelWrite) -> Channel | None:
    condition = Channel.name == content.name
    if content.slug is not None:
        condition = Channel.slug == content.slug
    return session.scalars(
        select(Channel).where(condition).order_by(Channel.key).limit(1)
    ).one_or_none()


def find_entity(session: Session, content: EntityWrite) -> Entity | None:
    if content.slug is not None:
        return session.scalars(select(Entity).where(Entity.slug == content.slug)).one_or_none()
    reference = EntityReference(
        name=content.name, type=content.type, external_ids=content.external_ids
    )
    known = by_external_id(session, reference) or by_name(session, reference)
    return session.get(Entity, known.key, options=WHOLE) if known else None


RESOURCES = {
    "publishers": Resource(
        PublisherWrite,
        lambda session, name: find_named(session, Publisher, name),
        find_publisher,
        post_publisher,
        put_publisher,
        get_publisher,
    ),
    "sections": Resource(
        SectionWrite,
        lambda session, name: find_named(session, Section, name),
        find_section,
        post_section,
        put_section,
        get_section,
    ),
    "media": Resource(
        MediaWrite,
        lambda session, name: find_named(session, Media, name),
        find_media,
        post_media,
        put_media,
        get_media,
    ),
    "entities": Resource(
        EntityWrite,
        lambda session, name: find_named(session, Entity, name),
        find_entity,
        post_entity,
        put_entity,
        get_entity,
    ),
    "channels": Resource(
        ChannelWrite,
        lambda session, name: find_named(session, Channel, name),
        find_channel,
        post_channel,
        put_channel,
        get_channel,
    ),
}


def read_line(resource: str, line: str) -> Importing:
    """What is to be done with a line. Raises Unreadable with the reason, or the problem that a
    client would be sent; and when it is done, that problem, or Unchanged."""
    document = read_object(line)
    record_id = document.pop("id", None)
    if record_id is not None and not (
        isinstance(record_id, str) and ID_PATTERN.fullmatch(record_id)
    ):
        raise Unreadable("id: an id has 26 characters of 0-9 and a-z")
    if resource == "articles":
        digest = sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()
        article: ArticleWrite = validated(ArticleWrite, document)
        return ArticleLine(article, record_id, digest)
    kind = RESOURCES[resource]
    content = validated(kind.schema, document)
    return lambda session, viewer: import_record(session, kind, content, record_id, viewer)


def import_record(
    session: Session,
    resource: Resource,
    content: Any,  # Any: an instance of the resource's schema
    record_id: str | None,
    viewer: Viewer,
) -> Outcome:
    if record_id is not None:
        present = resource.by_id(session, record_id)
    else:
        present = resource.by_content(session, content)
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


def read_object(line: str) -> dict[str, Any]:  # Any: what JSON holds
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
