"""Entities that were copied."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, tuple_
from sqlalchemy.orm import Session

from app.documents.exports import Copy
from app.mirroring.rows import Row, Saved, head, keys_of, numbered, replace_parts, save
from app.models import Entity, EntityAlias, ExternalId, Media
from app.models.entity import fold_name


def save_entities(session: Session, copies: Sequence[Copy]) -> list[Saved]:
    images = keys_of(session, Media, (image_id(one) for one in copies))
    saved = save(session, Entity, [entity_row(one, images) for one in copies])
    keys = [one["key"] for one in copies]
    aliases, external = [], []
    for one in copies:
        names = one["document"]["aliases"]
        folded = ({"name": name, "folded_name": fold_name(name)} for name in names)
        aliases += numbered(one["key"], "entity_key", folded)
        external += numbered(one["key"], "entity_key", one["document"]["external_ids"])
    replace_parts(session, EntityAlias, "entity_key", keys, aliases)
    # Another may have had them.
    pairs = [(row["scheme"], row["value"]) for row in external]
    taken = tuple_(ExternalId.scheme, ExternalId.value).in_(pairs)
    session.execute(delete(ExternalId).where(taken))
    replace_parts(session, ExternalId, "entity_key", keys, external)
    return saved


def image_id(copied: Copy) -> str | None:
    image = copied["document"]["image"]
    return None if image is None else image["id"]


def entity_row(copied: Copy, images: Mapping[str, int]) -> Row:
    document = copied["document"]
    return {
        **head(copied),
        "slug": document["slug"],
        "type": document["type"],
        "name": document["name"],
        "folded_name": fold_name(document["name"]),
        "description": document["description"],
        "image_key": images.get(image_id(copied) or ""),
        "reviewed": document["reviewed"],
    }
