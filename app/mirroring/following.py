"""What changes at the source, a page of its journal at a time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from app.database.session import Database
from app.exports.kinds import COPIED
from app.mirroring.batches import Batch, Event
from app.mirroring.copying import viewer_of, write_batch
from app.mirroring.fetching import complete
from app.mirroring.place import Place
from app.mirroring.source import Json, Source
from app.models.base import Clock

KIND_OF = {kind.model.resource_name: name for name, kind in COPIED.items()}
# What a channel's copy has with it.
SCHEDULED = frozenset({"programme", "bulletin"})


class Followed(NamedTuple):
    """`place` is behind what was followed; `has_more` tells whether more is there already."""

    place: Place
    changes: int
    has_more: bool


def follow_page(
    source: Source, database: Database, place: Place, clock: Clock, *, wait_seconds: int = 0
) -> Followed:
    """Copy what the next changes concern, as it is now. Raises StartAgain when the journal does not
    go on from the mirror's place."""
    page = source.changes(place.position, wait_seconds)
    behind = replace(place, position=page["next_after"])
    changes: Sequence[Json] = page["items"]
    if changes or behind != place:
        batch = fetch(source, database, place, changes, clock())
        database.write_now(write_batch, batch, place, behind, clock())
    return Followed(behind, len(changes), page["has_more"])


def fetch(
    source: Source, database: Database, place: Place, changes: Sequence[Json], at: datetime
) -> Batch:
    """An article's changes cover its quotes: it is raised with each of them."""
    batch = Batch()
    wanted: dict[str, dict[str, bool]] = {}
    for change in changes:
        if change["resource"] in KIND_OF:
            of_kind = wanted.setdefault(KIND_OF[change["resource"]], {})
            of_kind[change["id"]] = change["deleted"]
            event = Event(change["event"], datetime.fromisoformat(change["at"]))
            batch.events[change["id"]].append(event)
    for resource, is_deleted in wanted.items():
        ids = [one for one, deleted in is_deleted.items() if not deleted]
        found = source.named(resource, ids)
        batch.copies[resource] = found
        # What was deleted since is told of later on.
        batch.gone[resource] = set(is_deleted) - {one["document"]["id"] for one in found}
    viewer = viewer_of(place, at)
    complete(source, database, batch, viewer)
    if concerns_channels(place, changes):
        batch.copies["channels"] = [
            one for page in source.pages("channels") for one in page["items"]
        ]
        complete(source, database, batch, viewer)
    return batch


def concerns_channels(place: Place, changes: Sequence[Json]) -> bool:
    """Whether what channels have with them may have changed: their schedules, and of what they
    name, where not all is shown, that which is."""
    changed = {change["resource"] for change in changes}
    if not SCHEDULED.isdisjoint(changed):
        return True
    return not place.sees_all and not changed.isdisjoint({"article", "entity", "section"})


def catch_up(source: Source, database: Database, place: Place, clock: Clock) -> Place:
    """Follow all that has changed by now, and no longer."""
    followed = follow_page(source, database, place, clock)
    while followed.has_more:
        followed = follow_page(source, database, followed.place, clock)
    return followed.place
