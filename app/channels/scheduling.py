"""What is scheduled on a channel, written.

Never two things at once, and nothing that partners have already unless it is forced.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.changes.journal import record_change
from app.channels.schedules import (
    Planned,
    get_bulletin,
    get_programme,
    planned_within,
)
from app.channels.schemas import BulletinWrite, ProgrammeWrite, ShownWrite
from app.channels.timetable import FROZEN, Slot, occurrences
from app.documents.channels import BulletinRead, ProgrammeRead
from app.errors import (
    BulletinNotFound,
    ChannelNotFound,
    ProgrammeNotFound,
    ResourceNotFound,
    ScheduleClash,
    ScheduleFrozen,
)
from app.models import Bulletin, Channel, Programme
from app.models.base import new_id
from app.slugs.writes import find_to_change, find_to_put, get_named
from app.web.conditional import Precondition
from app.web.patching import Patch, patched

READ_ONLY = ("id", "revision", "created_at", "updated_at")
# How far ahead what comes again is looked at.
AHEAD = timedelta(days=400)

P = TypeVar("P", Programme, Bulletin)


def post_programme(
    session: Session, name: str, content: ProgrammeWrite, viewer: Viewer, *, force: bool
) -> ProgrammeRead:
    channel = channel_named(session, name)
    programme = Programme(id=new_id(), channel_key=channel.key, revision=1, created_at=viewer.at)
    return save_programme(session, channel, programme, content, viewer, force=force)


def put_programme(
    session: Session,
    name: str,
    programme_id: str,
    content: ProgrammeWrite,
    precondition: Precondition,
    viewer: Viewer,
    *,
    force: bool,
) -> tuple[ProgrammeRead, bool]:
    """The programme, and whether it was created."""
    channel = channel_named(session, name)
    programme = find_to_put(session, Programme, programme_id, precondition, ProgrammeNotFound)
    if programme is None:
        programme = Programme(
            id=programme_id, channel_key=channel.key, revision=1, created_at=viewer.at
        )
        return save_programme(session, channel, programme, content, viewer, force=force), True
    on_channel(programme, channel, ProgrammeNotFound).revision += 1
    return save_programme(session, channel, programme, content, viewer, force=force), False


def patch_programme(
    session: Session,
    name: str,
    programme_id: str,
    patch: Patch,
    precondition: Precondition,
    viewer: Viewer,
    *,
    force: bool,
) -> ProgrammeRead:
    channel = channel_named(session, name)
    programme = on_channel(
        find_to_change(session, Programme, programme_id, precondition, ProgrammeNotFound),
        channel,
        ProgrammeNotFound,
    )
    current = get_programme(session.connection(), channel.id, programme.id, viewer)
    content = patched(current, patch, ProgrammeWrite, read_only=READ_ONLY)
    programme.revision += 1
    return save_programme(session, channel, programme, content, viewer, force=force)


def delete_programme(
    session: Session,
    name: str,
    programme_id: str,
    precondition: Precondition,
    viewer: Viewer,
    *,
    force: bool,
) -> None:
    channel = channel_named(session, name)
    programme = on_channel(
        find_to_change(session, Programme, programme_id, precondition, ProgrammeNotFound),
        channel,
        ProgrammeNotFound,
    )
    require_open([Slot(programme.starts_at, programme.stops_at)], viewer, force=force)
    record_change(session, "programme.deleted", programme, at=viewer.at)
    session.delete(programme)


def save_programme(
    session: Session,
    channel: Channel,
    programme: Programme,
    content: ProgrammeWrite,
    viewer: Viewer,
    *,
    force: bool,
) -> ProgrammeRead:
    is_new = programme.revision == 1
    slot = Slot(content.starts_at, content.stops_at)
    changed = [slot]
    if not is_new:
        changed.append(Slot(programme.starts_at, programme.stops_at))
    require_free(session, channel, [slot], but=programme.id)
    require_open(changed, viewer, force=force)
    programme.starts_at, programme.stops_at = slot
    assign_shown(programme, content)
    programme.updated_at = viewer.at
    session.add(programme)
    session.flush()
    event = "programme.created" if is_new else "programme.updated"
    record_change(session, event, programme, at=viewer.at)
    return get_programme(session.connection(), channel.id, programme.id, viewer)


def post_bulletin(
    session: Session, name: str, content: BulletinWrite, viewer: Viewer, *, force: bool
) -> BulletinRead:
    channel = channel_named(session, name)
    bulletin = Bulletin(id=new_id(), channel_key=channel.key, revision=1, created_at=viewer.at)
    return save_bulletin(session, channel, bulletin, content, viewer, force=force)


def put_bulletin(
    session: Session,
    name: str,
    bulletin_id: str,
    content: BulletinWrite,
    precondition: Precondition,
    viewer: Viewer,
    *,
    force: bool,
) -> tuple[BulletinRead, bool]:
    """The bulletin, and whether it was created."""
    channel = channel_named(session, name)
    bulletin = find_to_put(session, Bulletin, bulletin_id, precondition, BulletinNotFound)
    if bulletin is None:
        bulletin = Bulletin(
            id=bulletin_id, channel_key=channel.key, revision=1, created_at=viewer.at
        )
        return save_bulletin(session, channel, bulletin, content, viewer, force=force), True
    on_channel(bulletin, channel, BulletinNotFound).revision += 1
    return save_bulletin(session, channel, bulletin, content, viewer, force=force), False


def patch_bulletin(
    session: Session,
    name: str,
    bulletin_id: str,
    patch: Patch,
    precondition: Precondition,
    viewer: Viewer,
    *,
    force: bool,
) -> BulletinRead:
    channel = channel_named(session, name)
    bulletin = on_channel(
        find_to_change(session, Bulletin, bulletin_id, precondition, BulletinNotFound),
        channel,
        BulletinNotFound,
    )
    current = get_bulletin(session.connection(), channel.id, bulletin.id, viewer)
    content = patched(current, patch, BulletinWrite, read_only=READ_ONLY)
    bulletin.revision += 1
    return save_bulletin(session, channel, bulletin, content, viewer, force=force)


def delete_bulletin(
    session: Session,
    name: str,
    bulletin_id: str,
    precondition: Precondition,
    viewer: Viewer,
    *,
    force: bool,
) -> None:
    channel = channel_named(session, name)
    bulletin = on_channel(
        find_to_change(session, Bulletin, bulletin_id, precondition, BulletinNotFound),
        channel,
        BulletinNotFound,
    )
    frozen = frozen_slot(viewer)
    require_open(list(occurrences(bulletin, frozen)), viewer, force=force)
    record_change(session, "bulletin.deleted", bulletin, at=viewer.at)
    session.delete(bulletin)


def save_bulletin(
    session: Session,
    channel: Channel,
    bulletin: Bulletin,
    content: BulletinWrite,
    viewer: Viewer,
    *,
    force: bool,
) -> BulletinRead:
    is_new = bulletin.revision == 1
    frozen = frozen_slot(viewer)
    before = set() if is_new else set(occurrences(bulletin, frozen))
    said = None if is_new else shown_of(bulletin)
    bulletin.starts = content.time_of_day
    bulletin.duration_minutes = content.duration_minutes
    bulletin.time_zone = content.time_zone
    bulletin.days = content.weekdays
    bulletin.first_on = content.first_on
    bulletin.last_on = content.last_on
    assign_shown(bulletin, content)
    ahead = list(occurrences(bulletin, Slot(viewer.at, viewer.at + AHEAD)))
    for one, next_one in pairwise(ahead):
        if one.overlaps(next_one):
            raise ScheduleClash(
                f"The bulletin of {one.starts_at:%Y-%m-%d %H:%M} UTC lasts into its next one."
            )
    require_free(session, channel, ahead, but=bulletin.id)
    after = set(occurrences(bulletin, frozen))
    changed = after ^ before if said == shown_of(bulletin) else after | before
    require_open(changed, viewer, force=force)
    bulletin.updated_at = viewer.at
    session.add(bulletin)
    session.flush()
    event = "bulletin.created" if is_new else "bulletin.updated"
    record_change(session, event, bulletin, at=viewer.at)
    return get_bulletin(session.connection(), channel.id, bulletin.id, viewer)


def shown_of(one: Programme | Bulletin) -> tuple[object, ...]:
    return one.title, one.description, one.is_live, one.has_captions, one.genres, one.rating


def assign_shown(one: Programme | Bulletin, content: ShownWrite) -> None:
    one.title = content.title
    one.description = content.description
    one.is_live = content.is_live
    one.has_captions = content.has_captions
    one.genres = list(content.genres)
    one.rating = None if content.rating is None else content.rating.model_dump()


def channel_named(session: Session, name: str) -> Channel:
    return get_named(session, Channel, name, ChannelNotFound)


def on_channel(one: P, channel: Channel, missing: type[ResourceNotFound]) -> P:
    """What has this id may be another channel's."""
    if one.channel_key != channel.key:
        raise missing(one.id)
    return one


