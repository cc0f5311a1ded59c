"""What is scheduled on a channel, read."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.channels.reads import CHANNEL_BY_NAME
from app.channels.schemas import day_names
from app.channels.timetable import FROZEN, Slot, blocks, clips_of, day_of, gaps, occurrences
from app.database.types import AnyRow
from app.documents.channels import BulletinRead, ProgrammeRead, ScheduledRead, ScheduleRead, Shown
from app.errors import BulletinNotFound, ProgrammeNotFound
from app.models import Bulletin, Programme

DAY = timedelta(days=1)
LONGEST_WINDOW = 31 * DAY

SHOWN = ("id", "revision", "title", "description", "is_live", "has_captions", "genres", "rating")
PROGRAMME = select(
    *(getattr(Programme, name) for name in SHOWN),
    Programme.starts_at,
    Programme.stops_at,
    Programme.created_at,
    Programme.updated_at,
)
BULLETIN = select(
    *(getattr(Bulletin, name) for name in SHOWN),
    Bulletin.starts,
    Bulletin.duration_minutes,
    Bulletin.time_zone,
    Bulletin.days,
    Bulletin.first_on,
    Bulletin.last_on,
    Bulletin.created_at,
    Bulletin.updated_at,
)


class Planned(NamedTuple):
    """One showing of what somebody planned. Any: the columns of PROGRAMME or BULLETIN."""

    slot: Slot
    id: str
    row: AnyRow


class Clip(NamedTuple):
    """An article's video that blocks are made of."""

    article_id: str
    seconds: int


# The videos of a channel, the newest first.
Clips = Callable[[Connection, AnyRow, Viewer], Sequence[Clip]]


def get_programme(
    connection: Connection, name: str, programme_id: str, viewer: Viewer
) -> ProgrammeRead:
    key = CHANNEL_BY_NAME.row(connection, name, viewer).key
    wanted = PROGRAMME.where(Programme.channel_key == key, Programme.id == programme_id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise ProgrammeNotFound(programme_id)
    return programme_read(row)


def get_bulletin(
    connection: Connection, name: str, bulletin_id: str, viewer: Viewer
) -> BulletinRead:
    key = CHANNEL_BY_NAME.row(connection, name, viewer).key
    wanted = BULLETIN.where(Bulletin.channel_key == key, Bulletin.id == bulletin_id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise BulletinNotFound(bulletin_id)
    return bulletin_read(row)


def list_programmes(
    connection: Connection, name: str, within: Slot, viewer: Viewer
) -> dict[str, Any]:
    key = CHANNEL_BY_NAME.row(connection, name, viewer).key
    return {"items": [programme_read(row) for row in programmes_within(connection, key, within)]}


def list_bulletins(connection: Connection, name: str, viewer: Viewer) -> dict[str, Any]:
    key = CHANNEL_BY_NAME.row(connection, name, viewer).key
    return {"items": [bulletin_read(row) for row in bulletins_of(connection, key)]}


def get_schedule(
    connection: Connection, name: str, within: Slot, viewer: Viewer, *, clips: Clips
) -> ScheduleRead:
    """All that is shown in a span of time, and what begins before or ends after it as a whole."""
    channel = CHANNEL_BY_NAME.row(connection, name, viewer)
    return {
        "since": within.starts_at,
        "until": within.stops_at,
        "frozen_until": viewer.at + FROZEN,
        "items": scheduled(connection, channel, within, clips(connection, channel, viewer)),
    }


# Any: the columns of CHANNEL
def scheduled(
    connection: Connection, channel: AnyRow, within: Slot, clips: Sequence[Clip]
) -> list[ScheduledRead]:
    # Wider: where a gap begins that reaches into the span, its blocks begin, whatever the span.
    wide = Slot(day_of(within.starts_at) - DAY, day_of(within.stops_at) + 2 * DAY)
    planned = planned_within(connection, channel.key, wide)
    seconds = [clip.seconds for clip in clips]
    items = [
        scheduled_read(channel, one.row, one.id, one.slot, [])
        for one in planned
        if one.slot.overlaps(within)
    ]
    for gap in gaps((one.slot for one in planned), wide):
        for block in blocks(gap):
            if block.overlaps(within):
                chosen = [clips[place].article_id for place in clips_of(block, seconds)]
                items.append(clip_block(channel, block, chosen))
    return sorted(items, key=lambda item: item["starts_at"])


def planned_within(connection: Connection, channel_key: int, within: Slot) -> list[Planned]:
    """Programmes and the showings of bulletins, in their order."""
    planned = [
        Planned(Slot(row.starts_at, row.stops_at), row.id, row)
        for row in programmes_within(connection, channel_key, within)
    ]
    for row in bulletins_of(connection, channel_key):
        planned += [
            Planned(slot, showing_id(row.id, slot.starts_at), row)
            for slot in occurrences(row, within)
        ]
    return sorted(planned, key=lambda one: one.slot)


def programmes_within(connection: Connection, channel_key: int, within: Slot) -> Sequence[AnyRow]:
    return connection.execute(
        PROGRAMME.where(
            Programme.channel_key == channel_key,
            Programme.stops_at > within.starts_at,
            Programme.starts_at < within.stops_at,
        ).order_by(Programme.starts_at)
    ).all()


def bulletins_of(connection: Connection, channel_key: int) -> Sequence[AnyRow]:
    return connection.execute(
        BULLETIN.where(Bulletin.channel_key == channel_key).order_by(Bulletin.key)
    ).all()


def showing_id(resource_id: str, starts_at: datetime) -> str:
    """Of one showing among many: letters and digits alone, as some partners want it."""
    return f"{resource_id}{starts_at:%Y%m%d%H%M}"


# Any: the columns of CHANNEL
def clip_block(channel: AnyRow, block: Slot, articles: list[str]) -> ScheduledRead:
    return {
        "id": showing_id(channel.id, block.starts_at),
        "kind": "clips",
        "title": channel.name,
        "description": channel.description,
        "starts_at": block.starts_at,
        "stops_at": block.stops_at,
        "is_live": False,
        "has_captions": False,
        "genres": channel.genres,
        "rating": channel.rating,
        "clips": articles,
    }


# Any: the columns of CHANNEL, and of PROGRAMME or BULLETIN
def scheduled_read(
    channel: AnyRow, row: AnyRow, showing: str, slot: Slot, articles: list[str]
) -> ScheduledRead:
    return {
        **shown(row),
        "id": showing,
        "kind": "programme" if showing == row.id else "bulletin",
        "starts_at": slot.starts_at,
        "stops_at": slot.stops_at,
        "genres": row.genres or channel.genres,
        "rating": row.rating or channel.rating,
        "clips": articles,
    }


# Any: the columns of PROGRAMME or BULLETIN
def shown(row: AnyRow) -> Shown:
    return {
        "title": row.title,
        "description": row.description,
        "is_live": row.is_live,
        "has_captions": row.has_captions,
        "genres": row.genres,
        "rating": row.rating,
    }


# Any: the columns of PROGRAMME
def programme_read(row: AnyRow) -> ProgrammeRead:
    return {
        **shown(row),
        "id": row.id,
        "revision": row.revision,
        "starts_at": row.starts_at,
        "stops_at": row.stops_at,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


# Any: the columns of BULLETIN
def bulletin_read(row: AnyRow) -> BulletinRead:
    return {
        **shown(row),
        "id": row.id,
        "revision": row.revision,
        "starts": f"{row.starts:%H:%M}",
        "duration_minutes": row.duration_minutes,
        "time_zone": row.time_zone,
        "days": day_names(row.days),
        "first_on": row.first_on,
        "last_on": row.last_on,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
