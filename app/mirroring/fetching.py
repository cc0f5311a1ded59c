"""What a batch refers to and is not here yet, of the source as well."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.changes.findings import above
from app.database.session import Database
from app.documents.exports import Copy
from app.exports.kinds import COPIED
from app.mirroring.batches import Batch
from app.mirroring.source import Source
from app.models import Section


def complete(source: Source, database: Database, batch: Batch, viewer: Viewer) -> None:
    """What is here and the viewer does not see may be out of date: nobody tells of its changes."""
    asked: defaultdict[str, set[str]] = defaultdict(set)
    while wanted := missing(database, batch, viewer, asked):
        for resource, ids in wanted.items():
            asked[resource] |= ids
            batch.copies[resource] += source.named(resource, sorted(ids))


def missing(
    database: Database, batch: Batch, viewer: Viewer, asked: Mapping[str, set[str]]
) -> dict[str, set[str]]:
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for resource, copies in batch.copies.items():
        for copied in copies:
            for other, resource_id in REFERENCES[resource](copied):
                wanted[other].add(resource_id)
    wanted["sections"] |= database.read_now(sections_above, batch.copies["articles"])
    found = {}
    for resource, ids in wanted.items():
        ids -= {one["document"]["id"] for one in batch.copies.get(resource, ())}
        ids -= asked.get(resource, set())
        if ids:
            here = database.read_now(COPIED[resource].rows_named, viewer, ids)
            ids -= {row.id for row in here}
        if ids:
            found[resource] = ids
    return found


def sections_above(connection: Connection, articles: Sequence[Copy]) -> set[str]:
    """The ids of the sections here that lie above those of articles: what is published in one makes
    all of them public."""
    sections = (one["document"]["section"] for one in articles)
    paths = {path for one in sections if one for path in above(one["path"])}
    return set(connection.scalars(select(Section.id).where(Section.path.in_(paths))))


# The kind and id of each.
References = Iterator[tuple[str, str]]


# Any: a document that another refers to
def one_of(resource: str, document: Mapping[str, Any] | None) -> References:
    if document is not None:
        yield resource, document["id"]


def several_of(resource: str, documents: Sequence[Mapping[str, Any]]) -> References:
    for document in documents:
        yield resource, document["id"]


def in_media(copied: Copy) -> References:
    return one_of("media", copied["document"]["poster"])


def in_section(copied: Copy) -> References:
    return one_of("sections", copied["kept"]["parent"])


def in_publisher(_: Copy) -> References:
    return iter(())


def in_entity(copied: Copy) -> References:
    return one_of("media", copied["document"]["image"])


def in_article(copied: Copy) -> References:
    document, section = copied["document"], copied["kept"]["section"]
    if section is not None:
        yield "sections", section
    yield from one_of("publishers", document["publisher"])
    yield from one_of("media", document["lead_media"])
    yield from several_of("media", document["media"])
    yield from several_of("entities", document["entities"])
    for quote in copied["parts"]["quotes"]:
        yield from one_of("entities", quote["document"]["speaker"])


def in_channel(copied: Copy) -> References:
    return one_of("media", copied["document"]["artwork"])


REFERENCES = {
    "media": in_media,
    "sections": in_section,
    "publishers": in_publisher,
    "entities": in_entity,
    "articles": in_article,
    "channels": in_channel,
}
