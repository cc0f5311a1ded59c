"""Channels that were copied, with their schedules."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.channels.schemas import DAYS
from app.database.session import connection_of
from app.documents.exports import Copy, Part
from app.mirroring.rows import Row, Saved, deletion_of, head, instant, keys_of, save
from app.models import Bulletin, Channel, Media, Programme

SHOWN = ("title", "description", "is_live", "has_captions", "genres", "rating")
# What of a channel changes what it shows.
SHOWN_OF = ("revision", "carries", "rows")
AS_SERVED = (
    "slug",
    "name",
    "language",
    "description",
    "contact",
    "number",
    "genres",
    "rating",
    "streams",
)


def save_channels(session: Session, copies: Sequence[Copy]) -> list[Saved]:
    """Those that are new here or others than before."""
    artwork = keys_of(session, Media, (artwork_id(one) for one in copies))
    rows = []
    for one in copies:
        document, kept = one["document"], one["kept"]
        rows.append(
            {
                **head(one),
                **{name: document[name] for name in AS_SERVED},
                "artwork_key": artwork.get(artwork_id(one) or ""),
                "carries": kept["carries"],
                "rows": kept["rows"],
            }
        )
    found = select(Channel.id, Channel.revision, Channel.carries, Channel.rows)
    present = {one.id: one for one in session.execute(found)}
    return [
        (one, is_new)
        for (one, is_new), row in zip(save(session, Channel, rows), rows, strict=True)
        if is_new or any(row[name] != getattr(present[one.id], name) for name in SHOWN_OF)
    ]


def artwork_id(copied: Copy) -> str | None:
    artwork = copied["document"]["artwork"]
    return None if artwork is None else artwork["id"]


def save_schedules(
    session: Session, channels: Sequence[Copy]
) -> tuple[list[Saved], list[Programme | Bulletin]]:
    """Those that were saved and are new here or others than before, and those that are gone."""
    saved: list[Saved] = []
    gone: list[Programme | Bulletin] = []
    for model, member, row_of in (
        (Programme, "programmes", programme_row),
        (Bulletin, "bulletins", bulletin_row),
    ):
        rows = [row_of(one["key"], part) for one in channels for part in one["parts"][member]]
        present = present_in(session, model, channels, rows)
        named = {(row["key"], row["id"]) for row in rows}
        gone += [one for key, one in present.items() if key not in named]
        others = [row for row in rows if is_other(row, present)]
        # One may begin when another did: those that change are written anew.
        left = [key for key, _ in present.keys() - named] + [row["key"] for row in others]
        deletion_of(model, "key").run(connection_of(session), [{"keys": left}])
        known = {resource_id for _, resource_id in present}
        saved += [(one, one.id not in known) for one, _ in save(session, model, others)]
    return saved, gone


# By key and id.
Present = dict[tuple[int, str], Programme | Bulletin]


def present_in(
    session: Session,
    model: type[Programme] | type[Bulletin],
    channels: Sequence[Copy],
    rows: Sequence[Row],
) -> Present:
    """What the channels have here, and what has the key or id of one of the rows."""
    met = select(model).where(
        or_(
            model.channel_key.in_([one["key"] for one in channels]),
            model.key.in_([row["key"] for row in rows]),
            model.id.in_([row["id"] for row in rows]),
        )
    )
    # Any: either of the two
    rows_met: Sequence[Any] = session.scalars(met).all()
    found = {(one.key, one.id): one for one in rows_met}
    session.expunge_all()
    return found


def is_other(row: Row, present: Present) -> bool:
    found = present.get((row["key"], row["id"]))
    return found is None or found.revision != row["revision"]


def programme_row(channel_key: int, part: Part) -> Row:
    document = part["document"]
    return {
        **head(part),
        **{name: document[name] for name in SHOWN},
        "channel_key": channel_key,
        "starts_at": instant(document["starts_at"]),
        "stops_at": instant(document["stops_at"]),
    }


def bulletin_row(channel_key: int, part: Part) -> Row:
    document = part["document"]
    last_on = document["last_on"]
    return {
        **head(part),
        **{name: document[name] for name in SHOWN},
        "channel_key": channel_key,
        "starts": time.fromisoformat(document["starts"]),
        "duration_minutes": document["duration_minutes"],
        "time_zone": document["time_zone"],
        "days": [DAYS.index(day) for day in document["days"]],
        "first_on": date.fromisoformat(document["first_on"]),
        "last_on": None if last_on is None else date.fromisoformat(last_on),
    }
