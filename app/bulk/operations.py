"""Which write a line means: the same functions that the routes call."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError as PydanticError
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles import publishing
from app.articles import writes as articles
from app.articles.leases import heed_lease
from app.articles.revisions import keep_revision
from app.articles.schemas import ArticleWrite, PublicationWrite
from app.bulk.schemas import BulkLine
from app.channels import writes as channels
from app.channels.schemas import ChannelWrite
from app.documents.leases import LeaseRead
from app.entities import writes as entities
from app.entities.schemas import EntityWrite
from app.errors import MethodNotAllowed, NotFound, Problem, ValidationError
from app.media import writes as media
from app.media.schemas import MediaWrite
from app.publishers import writes as publishers
from app.publishers.schemas import PublisherWrite
from app.quotes import retractions
from app.quotes import writes as quotes
from app.quotes.schemas import QuoteWrite, RetractionWrite
from app.sections import writes as sections
from app.sections.schemas import SectionWrite
from app.web.conditional import Precondition
from app.web.patching import JsonPatch, Patch, merge_patch
from app.web.problems import invalid_content
from app.web.writing import WriteModel

C = TypeVar("C", bound=WriteModel)

PATH = re.compile(r"/v1/(?P<collection>[a-z]+)(?:/(?P<name>.+))?")

# A resource as it was saved.
Document = Mapping[str, object]


class Saved(NamedTuple):
    """`lease` is there where somebody else holds one on the article."""

    status: int
    document: Document | None = None
    lease: LeaseRead | None = None


# A line that is ready to be written.
Operation = Callable[[Session, Viewer], Saved]


@dataclass(frozen=True)
class Collection(Generic[C]):
    """How the resources of one collection are written. `take_apart` does what takes long before
    the write begins."""

    schema: type[C]
    post: Callable[[Session, C, Viewer], Document]
    put: Callable[[Session, str, C, Precondition, Viewer], tuple[Document, bool]]
    patch: Callable[[Session, str, Patch, Precondition, Viewer], Document]
    delete: Callable[[Session, str, Precondition, Viewer], None]
    take_apart: Callable[[C], object] | None = None

    def operation(self, line: BulkLine, name: str | None) -> Operation:
        if (name is None) != (line.method == "POST"):
            raise not_allowed(line, "POST" if name is None else "PUT, PATCH and DELETE")
        if name is None:
            content = self.content(line)
            return lambda session, viewer: Saved(201, self.post(session, content, viewer))
        held = precondition_of(line)
        if line.method == "DELETE":
            return partial(remove, self.delete, name, held)
        if line.method == "PATCH":
            patch = patch_of(line)
            return lambda session, viewer: Saved(
                200, self.patch(session, name, patch, held, viewer)
            )
        content = self.content(line)

        def replace(session: Session, viewer: Viewer) -> Saved:
            document, created = self.put(session, name, content, held, viewer)
            return Saved(201 if created else 200, document)

        return replace

    def content(self, line: BulkLine) -> C:
        content = content_of(self.schema, line)
        if self.take_apart is not None:
            self.take_apart(content)
        return content


@dataclass(frozen=True)
class Part(Generic[C]):
    """What is put at a resource and taken away again, such as its publication."""

    schema: type[C]
    put: Callable[[Session, str, C, Precondition, Viewer], Document]
    delete: Callable[[Session, str, Precondition, Viewer], Document]

    def operation(self, line: BulkLine, name: str) -> Operation:
        held = precondition_of(line)
        if line.method == "PUT":
            content = content_of(self.schema, line)
            return lambda session, viewer: Saved(
                200, self.put(session, name, content, held, viewer)
            )
        if line.method == "DELETE":
            return lambda session, viewer: Saved(200, self.delete(session, name, held, viewer))
        raise not_allowed(line, "PUT and DELETE")


# Any: each has contents of its own
COLLECTIONS: Mapping[str, Collection[Any]] = {
    "articles": Collection(
        ArticleWrite,
        articles.post_article,
        articles.put_article,
        articles.patch_article,
        articles.delete_article,
        take_apart=lambda content: content.blocks,
    ),
    "quotes": Collection(
        QuoteWrite,
        partial(quotes.post_quote, keep=keep_revision, utf16=False),
        partial(quotes.put_quote, keep=keep_revision, utf16=False),
        partial(quotes.patch_quote, keep=keep_revision),
        partial(quotes.delete_quote, keep=keep_revision),
    ),
    "entities": Collection(
        EntityWrite,
        entities.post_entity,
        entities.put_entity,
        entities.patch_entity,
        entities.delete_entity,
    ),
    "sections": Collection(
        SectionWrite,
        sections.post_section,
        sections.put_section,
        sections.patch_section,
        sections.delete_section,
    ),
    "publishers": Collection(
        PublisherWrite,
        publishers.post_publisher,
        publishers.put_publisher,
        publishers.patch_publisher,
        publishers.delete_publisher,
    ),
    "media": Collection(
        MediaWrite, media.post_media, media.put_media, media.patch_media, media.delete_media
    ),
    "channels": Collection(
        ChannelWrite,
        channels.post_channel,
        channels.put_channel,
        channels.patch_channel,
        channels.delete_channel,
    ),
}
PARTS: Mapping[tuple[str, str], Part[Any]] = {
    ("articles", "publication"): Part(
        PublicationWrite,
        publishing.put_publication,
        # Silently: what readers are told is said of one article at a time.
        lambda session, name, held, viewer: publishing.delete_publication(
            session, name, None, held, viewer
        ),
    ),
    ("quotes", "retraction"): Part(
        RetractionWrite,
        partial(retractions.put_retraction, keep=keep_revision),
        partial(retractions.delete_retraction, keep=keep_revision),
    ),
}


def operation_of(line: BulkLine) -> tuple[str, Operation]:
    """The collection's address, and the write; all that can be refused without looking at what is
    kept is refused by now."""
    match = PATH.fullmatch(line.path)
    collection = COLLECTIONS.get(match["collection"]) if match else None
    if match is None or collection is None:
        raise nothing_at(line)
    address, name = f"/v1/{match['collection']}", match["name"]
    # The names of sections are paths.
    if name is None or "/" not in name or match["collection"] == "sections":
        operation = collection.operation(line, name)
    else:
        name, _, below = name.partition("/")
        part = PARTS.get((match["collection"], below))
        if part is None:
            raise nothing_at(line)
        operation = part.operation(line, name)
    if name is not None and match["collection"] == "articles":
        operation = partial(write_heeding, operation, name)
    return address, operation


def write_heeding(operation: Operation, name: str, session: Session, viewer: Viewer) -> Saved:
    saved, lease = heed_lease(
        session, viewer, lambda session, name: operation(session, viewer), name
    )
    return saved._replace(lease=lease)


def content_of(schema: type[C], line: BulkLine) -> C:
    """Raises ValidationError."""
    must_have_content(line)
    try:
        return schema.model_validate(line.content)
    except PydanticError as error:
        raise invalid_content(error) from None


def patch_of(line: BulkLine) -> Patch:
    must_have_content(line)
    return JsonPatch(line.content) if isinstance(line.content, list) else merge_patch(line.content)


def must_have_content(line: BulkLine) -> None:
    if "content" not in line.model_fields_set:
        detail = f"{line.method} needs content."
        raise ValidationError(detail, errors=[{"pointer": "", "detail": detail}])


def precondition_of(line: BulkLine) -> Precondition:
    return Precondition(line.if_match, line.if_none_match)


def remove(
    delete: Callable[[Session, str, Precondition, Viewer], None],
    name: str,
    held: Precondition,
    session: Session,
    viewer: Viewer,
) -> Saved:
    delete(session, name, held, viewer)
    return Saved(204)


def nothing_at(line: BulkLine) -> Problem:
    return NotFound(f"There is nothing to write at {line.path[:200]}.")


def not_allowed(line: BulkLine, allowed: str) -> Problem:
    return MethodNotAllowed(f"{line.method} is not allowed at {line.path[:200]}; {allowed} are.")
