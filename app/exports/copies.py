"""Resources as copies are made of them: their documents, and what is kept and not shown."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, String, Text, bindparam, select

from app.access.viewer import Viewer
from app.articles.reads import WHOLE, article_documents
from app.channels.reads import CHANNEL, Names, channels_read, names_in
from app.channels.schedules import BULLETIN, PROGRAMME, bulletin_read, programme_read
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.types import AnyRow, AnySelect
from app.documents.exports import Copy, Part
from app.entities.reads import ENTITY, entity_documents
from app.exports.kinds import COPIED
from app.media.reads import media_by_key
from app.models import (
    Article,
    Bulletin,
    Channel,
    Entity,
    FormerSlug,
    Programme,
    Publisher,
    Quote,
    Section,
)
from app.models.visibility import quote_is_told
from app.publishers.reads import PUBLISHER, addresses_of, publisher_read
from app.quotes.reads import ALL_QUOTES_OF, article_quote, spans_of
from app.sections.reads import SECTION, Parent, section_read
from app.web.fields import ALL

# Any: what is kept of whatever resource, as JSON
Kept = dict[str, Any]
# Copies of the resources with these keys, by their keys.
Copies = Callable[[Connection, Sequence[int], Viewer], Mapping[int, Copy]]

# The id of nothing.
UNKNOWN = "0" * 26

FORMER = Prepared(
    select(FormerSlug.resource_id, FormerSlug.slug)
    .where(
        FormerSlug.resource == bindparam("resource", type_=String()),
        Among(FormerSlug.resource_id, "ids", of=Text),
    )
    .order_by(FormerSlug.slug)
)


def copies_of(
    connection: Connection, resource: str, rows: Sequence[AnyRow], viewer: Viewer
) -> list[Copy]:
    """In the order of the rows, which have keys and ids. That they may be seen was decided."""
    found = COPIES[resource](connection, [row.key for row in rows], viewer)
    copies = {row.id: found[row.key] for row in rows}
    values = {"resource": COPIED[resource].model.resource_name, "ids": list(copies)}
    for resource_id, slug in FORMER.all(connection, values):
        copies[resource_id]["former_slugs"].append(slug)
    return list(copies.values())


# Any: the documents of whatever resource
def part(key: int, document: Mapping[str, Any], **kept: Any) -> Part:
    return {"key": key, "document": cast(dict[str, Any], document), "kept": kept}


# Any: the documents of whatever resource
def copy(key: int, document: Mapping[str, Any], **kept: Any) -> Copy:
    return {**part(key, document, **kept), "former_slugs": [], "parts": {}}


def by_key(statement: AnySelect, key: Any) -> Prepared:  # Any: the column of a key
    return Prepared(statement.where(Among(key)))


SECTIONS = by_key(
    SECTION.add_columns(Section.reviewed, Parent.id.label("parent_id"), Parent.key.label("above")),
    Section.key,
)
PUBLISHERS = by_key(PUBLISHER.add_columns(Publisher.reviewed), Publisher.key)
ENTITIES = by_key(ENTITY, Entity.key)
ARTICLES = by_key(
    WHOLE.add_columns(
        Section.id.label("section_id"),
        Article.last_block,
        Article.is_announced,
        Article.mentions_reviewed,
        Article.withdrawal_note,
        Article.embargo_note,
    ),
    Article.key,
)
CHANNELS = by_key(CHANNEL, Channel.key)
PROGRAMMES = Prepared(
    PROGRAMME.add_columns(Programme.key, Programme.channel_key)
    .where(Among(Programme.channel_key))
    .order_by(Programme.key)
)
BULLETINS = Prepared(
    BULLETIN.add_columns(Bulletin.key, Bulletin.channel_key)
    .where(Among(Bulletin.channel_key))
    .order_by(Bulletin.key)
)
ALL_KEPT_OF = ALL_QUOTES_OF.add_columns(Quote.speaker_key)
QUOTES = Prepared(ALL_KEPT_OF)
# Readers see a retraction with a note at the quote's own address.
TOLD_QUOTES = Prepared(ALL_KEPT_OF.where(quote_is_told()))


def media_copies(connection: Connection, keys: Sequence[int], _: Viewer) -> dict[int, Copy]:
    return {key: copy(key, one) for key, one in media_by_key(connection, keys).items()}


def section_copies(connection: Connection, keys: Sequence[int], _: Viewer) -> dict[int, Copy]:
    return {
        row.key: copy(
            row.key,
            section_read(row),
            reviewed=row.reviewed,
            parent=None if row.above is None else {"id": row.parent_id, "key": row.above},
        )
        for row in SECTIONS.all(connection, {"keys": keys})
    }


def publisher_copies(connection: Connection, keys: Sequence[int], _: Viewer) -> dict[int, Copy]:
    addresses = addresses_of(connection, keys)
    return {
        row.key: copy(row.key, publisher_read(row, addresses[row.key]), reviewed=row.reviewed)
        for row in PUBLISHERS.all(connection, {"keys": keys})
    }


def entity_copies(connection: Connection, keys: Sequence[int], _: Viewer) -> dict[int, Copy]:
    rows = ENTITIES.all(connection, {"keys": keys})
    documents = entity_documents(connection, rows)
    return {row.key: copy(row.key, one) for row, one in zip(rows, documents, strict=True)}


def article_copies(connection: Connection, keys: Sequence[int], viewer: Viewer) -> dict[int, Copy]:
    """Without their quotes in the document: these are parts."""
    rows = ARTICLES.all(connection, {"keys": keys})
    members = ("body", "text", "text_version", "media", "entities")
    documents = article_documents(connection, rows, viewer, members, ALL, utf16=False)
    quotes = quote_parts(connection, keys, viewer)
    copies = {}
    for row, document in zip(rows, documents, strict=True):
        copies[row.key] = copy(
            row.key,
            document,
            status=row.status,
            section=row.section_id,
            last_block=row.last_block,
            is_announced=row.is_announced,
            mentions_reviewed=row.mentions_reviewed,
            withdrawal_note=row.withdrawal_note,
            embargo_note=row.embargo_note if viewer.sees_all else None,
        )
        copies[row.key]["parts"]["quotes"] = quotes[row.key]
    return copies


def quote_parts(
    connection: Connection, article_keys: Sequence[int], viewer: Viewer
) -> defaultdict[int, list[Part]]:
    """The quotes of each article in their order, by the article's key."""
    statement = QUOTES if viewer.sees_all else TOLD_QUOTES
    rows = statement.all(connection, {"keys": article_keys})
    spans = spans_of(connection, [row.key for row in rows])
    found: defaultdict[int, list[Part]] = defaultdict(list)
    for row in rows:
        document = article_quote(row, spans[row.key])
        kept = {"anchored_revision": row.anchored_revision, "speaker_key": row.speaker_key}
        found[row.article_key].append(part(row.key, document, **kept))
    return found


