"""The query parameters of a list of entities."""

from collections.abc import Sequence
from typing import get_args

from sqlalchemy import exists, or_, select, tuple_

from app.documents.entities import EntityRead
from app.models import Entity, EntityAlias, ExternalId
from app.models.entity import EntityType, fold_name
from app.search.asking import in_list
from app.web.filters import (
    Condition,
    Filter,
    flag_filter,
    instant_filter,
    text_filter,
    word_filter,
)
from app.web.listing import Listing, Sort


def is_called(names: Sequence[str]) -> Condition:
    folded = [fold_name(name) for name in names]
    aliased = select(EntityAlias.entity_key).where(EntityAlias.folded_name.in_(folded))
    return or_(Entity.folded_name.in_(folded), Entity.key.in_(aliased))


def has_external_id(values: Sequence[str]) -> Condition:
    pairs = []
    for value in values:
        scheme, colon, rest = value.partition(":")
        if not colon or not rest:
            raise ValueError("An external id is written scheme:value, as wikidata:Q42.")
        pairs.append((scheme, rest))
    return exists().where(
        ExternalId.entity_key == Entity.key, tuple_(ExternalId.scheme, ExternalId.value).in_(pairs)
    )


ENTITIES = Listing(
    name="entities",
    key=Entity.key,
    sorts={
        "name": Sort(Entity.name),
        "created_at": Sort(Entity.created_at),
        "updated_at": Sort(Entity.updated_at),
    },
    default_sort="name",
    filters={
        "type": word_filter(Entity.type, get_args(EntityType), "Is of this type."),
        "name": Filter(is_called, "Has this name or alias, whatever its case and accents."),
        "slug": text_filter(Entity.slug, "Has this slug."),
        "external_id": Filter(has_external_id, "Has this id elsewhere.", "wikidata:Q42"),
        "reviewed": flag_filter(Entity.reviewed, "Whether a person has vouched for it."),
        "created": instant_filter(Entity.created_at, "First kept within this range."),
        "updated": instant_filter(Entity.updated_at, "Last changed within this range."),
    },
    document=EntityRead,
    search=in_list("entities", Entity.key),
)
