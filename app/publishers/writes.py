"""Publishers, written."""

from datetime import datetime

from sqlalchemy import String, bindparam, exists, select
from sqlalchemy.orm import Session, selectinload

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.database.prepared import Prepared
from app.database.rows import read_rows
from app.documents.publishers import PublisherRead
from app.errors import Conflict, PublisherNotFound, ReferenceNotFound, ResourceInUse
from app.models import Article, Publisher, PublisherAddress
from app.models.base import new_id
from app.models.entity import fold_name
from app.publishers.reads import get_publisher
from app.publishers.schemas import PublisherReference, PublisherWrite
from app.slugs.writes import find_to_change, find_to_put, forget_slugs, give_slug
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

READ_ONLY = ("id", "revision", "created_at", "updated_at")
WHOLE = (selectinload(Publisher.addresses),)


def post_publisher(session: Session, content: PublisherWrite, viewer: Viewer) -> PublisherRead:
    publisher = new_publisher(new_id(), viewer.at)
    return save_publisher(session, publisher, content, viewer, event="publisher.created")


def put_publisher(
    session: Session, name: str, content: PublisherWrite, precondition: Precondition, viewer: Viewer
) -> tuple[PublisherRead, bool]:
    """The publisher, and whether it was created."""
    publisher = find_to_put(session, Publisher, name, precondition, PublisherNotFound, WHOLE)
    if publisher is None:
        publisher = new_publisher(name, viewer.at)
        event = "publisher.created"
        return save_publisher(session, publisher, content, viewer, event=event), True
    publisher.revision += 1
    return save_publisher(session, publisher, content, viewer, event="publisher.updated"), False


def patch_publisher(
    session: Session, name: str, patch: Patch, precondition: Precondition, viewer: Viewer
) -> PublisherRead:
    publisher = find_to_change(session, Publisher, name, precondition, PublisherNotFound, WHOLE)
    current = get_publisher(session.connection(), publisher.id, viewer)
    content = patched(current, patch, PublisherWrite, read_only=READ_ONLY)
    publisher.revision += 1
    return save_publisher(session, publisher, content, viewer, event="publisher.updated")


def delete_publisher(
    session: Session, name: str, precondition: Precondition, viewer: Viewer
) -> None:
    publisher = find_to_change(session, Publisher, name, precondition, PublisherNotFound, WHOLE)
    if session.scalar(select(exists().where(Article.publisher_key == publisher.key))):
        raise ResourceInUse(f"The publisher {publisher.slug} has articles.")
    record_change(session, "publisher.deleted", publisher, at=viewer.at)
    forget_slugs(session, publisher)
    session.delete(publisher)


def find_or_add_publisher(
    session: Session, reference: PublisherReference, *, at: datetime, cause: str
) -> int:
    """The key of the publisher that an article names; a new name is added.

    Raises ReferenceNotFound for an unknown id or slug.
    """
    if reference.id is not None:
        statement, name = BY_ID, reference.id
    elif reference.slug is not None:
        statement, name = BY_SLUG, reference.slug
    else:
        assert reference.name is not None
        statement, name = BY_NAME, fold_name(reference.name)
    for row in read_rows(session, statement, {"name": name}):
        found: int = row.key
        return found
    if reference.name is None or statement is not BY_NAME:
        detail = f"There is no publisher {name}."
        raise ReferenceNotFound(detail, errors=[{"pointer": "", "detail": detail}])
    publisher = new_publisher(new_id(), at)
    assign_publisher(session, publisher, PublisherWrite(name=reference.name), at)
    record_change(session, "publisher.created", publisher, at=at, cause=cause)
    return publisher.key


NAME = bindparam("name", type_=String())
BY_ID = Prepared(select(Publisher.key).where(Publisher.id == NAME))
BY_SLUG = Prepared(select(Publisher.key).where(Publisher.slug == NAME))
BY_NAME = Prepared(
    select(Publisher.key).where(Publisher.folded_name == NAME).order_by(Publisher.key).limit(1)
)


def new_publisher(publisher_id: str, at: datetime) -> Publisher:
    return Publisher(id=publisher_id, revision=1, created_at=at, addresses=[], reviewed=False)


def save_publisher(
    session: Session, publisher: Publisher, content: PublisherWrite, viewer: Viewer, *, event: str
) -> PublisherRead:
    refuse_taken_addresses(session, publisher, content.addresses)
    publisher.reviewed = True
    assign_publisher(session, publisher, content, viewer.at)
    record_change(session, event, publisher, at=viewer.at)
    return get_publisher(session.connection(), publisher.id, viewer)


def assign_publisher(
    session: Session, publisher: Publisher, content: PublisherWrite, at: datetime
) -> None:
    give_slug(session, publisher, content.slug, source=content.name)
    publisher.name = content.name
    publisher.folded_name = fold_name(content.name)
    publisher.site = content.site
    publisher.address_notice = content.address_notice
    publisher.apps = [{"platform": app.platform, "name": app.name} for app in content.apps]
    if [address.url for address in publisher.addresses] != content.addresses:
        publisher.addresses = []
        session.add(publisher)
        # An address that only moves would stand twice for a moment.
        publisher.updated_at = at
        session.flush()
        publisher.addresses = [
            PublisherAddress(position=position, url=url)
            for position, url in enumerate(content.addresses)
        ]
    publisher.updated_at = at
    session.add(publisher)
    session.flush()


def refuse_taken_addresses(session: Session, publisher: Publisher, urls: list[str]) -> None:
    statement = (
        select(PublisherAddress.url, Publisher.id)
        .join(Publisher, Publisher.key == PublisherAddress.publisher_key)
        .where(PublisherAddress.url.in_(urls), Publisher.id != publisher.id)
    )
    for url, owner in session.execute(statement):
        detail = f"The address {url} belongs to another publisher."
        pointer = f"/addresses/{urls.index(url)}"
        raise Conflict(
            detail, errors=[{"pointer": pointer, "detail": detail}], conflicting_id=owner
        )