def channel_copies(connection: Connection, keys: Sequence[int], viewer: Viewer) -> dict[int, Copy]:
    rows = CHANNELS.all(connection, {"keys": keys})
    documents = channels_read(connection, rows, viewer)
    names = names_in(connection, rows, viewer)
    copies = {
        row.key: copy(
            row.key,
            document,
            carries=masked(row.carries, names),
            rows=[masked_row(one, names) for one in row.rows],
        )
        for row, document in zip(rows, documents, strict=True)
    }
    for one in copies.values():
        one["parts"] = {"programmes": [], "bulletins": []}
    for row in PROGRAMMES.all(connection, {"keys": keys}):
        copies[row.channel_key]["parts"]["programmes"].append(part(row.key, programme_read(row)))
    for row in BULLETINS.all(connection, {"keys": keys}):
        copies[row.channel_key]["parts"]["bulletins"].append(part(row.key, bulletin_read(row)))
    return copies


# Any: what a channel keeps, as JSON
def masked_row(row: dict[str, Any], names: Names) -> dict[str, Any]:
    kept = None if row["filter"] is None else masked(row["filter"], names)
    return {**row, "filter": kept, "articles": [i for i in row["articles"] if i in names.articles]}


# Any: what a channel keeps, as JSON
def masked(carries: dict[str, Any], names: Names) -> dict[str, Any]:
    """By ids. Those that the viewer may not know are unknown ones: to leave them out would make the
    channel carry more."""
    return {
        **carries,
        "sections": [one if one in names.sections else UNKNOWN for one in carries["sections"]],
        "entities": [one if one in names.entities else UNKNOWN for one in carries["entities"]],
        "speakers": [one if one in names.entities else UNKNOWN for one in carries["speakers"]],
    }


COPIES: Mapping[str, Copies] = {
    "media": media_copies,
    "sections": section_copies,
    "publishers": publisher_copies,
    "entities": entity_copies,
    "articles": article_copies,
    "channels": channel_copies,
}