def require_free(session: Session, channel: Channel, slots: list[Slot], *, but: str) -> None:
    """Raises ScheduleClash where something else is shown. What is to be changed itself, `but`,
    counts for nothing."""
    if not slots:
        return
    within = Slot(min(slots).starts_at, max(slot.stops_at for slot in slots))
    others = [
        one
        for one in planned_within(session.connection(), channel.key, within)
        if one.row.id != but
    ]
    at = 0
    for slot in sorted(slots):
        # Both are in their order.
        while at < len(others) and others[at].slot.stops_at <= slot.starts_at:
            at += 1
        if at < len(others) and others[at].slot.overlaps(slot):
            raise clash_with(others[at])


def clash_with(other: Planned) -> ScheduleClash:
    starts_at, stops_at = other.slot
    return ScheduleClash(
        f"The channel shows “{other.row.title}” from {starts_at:%Y-%m-%d %H:%M} to"
        f" {stops_at:%H:%M} UTC.",
        clash={
            "id": other.row.id,
            "title": other.row.title,
            "starts_at": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}",
            "stops_at": f"{stops_at:%Y-%m-%dT%H:%M:%SZ}",
        },
    )


def frozen_slot(viewer: Viewer) -> Slot:
    return Slot(viewer.at, viewer.at + FROZEN)


def require_open(slots: Iterable[Slot], viewer: Viewer, *, force: bool) -> None:
    """Raises ScheduleFrozen for what begins too soon to be changed."""
    frozen = frozen_slot(viewer)
    if not force and any(slot.overlaps(frozen) for slot in slots):
        raise ScheduleFrozen(
            f"What is shown before {frozen.stops_at:%Y-%m-%d %H:%M} UTC is with the channel's"
            " partners already. Send force=true to change it nevertheless."
        )
