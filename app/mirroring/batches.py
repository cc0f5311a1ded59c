"""What came of the source together, written together."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.changes.journal import record_change
from app.documents.exports import Copy
from app.exports.kinds import COPIED
from app.mirroring.applying.articles import save_articles, tell_of
from app.mirroring.applying.channels import save_channels, save_schedules
from app.mirroring.applying.entities import save_entities
from app.mirroring.applying.media import save_media
from app.mirroring.applying.publishers import save_publishers
from app.mirroring.applying.quotes import save_quotes
from app.mirroring.applying.room import make_room, remove
from app.mirroring.applying.sections import save_sections
from app.mirroring.applying.stand_ins import hidden_speakers, sections_above
from app.mirroring.rows import Saved, keep_former
from app.models import Article, Entity, Quote
from app.models.base import Resource

# What changes of quotes follow from.
UPDATED = "article.updated"


class Event(NamedTuple):
    name: str
    at: datetime


@dataclass
class Batch:
    """`copies` by their kind, `gone` the ids of what is no more, and `events` what the source's
    journal says of each, by its id."""

    copies: defaultdict[str, list[Copy]] = field(default_factory=lambda: defaultdict(list))
    gone: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    events: defaultdict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))


def apply(session: Session, batch: Batch, at: datetime, *, sees_all: bool) -> None:
    """What others need comes before them, and goes after them. Who does not see all is told that
    what is not public any more is gone."""
    for resource, kind in COPIED.items():
        copies = batch.copies[resource]
        if copies:
            make_room(session, kind.model, copies, at)
            APPLY[resource](session, copies, batch, at)
            former = {one["document"]["id"]: one["former_slugs"] for one in copies}
            keep_former(session, kind.model.resource_name, former)
    for resource, kind in reversed(COPIED.items()):
        ids = batch.gone[resource]
        if kind.model is Entity and not sees_all:
            ids = ids - hide_speakers(session, ids, at)
        if ids:
            remove(session, kind.model, kind.model.id.in_(ids), at)


def hide_speakers(session: Session, ids: Collection[str], at: datetime) -> set[str]:
    """Of these entities, those who said what is kept here, such as a retraction with a note: they
    stay, as what nobody has vouched for. Their ids."""
    speaks = exists().where(Quote.speaker_key == Entity.key)
    found = session.scalars(select(Entity).where(Entity.id.in_(ids), speaks)).all()
    for entity in found:
        entity.reviewed = False
        record_change(session, "entity.updated", entity, at=at)
    session.flush()
    return {entity.id for entity in found}


Apply = Callable[[Session, Sequence[Copy], Batch, datetime], None]


def plainly(save: Callable[[Session, Sequence[Copy]], list[Saved]]) -> Apply:
    def apply_copies(session: Session, copies: Sequence[Copy], batch: Batch, at: datetime) -> None:
        tell(session, save(session, copies), batch, at)

    return apply_copies


def apply_sections(session: Session, copies: Sequence[Copy], batch: Batch, at: datetime) -> None:
    stand_ins = sections_above(session, copies)
    make_room(session, COPIED["sections"].model, stand_ins, at)
    tell(session, save_sections(session, [*stand_ins, *copies]), batch, at)


def apply_articles(session: Session, copies: Sequence[Copy], batch: Batch, at: datetime) -> None:
    stand_ins = hidden_speakers(session, copies)
    if stand_ins:
        make_room(session, COPIED["entities"].model, stand_ins, at)
        tell(session, save_entities(session, stand_ins), batch, at)
    of_these = [one["key"] for one in copies]
    tell_of(session, of_these)
    saved, keys = save_articles(session, copies)
    quotes, gone = save_quotes(session, copies, keys.entities)
    for quote in gone:
        record_change(session, "quote.deleted", quote, at=at, cause=UPDATED)
    for quote, is_new, was_settled in quotes:
        event = "quote.created" if is_new else "quote.updated"
        record_change(session, event, quote, at=at, cause=UPDATED, was_settled=was_settled)
    tell(session, saved, batch, at)
    tell_of(session, of_these)


def apply_channels(session: Session, copies: Sequence[Copy], batch: Batch, at: datetime) -> None:
    tell(session, save_channels(session, copies), batch, at)
    saved, gone = save_schedules(session, copies)
    for one in gone:
        record_change(session, f"{one.resource_name}.deleted", one, at=at)
    tell(session, saved, batch, at)


APPLY: dict[str, Apply] = {
    "media": plainly(save_media),
    "sections": apply_sections,
    "publishers": plainly(save_publishers),
    "entities": plainly(save_entities),
    "articles": apply_articles,
    "channels": apply_channels,
}


def tell(session: Session, saved: Sequence[Saved], batch: Batch, at: datetime) -> None:
    """Have this journal say of what was saved what the source's does."""
    for resource, is_new in saved:
        for event in batch.events.get(resource.id) or happened(resource, at, is_new=is_new):
            record_change(session, event.name, resource, at=event.at)


def happened(resource: Resource, at: datetime, *, is_new: bool) -> list[Event]:
    kind = resource.resource_name
    if not is_new:
        return [Event(f"{kind}.updated", at)]
    events = [Event(f"{kind}.created", at)]
    if kind == Article.resource_name and getattr(resource, "is_announced", False):
        events.append(Event("article.published", at))
    return events
