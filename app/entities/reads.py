"""Entities, read."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.types import AnyRow, AnySelect
from app.documents.entities import EntityRead, EntityRef
from app.documents.entities import ExternalId as ExternalIdRead
from app.documents.media import MediaRead
from app.documents.mentions import ArticleEntity
from app.errors import EntityNotFound
from app.media.reads import media_by_key
from app.models import Entity, EntityAlias, ExternalId, Mention, MentionSpan
from app.models.visibility import entity_is_public
from app.slugs.lookups import AT, Lookup
from app.web.listing import ListRequest
from app.web.pages import PageStatement, fetch_page

ENTITY = select(
    Entity.key,
    Entity.id,
    Entity.slug,
    Entity.type,
    Entity.name,
    Entity.revision,
    Entity.description,
    Entity.image_key,
    Entity.reviewed,
    Entity.created_at,
    Entity.updated_at,
)

MENTIONS_OF = Prepared(
    select(
        Mention.key,
        Mention.article_key,
        Mention.role,
        Mention.salience,
        Entity.id,
        Entity.slug,
        Entity.type,
        Entity.name,
        MentionSpan.start,
        MentionSpan.end,
    )
    .join(Entity, Entity.key == Mention.entity_key)
    .outerjoin(MentionSpan, MentionSpan.mention_key == Mention.key)
    .where(Among(Mention.article_key))
    .order_by(Mention.article_key, Mention.position, Mention.key, MentionSpan.start)
)
ALIASES_OF = Prepared(
    select(EntityAlias.entity_key, EntityAlias.name)
    .where(Among(EntityAlias.entity_key))
    .order_by(EntityAlias.entity_key, EntityAlias.position)
)
EXTERNAL_IDS_OF = Prepared(
    select(ExternalId.entity_key, ExternalId.scheme, ExternalId.value)
    .where(Among(ExternalId.entity_key))
    .order_by(ExternalId.entity_key, ExternalId.position)
)
ENTITIES = PageStatement(ENTITY)
PUBLIC_ENTITIES = PageStatement(ENTITY.where(entity_is_public(AT)))
ENTITY_BY_NAME = Lookup(Entity, ENTITY, EntityNotFound, public=entity_is_public)
ENTITY_KEY = Lookup(Entity, select(Entity.key), EntityNotFound, public=entity_is_public)


def get_entity(connection: Connection, name: str, viewer: Viewer) -> EntityRead:
    row = ENTITY_BY_NAME.row(connection, name, viewer)
    return entity_documents(connection, [row])[0]


def get_entity_key(connection: Connection, name: str, viewer: Viewer) -> int:
    """The key of an entity that may be seen; for what is read of it from other tables."""
    key: int = ENTITY_KEY.row(connection, name, viewer).key
    return key


def list_entities(connection: Connection, wanted: ListRequest, viewer: Viewer) -> dict[str, Any]:
    statement = ENTITIES if viewer.sees_all else PUBLIC_ENTITIES
    rows = fetch_page(connection, statement, wanted, {"at": viewer.at})
    documents = entity_documents(connection, rows.rows)
    return rows.page([wanted.selection.trim(document) for document in documents])


def visible(statement: AnySelect, viewer: Viewer) -> AnySelect:
    return statement if viewer.sees_all else statement.where(entity_is_public(viewer.at))


# Any: the columns of ENTITY
def entity_documents(connection: Connection, rows: Sequence[AnyRow]) -> list[EntityRead]:
    keys = [row.key for row in rows]
    aliases = aliases_of(connection, keys)
    external_ids = external_ids_of(connection, keys)
    images = media_by_key(connection, (row.image_key for row in rows))
    return [
        entity_read(row, aliases[row.key], external_ids[row.key], images.get(row.image_key))
        for row in rows
    ]


def aliases_of(connection: Connection, keys: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for key, name in ALIASES_OF.all(connection, {"keys": keys}):
        found[key].append(name)
    return found


def external_ids_of(
    connection: Connection, keys: Sequence[int]
) -> defaultdict[int, list[ExternalIdRead]]:
    found: defaultdict[int, list[ExternalIdRead]] = defaultdict(list)
    for key, scheme, value in EXTERNAL_IDS_OF.all(connection, {"keys": keys}):
        found[key].append({"scheme": scheme, "value": value})
    return found


def mentions_of(
    connection: Connection, article_keys: Sequence[int]
) -> defaultdict[int, list[ArticleEntity]]:
    """The entities of each article in their order, by the article's key."""
    found: defaultdict[int, list[ArticleEntity]] = defaultdict(list)
    last = None
    for row in MENTIONS_OF.all(connection, {"keys": article_keys}):
        if row.key != last:
            last = row.key
            mention: ArticleEntity = {
                **entity_ref(row),
                "role": row.role,
                "salience": row.salience,
                "spans": [],
            }
            found[row.article_key].append(mention)
        if row.start is not None:
            mention["spans"].append({"start": row.start, "end": row.end})
    return found


# Any: a row with an entity's id, slug, type and name
def entity_ref(row: AnyRow) -> EntityRef:
    return {"id": row.id, "slug": row.slug, "type": row.type, "name": row.name}


def entity_read(
    row: AnyRow, aliases: list[str], external_ids: list[ExternalIdRead], image: MediaRead | None
) -> EntityRead:
    return {
        **entity_ref(row),
        "revision": row.revision,
        "aliases": aliases,
        "description": row.description,
        "external_ids": external_ids,
        "image": image,
        "reviewed": row.reviewed,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
