"""What the source names and does not show: a section above one that is shown, or who said what was
retracted. Here it is kept as what nobody has vouched for, which readers are not shown either."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.exports import Copy
from app.models import Entity, Section


def sections_above(session: Session, copies: Sequence[Copy]) -> list[Copy]:
    copied = {one["document"]["id"] for one in copies}
    found = {}
    for one in copies:
        document, parent = one["document"], one["kept"]["parent"]
        if parent is None or parent["id"] in copied:
            continue
        path: str = document["parent"]
        found[parent["id"]] = stand_in(
            parent["key"],
            {
                "id": parent["id"],
                "path": path,
                "name": path.rpartition("/")[2],
                "description": None,
            },
            document,
            reviewed=False,
            parent=None,
        )
    there = session.scalars(select(Section.id).where(Section.id.in_(found)))
    return [one for name, one in found.items() if name not in set(there)]


def hidden_speakers(session: Session, articles: Sequence[Copy]) -> list[Copy]:
    found = {speaker["document"]["id"]: speaker for speaker in speakers_in(articles)}
    there = set(session.scalars(select(Entity.id).where(Entity.id.in_(found))))
    return [one for name, one in found.items() if name not in there]


def speakers_in(articles: Sequence[Copy]) -> Iterator[Copy]:
    for article in articles:
        for quote in article["parts"]["quotes"]:
            speaker = quote["document"]["speaker"]
            if speaker is not None:
                nothing: dict[str, Any] = {
                    "aliases": [],
                    "external_ids": [],
                    "image": None,
                    "description": None,
                }
                yield stand_in(
                    quote["kept"]["speaker_key"],
                    {**speaker, **nothing, "reviewed": False},
                    quote["document"],
                )


# Any: documents are JSON
def stand_in(key: int, document: dict[str, Any], named_in: dict[str, Any], **kept: Any) -> Copy:
    at = {name: named_in[name] for name in ("created_at", "updated_at")}
    return {
        "key": key,
        "document": {**document, **at, "revision": 1},
        "kept": kept,
        "former_slugs": [],
        "parts": {},
    }
